import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT } from "./failure.js";

// The built program, as a user runs it; `npm test` builds it first.
const program = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

async function run(args: readonly string[], input = ""): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err };
}

const diagnose = (value: unknown, ...more: string[]) => run(["diagnose", "-", ...more], JSON.stringify(value));
const tooLong = {
  logits: [
    [
      [0.1, 1, 0],
      [1, 0, 0],
    ],
  ],
  labels: [[2, 2]],
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-diagnose-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run of the task numbers, small, with some of its configuration changed; trained to its last step. */
async function trained(name: string, changes: object): Promise<string> {
  const path = join(folder, name);
  mkdirSync(join(path, "checkpoints"), { recursive: true });
  const config = {
    task: "numbers",
    loss: "ctcLoss",
    seed: 1,
    steps: 60,
    batchSize: 2,
    hidden: 8,
    layers: 1,
    learningRate: 6e-3,
    distortion: 0.9,
    clip: 5,
    averaging: 0.998,
    ...changes,
  };
  writeFileSync(join(path, "config.json"), JSON.stringify(config));
  expect((await run(["train", "--resume", path])).code).toBe(EXIT.ok);
  return path;
}

describe("seqloss diagnose of a case", () => {
  it("says what is wrong, on what evidence and what to do; the exit code is 1", async () => {
    const { code, out, err } = await diagnose(tooLong, "--loss", "ctcLoss");
    expect({ code, err }).toEqual({ code: EXIT.failed, err: "" });
    expect(out).toMatch(
      /^error: Labels do not fit their frames \(labels\[0\]\)\n {2}seen: .*1 too few.*\n {2}do: {3}Keep/,
    );
    expect(out).toMatch(/1 error, 0 warnings, 0 notes\.\n$/);
  });

  it("finds nothing in a healthy one; the exit code is 0", async () => {
    const { code, out } = await diagnose(
      {
        logits: [
          [
            [0.3, 1, 0],
            [1, 0, 0.2],
          ],
        ],
        labels: [[2, 1]],
      },
      "--loss",
      "ctcLoss",
    );
    expect({ code, out }).toEqual({ code: EXIT.ok, out: "Nothing is wrong that these checks know of.\n" });
  });

  it("prints one line for machines, numbers that are not finite as strings", async () => {
    const poisoned = {
      logits: [
        [
          ["NaN", 1, 0],
          [1, 0, 0.2],
        ],
      ],
      labels: [[2]],
    };
    const { code, out } = await diagnose(poisoned, "--loss", "ctcLoss", "--json");
    const { findings, healthy } = JSON.parse(out);
    expect({ code, healthy, lines: out.trimEnd().split("\n").length }).toEqual({
      code: EXIT.failed,
      healthy: false,
      lines: 1,
    });
    expect(findings).toMatchObject([{ code: "output-not-finite", severity: "error", where: "outputs[0][0][0]" }]);
  });

  it("a warning alone leaves the exit code 0", async () => {
    const padded = {
      logits: [
        [
          [1, 2],
          [0, 1],
          [0, 0],
        ],
        [
          [1, 0],
          [2, 1],
          [3, 1],
        ],
      ],
      labels: [
        [1, 0, 0],
        [0, 1, 0],
      ],
    };
    const { code, out } = await diagnose(padded, "--loss", "crossEntropy");
    expect(code).toBe(EXIT.ok);
    expect(out).toContain("warning: Padding seems to count (lengths)");
  });

  it("takes the targets from a file of their own", async () => {
    writeFileSync(join(folder, "labels.json"), "[[2, 2]]");
    const { out } = await run(
      ["diagnose", "-", "--loss", "ctcLoss", "--labels", "labels.json"],
      JSON.stringify({ logits: tooLong.logits }),
    );
    expect(out).toContain("Labels do not fit");
  });

  it.each([
    ["a case without its loss", ["diagnose", "-"], EXIT.usage, /a case needs --loss/],
    ["a loss that is none", ["diagnose", "-", "--loss", "ctc"], EXIT.usage, /no loss "ctc"/],
    ["nothing", ["diagnose"], EXIT.usage, /missing required argument/],
    ["a file that is not there", ["diagnose", "nowhere", "--loss", "ctcLoss"], EXIT.missing, /nowhere: no such file/],
    ["a folder that is no run", ["diagnose", "."], EXIT.data, /with config\.json in it/],
    ["a loss for a folder", ["diagnose", ".", "--loss", "ctcLoss"], EXIT.usage, /--loss goes with a case file/],
  ])("%s is refused in one line", async (_, args, code, message) => {
    const ended = await run(args, JSON.stringify(tooLong));
    expect(ended.err).toMatch(message);
    expect({ ...ended, err: ended.err.trimEnd().split("\n").length }).toEqual({ code, out: "", err: 1 });
  });
});

describe("seqloss diagnose of a run", () => {
  it("finds nothing wrong early in a run that goes well, and changes nothing", async () => {
    const path = await trained("well", {});
    const log = readFileSync(join(path, "metrics.jsonl"), "utf8");
    const { code, out } = await run(["diagnose", path, "--json"]);
    const { findings, healthy } = JSON.parse(out);
    expect({ code, healthy }).toEqual({ code: EXIT.ok, healthy: true });
    expect(findings.every(({ severity }: { severity: string }) => severity === "note")).toBe(true);
    expect(readFileSync(join(path, "metrics.jsonl"), "utf8")).toBe(log);
    // half a line, as a crash leaves it, and a line of somebody else's
    appendFileSync(join(path, "metrics.jsonl"), '7\nnull\n{"step": 61, "lo');
    expect(JSON.parse((await run(["diagnose", path, "--json"])).out)).toEqual({ findings, healthy });
  }, 30_000);

  it("says that a rate was far too high", async () => {
    const path = await trained("high", { learningRate: 1e4 });
    const { code, out } = await run(["diagnose", path]);
    expect(code).toBe(EXIT.failed);
    expect(out).toMatch(/^error: /);
    expect(out).toMatch(/learning rate/);
  }, 30_000);

  it("says that a loss did not fall, where the rate was far too low", async () => {
    const path = await trained("low", { learningRate: 1e-9 });
    const { findings } = JSON.parse((await run(["diagnose", path, "--json"])).out);
    expect(findings.map(({ code }: { code: string }) => code)).toContain("no-progress");
  }, 30_000);

  it("looks at a run that has not begun", async () => {
    const path = join(folder, "well");
    rmSync(join(path, "checkpoints"), { recursive: true });
    rmSync(join(path, "metrics.jsonl"));
    mkdirSync(join(path, "checkpoints"));
    const { code, out } = await run(["diagnose", path, "--json"]);
    expect({ code, healthy: JSON.parse(out).healthy }).toEqual({ code: EXIT.ok, healthy: true });
  }, 30_000);
});
