import { binaryCrossEntropy, focalLoss } from "./binary.js";
import { categoricalCrossEntropy, crossEntropy, sequenceCrossEntropy } from "./crossEntropy.js";
import { ctcLoss } from "./ctc.js";
import { hingeLoss, multiclassHingeLoss, sequenceHingeLoss } from "./hinge.js";
import { negativeLogLikelihood } from "./negativeLogLikelihood.js";
import type { LossOptions, LossResult } from "./reduction.js";
import { huberLoss, meanAbsoluteError, meanSquaredError, quantileLoss } from "./regression.js";

/** One loss, described for whoever calls it by name: the command line, an interface, a table in the documentation. */
export interface CatalogueEntry {
  readonly name: string;
  readonly family: "regression" | "tokens" | "margin" | "sequence" | "alignment-free";
  readonly summary: string;
  /** What the first argument is called; any of these names is understood in a case. */
  readonly outputs: readonly string[];
  /** What the second argument is called. */
  readonly targets: readonly string[];
  /** Names of its options, those of every loss included. */
  readonly options: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: each loss has targets and options of its own type
  readonly compute: (outputs: any, targets: any, options?: any) => LossResult;
}

const COMMON: readonly (keyof LossOptions)[] = ["reduction", "per", "weights", "gradient", "lengths", "upstream"];
const LOGITS = ["logits", "outputs", "scores"];
const OUTPUTS = ["outputs", "scores", "logits"];
const SCORES = ["scores", "outputs", "logits"];
const LABELS = ["labels", "targets"];
const TARGETS = ["targets", "labels"];

type Described = Omit<CatalogueEntry, "name" | "options"> & { readonly options?: readonly string[] };

const described: Record<string, Described> = {
  meanSquaredError: {
    family: "regression",
    summary: "(output − target)², averaged",
    outputs: OUTPUTS,
    targets: TARGETS,
    compute: meanSquaredError,
  },
  meanAbsoluteError: {
    family: "regression",
    summary: "|output − target|, averaged",
    outputs: OUTPUTS,
    targets: TARGETS,
    compute: meanAbsoluteError,
  },
  huberLoss: {
    family: "regression",
    summary: "quadratic near the target, linear far from it",
    outputs: OUTPUTS,
    targets: TARGETS,
    options: ["delta"],
    compute: huberLoss,
  },
  quantileLoss: {
    family: "regression",
    summary: "estimates quantiles of the target",
    outputs: OUTPUTS,
    targets: TARGETS,
    options: ["quantile"],
    compute: quantileLoss,
  },
  binaryCrossEntropy: {
    family: "tokens",
    summary: "yes-or-no decisions, from logits",
    outputs: LOGITS,
    targets: TARGETS,
    options: ["positiveWeight"],
    compute: binaryCrossEntropy,
  },
  crossEntropy: {
    family: "tokens",
    summary: "one class a step, softmax included, averaged over steps",
    outputs: LOGITS,
    targets: LABELS,
    options: ["classWeights", "labelSmoothing", "ignoreIndex"],
    compute: crossEntropy,
  },
  negativeLogLikelihood: {
    family: "tokens",
    summary: "one class a step, from log-probabilities",
    outputs: ["logProbs", "outputs"],
    targets: LABELS,
    options: ["classWeights", "ignoreIndex"],
    compute: negativeLogLikelihood,
  },
  categoricalCrossEntropy: {
    family: "tokens",
    summary: "one-hot or soft targets, from logits or probabilities",
    outputs: ["outputs", "logits", "scores"],
    targets: TARGETS,
    options: ["classWeights", "labelSmoothing", "inputs"],
    compute: categoricalCrossEntropy,
  },
  focalLoss: {
    family: "tokens",
    summary: "yes-or-no decisions, easy ones played down",
    outputs: LOGITS,
    targets: TARGETS,
    options: ["gamma", "alpha"],
    compute: focalLoss,
  },
  hingeLoss: {
    family: "margin",
    summary: "±1 decisions with a margin",
    outputs: SCORES,
    targets: TARGETS,
    options: ["margin", "squared"],
    compute: hingeLoss,
  },
  multiclassHingeLoss: {
    family: "margin",
    summary: "one class a step, ahead of its rivals by a margin",
    outputs: SCORES,
    targets: LABELS,
    options: ["margin", "squared", "rivals", "ignoreIndex"],
    compute: multiclassHingeLoss,
  },
  sequenceHingeLoss: {
    family: "sequence",
    summary: "±1 decisions with a margin, summed over time",
    outputs: SCORES,
    targets: TARGETS,
    options: ["margin", "squared"],
    compute: sequenceHingeLoss,
  },
  sequenceCrossEntropy: {
    family: "sequence",
    summary: "one class a step, softmax included, summed over time",
    outputs: LOGITS,
    targets: LABELS,
    options: ["classWeights", "labelSmoothing", "ignoreIndex"],
    compute: sequenceCrossEntropy,
  },
  ctcLoss: {
    family: "alignment-free",
    summary: "labels without positions, summed over every alignment",
    outputs: ["logits", "scores", "outputs", "logProbs"],
    targets: LABELS,
    options: ["blank", "logitLengths", "labelLengths", "zeroInfinity", "inputs"],
    compute: ctcLoss,
  },
};

/**
 * Every loss of the library, by name.
 * @example
 * lossCatalogue.get("ctcLoss").family // "alignment-free"
 */
export const lossCatalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  Object.entries(described).map(([name, entry]) => [
    name,
    { ...entry, name, options: [...(entry.options ?? []), ...COMMON] },
  ]),
);
