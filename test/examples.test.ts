import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

// An example ends with "// Prints:" and the lines it prints, each as a comment; it imports the built package by name. So does each
// block of JavaScript in README.md and in the guides.

function printed(source: string): string[] {
  const [, expected] = source.split("// Prints:\n");
  return expected
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^\/\/ ?/, "").trimEnd());
}

function run(file: string): string[] {
  const output = execFileSync(process.execPath, [file], { encoding: "utf8" });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
}

describe("examples", () => {
  const files = readdirSync("examples").filter((name) => name.endsWith(".js"));

  it.each(files)("%s prints what it says", (name) => {
    const path = `examples/${name}`;
    const source = readFileSync(path, "utf8");
    expect(source.split("\n").length).toBeLessThan(60);
    expect(run(path)).toEqual(printed(source));
  });
});

const guides = readdirSync("docs/guides").filter((name) => name !== "README.md");
const pages = ["README.md", "docs/index.md", ...guides.map((name) => `docs/guides/${name}`)];

describe.each(pages)("%s", (page) => {
  const blocks = [...readFileSync(page, "utf8").matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);

  it.each(blocks.map((code, i) => [i + 1, code] as const))("code block %d prints what it says", (i, code) => {
    mkdirSync("build", { recursive: true });
    const path = `build/${page.replaceAll(/\W/g, "-")}-${i}.mjs`;
    writeFileSync(path, code);
    expect(run(path)).toEqual(printed(code));
  });
});
