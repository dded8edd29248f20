import { SeqlossError } from "../core/errors.js";
import { labelSequences } from "../core/labelSequences.js";
import type { Labels } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";
import { extendedLabel, framesNeeded } from "../reference/ctc.js";
import { type CtcFrames, type FrameOptions, readFrames, readLogProbs } from "./frames.js";
import { type LabelSpan, labelSpans } from "./labelSpans.js";

export interface AlignOptions extends FrameOptions {
  /** Real labels of each sequence: where flat labels end, or where padded lists do. */
  readonly labelLengths?: ArrayLike<number>;
}

/** The most probable alignment of a label. */
export interface Alignment {
  /** ln of the alignment's probability. -Infinity where every alignment needs a class at -Infinity; NaN where a frame held NaN or +Infinity. */
  readonly score: number;
  /** The symbol of each frame, a label or the blank. Empty where the score is not finite. */
  readonly path: Int32Array;
  /** One for each label, in order. Empty where the score is not finite. */
  readonly spans: LabelSpan[];
}

/**
 * Forced alignment: which frames belong to which label, by the most probable path through the label's CTC lattice (Viterbi
 * over the states of Graves et al. 2006, section 4.1).
 *
 * Of equally probable alignments it is the one that, compared from the last frame backwards, is furthest along the label and
 * its blanks: a label comes as early as it can, (1, 0, 2) before (1, 1, 2).
 *
 * @param logits [B, T, V], T frames of V classes; padding past a sequence's length is never read
 * @param labels ids in 0..V-1 other than the blank: ragged `number[][]`, or flat with `labelLengths`
 * @throws SeqlossError LENGTH when a sequence has fewer frames than labels and a blank between equal neighbours, or lengths
 *   are out of range; LABEL when an id is out of range or is the blank; VALUE when the blank is out of range
 * @example
 * const [alignment] = ctcAlign([[[0, 3, 0], [3, 0, 0], [0, 0, 3]]], [[1, 2]]);
 * alignment.path // [1, 0, 2]
 * alignment.spans[1].start // 2: the second label is frame 2
 */
export function ctcAlign(logits: TensorLike, labels: Labels, options: AlignOptions = {}): Alignment[] {
  const where = "ctcAlign";
  const frames = readFrames(where, logits, options);
  const { batch: sequences, width: classes, blank, lengths } = frames;
  const { labelLengths } = options;
  const wanted = labelSequences(labels, { where, sequences, classes, blank, labelLengths });
  wanted.forEach((label, b) => {
    const needed = framesNeeded(label);
    if (lengths[b] >= needed) return;
    throw new SeqlossError(where, "LENGTH", {
      argument: `the number of frames of sequence ${b}`,
      expected: `at least ${needed}, for ${label.length} labels of which ${needed - label.length} repeat their neighbour`,
      found: lengths[b],
      advice: "An alignment needs a frame for each label, and one for a blank between equal neighbours.",
    });
  });
  return wanted.map((label, b) => align(frames, b, label));
}

function align(frames: CtcFrames, b: number, label: Int32Array): Alignment {
  const symbols = extendedLabel(label, frames.blank);
  const { score, states } = bestStates(frames, b, symbols);
  if (!Number.isFinite(score)) return { score, path: new Int32Array(0), spans: [] };
  const path = states.map((s) => symbols[s]);
  const scores = new Float64Array(path.length);
  const row = new Float64Array(frames.width);
  for (let t = 0; t < path.length; t++) {
    readLogProbs(frames, b, t, row);
    scores[t] = row[path[t]];
  }
  return { score, path, spans: labelSpans(path, scores, frames.blank) };
}

/** The state of the extended label at each frame of the best path. One byte a frame and state is all that is kept. */
function bestStates(frames: CtcFrames, b: number, symbols: Int32Array): { score: number; states: Int32Array } {
  const T = frames.lengths[b];
  const S = symbols.length;
  const states = new Int32Array(T);
  const row = new Float64Array(frames.width);
  const best = new Float64Array(S).fill(Number.NEGATIVE_INFINITY);
  const moves = new Uint8Array(T * S); // how many states each is past its predecessor
  for (let t = 0; t < T; t++) {
    if (!readLogProbs(frames, b, t, row)) return { score: Number.NaN, states };
    if (t === 0) {
      best[0] = row[symbols[0]];
      if (S > 1) best[1] = row[symbols[1]];
      continue;
    }
    const first = Math.max(0, S - 2 * (T - t)); // states before it can no longer reach the end
    const last = Math.min(S - 1, 2 * t + 1);
    for (let s = last; s >= first; s--) {
      const move = bestMove(best, symbols, s);
      best[s] = best[s - move] + row[symbols[s]];
      moves[t * S + s] = move;
    }
  }
  if (T === 0) return { score: 0, states };
  let s = S > 1 && best[S - 2] > best[S - 1] ? S - 2 : S - 1;
  const score = best[s];
  for (let t = T - 1; t >= 0; t--) {
    states[t] = s;
    s -= moves[t * S + s];
  }
  return { score, states };
}

/** Stay, come from the state before, or skip the blank between two different labels; in a tie the smallest move. */
function bestMove(best: Float64Array, symbols: Int32Array, s: number): number {
  let move = 0;
  if (s >= 1 && best[s - 1] > best[s]) move = 1;
  if (s >= 2 && symbols[s] !== symbols[s - 2] && best[s - 2] > best[s - move]) move = 2; // blanks equal each other
  return move;
}
