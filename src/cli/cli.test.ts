import { type ChildProcess, spawn } from "node:child_process";
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
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tasks } from "../../tasks/tasks.js";
import { encodeNpy } from "../index.js";
import { EXIT, explainFailure } from "./failure.js";

// The built program, as a user runs it; `npm test` builds it first.
const program = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [program, ...args], { cwd: folder, env: { ...process.env, ...env } });
}

async function end(child: ChildProcess): Promise<Ended> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk) => (out += chunk));
  child.stderr?.on("data", (chunk) => (err += chunk));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err };
}

function run(args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = start(args, env);
  child.stdin?.on("error", () => {}); // a program that fails early does not read its input
  child.stdin?.end(input);
  return end(child);
}

/** One line on standard error, nothing on standard output, and no trace of where in the program it happened. */
function expectFailure({ code, out, err }: Ended, expected: number, message: RegExp): void {
  expect(err).toMatch(message);
  expect({ code, out, lines: err.trimEnd().split("\n").length }).toEqual({ code: expected, out: "", lines: 1 });
  expect(err).not.toMatch(/^\s+at |node:internal/m);
}

const uniform = { logits: [[0, 0, 0].map(() => [0, 0, 0, 0])], labels: [[1, 2]] };
const lossOf = (name: string, value: unknown) => run(["loss", name, "--input", "-", "--json"], JSON.stringify(value));

let folder = "";
const inFolder = (name: string, contents: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a task in place of a run", () => {
  it("is the network that comes with seqloss, which says what it is and answers an example", async () => {
    const { code, out, err } = await run(["predict", "classify"]);
    expect(code).toBe(EXIT.ok);
    expect(err).toMatch(/^the network that comes with seqloss, trained on first-names; on .*: accuracy \d\d\.\d\d %\n/);
    expect(err).toContain("an example: seqloss predict classify Rosalind\n");
    expect(out).toMatch(/^Rosalind\n[\s\S]*\nclassified as (fe)?male\n$/);
  });
});

describe("--lm", () => {
  it("is refused by a task that does not read with one, and what goes with it where it is not there", async () => {
    const config = { seed: 1, steps: 1, loss: "ctcLoss" };
    for (const [task, data] of [
      ["numbers", "mnist"],
      ["speech", "spoken"],
    ]) {
      mkdirSync(join(folder, task));
      inFolder(`${task}/config.json`, JSON.stringify({ ...config, task, data }));
    }
    const given = await run(["predict", "numbers", "12", "--lm", "a.arpa"]);
    expectFailure(given, EXIT.usage, /numbers reads without a language model; leave out --lm\./);
    const alone = await run(["evaluate", "speech", "--bonus", "2"]);
    expectFailure(alone, EXIT.usage, /--bonus goes with --lm <file> or --lexicon <file>\./);
    const weight = await run(["predict", "speech", "7", "--lexicon", "words.txt", "--lm-weight", "1"]);
    expectFailure(weight, EXIT.usage, /--lm-weight goes with --lm <file>\./);
    expectFailure(await run(["predict", "speech", "7", "--bonus", "x"]), EXIT.usage, /expected a number/);
  });
});

