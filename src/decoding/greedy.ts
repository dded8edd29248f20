import type { TensorLike } from "../core/tensor.js";
import { type FrameOptions, readFrames } from "./frames.js";

export interface Reading {
  readonly labels: number[];
  /** ln of the probability that the decoder found: of one alignment, or of all it kept. */
  readonly score: number;
}

export interface GreedyReading extends Reading {
  /** The frames [start, end) on which each label stands in the best alignment. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

/**
 * The likeliest symbol of each frame, repeats merged, blanks dropped (Graves et al. 2006, best path decoding): the label of the
 * likeliest alignment, which need not be the likeliest label. Ties go to the lowest id. `score` is that alignment's.
 *
 * @example
 * ctcGreedyDecode([[[0, 5, 0], [0, 5, 0], [5, 0, 0], [0, 5, 0], [0, 0, 5]]])[0].labels // [1, 1, 2]
 */
export function ctcGreedyDecode(logits: TensorLike, options: FrameOptions = {}): GreedyReading[] {
  const { batch, blank, logProbs } = readFrames("ctcGreedyDecode", logits, options);
  const V = batch.width;
  return Array.from(batch.lengths, (frames, b) => {
    const rows = logProbs(b);
    const labels: number[] = [];
    const spans: { start: number; end: number }[] = [];
    let score = 0;
    let previous = blank;
    for (let t = 0; t < frames; t++) {
      let best = 0;
      for (let k = 1; k < V; k++) if (rows[t * V + k] > rows[t * V + best]) best = k;
      score += rows[t * V + best];
      if (best !== blank && best !== previous) {
        labels.push(best);
        spans.push({ start: t, end: t + 1 });
      } else if (best !== blank) spans[spans.length - 1].end = t + 1;
      previous = best;
    }
    return { labels, score, spans };
  });
}
