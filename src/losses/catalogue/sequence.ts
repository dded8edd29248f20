import type { Random } from "../../core/random.js";
import { sequenceCrossEntropy } from "../crossEntropy.js";
import { sequenceHingeLoss } from "../hinge.js";
import { type Described, LABELS, LOGITS, SCORES, TARGETS } from "./entry.js";
import { classLabels, classScores, signedExample } from "./examples.js";

const example = (random: Random) => ({ outputs: classScores(random), targets: classLabels(random), options: {} });

export const sequence: Readonly<Record<string, Described>> = {
  sequenceHingeLoss: {
    summary: "±1 decisions with a margin, summed over time",
    outputs: SCORES,
    targets: TARGETS,
    options: ["margin", "squared"],
    example: signedExample,
    compute: sequenceHingeLoss,
  },
  sequenceCrossEntropy: {
    summary: "one class a step, softmax included, summed over time",
    outputs: LOGITS,
    targets: LABELS,
    options: ["classWeights", "labelSmoothing", "ignoreIndex"],
    example,
    compute: sequenceCrossEntropy,
  },
};
