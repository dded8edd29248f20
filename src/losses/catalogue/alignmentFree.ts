import type { Random } from "../../core/random.js";
import { ctcLoss } from "../ctc.js";
import { transducerLoss } from "../transducer.js";
import { type Described, LABELS } from "./entry.js";
import { classScores, SEQUENCES, STEPS } from "./examples.js";

const example = (random: Random) => ({ outputs: classScores(random), targets: [[1, 2], [1]], options: {} });

export const alignmentFree: Readonly<Record<string, Described>> = {
  ctcLoss: {
    summary: "labels without positions, summed over every alignment",
    outputs: ["logits", "scores", "outputs", "logProbs"],
    targets: LABELS,
    options: ["blank", "logitLengths", "labelLengths", "zeroInfinity", "impossibleCost", "inputs", "dialect"],
    example,
    compute: ctcLoss,
  },
  transducerLoss: {
    summary: "labels without positions, each depending on those before it, summed over every alignment",
    outputs: ["logits", "outputs", "logProbs"],
    targets: LABELS,
    options: ["blank", "logitLengths", "labelLengths", "zeroInfinity", "inputs", "dialect"],
    example: (random) => ({
      outputs: Array.from({ length: SEQUENCES }, () =>
        Array.from({ length: STEPS }, () => classScores(random)[0].slice(0, 3)),
      ),
      targets: [[1, 2], [1]],
      options: {},
    }),
    compute: transducerLoss,
  },
};
