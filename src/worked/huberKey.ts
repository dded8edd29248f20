import { bracketed, type KeyStep, sumAndMean } from "./keyStep.js";
import type { HuberProblem } from "./problem.js";

/** Half the square near the target, a line from δ on; then the mean. */
export function huberKey({ targets, outputs, delta }: HuberProblem): KeyStep[] {
  const names = targets.map((_, i) => `term ${i + 1}`);
  const terms = targets.map((y, i): KeyStep => {
    const distance = Math.abs(outputs[i] - y);
    const square = 0.5 * distance ** 2;
    const line = delta * (distance - delta / 2);
    const near = distance <= delta;
    const shown = `${bracketed(outputs[i])} − ${bracketed(y)}`;
    return {
      name: names[i],
      formula: near ? `(${shown})² / 2` : `${delta} · (|${shown}| − ${delta} / 2)`,
      compute: () => (near ? square : line),
      slips: [
        {
          slip: near
            ? "The distance is within δ: the square holds, not the line."
            : "The distance is above δ: the line holds, not the square.",
          compute: () => (near ? line : square),
        },
        { slip: "The half is missing.", compute: () => (near ? distance ** 2 : delta * (distance - delta)) },
        { slip: "δ / 2 was not taken off: the pieces do not meet.", compute: () => (near ? square : delta * distance) },
        { slip: "This is the absolute error.", compute: () => distance },
        { slip: "This is the squared error.", compute: () => distance ** 2 },
      ],
    };
  });
  return [...terms, ...sumAndMean(names)];
}
