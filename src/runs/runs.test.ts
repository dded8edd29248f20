import { execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { crossEntropy } from "../losses/crossEntropy.js";
import { dense } from "../recurrent/dense.js";
import { sequential } from "../recurrent/layer.js";
import { lstm } from "../recurrent/recurrent.js";
import { padSequences } from "../training/batches.js";
import { adam } from "../training/optimiser.js";
import { Trainer, type TrainingBatch } from "../training/trainer.js";
import { writeAtomically } from "./atomicFile.js";
import { Checkpoints } from "./checkpoint.js";
import { type FileSystem, nodeFileSystem } from "./fileSystem.js";
import { RunFolder } from "./runFolder.js";
import { restore, trainRun } from "./session.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-runs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

function newTrainer(): Trainer {
  const model = sequential({
    rnn: lstm({ inputs: 2, hidden: 3, seed: 1 }),
    head: dense({ inputs: 3, outputs: 2, seed: 2 }),
  });
  return new Trainer({ model, optimiser: adam({ learningRate: 0.05 }), averaging: 0.9, seed: 4 });
}

const batch = (step: number): TrainingBatch[] => [
  {
    inputs: padSequences([Float32Array.from({ length: 8 }, (_, i) => Math.sin(step + i))], 2),
    loss: (outputs) => crossEntropy(outputs, [[step % 2, 1, 0, 1]]),
  },
];

/** A file system whose n-th call fails, as a full disk or a dying machine would have it. */
function failing(n: number): FileSystem & { readonly calls: () => number } {
  let calls = 0;
  const guard = <Arguments extends unknown[], Result>(work: (...given: Arguments) => Result) => {
    return (...given: Arguments): Result => {
      if (++calls === n) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      return work(...given);
    };
  };
  const { open, write, sync, close, rename, remove, read, list } = nodeFileSystem;
  return {
    open: guard(open),
    // one byte at a time at first: a write may be short
    write: guard((descriptor, data) => write(descriptor, data.subarray(0, Math.max(1, data.length >> 1)))),
    sync: guard(sync),
    close: guard(close),
    rename: guard(rename),
    remove: guard(remove),
    read: guard(read),
    list: guard(list),
    calls: () => calls,
  };
}

describe("writeAtomically", () => {
  it("row 80: whichever system call fails, the path holds the old contents or the new, whole", () => {
    const path = join(folder, "file");
    let failures = 0;
    for (let n = 1; ; n++) {
      writeFileSync(path, "old contents");
      const fs = failing(n);
      try {
        writeAtomically(path, bytes("the new contents"), fs);
        expect(readFileSync(path, "utf8")).toBe("the new contents");
        if (fs.calls() < n) break;
      } catch (error) {
        expect((error as Error).message).toContain("no space left");
        failures++;
      }
      expect(["old contents", "the new contents"]).toContain(readFileSync(path, "utf8"));
    }
    expect(failures).toBeGreaterThan(8);
  });
});

describe("Checkpoints", () => {
  it("row 80: whichever system call fails while saving, loading finds a complete state, old or new", () => {
    const trainer = newTrainer();
    trainer.step(batch(0));
    const old = trainer.state();
    trainer.step(batch(1));
    const fresh = trainer.state();
    for (let n = 1; ; n++) {
      const own = join(folder, String(n));
      mkdirSync(own);
      new Checkpoints(own).save(old);
      const fs = failing(n);
      try {
        new Checkpoints(own, fs).save(fresh);
      } catch {
        // what matters is what is found after
      }
      const loaded = new Checkpoints(own).load();
      expect(loaded?.damaged).toEqual([]);
      expect([old, fresh]).toContainEqual(loaded?.state);
      if (fs.calls() < n) break;
    }
  });

  it("row 81: a damaged checkpoint is passed over for the one before, and named", () => {
    const trainer = newTrainer();
    const checkpoints = new Checkpoints(folder);
    for (let step = 0; step < 3; step++) {
      trainer.step(batch(step));
      checkpoints.save(trainer.state());
    }
    const names = readdirSync(folder).sort();
    expect(names).toEqual(["step-00000002.safetensors", "step-00000003.safetensors"]);
    truncateSync(join(folder, names[1]), 1000);
    const loaded = checkpoints.load();
    expect(loaded?.state.step).toBe(2);
    expect(loaded?.damaged[0]).toContain("step-00000003.safetensors: decodeSafetensors:");
    truncateSync(join(folder, names[0]), 5);
    expect(() => checkpoints.load()).toThrow("expected one that is whole");
  });

  it("has nothing to load in a new run, and cleans up what a crash left", () => {
    const checkpoints = new Checkpoints(folder);
    expect(checkpoints.load()).toBeUndefined();
    writeFileSync(join(folder, "step-00000001.safetensors.unfinished"), "half");
    expect(checkpoints.load()).toBeUndefined();
    checkpoints.clean();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("RunFolder", () => {
  it("never writes into a run that exists", () => {
    const now = new Date("2026-01-02T03:04:05Z");
    const names = [1, 2].map((seed) => RunFolder.create(folder, { task: "echo", seed }, now).path);
    expect(names.map((path) => path.slice(folder.length + 1))).toEqual([
      "echo-20260102-030405",
      "echo-20260102-030405-2",
    ]);
    expect(RunFolder.open(names[1]).config).toEqual({ task: "echo", seed: 2 });
  });

  it("says what is wrong with a folder that is no run, and which runs there are", () => {
    RunFolder.create(folder, { task: "echo", seed: 1 });
    expect(() => RunFolder.open(join(folder, "nowhere"))).toThrow(/no such folder|Runs there: echo-/);
    writeFileSync(join(folder, "config.json"), "{");
    expect(() => RunFolder.open(folder)).toThrow("expected JSON in config.json");
    writeFileSync(join(folder, "config.json"), "null");
    expect(() => RunFolder.open(folder)).toThrow("expected a task and a seed");
  });

  it("is trained by one process at a time; a dead one's mark is taken over", () => {
    const run = RunFolder.create(folder, { task: "echo", seed: 1 });
    const sleeper = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    writeFileSync(join(run.path, "lock"), String(sleeper.pid));
    expect(() => run.lock()).toThrow(`locked by process ${sleeper.pid}`);
    sleeper.kill("SIGKILL");
    writeFileSync(join(run.path, "lock"), String(2 ** 30));
    run.lock()();
    expect(readdirSync(run.path)).not.toContain("lock");
  });

  it("begins a run at a path, and goes on with it there; also where a crash came before its configuration", () => {
    const path = join(folder, "mine", "first");
    const config = { task: "echo", seed: 1, sizes: [2, 3], note: undefined };
    expect(RunFolder.at(path, config).path).toBe(path);
    expect(RunFolder.at(path, config).config).toEqual({ task: "echo", seed: 1, sizes: [2, 3] });
    rmSync(join(path, "config.json"));
    writeFileSync(join(path, "config.json.unfinished"), "{");
    expect(RunFolder.at(path, config).config.seed).toBe(1);
    expect(RunFolder.open(path).config.sizes).toEqual([2, 3]);
  });

  it("does not go on with a run that was started otherwise, nor in a folder of something else", () => {
    const path = join(folder, "first");
    RunFolder.at(path, { task: "echo", seed: 1, sizes: [2, 3] });
    const other = { task: "echo", seed: 1, sizes: [2, 4] };
    expect(() => RunFolder.at(path, other)).toThrow(`sizes of ${path} is [2, 3]; expected [2,4], to go on`);
    expect(() => RunFolder.at(path, { task: "echo", seed: 1 })).toThrow("sizes of");
    rmSync(join(path, "config.json"));
    writeFileSync(join(path, "letters.txt"), "");
    expect(() => RunFolder.at(path, { task: "echo", seed: 1 })).toThrow("expected the folder of a run");
  });
});

describe("trainRun", () => {
  const options = (run: RunFolder, trainer: Trainer) => ({
    run,
    trainer,
    batch,
    steps: 20,
    checkpointEvery: 4,
    validateEvery: 5,
    validate: () => ({ errorRate: trainer.taken / 100 }),
  });

  it("removes what a crash left unfinished; to restore a run does not, for another process may be writing it", async () => {
    const run = RunFolder.create(folder, { task: "shared", seed: 1 });
    const unfinished = join(run.path, "checkpoints", "step-00000001.safetensors.unfinished");
    writeFileSync(unfinished, "half");
    const trainer = newTrainer();
    expect(restore(run, trainer)).toEqual([]);
    expect(existsSync(unfinished)).toBe(true);
    await trainRun(options(run, trainer));
    expect(existsSync(unfinished)).toBe(false);
  });

  it("row 69: interrupted and resumed, it leaves the metrics and the state of a run that was not", async () => {
    const straight = RunFolder.create(folder, { task: "straight", seed: 1 });
    const reference = newTrainer();
    expect(await trainRun(options(straight, reference))).toEqual({ reason: "finished", step: 20 });

    const run = RunFolder.create(folder, { task: "stopped", seed: 1 });
    const abort = new AbortController();
    const first = newTrainer();
    const stopped = await trainRun({
      ...options(run, first),
      signal: abort.signal,
      onStep: ({ step }) => step === 7 && abort.abort(),
    });
    expect(stopped).toEqual({ reason: "interrupted", step: 7 });
    const second = newTrainer();
    expect(restore(RunFolder.open(run.path), second)).toEqual([]);
    expect(second.taken).toBe(7);
    await trainRun(options(run, second));
    expect(second.state()).toEqual(reference.state());
    expect(readFileSync(join(run.path, "metrics.jsonl"), "utf8")).toBe(
      readFileSync(join(straight.path, "metrics.jsonl"), "utf8"),
    );
  });

  it("drops lines of steps that will be taken again, and a line that a crash cut off", async () => {
    const run = RunFolder.create(folder, { task: "echo", seed: 1 });
    await trainRun({ ...options(run, newTrainer()), steps: 8 });
    appendFileSync(join(run.path, "metrics.jsonl"), '{"step":9,"loss":1}\n{"step":10,"lo');
    const trainer = newTrainer();
    restore(run, trainer);
    await trainRun({ ...options(run, trainer), steps: 10 });
    const steps = run.metrics.read().map(({ step }) => step);
    expect(steps).toEqual([1, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 10]);
  });
});

describe("a run whose process is killed", () => {
  const script = (path: string) => `
    import { RunFolder, restore, trainRun } from "seqloss/runs";
    import { adam, crossEntropy, dense, lstm, padSequences, sequential, Trainer } from "seqloss";
    const run = RunFolder.open(${JSON.stringify(path)});
    const model = sequential({ rnn: lstm({ inputs: 2, hidden: 24, seed: 1 }), head: dense({ inputs: 24, outputs: 2, seed: 2 }) });
    const trainer = new Trainer({ model, optimiser: adam({ learningRate: 0.05 }), seed: 4 });
    restore(run, trainer);
    console.log("from", trainer.taken);
    const batch = (step) => [{
      inputs: padSequences([Float32Array.from({ length: 8 }, (_, i) => Math.sin(step + i))], 2),
      loss: (outputs) => crossEntropy(outputs, [[step % 2, 1, 0, 1]]),
    }];
    const steps = Number(process.argv[2]);
    await trainRun({ run, trainer, batch, steps, checkpointEvery: 1, validateEvery: 5, validate: () => ({}) });
    console.log("done", trainer.taken);
  `;

  it("row 80: kill -9 at any moment leaves a run that goes on", async () => {
    const run = RunFolder.create(folder, { task: "killed", seed: 1 });
    // inside the package, so that it can be imported by name
    mkdirSync("build", { recursive: true });
    const file = join("build", `kill-${process.pid}.mjs`);
    writeFileSync(file, script(run.path));
    try {
      let reached = 0;
      for (let round = 0; round < 6; round++) {
        const child = spawn(process.execPath, [file, "1000000"], { stdio: ["ignore", "pipe", "inherit"] });
        const from = await new Promise<number>((resolve) => {
          child.stdout.once("data", (data) => resolve(Number(/from (\d+)/.exec(String(data))?.[1])));
        });
        expect(from).toBeGreaterThanOrEqual(reached);
        await new Promise((resolve) => setTimeout(resolve, 60 + 37 * round));
        child.kill("SIGKILL");
        await new Promise((resolve) => child.once("exit", resolve));
        const loaded = run.checkpoints.load();
        expect(loaded?.damaged ?? []).toEqual([]);
        reached = loaded?.state.step ?? 0;
      }
      expect(reached).toBeGreaterThan(6);
      const output = execFileSync(process.execPath, [file, String(reached + 3)], { encoding: "utf8" });
      expect(output).toContain(`done ${reached + 3}`);
    } finally {
      rmSync(file, { force: true });
    }
  });
});
