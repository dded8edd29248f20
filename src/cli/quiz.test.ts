import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { markAnswer, type OpenItem, type QuizItem, quizItem, quizItems } from "../index.js";
import { EXIT } from "./failure.js";
import type { Lines } from "./lines.js";
import { askAll } from "./quizSession.js";

// The built program, as a user runs it; `npm test` builds it first.
const program = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const start = (args: readonly string[]) => spawn(process.execPath, [program, "quiz", ...args], { cwd: folder });

async function run(args: readonly string[], input = "") {
  const child = start(args);
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  child.stdin.on("error", () => {}); // a program that fails early does not read its input
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err };
}

/** What a person types who knows everything. */
function rightLine(item: QuizItem): string {
  switch (item.kind) {
    case "choice":
    case "wrongStep":
    case "curve":
      return String.fromCharCode(97 + item.answer);
    case "order":
      return item.answer.map((place) => String.fromCharCode(97 + place)).join(" ");
    case "numeric":
      return String(Number(item.answer.toPrecision(4)));
    case "open":
      return String(item.points.length);
    default:
      return String(item.answer);
  }
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-quiz-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("seqloss quiz, without a terminal", () => {
  it("asks the whole bank and marks right answers as right, from a pipe", async () => {
    const items = quizItems({ count: 1000, seed: 5 });
    const { code, out, err } = await run(["--count", "1000", "--seed", "5"], items.map(rightLine).join("\n"));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`Score ${items.length} of ${items.length}\n`);
    expect(out).not.toMatch(/Wrong|Left out|not asked/);
    expect(out).not.toContain("\u001b");
    for (const { prompt } of items) expect(out).toContain(prompt);
  });

  it("marks wrong answers, shows the slip, and counts what is left out", async () => {
    const quiz = ["--topic", "lecture", "--count", "4", "--seed", "1"];
    const items = quizItems({ topic: "lecture", count: 4, seed: 1 });
    expect(items[1].id).toBe("hinge-by-its-formula");
    const { code, out } = await run(quiz, `\n0.467\n3\n${rightLine(items[3])}\nmore\n`);
    expect(code).toBe(0);
    expect(out).toContain("Left out.\nThe answer: prediction\n");
    expect(out).toContain("Wrong. This is the mean over the steps; the formula is a sum.\nThe answer: 1.4\n");
    const points = (items[2] as OpenItem).points.length;
    expect(out).toContain(`3 of ${points} points.\nA good answer:`);
    expect(out).toContain(`Score ${Number((1 + 3 / points).toFixed(2))} of 4\n`);
  });

  it("prints questions alone where nothing is answered, and the rest where answers end", async () => {
    const { out } = await run(["--count", "3"]);
    expect(out).toMatch(/^3 questions, seed 1: --seed 1 asks the same ones again\.\n/);
    expect(out).toMatch(/\n1\/3 [\s\S]*\n2\/3 [\s\S]*\n3\/3 /);
    expect(out).not.toMatch(/Score|answer:/);
    const some = await run(["--count", "3", "--topic", "metrics"], "\n");
    expect(some.out).toMatch(/\n3\/3 [\s\S]*Score 0 of 1; 2 not asked\n$/);
  });

  it("names the line that it cannot read, and does not guess", async () => {
    const { code, err } = await run(["--topic", "lecture", "--count", "4", "--seed", "1"], "prediction\n0,467\n");
    expect(code).toBe(EXIT.data);
    expect(err).toMatch(
      /^seqloss: standard input, line 2 \(hinge-by-its-formula\): .*"0,467".*The decimal mark is a point/,
    );
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });

  it("does not wait for lines past the last question", async () => {
    const child = start(["--topic", "lecture", "--count", "1", "--seed", "1"]);
    child.stdin.write(`${rightLine(quizItems({ topic: "lecture", count: 1, seed: 1 })[0])}\n`);
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
  });

  it("SIGINT: the score so far, and 130", async () => {
    const child = start(["--topic", "lecture", "--count", "3", "--seed", "1"]);
    let out = "";
    child.stdin.write(`${rightLine(quizItems({ topic: "lecture", count: 3, seed: 1 })[0])}\n`);
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    child.stdout.on("data", (chunk) => {
      const waits = out.includes("2/3");
      out += chunk;
      if (!waits && out.includes("2/3")) child.kill("SIGINT");
    });
    expect(await ended).toBe(EXIT.interrupted);
    expect(out).toMatch(/Score 1 of 1; 2 not asked\n$/);
  });
});

