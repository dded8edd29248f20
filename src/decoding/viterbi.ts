import { type ChainOptions, readChains } from "../core/chainScores.js";
import type { TensorLike } from "../core/tensor.js";
import { indicesOf, type Workspace, withWorkspace } from "../core/workspace.js";
import type { ChainScores } from "../kernels/chainRows.js";
import { crfSequences } from "../kernels/crf.js";
import { hasKernels } from "../kernels/engine.js";
import { bestTaggings } from "../kernels/viterbi.js";
import { bestTagging, type Chain, chainLoss } from "../reference/chain.js";

/** The best tagging of a sequence. */
export interface Tagging {
  /** One tag for each real step; empty where every tagging is forbidden. */
  readonly tags: Int32Array;
  /** Its score. */
  readonly score: number;
  /** ln of its probability among all taggings: score − ln Z. NaN where every tagging is forbidden. */
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
  const where = "viterbiDecode";
  return withWorkspace(decodeIn, where, emissions, undefined, options);
}

function decodeIn(
  workspace: Workspace,
  where: string,
  emissions: TensorLike,
  _: undefined,
  options: ChainOptions,
): Tagging[] {
  const batch = readChains(where, emissions, options, workspace);
  const { data, batch: sequences, time, width: tags, lengths, transitions, start, end } = batch;
  const fast = data instanceof Float32Array && hasKernels();
  const scores = fast ? { emissions: data, time, tags, lengths, transitions, start, end } : undefined;
  const known = scores && kernelTaggings(where, scores, workspace);
  return Array.from({ length: sequences }, (_, b) => {
    const first = b * time * tags;
    const rows = data.subarray(first, first + lengths[b] * tags);
    return known?.[b] ?? taggingOf({ emissions: rows, steps: lengths[b], tags, transitions, start, end });
  });
}

function taggingOf(chain: Chain): Tagging {
  const best = bestTagging(chain);
  const forbidden = best.score === Number.NEGATIVE_INFINITY;
  return { ...best, logProb: forbidden ? Number.NaN : 0 - chainLoss(chain, best.tags) };
}

/** Those of sequences that have steps, a tagging that is not forbidden, and numbers alone: the CRF's loss of the best one is −logProb. */
function kernelTaggings(where: string, scores: ChainScores, workspace: Workspace): readonly (Tagging | undefined)[] {
  const { time, tags: K, lengths } = scores;
  const sequences = lengths.length;
  const included = indicesOf(workspace, sequences, (b) => lengths[b] > 0, undefined);
  const path = workspace.int32("best tags", sequences * time);
  const found = workspace.float64("best scores", sequences);
  const [costs, gold] = [workspace.float64("costs", K * K), workspace.int32("no tags", sequences * time)];
  bestTaggings(where, scores, included, costs, gold, path, found, workspace);
  const known = workspace.int32("lengths of known", sequences);
  for (let b = 0; b < sequences; b++) known[b] = Number.isFinite(found[b]) ? lengths[b] : 0;
  const losses = workspace.float64("losses", sequences);
  const slopes = new Float64Array(0);
  const noCounts = { transitions: slopes, start: slopes, end: slopes };
  crfSequences(scores, known, path, losses, losses, new Float32Array(0), noCounts, workspace, where);
  return Array.from(known, (size, b) => {
    if (size === 0) return undefined;
    return { tags: path.slice(b * time, b * time + size), score: found[b], logProb: 0 - losses[b] };
  });
}
