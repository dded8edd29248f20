import { describe, expect, it } from "vitest";
import { recordedRun } from "../answers/recorded.js";
import { TrainSession } from "./session.js";
import { lossesOf, type TrainSettings, tasks } from "./settings.js";

const settings: TrainSettings = {
  task: "echo",
  loss: "",
  cell: "lstm",
  hidden: 24,
  length: 12,
  optimiser: "adam",
  learningRate: 0.01,
  clip: 1,
  radius: 0,
  seed: 1,
  changes: [],
};
const lossOf = (given: TrainSettings, steps: number) => {
  const session = new TrainSession(given);
  for (let i = 0; i < steps; i++) session.step();
  const { losses } = session.snapshot(0);
  session.dispose();
  return losses;
};

describe("training in the lab", () => {
  it.each([
    ["echo", 500, 0.35],
    ["adding", 400, 0.5],
    ["language", 300, 0.75],
    ["recall", 200, 0.5],
    ["parity", 400, 0.7],
    ["digits", 250, 0.8],
  ] as const)("%s is learnt in %i steps", (task, steps, share) => {
    const losses = lossOf({ ...settings, task, length: task === "digits" ? 3 : 12 }, steps);
    const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    expect(mean(losses.slice(-20))).toBeLessThan(share * mean(losses.slice(0, 10)));
  });

  it("every loss of a task lowers what is wrong", () => {
    for (const [task, steps] of [
      ["echo", 400],
      ["adding", 800],
    ] as const) {
      for (const loss of lossesOf[task]) {
        const session = new TrainSession({ ...settings, task, loss });
        const before = session.snapshot(0).wrong;
        for (let i = 0; i < steps; i++) session.step();
        expect(session.snapshot(0).wrong, `${task} ${loss}`).toBeLessThan(0.6 * before);
        session.dispose();
      }
    }
  });

  it("is what the page at rest shows", () => {
    const [losses, recorded] = [lossOf({ ...settings, hidden: 32 }, 40), recordedRun().losses];
    losses.forEach((loss, i) => expect(loss).toBeCloseTo(recorded[i], 2));
  });

  it("poles stand longer, step by step", () => {
    const session = new TrainSession({ ...settings, task: "balance", cell: "gru", hidden: 16, length: 16 });
    for (let i = 0; i < 60; i++) session.step();
    const { stood, wrong, path } = session.snapshot(0);
    const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    expect(stood).toHaveLength(60);
    expect(mean(stood.slice(-10))).toBeGreaterThan(2 * mean(stood.slice(0, 10)));
    expect(wrong).toBeLessThanOrEqual(1);
    expect(Math.max(...path.map(({ lean }) => Math.abs(lean)))).toBeLessThanOrEqual(12);
    session.dispose();
  });

  it("runs again from its settings with what was changed on the way", () => {
    const first = new TrainSession(settings);
    for (let i = 0; i < 30; i++) {
      if (i === 10) first.change("learningRate", 0.05);
      if (i === 20) first.change("clip", 0.1);
      first.step();
    }
    const { losses, changes } = first.snapshot(0);
    expect(changes).toEqual([
      [10, 0, 0.05],
      [20, 1, 0.1],
    ]);
    expect(lossOf({ ...settings, changes }, 30)).toEqual(losses);
    const unchanged = lossOf(settings, 30);
    expect(losses.slice(0, 11)).toEqual(unchanged.slice(0, 11)); // the loss of a step is that before its update
    expect(losses.slice(11)).not.toEqual(unchanged.slice(11));
    expect(lossOf({ ...settings, changes: changes.slice(0, 1) }, 30).slice(21)).not.toEqual(losses.slice(21));
    first.dispose();
  });

  it("tells the norm of each layer, and the loss of what it does not train on", () => {
    const session = new TrainSession(settings);
    for (let i = 0; i < 51; i++) session.step();
    const { layerNorms, gradientNorms, validations } = session.snapshot(0);
    expect(layerNorms.rnn).toHaveLength(51);
    gradientNorms.forEach((norm, i) => expect(Math.hypot(layerNorms.rnn[i], layerNorms.head[i])).toBeCloseTo(norm, 6));
    expect(validations).toHaveLength(2);
    expect(validations[1]).toBeLessThan(validations[0]);
    session.dispose();
  });

  it("says what is infinite, and goes on", () => {
    const session = new TrainSession({ ...settings, task: "adding", learningRate: 10, optimiser: "sgd", clip: 0 });
    for (let i = 0; i < 40; i++) session.step();
    const { losses, layerNorms } = session.snapshot(0);
    expect(losses).toHaveLength(40);
    expect(layerNorms.rnn).toHaveLength(40);
    expect(losses.some((loss) => !Number.isFinite(loss))).toBe(true);
    session.dispose();
  });

  it("starts an Elman network with the spectral radius that is asked for", () => {
    const first = (radius: number) => lossOf({ ...settings, cell: "elman", radius }, 1)[0];
    expect(first(3)).not.toBe(first(0));
    expect(first(0)).toBe(lossOf({ ...settings, cell: "elman" }, 1)[0]);
  });

  it("leaves as code that rebuilds the network from its weights", async () => {
    const library = await import("../../../src/index.js");
    for (const given of [settings, { ...settings, task: "digits", cell: "gru", optimiser: "sgd" }] as const) {
      const session = new TrainSession(given);
      for (let i = 0; i < 3; i++) session.step();
      const body = session.code().replace(/^import .*$/gm, "");
      const imports = /import \{ (.*) \} from "seqloss"/.exec(session.code())![1].split(", ");
      const run = new Function("readFileSync", ...imports, `${body}; return { model, data, shape };`);
      const { model, data, shape } = run(
        () => session.weights(),
        ...imports.map((name) => library[name as keyof typeof library]),
      );
      expect(shape.slice(0, 2)).toEqual([1, given.length]);
      expect(data.every(Number.isFinite)).toBe(true);
      const { tensors: saved } = library.decodeSafetensors(session.weights());
      for (const { name, data } of model.parameters) expect(data).toEqual(saved.get(name)?.data);
      session.dispose();
      model.dispose();
    }
  });

  it("gives the same bits for the same settings", () => {
    for (const task of tasks)
      expect(lossOf({ ...settings, task, length: 4 }, 5)).toEqual(lossOf({ ...settings, task, length: 4 }, 5));
  });
});