describe("seqloss loss", () => {
  it("row 2: answers a case from standard input with value, losses and grad alone", async () => {
    const { code, out, err } = await lossOf("ctcLoss", uniform);
    const answer = JSON.parse(out);
    expect({ code, err, keys: Object.keys(answer) }).toEqual({ code: 0, err: "", keys: ["value", "losses", "grad"] });
    expect(answer.value).toBeCloseTo(2.549445, 6);
    expect(answer.losses[0]).toBeCloseTo(3 * Math.log(4) - Math.log(5), 12);
    const rows = [
      [0.05, -0.55, 0.25, 0.25],
      [0.05, -0.15, -0.15, 0.25],
      [0.05, 0.25, -0.55, 0.25],
    ];
    expect(answer.grad).toEqual([rows.map((row) => row.map((x) => expect.closeTo(x, 12)))]);
  });

  it("rows 7 and 18: writes and reads numbers that are not finite as strings", async () => {
    const impossible = await lossOf("ctcLoss", { logits: [[0, 0].map(() => [0, 0, 0])], labels: [[1, 1]] });
    expect(JSON.parse(impossible.out)).toMatchObject({ value: "Infinity", losses: ["Infinity"] });
    const masked = [
      [0, "-Infinity", 0],
      [0, 0, 0],
      [0, "-Infinity", 0],
    ];
    const { out } = await lossOf("ctcLoss", { scores: [masked], targets: [[1]] });
    expect(JSON.parse(out).value).toBeCloseTo(Math.log(12), 12);
    const poisoned = await lossOf("ctcLoss", { logits: [[["NaN", 0]]], labels: [[1]] });
    expect(JSON.parse(poisoned.out).value).toBe("NaN");
  });

  it("takes options by their own names", async () => {
    const { out } = await lossOf("crossEntropy", {
      logits: [[[0, 0]], [[0, 0]]],
      labels: [[0], [1]],
      reduction: "sum",
    });
    expect(JSON.parse(out).value).toBeCloseTo(2 * Math.LN2, 12);
  });

  it("reads NumPy arrays, in their own precision, and labels from a file of their own", async () => {
    const zeros = { data: new Float32Array(12), shape: [1, 3, 4] };
    const logits = inFolder("logits.npy", encodeNpy(zeros));
    const labels = inFolder("labels.npy", encodeNpy({ data: Float64Array.of(1, 2), shape: [1, 2] }));
    const fromArrays = await run(["loss", "ctcLoss", "--input", logits, "--labels", labels, "--json"]);
    const { value, grad } = JSON.parse(fromArrays.out);
    expect(value).toBeCloseTo(2.549445, 5);
    expect(grad[0][0][1]).toBe(Math.fround(grad[0][0][1]));
    const withOptions = JSON.stringify({ labels: [[0, 1]], blank: 3 });
    const fromBoth = await run(["loss", "ctcLoss", "--input", logits, "--labels", "-", "--json"], withOptions);
    expect(JSON.parse(fromBoth.out).value).toBeCloseTo(2.549445, 5);
  });

  it("prints a table and the gradient for people, without colour off a terminal", async () => {
    const path = inFolder("uniform.json", JSON.stringify(uniform));
    const [plain, coloured, refused] = await Promise.all([
      run(["loss", "ctcLoss", "--input", path], "", { NO_COLOR: undefined, FORCE_COLOR: undefined }),
      run(["loss", "ctcLoss", "--input", path], "", { NO_COLOR: undefined, FORCE_COLOR: "1" }),
      run(["loss", "ctcLoss", "--input", path], "", { NO_COLOR: "1", FORCE_COLOR: undefined }),
    ]);
    expect(plain.out).toContain("value 2.549445\n");
    expect(plain.out).toContain("  0.050000 -0.550000  0.250000  0.250000\n");
    expect(coloured.out).toContain("\u001b[");
    expect(refused.out).toBe(plain.out);
  });
});

