import { ctcAlignments } from "../alignments/ctcAlignments.js";
import { binomial } from "../core/numeric.js";
import { ctcLoss } from "../losses/ctc.js";
import { type KeyStep, logSlips } from "./keyStep.js";
import type { CtcProblem } from "./problem.js";

/** How many alignments there are, the sum of their probabilities, −ln of it. */
export function ctcKey({ probabilities, label, blank = 0 }: CtcProblem): KeyStep[] {
  const logProbs = [probabilities.map((row) => row.map(Math.log))];
  const options = { blank, inputs: "logProbs" } as const;
  const [set] = ctcAlignments(logProbs, [label], options);
  const T = probabilities.length;
  const V = probabilities[0].length;
  const U = label.length;
  const count = Number(set.count);
  const [best] = set.best(1);
  const p = Math.exp(-ctcLoss(logProbs, [label], options).value);
  return [
    {
      name: "alignments",
      formula: "C(T + U − R, 2U), R equal neighbours",
      compute: () => count,
      slips: [
        {
          slip: "All strings of T symbols were counted, not only those that read as the label.",
          compute: () => V ** T,
        },
        {
          slip: "Blanks were left out: only repeats of the labels were counted.",
          compute: () => binomial(T - 1, U - 1),
        },
        { slip: "The blank between equal neighbours was not asked for.", compute: () => binomial(T + U, 2 * U) },
        {
          slip: "Only places for the labels were counted; a label may last several frames.",
          compute: () => binomial(T, U),
        },
      ],
    },
    {
      name: "probability",
      formula: "the sum over the alignments of the product of their probabilities",
      compute: () => p,
      slips: [
        {
          slip: "Only the likeliest alignment was taken.",
          compute: () => Math.exp(best?.logProb ?? Number.NEGATIVE_INFINITY),
        },
        { slip: "The mean over the alignments was taken instead of the sum.", compute: () => p / count },
      ],
    },
    {
      name: "loss",
      formula: "−ln(probability)",
      compute: (earlier) => 0 - Math.log(earlier("probability")),
      slips: [
        ...logSlips((earlier) => earlier("probability")),
        {
          slip: "The loss was divided by the number of labels.",
          compute: (earlier) => -Math.log(earlier("probability")) / Math.max(U, 1),
        },
        {
          slip: "The loss was divided by the number of frames.",
          compute: (earlier) => -Math.log(earlier("probability")) / T,
        },
      ],
    },
  ];
}
