import type { Random } from "../../core/random.js";
import { crfLoss } from "../crf.js";
import { sequenceCrossEntropy } from "../crossEntropy.js";
import { sequenceHingeLoss } from "../hinge.js";
import { structuredHingeLoss } from "../structuredHinge.js";
import { type Described, LABELS, LOGITS, SCORES, TARGETS } from "./entry.js";
import { CLASSES, classLabels, classScores, signedExample } from "./examples.js";

const example = (random: Random) => ({ outputs: classScores(random), targets: classLabels(random), options: {} });

const CHAIN = ["transitions", "start", "end", "mask"];

const chain = (random: Random) => {
  const numbers = (size: number) => Array.from({ length: size }, () => random.normal());
  const options = {
    transitions: numbers(CLASSES).map(() => numbers(CLASSES)),
    start: numbers(CLASSES),
    end: numbers(CLASSES),
  };
  return { ...example(random), options };
};

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
  crfLoss: {
    summary: "one tag a step, all taggings compared, neighbours included",
    outputs: ["emissions", ...LOGITS],
    targets: ["tags", ...LABELS],
    options: CHAIN,
    example: chain,
    compute: crfLoss,
  },
  structuredHingeLoss: {
    summary: "one tag a step, ahead of every other tagging by its cost",
    outputs: ["emissions", ...SCORES],
    targets: ["tags", ...LABELS],
    options: [...CHAIN, "cost", "costScale"],
    example: chain,
    compute: structuredHingeLoss,
  },
};
