import { SeqlossError } from "../core/errors.js";
import { labelSequences } from "../core/labelSequences.js";
import type { Labels } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";
import { extendedLabel, framesNeeded } from "../reference/ctc.js";
import { type FrameOptions, readFrames } from "./frames.js";

export interface AlignOptions extends FrameOptions {
  /** Real labels of each sequence. */
  readonly labelLengths?: ArrayLike<number>;
}

export interface Alignment {
  /** ln of the alignment's probability; -Infinity where every alignment is impossible. */
  readonly score: number;
  /** One symbol for each frame, blanks included. */
  readonly path: Int32Array;
  /** The frames [start, end) on which each label stands, and ln of its probability on them. */
  readonly spans: readonly {
    readonly label: number;
    readonly start: number;
    readonly end: number;
    readonly score: number;
  }[];
}

/**
 * Forced alignment: the likeliest of the alignments that read as the labels (Viterbi over CTC's lattice), and where each label
 * stands in it. Ties, traced from the last frame, go to the nearest state; at the end, to the last label.
 *
 * @throws SeqlossError (LENGTH) when a label needs more frames than there are, naming frames, labels and repeats
 * @example
 * Array.from(ctcAlign([[[0, 9, 0], [0, 9, 0], [9, 0, 0], [0, 0, 9]]], [[1, 2]])[0].path) // [1, 1, 0, 2]
 */
export function ctcAlign(logits: TensorLike, labels: Labels, options: AlignOptions = {}): Alignment[] {
  const where = "ctcAlign";
  const { batch, blank, logProbs } = readFrames(where, logits, options);
  const { labelLengths } = options;
  const sequences = labelSequences(labels, {
    where,
    sequences: batch.batch,
    classes: batch.width,
    blank,
    labelLengths,
  });
  return sequences.map((sequence, b) => {
    const frames = batch.lengths[b];
    const needed = framesNeeded(sequence);
    if (frames < needed) {
      throw new SeqlossError(where, "LENGTH", {
        argument: `the frames of sequence ${b}`,
        expected: `at least ${needed}, for ${sequence.length} labels and ${needed - sequence.length} blanks between equal neighbours`,
        found: frames,
        advice: "Shorten the label, or use less subsampling before the output layer.",
      });
    }
    return alignOne(logProbs(b), frames, batch.width, sequence, blank);
  });
}

function alignOne(rows: Float64Array, T: number, V: number, labels: Int32Array, blank: number): Alignment {
  const z = extendedLabel(labels, blank);
  const S = z.length;
  const steps = new Uint8Array(T * S); // how far back the best predecessor lies: 0, 1 or 2 states
  let scores = new Float64Array(S).fill(Number.NEGATIVE_INFINITY);
  for (let t = 0; t < T; t++) {
    const next = new Float64Array(S);
    for (let s = 0; s < S; s++) {
      let best = t === 0 ? (s < 2 ? 0 : Number.NEGATIVE_INFINITY) : scores[s];
      if (t > 0) {
        const reach = s >= 2 && z[s] !== blank && z[s] !== z[s - 2] ? 2 : Math.min(s, 1);
        for (let back = 1; back <= reach; back++) {
          if (scores[s - back] > best) {
            best = scores[s - back];
            steps[t * S + s] = back;
          }
        }
      }
      next[s] = best + rows[t * V + z[s]];
    }
    scores = next;
  }
  if (T === 0) return { score: 0, path: new Int32Array(0), spans: [] };
  let state = S > 1 && !(scores[S - 1] > scores[S - 2]) ? S - 2 : S - 1;
  const score = scores[state];
  const states = new Int32Array(T);
  for (let t = T - 1; t >= 0; t--) {
    states[t] = state;
    state -= steps[t * S + state];
  }
  const path = states.map((s) => z[s]);
  const spans: { label: number; start: number; end: number; score: number }[] = [];
  states.forEach((s, t) => {
    if (s % 2 === 0) return;
    const own = rows[t * V + z[s]];
    if (t > 0 && states[t - 1] === s) {
      const span = spans[spans.length - 1];
      span.end = t + 1;
      span.score += own;
    } else spans.push({ label: z[s], start: t, end: t + 1, score: own });
  });
  return { score, path, spans };
}
