import { SeqlossError } from "../core/errors.js";
import { keepLast } from "../core/keepLast.js";
import type { TensorLike } from "../core/tensor.js";
import * as kernel from "../kernels/elements.js";
import { absoluteError, huber, quantile, squaredError } from "../reference/elements.js";
import { byElement, ElementwiseLoss, elementwiseLoss } from "./elements.js";
import type { LossOptions, LossResult } from "./reduction.js";

/**
 * Mean squared error: (output − target)², averaged over all real numbers.
 *
 * @param outputs [B, T, …], [B, T] or [N]
 * @param targets finite numbers in the same shape; padding is never read
 * @throws SeqlossError when shapes disagree (SHAPE) or a target is not finite (VALUE)
 * @example
 * meanSquaredError([[1, 2]], [[1, 4]]).value // 2 = (0 + 4) / 2
 */
export function meanSquaredError(outputs: TensorLike, targets: TensorLike, options: LossOptions = {}): LossResult {
  return elementwiseLoss(squared, outputs, targets, options);
}

const squared = new ElementwiseLoss({
  where: "meanSquaredError",
  argument: "outputs",
  reference: byElement(squaredError),
  kernel: kernel.squaredError,
});

/**
 * Mean absolute error: |output − target|, averaged over all real numbers. The slope at equality is 0.
 *
 * @param outputs [B, T, …], [B, T] or [N]
 * @param targets finite numbers in the same shape; padding is never read
 * @throws SeqlossError when shapes disagree (SHAPE) or a target is not finite (VALUE)
 * @example
 * meanAbsoluteError([[1, 2]], [[1, 4]]).value // 1 = (0 + 2) / 2
 */
export function meanAbsoluteError(outputs: TensorLike, targets: TensorLike, options: LossOptions = {}): LossResult {
  return elementwiseLoss(absolute, outputs, targets, options);
}

const absolute = new ElementwiseLoss({
  where: "meanAbsoluteError",
  argument: "outputs",
  reference: byElement(absoluteError),
  kernel: kernel.absoluteError,
});

export interface HuberOptions extends LossOptions {
  /** Distance up to which the loss is quadratic, > 0. Default 1. */
  readonly delta?: number;
}

/**
 * Huber's loss: d²/2 for distances up to `delta`, linear beyond (Huber 1964).
 *
 * @param outputs [B, T, …], [B, T] or [N]
 * @param targets finite numbers in the same shape; padding is never read
 * @param options `delta` > 0, the distance from which it is linear; default 1
 * @throws SeqlossError when shapes disagree (SHAPE), or a target or `delta` is out of range (VALUE)
 * @example
 * huberLoss([[0, 0]], [[1, 3]]).value // 1.5 = (1/2 + 5/2) / 2
 */
export function huberLoss(outputs: TensorLike, targets: TensorLike, options: HuberOptions = {}): LossResult {
  const where = "huberLoss";
  const { delta = 1 } = options;
  if (!(delta > 0 && delta < Number.POSITIVE_INFINITY)) {
    throw new SeqlossError(where, "VALUE", { argument: "delta", expected: "a finite number above 0", found: delta });
  }
  return elementwiseLoss(huberOf(delta), outputs, targets, options);
}

const huberOf = keepLast((delta: number) => {
  const arithmetic = { reference: byElement(huber(delta)), kernel: kernel.huber(delta) };
  return new ElementwiseLoss({ where: "huberLoss", argument: "outputs", ...arithmetic });
});

export interface QuantileOptions extends LossOptions {
  /** The quantile to estimate, in (0, 1); or one for each place of the last axis. Default 0.5. */
  readonly quantile?: number | ArrayLike<number>;
}

/**
 * Quantile (pinball) loss: q (y − x) below the target, (1 − q)(x − y) above (Koenker and Bassett 1978). With a list of quantiles,
 * outputs [B, T, Q] hold one estimate for each, against the same targets repeated along the last axis.
 *
 * @param outputs [B, T, …], [B, T] or [N] for one quantile; [B, T, Q] or [N, Q] for a list
 * @param targets finite numbers in the same shape
 * @param options `quantile` in (0, 1), or a list of them
 * @throws SeqlossError when shapes disagree (SHAPE), or a target or quantile is out of range (VALUE)
 * @example
 * quantileLoss([[0, 4]], [[2, 2]], { quantile: 0.75 }).value // 1 = (0.75 · 2 + 0.25 · 2) / 2
 */
export function quantileLoss(outputs: TensorLike, targets: TensorLike, options: QuantileOptions = {}): LossResult {
  const where = "quantileLoss";
  const { quantile: given = 0.5 } = options;
  if (typeof given === "number") {
    if (!(given > 0 && given < 1)) throw notQuantile(where, "quantile", given);
    return elementwiseLoss(quantileOf(given), outputs, targets, options);
  }
  let known = given.length === quantiles.length;
  for (let j = 0; j < given.length; j++) {
    if (!(given[j] > 0 && given[j] < 1)) throw notQuantile(where, `quantile[${j}]`, given[j]);
    if (given[j] !== quantiles[j]) known = false;
  }
  if (!known) quantiles = Array.from(given);
  return elementwiseLoss(quantilesOf(quantiles), outputs, targets, options);
}

function notQuantile(where: string, argument: string, found: number): SeqlossError {
  return new SeqlossError(where, "VALUE", { argument, expected: "a number in (0, 1)", found });
}

/** Those of the last list. */
let quantiles: readonly number[] = [];

const quantilesOf = keepLast((quantiles: readonly number[]) => {
  const arithmetic = { reference: byElement(quantile(quantiles)), kernel: kernel.quantile(quantiles) };
  return new ElementwiseLoss({ where: "quantileLoss", argument: "outputs", ...arithmetic });
});

const quantileOf = keepLast((alone: number) => quantilesOf([alone]));
