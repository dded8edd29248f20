import { logAdd } from "../core/numeric.js";

// The transducer (RNN-T) of one sequence in float64 and log space (Graves 2012, section 2).

/** ln p of the next label and of the blank at each cell (t, u): all that the recursions need. */
export interface TransducerArcs {
  readonly frames: number;
  readonly labels: number;
  /** T×(U+1): going on to the next frame. */
  readonly blank: ArrayLike<number>;
  /** T×(U+1): writing label u, at u < U. */
  readonly label: ArrayLike<number>;
}

export interface TransducerSequence {
  /** −ln Σ over the alignments. */
  readonly loss: number;
  /** T×(U+1): the probability that a path takes the blank here, given the labels; and the label. Zeros without a path. */
  readonly blankPosterior: Float64Array;
  readonly labelPosterior: Float64Array;
}

const nothing = Number.NEGATIVE_INFINITY;

/** Forward and backward sums; a path ends with a blank at the last frame after the last label. */
export function transducerSequence({ frames: T, labels: U, blank, label }: TransducerArcs): TransducerSequence {
  const rows = U + 1;
  const blankPosterior = new Float64Array(T * rows);
  const labelPosterior = new Float64Array(T * rows);
  if (T === 0) return { loss: Number.POSITIVE_INFINITY, blankPosterior, labelPosterior };
  const alpha = new Float64Array(T * rows);
  for (let t = 0; t < T; t++) {
    for (let u = 0; u < rows; u++) {
      const i = t * rows + u;
      let sum = i === 0 ? 0 : nothing;
      if (t > 0) sum = logAdd(sum, alpha[i - rows] + blank[i - rows]);
      if (u > 0) sum = logAdd(sum, alpha[i - 1] + label[i - 1]);
      alpha[i] = sum; // eq. 16; transducer.md (2)
    }
  }
  const end = T * rows - 1;
  const logP = alpha[end] + blank[end]; // eq. 17; transducer.md (3)
  if (logP === nothing || Number.isNaN(logP)) return { loss: -logP, blankPosterior, labelPosterior };

  const beta = new Float64Array(T * rows);
  for (let t = T - 1; t >= 0; t--) {
    for (let u = U; u >= 0; u--) {
      const i = t * rows + u;
      let sum = i === end ? blank[i] : nothing;
      if (t < T - 1) sum = logAdd(sum, beta[i + rows] + blank[i]);
      if (u < U) sum = logAdd(sum, beta[i + 1] + label[i]);
      beta[i] = sum; // eq. 18; transducer.md (4)
      const after = i === end ? 0 : t < T - 1 ? beta[i + rows] : nothing;
      blankPosterior[i] = Math.exp(alpha[i] + blank[i] + after - logP); // transducer.md (5)
      if (u < U) labelPosterior[i] = Math.exp(alpha[i] + label[i] + beta[i + 1] - logP); // transducer.md (6)
    }
  }
  return { loss: -logP, blankPosterior, labelPosterior }; // transducer.md (1)
}