describe("row 87: each failure is one line on standard error with a code of its kind", () => {
  const loss = (name: string) => ["loss", "ctcLoss", "--input", join(folder, name)];

  it.concurrent.each([
    ["an unknown command", ["los"], /unknown command 'los' \(Did you mean loss\?\)/],
    ["an unknown flag", ["loss", "ctcLoss", "--inptu", "x"], /unknown option '--inptu' \(Did you mean --input\?\)/],
    ["a flag without its value", ["loss", "ctcLoss", "--input"], /option '--input <file>' argument missing/],
    ["a missing flag", ["loss", "ctcLoss"], /required option '--input <file>' not specified/],
    ["too many arguments", ["loss", "ctcLoss", "x", "--input", "-"], /too many arguments/],
    ["an unknown loss", ["loss", "ctclos", "--input", "-"], /no loss "ctclos"\. Did you mean ctcLoss\?/],
    ["an unknown task", ["train", "number"], /no task "number"\. Did you mean numbers\?/],
    ["no task", ["train"], /needs the name of a task/],
    ["a number that is none", ["train", "numbers", "--steps", "1e9x"], /whole number of at least 1/],
    ["a time that is none", ["train", "numbers", "--minutes", "-1"], /number above 0/],
  ])("%s: 64", async (_, args, message) => {
    expectFailure(await run(args), EXIT.usage, message);
  });

  it("a missing file, a folder, a path through a file: 66", async () => {
    inFolder("file", "");
    mkdirSync(join(folder, "sub"), { recursive: true });
    expectFailure(await run(loss("absent.json")), EXIT.missing, /absent\.json: no such file or folder\./);
    expectFailure(await run(loss("sub")), EXIT.missing, /sub: this is a folder, not a file\./);
    expectFailure(await run(loss("file/case.json")), EXIT.missing, /a part of this path is a file/);
    expectFailure(await run(["evaluate", join(folder, "no-run")]), EXIT.missing, /no such folder/);
  });

  it.skipIf(process.getuid?.() === 0)("an unreadable file: 66", async () => {
    chmodSync(inFolder("secret.json", "{}"), 0o000);
    expectFailure(await run(loss("secret.json")), EXIT.missing, /secret\.json: not allowed\./);
  });

  it.each([
    ["EACCES", "open", EXIT.missing, "x: not allowed."],
    ["EACCES", "mkdir", EXIT.output, "x: not allowed."],
    ["ENOSPC", "write", EXIT.output, "x: no space is left on the disk."],
    ["EROFS", "open", EXIT.output, "x: the file system cannot be written to."],
    ["EIO", "read", EXIT.missing, "x: the disk reports an error."],
  ])("%s from %s is explained", (code, syscall, exitCode, message) => {
    expect(explainFailure(Object.assign(new Error("raw"), { code, syscall, path: "x" }))).toEqual({
      message,
      exitCode,
    });
  });

  it("a fault of the program itself is told from all others, in one line: 70", () => {
    const { message, exitCode } = explainFailure(new TypeError("x is not a function\n    at y"));
    expect({ message, exitCode }).toEqual({ message: "a fault of seqloss itself: x is not a function", exitCode: 70 });
  });

  it.each([
    [
      "malformed JSON",
      '{"logits": [1,\n  oops]}',
      /standard input: malformed JSON at line 2, column 3: .* found "oops"/,
    ],
    ["no input", "", /standard input: malformed JSON: there is nothing in it/],
    ["a number", "5", /expected a JSON object such as/],
    ["a list alone", "[[[0,0]]]", /expected a JSON object such as .* Outputs alone go with --labels/],
    ["an unknown key", '{"logits":[[[0,0]]],"labels":[[1]],"blnk":0}', /no option "blnk"\. Did you mean blank\?/],
    ["a missing key", '{"logts":[[[0,0]]],"labels":[[1]]}', /found "logts", "labels"\. Did you mean logits\?/],
    ["the same under two names", '{"logits":[],"scores":[],"labels":[]}', /found "logits" and "scores"/],
    ["a word for a number", '{"logits":[[[0,"x"]]],"labels":[[1]]}', /logits\[0\]\[0\]\[1\] is "x"; expected a number/],
    ["a wrong shape", '{"logits":[0,0],"labels":[[1]]}', /ctcLoss: the shape of logits is \[2\]; expected/],
    ["a label out of range", '{"logits":[[[0,0]]],"labels":[[7]]}', /ctcLoss: labels\[0\]\[0\] is 7; expected/],
    ["a bad length", '{"logits":[[[0,0]]],"labels":[[1]],"logitLengths":[2]}', /logitLengths\[0\] is 2/],
    ["a bad option", '{"logits":[[[0,0]]],"labels":[[1]],"reduction":"avg"}', /reduction is "avg"; expected "none"/],
  ])("%s: 65", async (_, input, message) => {
    expectFailure(await run(["loss", "ctcLoss", "--input", "-"], input), EXIT.data, message);
  });

  it("a damaged NumPy array, and a folder that is no run: 65", async () => {
    const path = inFolder("short.npy", encodeNpy({ data: new Float32Array(4), shape: [1, 2, 2] }).subarray(0, 140));
    const arrays = await run(["loss", "ctcLoss", "--input", path, "--labels", path]);
    expectFailure(arrays, EXIT.data, /short\.npy: the size of the file is 140; expected 144 bytes/);
    mkdirSync(join(folder, "no-run-at-all"), { recursive: true });
    expectFailure(
      await run(["predict", join(folder, "no-run-at-all"), "12"]),
      EXIT.data,
      /expected the folder of a run/,
    );
  });

  it("a folder for runs that cannot be made: 74, and nothing is left of it", async () => {
    const blocked = inFolder("blocked", "");
    expectFailure(await run(["train", "numbers", "--out", blocked]), EXIT.output, /blocked: there is something else/);
    expectFailure(
      await run(["train", "numbers", "--out", join(blocked, "x")]),
      EXIT.output,
      /a part of this path is a file/,
    );
    expect(readFileSync(blocked, "utf8")).toBe("");
  });

  it.runIf(existsSync("/dev/full"))("a full disk under standard output: 74", async () => {
    const child = spawn("/bin/sh", ["-c", `"$0" "$@" > /dev/full`, process.execPath, program, "data", "--json"]);
    expectFailure(await end(child), EXIT.output, /standard output: no space is left on the disk/);
  });

  it("a closed pipe is a quiet end", async () => {
    const long = { logits: [Array.from({ length: 20_000 }, () => [0, 1, 2, 3])], labels: [[1]] };
    const child = start(["loss", "ctcLoss", "--input", "-", "--json"]);
    child.stdin?.end(JSON.stringify(long));
    let err = "";
    child.stderr?.on("data", (chunk) => (err += chunk));
    child.stdout?.once("data", () => child.stdout?.destroy());
    const code = await new Promise((resolve) => child.on("exit", resolve));
    expect({ code, err }).toEqual({ code: EXIT.ok, err: "" });
  });

  it("SIGINT while waiting for input: 130", async () => {
    const child = start(["loss", "ctcLoss", "--input", "-"]);
    const ended = end(child);
    // more than any pipe holds: it is taken once the program reads, and then its handler is in place
    await new Promise<void>((resolve) => child.stdin?.write("{".padEnd(2 ** 22), () => resolve()));
    child.kill("SIGINT");
    expectFailure(await ended, EXIT.interrupted, /interrupted while reading standard input/);
  });

  it("--help lists the codes", async () => {
    const { code, out } = await run(["--help"]);
    expect(code).toBe(0);
    for (const exitCode of Object.values(EXIT)) expect(out).toMatch(new RegExp(`\\b${exitCode} `));
  });
});

