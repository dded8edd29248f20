import { logSoftmax } from "../../core/numeric.js";
import type { Random } from "../../core/random.js";
import { binaryCrossEntropy, focalLoss } from "../binary.js";
import { categoricalCrossEntropy, crossEntropy } from "../crossEntropy.js";
import { negativeLogLikelihood } from "../negativeLogLikelihood.js";
import { type Described, LABELS, LOGITS, TARGETS } from "./entry.js";
import { CLASSES, classLabels, classScores, eachStep } from "./examples.js";

const example = (random: Random) => ({ outputs: classScores(random), targets: classLabels(random), options: {} });

const normalised = (scores: readonly number[]) => Array.from(logSoftmax(scores));

const binary = (random: Random) => ({
  outputs: eachStep(() => random.normal()),
  targets: eachStep(() => random.integer(2)),
  options: {},
});

const oneHot = (random: Random) => ({
  outputs: classScores(random),
  targets: classLabels(random).map((list) =>
    list.map((k) => Array.from({ length: CLASSES }, (_, j) => Number(j === k))),
  ),
  options: {},
});

export const tokens: Readonly<Record<string, Described>> = {
  binaryCrossEntropy: {
    summary: "yes-or-no decisions, from logits",
    outputs: LOGITS,
    targets: TARGETS,
    options: ["positiveWeight", "dialect"],
    example: binary,
    compute: binaryCrossEntropy,
  },
  crossEntropy: {
    summary: "one class a step, softmax included, averaged over steps",
    outputs: LOGITS,
    targets: LABELS,
    options: ["classWeights", "labelSmoothing", "ignoreIndex", "dialect"],
    example,
    compute: crossEntropy,
  },
  negativeLogLikelihood: {
    summary: "one class a step, from log-probabilities",
    outputs: ["logProbs", "outputs"],
    targets: LABELS,
    options: ["classWeights", "ignoreIndex"],
    example: (random) => ({ ...example(random), outputs: classScores(random).map((rows) => rows.map(normalised)) }),
    compute: negativeLogLikelihood,
  },
  categoricalCrossEntropy: {
    summary: "one-hot or soft targets, from logits or probabilities",
    outputs: ["outputs", "logits", "scores"],
    targets: TARGETS,
    options: ["classWeights", "labelSmoothing", "inputs"],
    example: oneHot,
    compute: categoricalCrossEntropy,
  },
  focalLoss: {
    summary: "yes-or-no decisions, easy ones played down",
    outputs: LOGITS,
    targets: TARGETS,
    options: ["gamma", "alpha"],
    example: binary,
    compute: focalLoss,
  },
};
