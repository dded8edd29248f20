import type { Random } from "../../core/random.js";
import { bprLoss, bprMaxLoss, rankingHingeLoss, top1Loss, top1MaxLoss } from "../ranking.js";
import { sampledSoftmaxLoss } from "../sampledSoftmax.js";
import { type Described, LABELS, SCORES } from "./entry.js";
import { CLASSES, classLabels, classScores } from "./examples.js";

const example = (random: Random) => ({ outputs: classScores(random), targets: classLabels(random), options: {} });

/** Two draws, and how often each item is expected among them. */
const drawn = (random: Random) => ({
  ...example(random),
  options: {
    negatives: [random.integer(CLASSES), random.integer(CLASSES)],
    logQ: Array.from({ length: CLASSES }, () => Math.log(2 / CLASSES)),
  },
});

const OWN = ["negatives", "ignoreIndex"];

export const ranking: Readonly<Record<string, Described>> = {
  rankingHingeLoss: {
    summary: "the wanted item ahead of each negative by a margin",
    outputs: SCORES,
    targets: LABELS,
    options: ["margin", "squared", "rivals", ...OWN],
    example,
    compute: rankingHingeLoss,
  },
  bprLoss: {
    summary: "the wanted item ahead of each negative, as odds",
    outputs: SCORES,
    targets: LABELS,
    options: ["rivals", "includeSelf", ...OWN],
    example,
    compute: bprLoss,
  },
  bprMaxLoss: {
    summary: "as BPR, the hardest negatives weighted most",
    outputs: SCORES,
    targets: LABELS,
    options: ["regularisation", ...OWN],
    example,
    compute: bprMaxLoss,
  },
  top1Loss: {
    summary: "the wanted item's rank, and negatives drawn to a score of 0",
    outputs: SCORES,
    targets: LABELS,
    options: ["includeSelf", ...OWN],
    example,
    compute: top1Loss,
  },
  top1MaxLoss: {
    summary: "as TOP1, the hardest negatives weighted most",
    outputs: SCORES,
    targets: LABELS,
    options: OWN,
    example,
    compute: top1MaxLoss,
  },
  sampledSoftmaxLoss: {
    summary: "cross-entropy against a few drawn items, with the logQ correction",
    outputs: SCORES,
    targets: LABELS,
    options: ["logQ", "corrects", ...OWN],
    example: drawn,
    compute: sampledSoftmaxLoss,
  },
};