describe("seqloss quiz --json, --list and --answers", () => {
  it("prints items as the library makes them", async () => {
    const { out } = await run(["--json", "--seed", "8", "--topic", "ctc"]);
    expect(JSON.parse(out)).toEqual({ seed: 8, items: quizItems({ topic: "ctc", seed: 8 }) });
    const few = await run(["--json", "--count", "4"]);
    expect(JSON.parse(few.out)).toEqual({ seed: 1, items: quizItems({ count: 4, seed: 1 }) });
  });

  it("lists what there is", async () => {
    const { out } = await run(["--list", "--topic", "ranking"]);
    const listed = quizItems({ topic: "ranking" });
    for (const { id } of listed) expect(out).toContain(id);
    expect(out).toMatch(new RegExp(`\n${listed.length} questions\n$`));
    const { out: all } = await run(["--list", "--json"]);
    expect(JSON.parse(all)).toHaveLength(quizItems().length);
    expect(JSON.parse(all)[0]).toEqual({ id: "self-assessment-1", topic: "lecture", level: 1, kind: "fillIn" });
  });

  it("marks a file: 0 where all is right, 1 where not", async () => {
    const nats = quizItem("nats", 3);
    const right = { seed: 3, answers: { helo: "helo", nats: nats.answer, "blank-in-label": false } };
    const path = join(folder, "answers.json");
    writeFileSync(path, JSON.stringify(right));
    expect(await run(["--answers", path])).toMatchObject({ code: 0, out: expect.stringMatching(/Score 3 of 3\n$/) });
    const wrong = { ...right, answers: { ...right.answers, helo: "HELLO", "collapse-order": [0, 1, 2] } };
    const { code, out } = await run(["--answers", "-", "--json"], JSON.stringify(wrong));
    expect(code).toBe(EXIT.failed);
    const order = markAnswer(quizItem("collapse-order", 3), [0, 1, 2]);
    expect(JSON.parse(out)).toMatchObject({
      seed: 3,
      score: 2 + order.score,
      of: 4,
      marks: [
        { id: "helo", answer: "HELLO", right: false, key: "HELO" },
        { id: "nats", right: true },
        { id: "blank-in-label", answer: false, right: true },
        { id: "collapse-order", answer: [0, 1, 2], ...order },
      ],
    });
  });

  it("counts the questions of a quiz that the file leaves out", async () => {
    const { code, out } = await run(
      ["--answers", "-", "--topic", "lecture", "--seed", "2", "--json"],
      '{"answers": {"helo": "HELO"}}',
    );
    const { score, of, marks } = JSON.parse(out);
    expect({ code, score, of }).toEqual({ code: 1, score: 1, of: quizItems({ topic: "lecture" }).length });
    expect(marks[0]).toMatchObject({ id: "self-assessment-1", answer: null, answered: false, key: "lengths" });
  });

  it.each([
    [["--topic", "metric"], "", EXIT.usage, /no topic "metric"\. Did you mean metrics\?/],
    [["--level", "4"], "", EXIT.usage, /--level is 1, 2 or 3/],
    [["--count", "0"], "", EXIT.usage, /whole number of at least 1/],
    [["--seed", "-1"], "", EXIT.usage, /whole number of at least 0/],
    [["extra"], "", EXIT.usage, /too many arguments/],
    [["--list", "--answers", "-"], "{}", EXIT.usage, /do not go together/],
    [["--answers", "nowhere.json"], "", EXIT.missing, /nowhere\.json: no such file/],
    [["--answers", "-"], "[]", EXIT.data, /standard input: expected an object such as/],
    [["--answers", "-"], '{"answers": {"nats": 1}}', EXIT.data, /expected "seed"/],
    [["--answers", "-"], '{"seed": 1, "answers": {}}', EXIT.data, /no answers in it/],
    [["--answers", "-"], '{"seed": 0.5, "answers": {}}', EXIT.data, /seed: expected a whole number/],
    [["--answers", "-"], '{"seed": 1, "answer": {}, "answers": {}}', EXIT.data, /there is no "answer" here/],
    [["--answers", "-"], '{"seed": 1, "answers": {"nat": 1}}', EXIT.data, /no question "nat"\. Did you mean nats\?/],
    [["--answers", "-"], '{"seed": 1, "answers": {"nats": {}}}', EXIT.data, /nats: expected text, a number/],
    [
      ["--answers", "-"],
      '{"seed": 1, "answers": {"nats": "x"}}',
      EXIT.data,
      /standard input, nats: .*expected a number/,
    ],
    [["--answers", "-", "--seed", "2"], '{"seed": 1, "answers": {"nats": 1}}', EXIT.usage, /--seed 2 is not the seed/],
    [["--answers", "-", "--topic", "ctc"], '{"seed": 1, "answers": {"nats": 1}}', EXIT.data, /"nats" is not among/],
  ])("refuses %j with %s", async (args, input, code, message) => {
    const ended = await run(args, input);
    expect(ended.err).toMatch(message);
    expect({ code: ended.code, out: ended.out, lines: ended.err.trimEnd().split("\n").length }).toEqual({
      code,
      out: "",
      lines: 1,
    });
  });
});

