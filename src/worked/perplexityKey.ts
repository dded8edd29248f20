import { type KeyStep, sumAndMean } from "./keyStep.js";
import type { PerplexityProblem } from "./problem.js";

/** −ln of what was given to each symbol, their mean, and e to it: between how many symbols the model wavers. */
export function perplexityKey({ probabilities }: PerplexityProblem): KeyStep[] {
  const names = probabilities.map((_, t) => `surprise ${t + 1}`);
  const surprises = probabilities.map(
    (p, t): KeyStep => ({
      name: names[t],
      formula: `−ln ${p}`,
      compute: () => 0 - Math.log(p),
      slips: [
        { slip: "log2 was taken instead of ln.", compute: () => -Math.log2(p) },
        { slip: "log10 was taken instead of ln.", compute: () => -Math.log10(p) },
        { slip: "The minus sign is missing.", compute: () => Math.log(p) },
        { slip: "The logarithm is missing: this is 1 / p.", compute: () => 1 / p },
      ],
    }),
  );
  return [
    ...surprises,
    ...sumAndMean(names),
    {
      name: "perplexity",
      formula: "e^loss",
      compute: (earlier) => Math.exp(earlier("loss")),
      slips: [
        {
          slip: "2 was taken to the power; the loss is in nats, so it is e.",
          compute: (earlier) => 2 ** earlier("loss"),
        },
        { slip: "This is e to the sum; the mean goes into the power.", compute: (earlier) => Math.exp(earlier("sum")) },
        {
          slip: "The sign is turned round: this is the geometric mean of the probabilities.",
          compute: (earlier) => Math.exp(-earlier("loss")),
        },
        {
          slip: "The probabilities were averaged; the mean is of their logarithms.",
          compute: () => probabilities.length / probabilities.reduce((sum, p) => sum + p, 0),
        },
      ],
    },
  ];
}
