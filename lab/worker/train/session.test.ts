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

  it("gives the same bits for the same settings", () => {
    for (const task of tasks)
      expect(lossOf({ ...settings, task, length: 4 }, 5)).toEqual(lossOf({ ...settings, task, length: 4 }, 5));
  });
});
