import { exactSum } from "../core/numeric.js";
import type { LossResult } from "./reduction.js";

/** Several results as one: what one call over all their sequences would have given. */
export interface CombinedLoss {
  readonly value: number;
  readonly losses: Float64Array;
  readonly sum: number;
  readonly weight: number;
  /** The sums and weights that went in, so that combining again stays exact. */
  readonly parts: readonly { readonly sum: number; readonly weight: number }[];
  /**
   * The factor for each result's gradient, in the order given: Σ shares[i] · gradient of results[i] with respect to
   * the parameters is the gradient of the combined value, when each result is a mean.
   */
  readonly shares: Float64Array;
}

/**
 * The mean over micro-batches, data-parallel shards or log intervals: Σ sum / Σ weight, correctly rounded, hence the same
 * in whatever grouping or order (a mean of means is not, once lengths vary). For results whose reduction is `mean`.
 *
 * @example
 * const a = crossEntropy([[0, 0, 0]], [2]);
 * const b = crossEntropy([[0, 0], [0, 0]], [0, 1]);
 * combine([a, b]).value // 0.8283 = (ln 3 + 2 ln 2) / 3
 */
export function combine(results: readonly (LossResult | CombinedLoss)[]): CombinedLoss {
  const parts = results.flatMap((result) =>
    "parts" in result ? result.parts : [{ sum: result.sum, weight: result.weight }],
  );
  const sum = exactSum(parts.map((part) => part.sum));
  const weight = exactSum(parts.map((part) => part.weight));
  const losses = new Float64Array(results.reduce((count, result) => count + result.losses.length, 0));
  let filled = 0;
  for (const result of results) {
    losses.set(result.losses, filled);
    filled += result.losses.length;
  }
  const shares = Float64Array.from(results, (result) => (weight === 0 ? 0 : result.weight / weight));
  return { value: weight === 0 ? 0 : sum / weight, losses, sum, weight, parts, shares };
}