describe("seqloss gradcheck", () => {
  it("draws a case from the seed, and compares", async () => {
    const [first, again] = await Promise.all([1, 2].map(() => run(["gradcheck", "ctcLoss", "--seed", "7", "--json"])));
    expect(JSON.parse(first.out)).toMatchObject({ passed: true, checked: 24 });
    expect(again.out).toBe(first.out);
  });

  it("checks a case that is given", async () => {
    const input = JSON.stringify({ logits: [[[1, 2, 3]]], labels: [[2]] });
    const { code, out } = await run(["gradcheck", "crossEntropy", "--input", "-"], input);
    expect({ code, line: out.split("\n")[0] }).toEqual({
      code: 0,
      line: "crossEntropy: the gradient agrees with central differences at 3 places",
    });
  });
});

describe("seqloss train", () => {
  const runsIn = (out: string) => (existsSync(out) ? readdirSync(out).map((name) => join(out, name)) : []);
  const logged = (path: string) => {
    const file = join(path, "metrics.jsonl");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").filter(Boolean).length : 0;
  };
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it("row 87: SIGINT leaves a checkpoint, says how to go on, exits with 130; the run goes on and is used", async () => {
    const out = join(folder, "runs");
    const child = start(["train", "numbers", "--out", out, "--steps", "1000000"]);
    const ended = end(child);
    await until(() => runsIn(out).some((path) => logged(path) >= 2));
    child.kill("SIGINT");
    const { code, out: printed, err } = await ended;
    const [path] = runsIn(out);
    expect({ code, printed }).toEqual({ code: EXIT.interrupted, printed: "" });
    expect(err).toContain(`go on with: seqloss train --resume ${path}\n`);
    expect(readdirSync(path).sort()).toEqual(["checkpoints", "config.json", "metrics.jsonl", "time.json"]);
    expect(readdirSync(join(path, "checkpoints"))).toHaveLength(1);

    const secondsOf = (name: string) => JSON.parse(readFileSync(join(path, name), "utf8")).seconds;
    const first = secondsOf("time.json");
    expect(first).toBeGreaterThan(0);

    const steps = logged(path);
    const read = await run(["predict", path, "307", "--json"]);
    expect(JSON.parse(read.out)).toMatchObject({ truth: "307", reading: expect.stringMatching(/^\d*$/) });
    expectFailure(await run(["train", "--resume", path, "--seed", "2"]), EXIT.usage, /--seed belongs to a new run/);
    const resumed = await run(["train", "--resume", path, "--minutes", "0.0001", "--json"]);
    const { step, intervals, characterErrorRate } = JSON.parse(resumed.out);
    expect({ code: resumed.code, further: step > steps }).toEqual({ code: 0, further: true });
    expect(resumed.err).toContain(`at step ${steps} of 1000000`);
    expect(resumed.err).toContain(`time is up at step ${step} of 1000000; go on with: seqloss train --resume ${path}`);
    expect(intervals.characterErrorRate[0]).toBeLessThanOrEqual(characterErrorRate);
    const results = JSON.parse(readFileSync(join(path, "results.json"), "utf8"));
    expect(results.scores.characterErrorRate).toBe(characterErrorRate);
    expect(results.seconds, "both sessions'").toBeGreaterThan(first);
    expect(results.seconds).toBe(secondsOf("time.json"));
  });
});

