import { bracketed, type KeyStep, sumAndMean } from "./keyStep.js";
import type { QuantileProblem } from "./problem.js";

/** q for each unit below the target, 1 − q for each above; then the mean (Koenker and Bassett 1978). */
export function quantileKey({ targets, outputs, quantile: q }: QuantileProblem): KeyStep[] {
  const names = targets.map((_, i) => `term ${i + 1}`);
  const rest = Number((1 - q).toFixed(6));
  const terms = targets.map((y, i): KeyStep => {
    const error = y - outputs[i];
    const low = error >= 0;
    return {
      name: names[i],
      formula: low
        ? `${q} · (${bracketed(y)} − ${bracketed(outputs[i])})`
        : `${rest} · (${bracketed(outputs[i])} − ${bracketed(y)})`,
      compute: () => Math.max(q * error, (q - 1) * error),
      slips: [
        {
          slip: `The output is ${low ? "below" : "above"} the target: it costs ${low ? "q" : "1 − q"} a unit.`,
          compute: () => Math.max((1 - q) * error, -q * error),
        },
        { slip: "The distance was not weighed: this is the absolute error.", compute: () => Math.abs(error) },
        {
          slip: "The sign is turned round: the loss is never negative.",
          compute: () => -Math.max(q * error, (q - 1) * error),
        },
        { slip: "The distance was squared.", compute: () => (low ? q : 1 - q) * error ** 2 },
      ],
    };
  });
  return [...terms, ...sumAndMean(names)];
}
