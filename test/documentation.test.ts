import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as seqloss from "../src/index.js";
import * as tfjs from "../src/tfjs/entry.js";

// Each "@example" of a public function is run with the whole public surface in scope; those of src/tfjs with that entry's, `tf` and
// `seqloss`. A line `expression // result …`
// is checked: a number to the digits written, a list, a string or a word as JSON.

interface Example {
  readonly name: string;
  readonly code: string;
  readonly scope: Readonly<Record<string, unknown>>;
}

const tensorScope = { ...seqloss, ...tfjs, seqloss, tf };
const inTensorflow = (file: string) => file.startsWith(join("src", "tfjs"));

/** The name that a statement declares: of a function, a class, or a constant. */
function declaredName(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return node.name?.text;
  return ts.isVariableStatement(node) ? node.declarationList.declarations[0].name.getText() : undefined;
}

function examplesIn(file: string): Example[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: Example[] = [];
  source.forEachChild((node) => {
    const name = declaredName(node);
    if (name === undefined || !(name in (inTensorflow(file) ? tfjs : seqloss))) return;
    for (const tag of ts.getJSDocTags(node)) {
      if (tag.tagName.text !== "example") continue;
      const raw = tag.getText().replace(/^@example\s?/, "");
      const scope = inTensorflow(file) ? tensorScope : seqloss;
      found.push({ name, scope, code: raw.replace(/^\s*\*\/?[ \t]?/gm, "").trim() });
    }
  });
  return found;
}

const RESULT = /^(?!\s*(?:const|let|import|for|if|return|\/\/|[}\])]))(.*?);?\s*\/\/ (.*)$/;
const NUMBER = /^-?(?:\d+(?:\.(\d+))?(?:e-?\d+)?|Infinity)(?![\w.])/;

function check(value: unknown, text: string): void {
  const number = NUMBER.exec(text);
  if (number !== null) {
    const digits = number[1]?.length ?? 0;
    if (number[0].includes("e") || number[0].includes("Inf")) expect(value).toBeCloseTo(Number(number[0]), 12);
    else expect((value as number).toFixed(digits)).toBe(Number(number[0]).toFixed(digits));
    return;
  }
  const literal = /^(\[.*\]|\{.*\}|".*?"|true|false)/.exec(text);
  if (literal === null) return;
  const plain = JSON.parse(JSON.stringify(ArrayBuffer.isView(value) ? Array.from(value as never) : value));
  const expected = new Function(`return (${literal[1]})`)();
  expect(plain).toEqual(
    Array.isArray(expected) ? expected.map((x) => (typeof x === "number" ? expect.closeTo(x, 4) : x)) : expected,
  );
}

const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

async function runExample(code: string, scope: Example["scope"] = seqloss): Promise<void> {
  const checked = code.replace(/^.*$/gm, (line) => {
    const match = RESULT.exec(line);
    return match === null ? line : `check(${match[1]}, ${JSON.stringify(match[2])});`;
  });
  const names = Object.keys(scope);
  const script = ts.transpile(checked, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext });
  await new AsyncFunction("check", ...names, script)(check, ...Object.values(scope));
}

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

const sources = filesIn("src", ".ts").filter((file) => !file.endsWith(".test.ts"));
const examples = sources.flatMap(examplesIn);

describe("examples in doc comments", () => {
  it.each(examples.map(({ name, code, scope }) => [name, code, scope] as const))("%s", (_, code, scope) =>
    runExample(code, scope),
  );

  it("refuses a wrong result", async () => {
    await expect(runExample("1 + 1 // 3")).rejects.toThrow();
    await expect(runExample("[1, 2] // [1, 3]")).rejects.toThrow();
  });

  it("covers every public function", () => {
    const functions = Object.entries(seqloss).filter(
      ([, value]) => typeof value === "function" && !/^class\b/.test(String(value)),
    );
    const covered = new Set(examples.map(({ name }) => name));
    expect(functions.map(([name]) => name).filter((name) => !covered.has(name))).toEqual([]);
  });
});

describe("the doc comment of each loss", () => {
  const comments = new Map<string, string>();
  for (const file of sources.filter((path) => dirname(path) === join("src", "losses"))) {
    ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true).forEachChild((node) => {
      if (!ts.isFunctionDeclaration(node) || node.name === undefined) return;
      const text = ts.getJSDocCommentsAndTags(node).map((comment) => comment.getText());
      if (text.length > 0) comments.set(node.name.text, text.join("\n"));
    });
  }

  it.each([...seqloss.lossCatalogue.keys()])("%s: the shape of a parameter, errors, an example", (name) => {
    const comment = comments.get(name) ?? "";
    expect(comment).toMatch(/@param \w+[^@]*\[[A-Z][^\]]*\]/);
    expect(comment).toMatch(/@throws SeqlossError/);
    expect(comment).toMatch(/@example/);
  });
});

describe("links in Markdown", () => {
  const pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", ...filesIn("docs", ".md")];

  it.each(pages)("%s leads to files that exist", (page) => {
    const text = readFileSync(page, "utf8").replace(/```.*?```/gs, "");
    for (const [, target] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      expect(existsSync(join(dirname(page), target)), `${page} links to ${target}`).toBe(true);
    }
  });
});