describe("seqloss data", () => {
  it("lists every data set once for each task that uses it, with its licence and where it is", async () => {
    const { out, code } = await run(["data", "--json"]);
    expect(code).toBe(EXIT.ok);
    const sources: { task: string; name: string; found: boolean; where: string; licence: string }[] = JSON.parse(out);
    const keys = sources.map(({ task, name }) => `${task} ${name}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(sources.find(({ name }) => name === "mnist")).toMatchObject({
      task: "numbers",
      found: true,
      licence: "MIT",
    });
    expect(sources.filter(({ name }) => name === "an4").length).toBeGreaterThan(0);
    const [hungarian] = sources.filter(({ name }) => name === "hungarian");
    expect(hungarian).toMatchObject({ outside: { set: "sigmorphon2021-g2p" } });
    expect(sources.filter(({ task }) => task === "").map(({ name }) => name)).not.toContain("tatoeba-eng-fra");
    expect(
      JSON.parse((await run(["data", "forecast", "--json"])).out).every(
        (one: { task: string }) => one.task === "forecast",
      ),
    ).toBe(true);
  });

  it("describes a set on a terminal: for what, under which licence, whom to name, where it is or how to get it", async () => {
    const { out } = await run(["data", "speech"]);
    const [an4] = out.split("\n\n");
    expect(an4).toMatch(
      /^an4 {2}for speech\n {2}48 minutes of .*\n {2}licence: BSD-like.*to be named: Carnegie Mellon/,
    );
    expect(an4).toMatch(/\n {2}(found in |missing\. Run: seqloss data get an4 \(18\.0 MB from github)/);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("gets nothing that is there, and says whom to thank", async () => {
    const { out, code } = await run(["data", "get", "co2-maunaloa", "--json"]);
    expect(code).toBe(EXIT.ok);
    expect(JSON.parse(out)).toMatchObject({ name: "co2-maunaloa", downloaded: 0, licence: "CC BY 4.0" });
  });

  it("refuses sets that there are not, or that a task has not", async () => {
    expectFailure(await run(["data", "get", "tinyshakespear"]), EXIT.usage, /Did you mean tinyshakespeare\?/);
    expectFailure(
      await run(["train", "forecast", "--data", "mnist"]),
      EXIT.usage,
      /the task forecast has no data set "mnist"\. /,
    );
    const nowhere = { SEQLOSS_DATA: join(folder, "nowhere") };
    expectFailure(await run(["data"], "", nowhere), EXIT.missing, /SEQLOSS_DATA is .*expected a folder of data sets/);
  });
});

describe("seqloss train", () => {
  it("names every task in its help", async () => {
    const { out } = await run(["train", "--help"]);
    for (const name of Object.keys(tasks)) expect(out).toContain(name);
  });
});

describe("seqloss train forecast", () => {
  it("--from begins with the weights of a trained network, and keeps them for a resumed run", async () => {
    const out = join(folder, "further");
    const further = (...flags: string[]) =>
      run(["train", "forecast", "--from", "forecast", "--out", out, "--json", ...flags]);
    const {
      code,
      out: printed,
      err,
    } = await further("--steps", "1", "--set", "learningRate=1e-9", "--loss", "huberLoss");
    expect(code, err).toBe(EXIT.ok);
    const known = JSON.parse((await run(["evaluate", "forecast", "--json"])).out);
    expect(JSON.parse(printed).meanAbsoluteError).toBeCloseTo(known.meanAbsoluteError, 3);
    const path = join(out, readdirSync(out)[0]);
    const config = JSON.parse(readFileSync(join(path, "config.json"), "utf8"));
    expect(config).toMatchObject({ from: "forecast", data: "seattle-weather", loss: "huberLoss", steps: 1 });
    expect(readdirSync(join(path, "checkpoints")).sort()).toEqual([0, 1].map((n) => `step-0000000${n}.safetensors`));
    const other = await run(["train", "forecast", "--from", path, "--data", "ett"]);
    expect(other.code).not.toBe(EXIT.ok);
    const refused = (await run(["train", "tag", "--from", path])).err;
    expect(refused).toContain(`--from ${path}: a network of the task forecast, not of tag.`);
  });

  it("keeps the loss it was started with for --resume, evaluate and predict", async () => {
    const out = join(folder, "forecasts");
    const trained = await run([
      "train",
      "forecast",
      "--data",
      "seattle-weather",
      "--loss",
      "quantileLoss",
      "--steps",
      "30",
      "--out",
      out,
    ]);
    expect(trained.code).toBe(0);
    expect(trained.out).toMatch(/mean absolute error \d+\.\d\d °C, mean squared error \d+\.\d\d °C²\.\n$/);
    expect(trained.err).toContain("trained with quantileLoss on seattle-weather\n");
    const path = join(out, readdirSync(out)[0]);
    expect(trained.err).toContain(`use it: seqloss predict ${path} 2015-07-04\n`);
    expect(JSON.parse(readFileSync(join(path, "config.json"), "utf8")).loss).toBe("quantileLoss");
    const evaluated = await run(["evaluate", path]);
    expect(evaluated.out).toBe(trained.out.slice(1));
    expect(evaluated.out).toContain("quantiles; 80 % should.");
    const predicted = await run(["predict", path, "2015-07-04"]);
    expect(predicted.out).toMatch(/░ 8 times in 10\n[\s\S]*\nwas +33\.3 +32\.8 .* °C\nforecast +-?\d+\.\d/);
    const resumed = await run(["train", "--resume", path, "--json"]);
    expect(JSON.parse(resumed.out)).toMatchObject({ step: 30 });
    const changed = await run(["train", "--resume", path, "--loss", "huberLoss"]);
    expectFailure(changed, EXIT.usage, /--loss belongs to a new run/);
    expectFailure(await run(["predict", path, "2015"]), EXIT.data, /expected the first day of a week to forecast/);
  });

  it("refuses a loss that the task has not", async () => {
    const wrong = await run(["train", "forecast", "--loss", "hubrLoss"]);
    expectFailure(wrong, EXIT.usage, /the task forecast has no loss "hubrLoss"\. Did you mean huberLoss\?/);
  });
});

describe("seqloss compare", () => {
  const command = [
    "compare",
    "forecast",
    "--data",
    "seattle-weather",
    "--losses",
    "meanSquaredError,huberLoss",
    "--seeds",
    "2",
    "--json",
  ];

  it("row 87: SIGINT stops with 130; the same command goes on, to what an uninterrupted one finds", async () => {
    const [stopped, straight] = ["stopped", "straight"].map((name) => join(folder, name));
    const child = start([...command, "--steps", "400", "--out", stopped]);
    const ended = end(child);
    const second = join(stopped, "compare-forecast-400-steps", "huberLoss-seed-1", "metrics.jsonl");
    while (!existsSync(second) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    const { code, out, err } = await ended;
    expect({ code, out }).toEqual({ code: EXIT.interrupted, out: "" });
    expect(err).toContain("stopped in run 2 of 4; the same command goes on from there\n");
    const again = await run([...command, "--steps", "400", "--out", stopped]);
    const whole = await run([...command, "--steps", "400", "--out", straight]);
    expect(again.err).not.toContain("run 1 of 4");
    expect(again.err).toMatch(/run 2 of 4: huberLoss, seed 1, from step \d/);
    const answers = [again, whole].map((found) => ({ ...JSON.parse(found.out), folder: undefined }));
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ task: "forecast", losses: ["meanSquaredError", "huberLoss"], seeds: [1, 2] });
  });

  it.each([
    [["--losses", "ctcLoss"], /the task forecast has no loss "ctcLoss"\. Known: meanSquaredError, /],
    [["--losses", "huberLoss,huberLoss"], /--losses names huberLoss twice/],
    [["--seeds", "0"], /whole number of at least 1/],
  ])("refuses %j: 64", async (flags, message) => {
    expectFailure(await run(["compare", "forecast", ...flags]), EXIT.usage, message);
    expectFailure(await run(["compare"]), EXIT.usage, /missing required argument 'task'/);
  });
});

describe("seqloss explain", () => {
  it("derives a case, as text, Markdown and JSON, to the value that loss gives", async () => {
    const text = await run(["explain", "ctcLoss", "--input", "-"], JSON.stringify(uniform));
    expect(text).toMatchObject({ code: 0, err: "" });
    expect(text.out).toMatch(/C\(5, 4\) = 5[\s\S]*value 2\.54945\n$/);
    const json = await run(["explain", "ctcLoss", "--input", "-", "--json"], JSON.stringify(uniform));
    expect(JSON.parse(json.out).value).toBeCloseTo(2.549445, 6);
    const markdown = await run(["explain", "hingeLoss", "--markdown"]);
    expect(markdown.out).toMatch(/^# hingeLoss: [\s\S]*\$\$\\ell = \\max/);
  });

  it("unrolls an Elman unit, and refuses what is none", async () => {
    const unit = { inputs: [1, 0], targets: [null, 1], recurrentWeight: 0.5 };
    const { out } = await run(["explain", "backpropagation", "--input", "-"], JSON.stringify(unit));
    expect(out).toMatch(/∂h_2\/∂h_1[\s\S]*value 0\.597/);
    const wrong = await run(["explain", "backpropagation", "--input", "-"], '{"inputs": [1], "target": [1]}');
    expectFailure(wrong, EXIT.data, /there is no "target" here\. Did you mean targets\?/);
    expectFailure(await run(["explain", "ctcLos"]), EXIT.usage, /Did you mean ctcLoss\?/);
  });
});

describe("seqloss solve and check", () => {
  it("shows HELLO's printed loss beside those as written, of valid ones only, and of all alignments", async () => {
    const { out, code } = await run(["solve", "hello"]);
    expect(code).toBe(0);
    for (const part of ["3.673", "6.1803", "6.7865", "9.9590", "286", "alignment 1, factor 4"])
      expect(out).toContain(part);
  });

  it("solves a problem that it made, from a file, and checks its own template as right", async () => {
    for (const kind of ["alignments", "ctc", "sequenceHinge", "huberLoss", "perplexity"]) {
      const problem = await run(["solve", "--generate", kind, "--seed", "7", "--problem-only"]);
      const file = inFolder("problem.json", problem.out);
      expect((await run(["solve", file])).code).toBe(0);
      const template = await run(["check", "--template", kind]);
      expect(await run(["check", "-"], template.out)).toMatchObject({
        code: 0,
        out: expect.stringContaining("All of it is right"),
      });
    }
  });

  it("names the first wrong step and the slip, and exits with 1", async () => {
    const problem = { kind: "crossEntropy", logits: [0, 0], label: 0 };
    const steps = [
      { name: "probability", value: 0.5 },
      { name: "loss", value: 0.301 },
    ];
    const { out, code } = await run(["check", "-"], JSON.stringify({ problem, steps }));
    expect(code).toBe(EXIT.failed);
    expect(out).toMatch(/first wrong step is loss: 0\.301; it should be 0\.693147[\s\S]*log10 was taken/);
  });

  it.each([
    [["solve"], EXIT.usage, /which problem\?/],
    [["solve", "helo"], EXIT.usage, /Did you mean hello\?/],
    [["solve", "nowhere.json"], EXIT.missing, /nowhere\.json: no such file/],
    [["solve", "hinge", "--frames", "3"], EXIT.usage, /--frames goes with/],
    [["solve", "--generate", "ctx"], EXIT.usage, /Did you mean ctc\?/],
    [["check"], EXIT.usage, /which solution\?/],
    [["check", "--template", "x"], EXIT.usage, /no kind of problem "x"/],
  ])("refuses %j", async (args, code, message) => {
    expectFailure(await run(args), code, message);
  });

  it("refuses a file that holds something else", async () => {
    expectFailure(
      await run(["solve", "-"], '{"kind": "ctc"}'),
      EXIT.data,
      /standard input: problem: probabilities is undefined/,
    );
    expectFailure(await run(["check", "-"], "[]"), EXIT.data, /expected \{"problem"/);
  });
});
