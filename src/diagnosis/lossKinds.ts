/** What a loss takes its outputs for. */
export type OutputsKind =
  | "logits" // a softmax over the last axis is part of the loss
  | "logProbs" // log-probabilities over the last axis, taken as they are
  | "probabilities" // probabilities over the last axis, taken as they are
  | "scores" // a score for each class, never normalised
  | "decisions" // a logit for each number: a sigmoid is part of the loss
  | "numbers"; // each number stands for itself

/** What it takes its targets for. */
export type TargetsKind =
  | "ids" // a class for each step
  | "sequences" // labels without positions
  | "distributions" // a row of probabilities for each step
  | "probabilities" // a number in [0, 1] for each output
  | "signs" // -1 or 1 for each output
  | "numbers"; // a number for each output

export interface LossKind {
  readonly outputs: OutputsKind;
  readonly targets: TargetsKind;
}

const kind = (outputs: OutputsKind, targets: TargetsKind): LossKind => ({ outputs, targets });

const KINDS: Readonly<Record<string, LossKind>> = {
  ctcLoss: kind("logits", "sequences"),
  crossEntropy: kind("logits", "ids"),
  sequenceCrossEntropy: kind("logits", "ids"),
  policyGradientLoss: kind("logits", "ids"),
  selfCriticalLoss: kind("logits", "ids"),
  negativeLogLikelihood: kind("logProbs", "ids"),
  categoricalCrossEntropy: kind("logits", "distributions"),
  multiclassHingeLoss: kind("scores", "ids"),
  crfLoss: kind("scores", "ids"),
  structuredHingeLoss: kind("scores", "ids"),
  rankingHingeLoss: kind("scores", "ids"),
  bprLoss: kind("scores", "ids"),
  bprMaxLoss: kind("scores", "ids"),
  top1Loss: kind("scores", "ids"),
  top1MaxLoss: kind("scores", "ids"),
  sampledSoftmaxLoss: kind("scores", "ids"),
  binaryCrossEntropy: kind("decisions", "probabilities"),
  focalLoss: kind("decisions", "probabilities"),
  hingeLoss: kind("numbers", "signs"),
  sequenceHingeLoss: kind("numbers", "signs"),
  meanSquaredError: kind("numbers", "numbers"),
  meanAbsoluteError: kind("numbers", "numbers"),
  huberLoss: kind("numbers", "numbers"),
  quantileLoss: kind("numbers", "numbers"),
};

const INPUTS: readonly unknown[] = ["logits", "logProbs", "probabilities", "scores"];

/** Undefined for losses whose outputs and targets have a form of their own; of those only the value is checked. */
export function lossKind(loss: string, options: Readonly<Record<string, unknown>>): LossKind | undefined {
  const found = KINDS[loss];
  if (found === undefined || options.mask !== undefined) return undefined;
  return INPUTS.includes(options.inputs) ? { ...found, outputs: options.inputs as OutputsKind } : found;
}
