import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../src/index.js";
import { loadDigits } from "../tasks/numbers/digits.js";
import { lineToPng } from "../tasks/numbers/image.js";
import { composeLine } from "../tasks/numbers/line.js";

// The command as users run it: the built program in a process of its own.

const main = join(process.cwd(), "dist/src/cli/main.js");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function seqloss(args: readonly string[], input = "") {
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args], {
    input,
    encoding: "utf8",
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { stdout, stderr, status };
}

const EXAMPLE = '{"logits":[[[0,0,0,0],[0,0,0,0],[0,0,0,0]]],"labels":[[1,2]]}';
const lossOf = (name: string, input: string) => seqloss(["loss", name, "--input", "-", "--json"], input);

describe("seqloss loss", () => {
  it("prints value, losses and gradient as JSON", () => {
    const { stdout, stderr, status } = lossOf("ctcLoss", EXAMPLE);
    expect([status, stderr]).toEqual([0, ""]);
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual(["value", "losses", "grad"]);
    expect(result.value.toFixed(6)).toBe("2.549445");
    expect(result.grad[0][0]).toEqual([0.05, -0.55, 0.25, 0.25].map((x) => expect.closeTo(x, 12)));
  });

  it("prints a table for people", () => {
    const { stdout } = seqloss(["loss", "ctcLoss", "--input", "-"], EXAMPLE);
    expect(stdout).toContain("value 2.549445");
    expect(stdout).toContain("0.050000 -0.550000  0.250000  0.250000");
  });

  it("reads a file, other names of the keys, lengths, options, and non-finite numbers as strings, both ways", () => {
    const path = join(folder, "case.json");
    writeFileSync(
      path,
      '{"scores":[[[0,"-Infinity"],[0,"-Infinity"]],[[0,0],["NaN",0]]],"targets":[[1],[1]],"logitLengths":[2,1]}',
    );
    const result = JSON.parse(seqloss(["loss", "ctcLoss", "--input", path, "--json"]).stdout);
    expect(result).toMatchObject({ value: "Infinity", losses: ["Infinity", expect.closeTo(Math.log(2), 12)] });
    expect(result.grad[0]).toEqual([[0, 0], [0, 0]]); // biome-ignore format: a matrix
    const smoothed = lossOf("crossEntropy", '{"logits":[[1,2,3]],"labels":[2],"labelSmoothing":0.1}');
    expect(JSON.parse(smoothed.stdout).value).toBeGreaterThan(0.4);
  });

  it.each([
    [
      "an unknown loss",
      ["loss", "ctcLos", "--input", "-"],
      EXAMPLE,
      64,
      'there is no loss "ctcLos". Did you mean ctcLoss?',
    ],
    ["no input", ["loss", "ctcLoss"], "", 64, "required option '--input <file>' not specified"],
    ["an unknown flag", ["loss", "ctcLoss", "--input", "-", "--jsno"], "", 64, "unknown option '--jsno'"],
    ["an unknown command", ["lose"], "", 64, "unknown command 'lose'"],
    ["a missing file", ["loss", "ctcLoss", "--input", "nowhere.json"], "", 66, "nowhere.json: no such file or folder."],
    ["a folder", ["loss", "ctcLoss", "--input", "."], "", 66, "this is a folder, not a file."],
    ["nothing", ["loss", "ctcLoss", "--input", "-"], "", 65, "standard input: malformed JSON: there is nothing in it."],
    ["malformed JSON", ["loss", "ctcLoss", "--input", "-"], '{\n "logits": [1,\n 2', 65, "malformed JSON"],
    [
      "a list",
      ["loss", "ctcLoss", "--input", "-"],
      "[1]",
      65,
      'expected a JSON object such as {"logits": …, "labels": …}',
    ],
    [
      "no labels",
      ["loss", "ctcLoss", "--input", "-"],
      '{"logits":[[[0,0]]]}',
      65,
      'takes its targets under one key, "labels" or "targets"; found neither.',
    ],
    [
      "two outputs",
      ["loss", "ctcLoss", "--input", "-"],
      '{"logits":[],"scores":[],"labels":[]}',
      65,
      'found "logits" and "scores".',
    ],
    [
      "an unknown option",
      ["loss", "ctcLoss", "--input", "-"],
      `${EXAMPLE.slice(0, -1)},"blnk":1}`,
      65,
      'ctcLoss has no option "blnk". Did you mean blank?',
    ],
    [
      "a wrong shape",
      ["loss", "ctcLoss", "--input", "-"],
      '{"logits":[[[0,0],[0]]],"labels":[[1]]}',
      65,
      "expected a list of 2 numbers",
    ],
    [
      "a label out of range",
      ["loss", "ctcLoss", "--input", "-"],
      '{"logits":[[[0,0]]],"labels":[[2]]}',
      65,
      "labels[0][0] is 2; expected an id in 0..1 other than the blank 0.",
    ],
    [
      "a key that reaches a prototype",
      ["loss", "ctcLoss", "--input", "-"],
      '{"__proto__":1,"logits":[],"labels":[]}',
      65,
      'the key "__proto__" is not allowed',
    ],
    [
      "depth",
      ["loss", "ctcLoss", "--input", "-"],
      `{"logits":${"[".repeat(40)}${"]".repeat(40)},"labels":[]}`,
      65,
      "nested more than 32 deep",
    ],
    ["an unknown task", ["train", "nmbers"], "", 64, 'there is no task "nmbers". Did you mean numbers?'],
    ["no task", ["train"], "", 64, "train needs the name of a task"],
    [
      "steps that are no number",
      ["train", "numbers", "--steps", "many"],
      "",
      64,
      "expected a whole number of at least 1",
    ],
    [
      "a run that is none",
      ["evaluate", "nowhere"],
      "",
      65,
      'nowhere is "no such folder"; expected the folder of a run',
    ],
  ])("row 87: %s: one line on stderr, its own exit code, no stack", (_, args, input, status, message) => {
    const result = seqloss(args, input);
    expect(result.stderr).toContain(message);
    expect(result.status).toBe(status);
    expect(result.stderr.trimEnd().split("\n").length).toBe(1);
    expect(result.stderr).not.toMatch(/\bat .*\.js:\d+/);
    expect(result.stdout).toBe("");
  });

  it.skipIf(process.getuid?.() === 0)("row 87: an unreadable file", () => {
    const path = join(folder, "secret.json");
    writeFileSync(path, "{}");
    chmodSync(path, 0);
    expect(seqloss(["loss", "ctcLoss", "--input", path])).toMatchObject({
      status: 66,
      stderr: expect.stringContaining("not allowed"),
    });
  });

  it("row 87: says line and column of malformed JSON where the engine tells", () => {
    const { stderr } = seqloss(["loss", "ctcLoss", "--input", "-"], '{\n "logits": oops}');
    expect(stderr).toMatch(/malformed JSON( at line 2, column 12|: Unexpected token)/);
  });

  it("row 87: a reader that leaves early ends it quietly", async () => {
    const rows = JSON.stringify(Array.from({ length: 4000 }, () => [0.1, 0.2, 0.3]));
    const child = spawn(process.execPath, [main, "loss", "crossEntropy", "--input", "-", "--json"], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (data) => {
      errors += data;
    });
    child.stdin.on("error", () => {});
    child.stdout.destroy();
    child.stdin.end(`{"logits":${rows},"labels":[${new Array(4000).fill(0)}]}`);
    const status = await new Promise((resolve) => child.once("exit", resolve));
    expect([status, errors]).toEqual([0, ""]);
  });
});

