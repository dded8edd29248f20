import type { Random } from "../../core/random.js";
import { ctcLoss } from "../ctc.js";
import { type Described, LABELS } from "./entry.js";
import { classScores } from "./examples.js";

const example = (random: Random) => ({ outputs: classScores(random), targets: [[1, 2], [1]], options: {} });

export const alignmentFree: Readonly<Record<string, Described>> = {
  ctcLoss: {
    summary: "labels without positions, summed over every alignment",
    outputs: ["logits", "scores", "outputs", "logProbs"],
    targets: LABELS,
    options: ["blank", "logitLengths", "labelLengths", "zeroInfinity", "inputs"],
    example,
    compute: ctcLoss,
  },
};
