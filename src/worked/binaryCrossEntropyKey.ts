import { type KeyStep, sumAndMean } from "./keyStep.js";
import type { BinaryCrossEntropyProblem } from "./problem.js";

/** −ln of what each step gave to its target, then their mean. */
export function binaryCrossEntropyKey({ targets, probabilities }: BinaryCrossEntropyProblem): KeyStep[] {
  const names = targets.map((_, i) => `term ${i + 1}`);
  const terms = targets.map((y, i): KeyStep => {
    const p = probabilities[i];
    const said = y === 1 ? p : 1 - p;
    return {
      name: names[i],
      formula: y === 1 ? `−ln ${p}` : `−ln(1 − ${p})`,
      compute: () => -Math.log(said),
      slips: [
        {
          slip: `The target is ${y}: the logarithm of the other probability was taken.`,
          compute: () => -Math.log(1 - said),
        },
        { slip: "log10 was taken instead of ln.", compute: () => -Math.log10(said) },
        { slip: "log2 was taken instead of ln.", compute: () => -Math.log2(said) },
        { slip: "The minus sign is missing.", compute: () => Math.log(said) },
        { slip: "The logarithm is missing: this is the probability.", compute: () => said },
        { slip: "This is the squared error, not the cross-entropy.", compute: () => (1 - said) ** 2 },
      ],
    };
  });
  return [...terms, ...sumAndMean(names)];
}