describe("seqloss gradcheck", () => {
  it("passes on a case, and on a random one", () => {
    const { stdout, status } = seqloss(["gradcheck", "ctcLoss", "--input", "-", "--json"], EXAMPLE);
    expect([status, JSON.parse(stdout).passed]).toEqual([0, true]);
    expect(seqloss(["gradcheck", "focalLoss"]).stdout).toContain("agrees with central differences at 8 places");
  });
});

describe("seqloss data, help, version", () => {
  it("lists data, where it is and under which licence", () => {
    const [source] = JSON.parse(seqloss(["data", "--json"]).stdout);
    expect(source).toMatchObject({ task: "numbers", found: true, licence: "MIT" });
    expect(seqloss(["data"]).stdout).toContain("10,000 digits");
  });

  it("explains itself, with its exit codes", () => {
    const { stdout, status } = seqloss(["--help"]);
    expect(status).toBe(0);
    for (const word of ["loss", "gradcheck", "train", "evaluate", "predict", "data", "130 interrupted"])
      expect(stdout).toContain(word);
    expect(seqloss(["--version"]).stdout.trim()).toBe(JSON.parse(readFileSync("package.json", "utf8")).version);
  });
});

describe("seqloss train, evaluate, predict", () => {
  it("trains, resumes bit for bit after Ctrl-C, evaluates and reads", async () => {
    const train = (out: string, ...more: string[]) => ["train", "numbers", "--steps", "6", "--out", out, ...more];
    const straight = seqloss(train("straight", "--json"));
    expect(straight.status, straight.stderr).toBe(0);
    const scores = JSON.parse(straight.stdout);
    expect(scores).toMatchObject({ characterErrorRate: expect.any(Number), numberErrorRate: expect.any(Number) });

    const child = spawn(process.execPath, [main, ...train("stopped")], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const out = join(folder, "stopped");
    const metrics = () =>
      (existsSync(out) ? readdirSync(out).map((name) => join(out, name, "metrics.jsonl")) : []).find(existsSync);
    while (metrics() === undefined && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGINT");
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(code).toBe(130);
    const [name] = readdirSync(out);
    const resumed = seqloss(["train", "--resume", join("stopped", name), "--json"]);
    expect(resumed.status, resumed.stderr).toBe(0);
    const read = (run: string, file: string) => readFileSync(join(folder, run, file));
    const checkpoint = join("checkpoints", "step-00000006.safetensors");
    expect(read(join("stopped", name), checkpoint)).toEqual(read(scores.run, checkpoint));
    expect(read(join("stopped", name), "metrics.jsonl")).toEqual(read(scores.run, "metrics.jsonl"));

    const again = JSON.parse(seqloss(["evaluate", scores.run, "--json"]).stdout);
    expect(again.characterErrorRate).toBe(scores.characterErrorRate);
    expect(JSON.parse(seqloss(["predict", scores.run, "2718", "--json"]).stdout)).toMatchObject({ truth: "2718" });
    const png = join(folder, "line.png");
    writeFileSync(png, lineToPng(composeLine(loadDigits().test, new Random(1), { distortion: 0 }, "42")));
    expect(JSON.parse(seqloss(["predict", scores.run, png, "--json"]).stdout)).toHaveProperty("reading");
    expect(seqloss(["predict", scores.run, "nowhere.png"])).toMatchObject({
      status: 65,
      stderr: expect.stringContaining("expected a PNG picture"),
    });
    mkdirSync(join(folder, "empty"));
    writeFileSync(join(folder, "broken.png"), "not a picture");
    expect(seqloss(["predict", scores.run, "broken.png"]).stderr).toContain("expected a PNG picture");
    expect(seqloss(["predict", "empty", "1"]).status).toBe(65);
  });
});
