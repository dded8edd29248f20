import { type KeyStep, logSlips } from "./keyStep.js";
import type { CrossEntropyProblem } from "./problem.js";

/** The softmax, the label's probability, −ln of it. */
export function crossEntropyKey({ logits, label }: CrossEntropyProblem): KeyStep[] {
  const sum = logits.reduce((total, z) => total + z, 0);
  return [
    {
      name: "sum of exponentials",
      formula: logits.map((z) => `e^${z < 0 ? `(${z})` : z}`).join(" + "),
      compute: () => logits.reduce((total, z) => total + Math.exp(z), 0),
      slips: [
        { slip: "The logits were added; the softmax adds e to their power.", compute: () => sum },
        { slip: "This is e to the sum, not the sum of e to each.", compute: () => Math.exp(sum) },
        { slip: "Powers of 2 were taken instead of e.", compute: () => logits.reduce((total, z) => total + 2 ** z, 0) },
      ],
    },
    {
      name: "probability",
      formula: `e^${logits[label]} / sum of exponentials`,
      compute: (earlier) => Math.exp(logits[label]) / earlier("sum of exponentials"),
      slips: [
        {
          slip: "The logits were divided by their sum: the exponential is missing.",
          compute: () => logits[label] / sum,
        },
        { slip: "The softmax was forgotten: this is the logit.", compute: () => logits[label] },
        { slip: "The sigmoid was taken instead of the softmax.", compute: () => 1 / (1 + Math.exp(-logits[label])) },
        ...logits.flatMap((z, k) =>
          k === label
            ? []
            : [
                {
                  slip: `This is the probability of class ${k}; the label is class ${label}.`,
                  compute: (earlier: (name: string) => number) => Math.exp(z) / earlier("sum of exponentials"),
                },
              ],
        ),
      ],
    },
    {
      name: "loss",
      formula: "−ln(probability)",
      compute: (earlier) => 0 - Math.log(earlier("probability")),
      slips: [
        ...logSlips((earlier) => earlier("probability")),
        { slip: "The softmax was forgotten: this is minus the logit.", compute: () => -logits[label] },
        {
          slip: "The loss was divided by the number of classes.",
          compute: (earlier) => -Math.log(earlier("probability")) / logits.length,
        },
      ],
    },
  ];
}