describe("askAll on a terminal", () => {
  /** A person who types these lines, then Ctrl-D; or Ctrl-C. */
  function person(typed: readonly string[], interrupts = false): Lines & { readonly prompts: string[] } {
    const left = [...typed];
    const prompts: string[] = [];
    return {
      talks: true,
      prompts,
      async ask(prompt) {
        prompts.push(prompt);
        return left.shift();
      },
      interrupted: () => interrupts && left.length === 0,
      close() {},
    };
  }

  async function quiz(ids: readonly string[], lines: Lines): Promise<string> {
    const said: string[] = [];
    const items = ids.map((id) => quizItem(id, 1));
    await askAll(items, lines, (text) => said.push(text));
    return said.join("\n");
  }

  it("asks again what it cannot read, and keeps the score", async () => {
    const said = await quiz(["hinge-by-its-formula", "helo"], person(["one", "1.4", "hello"]));
    expect(said).toMatch(
      /Expected a number such as 0\.25\. Once more:\nRight\. [\s\S]*\nScore 1 of 1\n[\s\S]*Wrong\.\nThe answer: HELO/,
    );
    expect(said).toMatch(/\nScore 1 of 2$/);
  });

  it("shows an open question's points after the answer, marks those it finds, and asks how many were met", async () => {
    const lines = person(["it needs a blank", "2"]);
    const said = await quiz(["terminal-1"], lines);
    expect(said).toMatch(/A good answer:[\s\S]*\n {2}\+ A blank class stands for no label\n {2}- Repeats merge/);
    expect(lines.prompts[1]).toBe("How many of the 7 points does your answer make? ");
    expect(said).toMatch(/\n2 of 7 points\.\n\nScore 0\.29 of 1$/);
  });

  it.each([false, true])("ends with the score so far (Ctrl-C: %s)", async (interrupts) => {
    const said = await quiz(["helo", "nats", "terminal-1"], person(["HELO"], interrupts));
    expect(said).toContain("2/3");
    expect(said).not.toContain("3/3");
    expect(said).toMatch(/\nScore 1 of 1; 2 not asked$/);
    expect(await quiz(["terminal-1"], person([], interrupts))).toMatch(/\nScore 0 of 0; 1 not asked$/);
  });
});
