import type { TensorLike } from "../core/tensor.js";
import { type CtcFrames, type FrameOptions, readFrames, readLogProbs } from "./frames.js";
import { type LabelSpan, labelSpans } from "./labelSpans.js";

/** What a sequence is read as. */
export interface Reading {
  readonly labels: number[];
  /** What readings are ranked by, in nats: see the decoder that made it. */
  readonly score: number;
}

/** What a sequence is read as along its best path; the score is ln of the probability of that path, one of the labels' alignments. */
export interface GreedyReading extends Reading {
  /** One for each label: the frames on which it was the likeliest class. */
  readonly spans: LabelSpan[];
}

/**
 * Best-path decoding of CTC outputs: the likeliest class of each frame, repeats merged, blanks dropped (Graves, Fernández,
 * Gomez, Schmidhuber 2006, section 3.2). Ties go to the lowest id. It finds the most probable alignment, which need not be
 * one of the most probable labels: see `ctcBeamSearch`.
 *
 * @param logits [B, T, V], T frames of V classes; padding past a sequence's length is never read
 * @returns one reading for each sequence; that of no frames is empty with score 0; that of frames which hold NaN or
 *   +Infinity is empty with score NaN, and no other sequence is touched
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), the blank is out of range (VALUE), or `inputs` is unknown (OPTION)
 * @example
 * ctcGreedyDecode([[[0, 5, 0], [0, 5, 0], [5, 0, 0], [0, 5, 0]]])[0].labels // [1, 1]: a blank keeps repeats apart
 */
export function ctcGreedyDecode(logits: TensorLike, options: FrameOptions = {}): GreedyReading[] {
  const frames = readFrames("ctcGreedyDecode", logits, options);
  return Array.from({ length: frames.batch }, (_, b) => readGreedily(frames, b));
}

function readGreedily(frames: CtcFrames, b: number): GreedyReading {
  const T = frames.lengths[b];
  const path = new Int32Array(T);
  const scores = new Float64Array(T);
  const row = new Float64Array(frames.width);
  let score = 0;
  for (let t = 0; t < T; t++) {
    if (!readLogProbs(frames, b, t, row)) return { labels: [], score: Number.NaN, spans: [] };
    let best = 0;
    for (let k = 1; k < row.length; k++) if (row[k] > row[best]) best = k;
    path[t] = best;
    scores[t] = row[best];
    score += row[best];
  }
  const spans = labelSpans(path, scores, frames.blank);
  return { labels: spans.map(({ label }) => label), score, spans };
}
