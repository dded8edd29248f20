import { SeqlossError } from "../core/errors.js";

/** What a loss and `combine` return of a mean over steps. */
export interface LossTotals {
  /** Σ −ln p of the labels. */
  readonly sum: number;
  /** How many of them there are. */
  readonly weight: number;
}

/**
 * e^(mean −ln p of a label): how many equally likely choices the model is as unsure as. 1 at best, V for a uniform guess
 * among V classes, and 1 over nothing, where the mean is 0.
 *
 * @param loss the mean negative log-likelihood in nats, or a loss's `{ sum, weight }`; the loss must be a mean per step
 *   without label smoothing, whose exponential is no perplexity
 * @throws SeqlossError (VALUE) when the weight is negative
 * @example
 * perplexity(Math.log(8)) // 8.000
 * perplexity(crossEntropy([[0, 0, 0], [0, 0, 0]], [2, 1])) // 3.000: three classes alike
 */
export function perplexity(loss: number | LossTotals): number {
  if (typeof loss === "number") return Math.exp(loss);
  const { sum, weight } = loss;
  if (weight < 0) {
    throw new SeqlossError("perplexity", "VALUE", {
      argument: "the weight of the loss",
      expected: "a number of at least 0",
      found: weight,
    });
  }
  return weight === 0 ? 1 : Math.exp(sum / weight);
}
