import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordEnds } from "../interop/tensorboard.js";
import { crossEntropy } from "../losses/crossEntropy.js";
import { dense } from "../recurrent/dense.js";
import { sequential } from "../recurrent/layer.js";
import { padSequences } from "../training/batches.js";
import { sgd } from "../training/optimiser.js";
import { Trainer } from "../training/trainer.js";
import { EventsLog } from "./eventsLog.js";
import { RunFolder } from "./runFolder.js";
import { restore, trainRun } from "./session.js";

const python = process.env.SEQLOSS_TENSORBOARD ?? "python3";
const tensorboard = spawnSync(python, ["-c", "import tensorboard"]).status === 0;
if (!tensorboard) {
  console.warn(
    `SKIPPED: ${python} has no TensorBoard; set SEQLOSS_TENSORBOARD to one that has, for it to read events.`,
  );
}

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-events-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const newTrainer = () =>
  new Trainer({
    model: sequential({ head: dense({ inputs: 2, outputs: 2, seed: 1 }) }),
    optimiser: sgd({ learningRate: 0.1 }),
    seed: 1,
  });

/** Trains to `until` steps of 8; checkpoints every 3, validations every 4. */
function train(run: RunFolder, until = 8): Promise<unknown> {
  const trainer = newTrainer();
  restore(run, trainer);
  const stop = new AbortController();
  return trainRun({
    run,
    trainer,
    batch: (step) => [
      {
        inputs: padSequences([Float32Array.of(step, 1)], 2),
        loss: (outputs) => crossEntropy(outputs, [[step % 2]]),
      },
    ],
    steps: 8,
    checkpointEvery: 3,
    validateEvery: 4,
    validate: () => ({ errorRate: 0.5 }),
    onStep: ({ step }) => {
      if (step === until) stop.abort();
    },
    signal: stop.signal,
  });
}

/** step and time of each event after the first record, from its bytes: fields 1, a double, and 2, below 128. */
function events(run: RunFolder): { step: number; time: number }[] {
  const file = readFileSync(run.events.path);
  const ends = recordEnds(file);
  return ends.slice(1).map((_, n) => ({ time: file.readDoubleLE(ends[n] + 13), step: file[ends[n] + 22] }));
}
const STEPS = [1, 2, 3, 4, 4, 5, 6, 7, 8, 8];

describe("EventsLog", () => {
  it("is not written unless it was begun", async () => {
    const run = RunFolder.create(folder, { task: "x", seed: 1 });
    await train(run);
    expect(run.events.wanted).toBe(false);
  });

  it("has one event for each line of the log, in order, however often the run is interrupted", async () => {
    const run = RunFolder.create(folder, { task: "x", seed: 1 });
    run.events.write([]);
    await train(run, 2);
    await train(run, 5);
    const before = events(run);
    await train(run);
    expect(events(run).map(({ step }) => step)).toEqual(STEPS);
    expect(events(run).slice(0, before.length)).toEqual(before);
    expect(run.metrics.read().map(({ step }) => step)).toEqual(STEPS);
  });

  it("takes steps again that came after the checkpoint of a killed run, without an event twice", async () => {
    const run = RunFolder.create(folder, { task: "x", seed: 1 });
    run.events.write([]);
    await train(run);
    // as after kill -9: the last checkpoint is lost, the last event half written
    const checkpoints = join(run.path, "checkpoints");
    rmSync(join(checkpoints, readdirSync(checkpoints).sort().at(-1) as string));
    expect(run.checkpoints.load()?.state.step).toBe(6);
    truncateSync(run.events.path, readFileSync(run.events.path).length - 5);
    await train(RunFolder.open(run.path));
    expect(events(run).map(({ step }) => step)).toEqual(STEPS);
  });

  it("made of a log later, it spreads the lines over the time given; what it has keeps its time", () => {
    const run = RunFolder.create(folder, { task: "x", seed: 1 });
    const lines = [1, 2, 3].map((step) => ({ step, loss: 1 / step, learningRate: 0.1 }));
    run.events.write(lines.slice(0, 2), [100, 110]);
    run.events.write([...lines, { step: 4, loss: 0 }], [200, 230]);
    expect(events(run)).toEqual([
      { step: 1, time: 100 },
      { step: 2, time: 110 },
      { step: 3, time: 200 },
      { step: 4, time: 230 },
    ]);
    run.events.write(lines.slice(0, 1));
    expect(events(run)).toEqual([{ step: 1, time: 100 }]);
  });

  it.skipIf(!tensorboard)("TensorBoard reads it", async () => {
    const run = RunFolder.create(folder, { task: "x", seed: 1 });
    run.events.write([]);
    await train(run, 5);
    await train(run);
    new EventsLog(run.events.path).append({ step: 9, errorRate: null as unknown as number });
    const script = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
read = EventAccumulator(sys.argv[1])
read.Reload()
print(json.dumps({tag: [[e.step, e.value] for e in read.Scalars(tag)] for tag in read.Tags()["scalars"]}))
`;
    const read = JSON.parse(
      execFileSync(python, ["-c", script, run.path], {
        encoding: "utf8",
        stdio: ["pipe", "pipe", "ignore"],
      }).replaceAll("NaN", '"NaN"'),
    );
    const lines = run.metrics.read().filter((line) => line.loss !== undefined);
    for (const name of ["loss", "gradientNorm", "learningRate"]) {
      expect(read[`train/${name}`]).toEqual(lines.map((line) => [line.step, Math.fround(line[name] as number)]));
    }
    expect(read["validation/errorRate"]).toEqual([[4, 0.5], [8, 0.5], [9, "NaN"]]); // biome-ignore format: rows
  });
});
