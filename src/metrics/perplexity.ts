/**
 * e^(mean negative log-likelihood of a token): how many equally likely choices the model is as unsure as. Takes the mean, or a
 * result of a loss whose mean is per step.
 *
 * @example
 * perplexity({ sum: 3 * Math.log(8), weight: 3 }) // 8.0000
 */
export function perplexity(mean: number | { readonly sum: number; readonly weight: number }): number {
  if (typeof mean === "number") return Math.exp(mean);
  return mean.weight === 0 ? 1 : Math.exp(mean.sum / mean.weight);
}
