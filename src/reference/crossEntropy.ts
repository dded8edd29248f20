import { logSoftmax } from "../core/numeric.js";

/** What a row of targets is: the share of each class, and the weights of the classes. */
export interface CrossEntropyTarget {
  /** q, the wanted probability of each class (one-hot for an id, mixed with the uniform for label smoothing). */
  readonly distribution: ArrayLike<number>;
  /** w, a weight for each class; default 1. */
  readonly classWeights?: ArrayLike<number> | undefined;
}

/**
 * Cross-entropy of one row, float64: read this first, the kernel must agree with it.
 *
 *   loss = Σ_k w_k q_k (log Z − x_k),  Z = Σ_k e^{x_k}          d loss / d x_k = (Σ_j w_j q_j) e^{x_k} / Z − w_k q_k
 *
 * A class with q_k = 0 adds nothing, even where x_k = −Infinity. A wanted class at −Infinity costs Infinity, and its
 * gradient is zero: no step can mend what the model excludes.
 */
export function crossEntropyRow(
  x: ArrayLike<number>,
  { distribution: q, classWeights: w }: CrossEntropyTarget,
): { loss: number; grad: Float64Array } {
  const K = x.length;
  const grad = new Float64Array(K);
  const share = Float64Array.from({ length: K }, (_, k) => q[k] * (w === undefined ? 1 : w[k]));
  const logProbs = logSoftmax(x);
  let loss = 0;
  let mass = 0;
  for (let k = 0; k < K; k++) {
    mass += share[k];
    if (share[k] !== 0) loss += share[k] * minusLogProbability(x, k, logProbs[k]); // cross-entropy.md (1)
  }
  if (loss === Number.POSITIVE_INFINITY) return { loss, grad };
  for (let k = 0; k < K; k++) grad[k] = mass * Math.exp(logProbs[k]) - share[k]; // cross-entropy.md (2)
  return { loss, grad };
}

/** −ln softmax(x)_k, from the mass of the other classes where k is the likeliest: exact for a confident row. */
function minusLogProbability(x: ArrayLike<number>, k: number, logProb: number): number {
  let others = 0;
  for (let j = 0; j < x.length; j++) {
    if (!(x[j] <= x[k])) return -logProb;
    if (j !== k) others += Math.exp(x[j] - x[k]);
  }
  return Number.isFinite(x[k]) ? Math.log1p(others) : -logProb; // cross-entropy.md (3)
}
