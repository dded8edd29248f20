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

  it("gives the same bits for the same settings", () => {
    for (const task of tasks)
      expect(lossOf({ ...settings, task, length: 4 }, 5)).toEqual(lossOf({ ...settings, task, length: 4 }, 5));
  });
});
