import { sequenceHingeLoss } from "../losses/hinge.js";
import { type KeyStep, total } from "./keyStep.js";
import type { SequenceHingeProblem } from "./problem.js";

/** The hinge of each step, then their sum or mean. */
export function sequenceHingeKey({ targets, scores, reduction = "mean" }: SequenceHingeProblem): KeyStep[] {
  const names = targets.map((_, t) => `step ${t + 1}`);
  const steps = targets.map((y, t): KeyStep => {
    const s = scores[t];
    return {
      name: names[t],
      formula: `max(0, 1 − (${y}) · (${s}))`,
      compute: () => sequenceHingeLoss([[s]], [[y]]).value,
      slips: [
        { slip: "The sign is wrong: it is 1 − y · ŷ.", compute: () => Math.max(0, 1 + y * s) },
        { slip: "The label was left out: it is 1 − y · ŷ.", compute: () => Math.max(0, 1 - s) },
        { slip: "The score's sign was left out.", compute: () => Math.max(0, 1 - Math.abs(s)) },
        { slip: "The 1 is missing: the margin.", compute: () => Math.max(0, -y * s) },
        { slip: "The maximum with 0 is missing.", compute: () => 1 - y * s },
        { slip: "The squared hinge was taken.", compute: () => Math.max(0, 1 - y * s) ** 2 },
        { slip: "This is y · ŷ, not the loss.", compute: () => y * s },
      ],
    };
  });
  const sum: KeyStep = {
    name: "sum",
    formula: names.join(" + "),
    compute: (earlier) => total(names, earlier),
    slips: [
      { slip: "The mean was taken instead of the sum.", compute: (earlier) => total(names, earlier) / names.length },
    ],
  };
  const mean = reduction === "mean";
  const loss: KeyStep = {
    name: "loss",
    formula: mean ? `sum / ${names.length}` : "sum",
    compute: (earlier) => (mean ? earlier("sum") / names.length : earlier("sum")),
    slips: [
      mean
        ? { slip: "The sum was given; the mean was asked for.", compute: (earlier) => earlier("sum") }
        : { slip: "The mean was given; the sum was asked for.", compute: (earlier) => earlier("sum") / names.length },
    ],
  };
  return [...steps, sum, loss];
}
