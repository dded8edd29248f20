import { logAdd, logSoftmax } from "../core/numeric.js";

// CTC of one sequence in float64 and log space (Graves, Fernández, Gomez, Schmidhuber 2006, sections 4.1 and 4.2).
// Read this first: the kernel must agree with it.

/** Numbers of one sequence, T frames of V classes, row-major. */
export interface Frames {
  readonly data: ArrayLike<number>;
  readonly frames: number;
  readonly classes: number;
}

export interface CtcSequence {
  readonly loss: number;
  /** T×V: the probability that the alignment, given the label, has class k at frame t. Zero where the label is impossible. */
  readonly posterior: Float64Array;
}

/** The label with a blank before, between and after: what an alignment collapses through. */
export function extendedLabel(labels: ArrayLike<number>, blank: number): Int32Array {
  const extended = new Int32Array(2 * labels.length + 1).fill(blank);
  for (let u = 0; u < labels.length; u++) extended[2 * u + 1] = labels[u];
  return extended;
}

/** The fewest frames that a label fits: its symbols, and a blank between equal neighbours. The label is ids[start] to ids[end − 1]. */
export function framesNeeded(ids: ArrayLike<number>, start = 0, end = ids.length): number {
  let repeats = 0;
  for (let u = start + 1; u < end; u++) if (ids[u] === ids[u - 1]) repeats++;
  return end - start + repeats; // ctc.md (5)
}

/** ln softmax of each frame. */
export function logSoftmaxFrames({ data, frames, classes }: Frames): Float64Array {
  const logProbs = new Float64Array(frames * classes);
  for (let t = 0; t < frames; t++) logProbs.set(logSoftmax(data, t * classes, (t + 1) * classes), t * classes);
  return logProbs;
}

/** May the lattice go from state s − 2 to state s? Only onto a label, and not onto the same one (eq. 6). */
function skips(extended: Int32Array, s: number, blank: number): boolean {
  return s >= 2 && extended[s] !== blank && extended[s] !== extended[s - 2];
}

/** −ln Σ over the alignments of `labels` of Π scores, and the posterior of each class at each frame. */
export function ctcSequence(scores: Frames, labels: ArrayLike<number>, blank: number): CtcSequence {
  const { data, frames: T, classes: V } = scores;
  const posterior = new Float64Array(T * V);
  if (T === 0) return { loss: labels.length === 0 ? 0 : Number.POSITIVE_INFINITY, posterior };
  const z = extendedLabel(labels, blank);
  const S = z.length;
  const nothing = Number.NEGATIVE_INFINITY;

  const alpha = new Float64Array(T * S).fill(nothing);
  alpha[0] = data[z[0]];
  if (S > 1) alpha[1] = data[z[1]];
  for (let t = 1; t < T; t++) {
    for (let s = 0; s < S; s++) {
      const before = (t - 1) * S + s;
      let sum = alpha[before];
      if (s >= 1) sum = logAdd(sum, alpha[before - 1]);
      if (skips(z, s, blank)) sum = logAdd(sum, alpha[before - 2]);
      alpha[t * S + s] = sum + data[t * V + z[s]]; // eq. 6; ctc.md (2)
    }
  }
  const end = T * S - 1;
  const logP = S > 1 ? logAdd(alpha[end], alpha[end - 1]) : alpha[end]; // eq. 8; ctc.md (3)
  if (logP === nothing || Number.isNaN(logP)) return { loss: -logP, posterior };

  const beta = new Float64Array(T * S).fill(nothing); // without the score of its own frame
  beta[end] = 0;
  if (S > 1) beta[end - 1] = 0;
  for (let t = T - 2; t >= 0; t--) {
    for (let s = 0; s < S; s++) {
      const step = (to: number) => beta[(t + 1) * S + to] + data[(t + 1) * V + z[to]];
      let sum = step(s);
      if (s + 1 < S) sum = logAdd(sum, step(s + 1));
      if (s + 2 < S && skips(z, s + 2, blank)) sum = logAdd(sum, step(s + 2));
      beta[t * S + s] = sum; // eq. 10; ctc.md (4)
    }
  }
  for (let t = 0; t < T; t++) {
    for (let s = 0; s < S; s++) {
      const i = t * S + s;
      posterior[t * V + z[s]] += Math.exp(alpha[i] + beta[i] - logP); // eq. 14, 15; ctc.md (6)
    }
  }
  return { loss: -logP, posterior }; // ctc.md (1)
}

/**
 * −ln p of a label that is nearly certain: ln(1 − q) from q, the probability of everything else, which keeps its relative
 * accuracy where p rounds to 1. q is summed as what it is: the symbols that leave the lattice, and the paths that end early.
 */
export function confidentLoss(logProbs: Frames, labels: ArrayLike<number>, blank: number): number {
  const { data, frames: T, classes: V } = logProbs;
  const z = extendedLabel(labels, blank);
  const S = z.length;
  let mass = new Float64Array(S);
  mass[0] = 1; // before the first frame: as if after a blank
  let outside = 0;
  for (let t = 0; t < T; t++) {
    const next = new Float64Array(S);
    for (let s = 0; s < S; s++) {
      if (mass[s] === 0) continue;
      const target = new Map([[z[s], s]]);
      if (s + 1 < S) target.set(z[s + 1], s + 1);
      if (s % 2 === 1 && s + 2 < S && skips(z, s + 2, blank)) target.set(z[s + 2], s + 2);
      for (let k = 0; k < V; k++) {
        const share = mass[s] * Math.exp(data[t * V + k]);
        const to = target.get(k);
        if (to === undefined) outside += share;
        else next[to] += share;
      }
    }
    mass = next;
  }
  for (let s = 0; s < S - 2; s++) outside += mass[s];
  return outside >= 1 ? Number.POSITIVE_INFINITY : Math.max(-Math.log1p(-outside), 0); // ctc.md (8)
}
