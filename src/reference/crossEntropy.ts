import { logSoftmax } from "../core/numeric.js";

/** What a row of targets is: the share of each class, and the weights of the classes. */
export interface CrossEntropyTarget {
  /** q, the wanted probability of each class (one-hot for an id, mixed with the uniform for label smoothing). */
  readonly distribution: ArrayLike<number>;
  /** w, a weight for each class; default 1. */
  readonly classWeights?: ArrayLike<number> | undefined;
}

/** What is written for one row of logits. */
export interface CrossEntropyRow {
  loss: number;
  /** One slope for each class. */
  readonly grad: Float64Array;
  /** ln softmax. */
  readonly logProbs: Float64Array;
}

/**
 * Cross-entropy of one row, float64: read this first, the kernel must agree with it.
 *
 *   loss = Σ_k w_k q_k (log Z − x_k),  Z = Σ_k e^{x_k}          d loss / d x_k = (Σ_j w_j q_j) e^{x_k} / Z − w_k q_k
 *
 * A class with q_k = 0 adds nothing, even where x_k = −Infinity. A wanted class at −Infinity costs Infinity, and its
 * gradient is zero: no step can mend what the model excludes.
 *
 * @param row what is written and returned; default a new one, of all of x
 * @param start where the logits of the row begin
 */
export function crossEntropyRow(
  x: ArrayLike<number>,
  { distribution: q, classWeights: w }: CrossEntropyTarget,
  row: CrossEntropyRow = { loss: 0, grad: new Float64Array(x.length), logProbs: new Float64Array(x.length) },
  start = 0,
): CrossEntropyRow {
  const { grad, logProbs } = row;
  const K = grad.length;
  logSoftmax(x, start, start + K, logProbs);
  let loss = 0;
  let mass = 0;
  for (let k = 0; k < K; k++) {
    const share = w === undefined ? q[k] : q[k] * w[k];
    mass += share;
    if (share !== 0) loss += share * minusLogProbability(x, start, start + K, start + k, logProbs[k]); // cross-entropy.md (1)
    grad[k] = share;
  }
  row.loss = loss;
  if (loss === Number.POSITIVE_INFINITY) grad.fill(0);
  else for (let k = 0; k < K; k++) grad[k] = mass * Math.exp(logProbs[k]) - grad[k]; // cross-entropy.md (2)
  return row;
}

/** −ln softmax(x)_i, from the mass of the other classes where i is the likeliest: exact for a confident row. */
function minusLogProbability(x: ArrayLike<number>, start: number, end: number, i: number, logProb: number): number {
  let others = 0;
  for (let j = start; j < end; j++) {
    if (!(x[j] <= x[i])) return -logProb;
    if (j !== i) others += Math.exp(x[j] - x[i]);
  }
  return Number.isFinite(x[i]) ? Math.log1p(others) : -logProb; // cross-entropy.md (3)
}
