import { SeqlossError } from "../core/errors.js";
import { keepLast } from "../core/keepLast.js";
import type { TensorLike } from "../core/tensor.js";
import * as kernel from "../kernels/elements.js";
import { binaryCrossEntropy as reference } from "../reference/elements.js";
import { focalSteps } from "../reference/focal.js";
import { type Conventions, type DialectOption, inDialect } from "./dialect.js";
import { byElement, ElementwiseLoss, type ElementwiseSteps, elementwiseLoss, type TargetRule } from "./elements.js";
import type { LossOptions, LossResult } from "./reduction.js";

const PROBABILITIES: TargetRule = {
  firstWrong(targets, start, end) {
    let i = start;
    while (i < end && targets[i] >= 0 && targets[i] <= 1) i++;
    return i;
  },
  expected: "a probability in [0, 1]",
  advice: "0 for the negative class, 1 for the positive one.",
};

export interface BinaryCrossEntropyOptions extends LossOptions, DialectOption {
  /** How much positives count, > 0; above 1 for rare ones (PyTorch's pos_weight). Default 1. */
  readonly positiveWeight?: number;
}

/**
 * Binary cross-entropy with logits: −y ln σ(z) − (1 − y) ln σ(−z), averaged over all real numbers. Each number is a decision of
 * its own.
 *
 * @param logits [B, T, labels], [B, T] or [N]
 * @param targets probabilities in [0, 1], in the shape of the logits
 * @throws SeqlossError when shapes disagree (SHAPE), or a target or the weight is out of range (VALUE)
 * @example
 * binaryCrossEntropy([0], [1]).value // 0.6931 = ln 2
 */
export function binaryCrossEntropy(
  logits: TensorLike,
  targets: TensorLike,
  options: BinaryCrossEntropyOptions = {},
): LossResult {
  const where = "binaryCrossEntropy";
  if (options.dialect !== undefined) return inDialect(where, binaryCrossEntropy, dialects, logits, targets, options);
  const { positiveWeight = 1 } = options;
  if (!(positiveWeight > 0 && positiveWeight < Number.POSITIVE_INFINITY)) {
    const argument = "positiveWeight";
    throw new SeqlossError(where, "VALUE", { argument, expected: "a finite number above 0", found: positiveWeight });
  }
  return elementwiseLoss(crossEntropyOf(where, positiveWeight), logits, targets, options);
}

/**
 * `torch`: `BCEWithLogitsLoss`. `tensorflow`: `tf.nn.sigmoid_cross_entropy_with_logits`. `keras`: `BinaryCrossentropy` with
 * `from_logits=True`. `optax`: `sigmoid_binary_cross_entropy`.
 */
const dialects: Conventions<BinaryCrossEntropyOptions> = {
  torch: {},
  tensorflow: { defaults: () => ({ reduction: "none" }) },
  keras: {},
  optax: { defaults: () => ({ reduction: "none" }) },
};

const crossEntropyOf = keepLast((where: string, weight: number) => {
  const arithmetic = { reference: byElement(reference(weight)), kernel: kernel.binaryCrossEntropy(weight) };
  return new ElementwiseLoss({ where, argument: "logits", targets: PROBABILITIES, ...arithmetic });
});

export interface FocalOptions extends LossOptions {
  /** How much easy decisions are played down, ≥ 0. Default 2. */
  readonly gamma?: number;
  /** Weight of positives in [0, 1]; negatives get 1 − alpha. Default none. */
  readonly alpha?: number;
}

/**
 * Focal loss of binary decisions: the cross-entropy times (1 − p_y)^γ, so that what is already easy hardly counts (Lin et al.
 * 2017, eq. 5). γ = 0 is `binaryCrossEntropy`.
 *
 * @param logits [B, T, …], [B, T] or [N], of any size
 * @param targets numbers in 0..1 in the same shape
 * @param options `gamma` ≥ 0 and `alpha` in 0..1, the weight of the targets that are 1
 * @throws SeqlossError when shapes disagree (SHAPE), or a target, gamma or alpha is out of range (VALUE)
 * @example
 * focalLoss([0], [1]).value // 0.1733 = ln 2 / 4
 */
export function focalLoss(logits: TensorLike, targets: TensorLike, options: FocalOptions = {}): LossResult {
  const where = "focalLoss";
  const { gamma = 2, alpha } = options;
  if (!(gamma >= 0 && gamma < Number.POSITIVE_INFINITY)) {
    throw new SeqlossError(where, "VALUE", {
      argument: "gamma",
      expected: "a finite number of at least 0",
      found: gamma,
    });
  }
  if (alpha !== undefined && !(alpha >= 0 && alpha <= 1)) {
    throw new SeqlossError(where, "VALUE", { argument: "alpha", expected: "a number in [0, 1]", found: alpha });
  }
  const loss = gamma === 0 && alpha === undefined ? crossEntropyOf(where, 1) : focalOf(gamma, alpha);
  return elementwiseLoss(loss, logits, targets, options);
}

/** A power of each probability: float64 throughout, without a kernel. */
const focalOf = keepLast((gamma: number, alpha: number | undefined) => {
  const reference: ElementwiseSteps = (width, logits, targets, steps, grad) =>
    focalSteps(gamma, alpha, width, logits, targets, steps, grad);
  return new ElementwiseLoss({ where: "focalLoss", argument: "logits", targets: PROBABILITIES, reference });
});
