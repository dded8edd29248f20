import { logAdd } from "../core/numeric.js";

// A linear chain of tags in float64 and log space (Lafferty, McCallum, Pereira 2001; Sutton and McCallum 2012, section 4.1).

/** The scores of one sequence: T steps of K tags, row-major; −Infinity forbids. */
export interface Chain {
  /** T×K. */
  readonly emissions: ArrayLike<number>;
  readonly steps: number;
  readonly tags: number;
  /** K×K, from row to column. */
  readonly transitions: ArrayLike<number>;
  readonly start: ArrayLike<number>;
  readonly end: ArrayLike<number>;
}

const nothing = Number.NEGATIVE_INFINITY;

/** The score of one tagging: its start, emissions, transitions and end. 0 for no steps. */
export function chainScore(
  { emissions, steps, tags, transitions, start, end }: Chain,
  path: ArrayLike<number>,
): number {
  if (steps === 0) return 0;
  let score = start[path[0]] + end[path[steps - 1]]; // chain.md (1)
  for (let t = 0; t < steps; t++) {
    score += emissions[t * tags + path[t]];
    if (t > 0) score += transitions[path[t - 1] * tags + path[t]];
  }
  return score;
}

/**
 * ln(1 + e^(d)), with d the ln of how much heavier all other taggings are than `gold` together: −ln p(gold), which keeps its
 * relative accuracy where p rounds to 1, and is never negative. `others[k]` is the mass of what has left `gold` and is in k.
 */
export function chainLoss(chain: Chain, gold: ArrayLike<number>): number {
  const { emissions, steps, tags: K, transitions, start, end } = chain;
  const score = chainScore(chain, gold);
  if (score === nothing) return Number.POSITIVE_INFINITY;
  let on = 0; // the score of gold up to here
  let others = new Float64Array(K).fill(nothing);
  for (let t = 0; t < steps; t++) {
    const next = new Float64Array(K).fill(nothing);
    for (let k = 0; k < K; k++) {
      let sum = nothing;
      if (t > 0) for (let i = 0; i < K; i++) sum = logAdd(sum, others[i] + transitions[i * K + k]);
      if (k !== gold[t]) sum = logAdd(sum, on + (t === 0 ? start[k] : transitions[gold[t - 1] * K + k]));
      next[k] = sum + emissions[t * K + k];
    }
    on += (t === 0 ? start[gold[0]] : transitions[gold[t - 1] * K + gold[t]]) + emissions[t * K + gold[t]];
    others = next;
  }
  let all = nothing;
  for (let k = 0; k < K; k++) all = logAdd(all, others[k] + end[k]);
  if (steps === 0) return 0;
  const excess = all - score;
  return excess > 0 ? excess + Math.log1p(Math.exp(-excess)) : Math.log1p(Math.exp(excess));
}

/** Expected counts under p(tagging) ∝ e^score: the gradient of ln Z with respect to every score. */
export interface ChainMarginals {
  /** ln Σ e^score over all taggings. */
  readonly logZ: number;
  /** T×K: the probability of each tag at each step. */
  readonly steps: Float64Array;
  /** K×K: how often each transition is taken, in expectation. */
  readonly transitions: Float64Array;
}

/** Forward and backward sums. Where every tagging is forbidden, logZ is −Infinity and the rest zero. */
export function chainMarginals(chain: Chain): ChainMarginals {
  const { emissions, steps: T, tags: K, transitions, start, end } = chain;
  const steps = new Float64Array(T * K);
  const pairs = new Float64Array(K * K);
  if (T === 0) return { logZ: 0, steps, transitions: pairs };
  const alpha = new Float64Array(T * K);
  const beta = new Float64Array(T * K);
  for (let t = 0; t < T; t++) {
    for (let k = 0; k < K; k++) {
      let sum = t === 0 ? start[k] : nothing;
      if (t > 0) for (let i = 0; i < K; i++) sum = logAdd(sum, alpha[(t - 1) * K + i] + transitions[i * K + k]);
      alpha[t * K + k] = sum + emissions[t * K + k]; // chain.md (2)
    }
  }
  for (let t = T - 1; t >= 0; t--) {
    for (let k = 0; k < K; k++) {
      let sum = t === T - 1 ? end[k] : nothing;
      if (t < T - 1) {
        for (let j = 0; j < K; j++) {
          const next = (t + 1) * K + j;
          sum = logAdd(sum, transitions[k * K + j] + emissions[next] + beta[next]);
        }
      }
      beta[t * K + k] = sum; // chain.md (4)
    }
  }
  let logZ = nothing;
  for (let k = 0; k < K; k++) logZ = logAdd(logZ, alpha[(T - 1) * K + k] + end[k]); // chain.md (3)
  if (logZ === nothing) return { logZ, steps, transitions: pairs };
  for (let i = 0; i < T * K; i++) steps[i] = Math.exp(alpha[i] + beta[i] - logZ); // chain.md (5)
  for (let t = 1; t < T; t++) {
    for (let i = 0; i < K; i++) {
      for (let j = 0; j < K; j++) {
        const at = t * K + j;
        const score = alpha[(t - 1) * K + i] + transitions[i * K + j] + emissions[at] + beta[at];
        pairs[i * K + j] += Math.exp(score - logZ); // chain.md (6)
      }
    }
  }
  return { logZ, steps, transitions: pairs };
}

export interface BestTagging {
  /** Empty where every tagging is forbidden. */
  readonly tags: Int32Array;
  readonly score: number;
}

/**
 * The tagging of the largest score plus cost (Viterbi). `cost` of tag k at step t is added to the emissions where given. Of
 * equal ones, the one with the lowest tag at the last step where they differ.
 */
export function bestTagging(chain: Chain, cost?: (k: number, t: number) => number): BestTagging {
  const { emissions, steps: T, tags: K, transitions, start, end } = chain;
  if (T === 0) return { tags: new Int32Array(0), score: 0 };
  const from = new Int32Array(T * K);
  let best = new Float64Array(K);
  for (let t = 0; t < T; t++) {
    const next = new Float64Array(K);
    for (let k = 0; k < K; k++) {
      let most = t === 0 ? start[k] : nothing;
      if (t > 0) {
        for (let i = 0; i < K; i++) {
          const score = best[i] + transitions[i * K + k];
          if (score > most) {
            most = score;
            from[t * K + k] = i;
          }
        }
      }
      next[k] = most + emissions[t * K + k] + (cost?.(k, t) ?? 0); // chain.md (7)
    }
    best = next;
  }
  let last = 0;
  let score = nothing;
  for (let k = 0; k < K; k++) {
    if (best[k] + end[k] > score) {
      score = best[k] + end[k];
      last = k;
    }
  }
  if (score === nothing) return { tags: new Int32Array(0), score };
  const tags = new Int32Array(T);
  for (let t = T - 1, k = last; t >= 0; k = from[t * K + k], t--) tags[t] = k;
  return { tags, score };
}
