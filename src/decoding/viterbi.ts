import { type ChainOptions, readChains } from "../core/chainScores.js";
import type { TensorLike } from "../core/tensor.js";
import { bestTagging, chainMarginals } from "../reference/chain.js";

/** The best tagging of a sequence. */
export interface Tagging {
  /** One tag for each real step; empty where every tagging is forbidden. */
  readonly tags: Int32Array;
  /** Its score. */
  readonly score: number;
  /** ln of its probability among all taggings: score − ln Z. */
  readonly logProb: number;
}

/**
 * The tagging of the largest score in a linear chain (Viterbi 1967). Of equal ones, the one with the lowest tag at the last
 * step where they differ. For the k best, samples and shares, see `crfAlignments`.
 *
 * @param emissions [B, T, K]; padding past a sequence's length is never read
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH) or a shared score is NaN or Infinity (VALUE)
 * @example
 * const [{ tags, score }] = viterbiDecode([[[1, 0], [0, 2]]], { transitions: [[0, -3], [0, 0]] });
 * tags // [1, 1]
 * score // 2: going from tag 0 to 1 would cost 3
 */
export function viterbiDecode(emissions: TensorLike, options: ChainOptions = {}): Tagging[] {
  const batch = readChains("viterbiDecode", emissions, options);
  const { data, batch: sequences, time, width: tags, lengths, transitions, start, end } = batch;
  return Array.from({ length: sequences }, (_, b) => {
    const first = b * time * tags;
    const scores = data.subarray(first, first + lengths[b] * tags);
    const chain = { emissions: scores, steps: lengths[b], tags, transitions, start, end };
    const best = bestTagging(chain);
    return { ...best, logProb: best.score - chainMarginals(chain).logZ };
  });
}
