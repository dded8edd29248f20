import type { Batch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import type { Labels, LabelsFor } from "../core/labels.js";
import { NO_DOUBLES, NO_INTEGERS, type TensorLike } from "../core/tensor.js";
import { indicesOf, type Reused, type Workspace, withWorkspace } from "../core/workspace.js";
import { bestTaggings } from "../kernels/viterbi.js";
import { bestTagging } from "../reference/chain.js";
import {
  type ChainLoss,
  type ChainLossResult,
  type ChainWork,
  type CrfOptions,
  chainLossIn,
  chainOf,
  isPoisoned,
  kernelScores,
  taggingScore,
} from "./crf.js";
import type { Rewritable } from "./result.js";

export interface StructuredHingeOptions extends CrfOptions {
  /**
   * What a wrong tag costs. `hamming`: 1 a step. A list [K]: cost[y] where tag y is missed. A matrix [K][K]: cost[y][k] where
   * k stands for y. Costs are ≥ 0, and 0 for the right tag. Default `hamming`.
   */
  readonly cost?: "hamming" | readonly number[] | readonly (readonly number[])[];
  /** Multiplies the cost, ≥ 0: the margin that a mistake must be behind by. 0 makes it the structured perceptron. Default 1. */
  readonly costScale?: number;
}

/** The tagging that the margin is measured against: the largest score + cost. */
export interface Competitor {
  readonly tags: Int32Array;
  /** Its score, without the cost. */
  readonly score: number;
  /** Its cost against the gold tags. */
  readonly cost: number;
  /** The score of the gold tags less its own: at least `cost` where the margin is kept. */
  readonly margin: number;
}

export interface StructuredHingeResult extends ChainLossResult {
  /** The strongest rival of each sequence, cost included; the gold tags themselves where none is inside the margin. */
  readonly competitors: readonly Competitor[];
}

/**
 * Structured hinge loss of a linear chain, with margin rescaling: the largest score + cost over all taggings, less the score
 * of `tags` (Taskar et al. 2003; Tsochantaridis et al. 2005, eq. 8), found by Viterbi with the cost added. Scores as in `crfLoss`.
 *
 * The gradient is the competitor's counts less those of the gold tags. Margin met exactly: 0, and a zero gradient. Between equal
 * competitors, the one with the lowest tag at the last step where they differ. Forbidden gold tags cost Infinity, with a zero
 * gradient.
 *
 * @param emissions [B, T, K]; padding is never read
 * @param tags ids in 0..K-1, one for each real step
 * @throws SeqlossError as `crfLoss` does; and when a cost is negative, or not 0 for the right tag (VALUE)
 * @example
 * const { value, competitors } = structuredHingeLoss([[[2, 0], [0, 0.5]]], [[0, 1]]);
 * value // 0.5 = 1 − 0.5: at the second step the margin is half kept
 * competitors[0].tags // [0, 0]
 */
export function structuredHingeLoss<Scores extends TensorLike>(
  emissions: Scores,
  tags: LabelsFor<Scores>,
  options: StructuredHingeOptions = {},
): StructuredHingeResult {
  return withWorkspace(lossIn, STRUCTURED, emissions, tags, options);
}

function lossIn(
  workspace: Workspace,
  loss: ChainLoss<StructuredHingeOptions>,
  emissions: TensorLike,
  tags: Labels,
  options: StructuredHingeOptions,
): StructuredHingeResult {
  const { costScale = 1 } = options;
  if (!(costScale >= 0 && costScale < Number.POSITIVE_INFINITY)) {
    const expected = "a finite number of at least 0";
    throw new SeqlossError(loss.where, "VALUE", { argument: "costScale", expected, found: costScale });
  }
  const result = chainLossIn(workspace, loss, emissions, tags, options) as Rewritable<StructuredHingeResult>;
  result.competitors = competitorsOf(workspace.object("rivals", Rivals), result.competitors);
  return result;
}

/** What is found of the strongest rival of each sequence. */
class Rivals implements Reused {
  /** K×K. */
  costs = NO_DOUBLES;
  /** [B, T]; of sequence b the first known[b] are. */
  tags = NO_INTEGERS;
  time = 0;
  known = NO_INTEGERS;
  /** The largest score + cost. */
  most = NO_DOUBLES;
  scores = NO_DOUBLES;
  missed = NO_DOUBLES;
  margins = NO_DOUBLES;

  /** All of it lies in the workspace. */
  forget(): void {}
}

const STRUCTURED: ChainLoss<StructuredHingeOptions> = {
  where: "structuredHingeLoss",
  prepare(work, { cost, costScale = 1 }) {
    const { batch, ids, workspace } = work;
    const { batch: sequences, width: K, time } = batch;
    const rivals = workspace.object("rivals", Rivals);
    rivals.costs = readCosts("structuredHingeLoss", cost, K, workspace);
    for (let i = 0; i < K * K; i++) rivals.costs[i] *= costScale;
    rivals.tags = workspace.int32("tags of rivals", sequences * time);
    rivals.time = time;
    rivals.known = workspace.int32("tags that rivals have", sequences);
    rivals.most = workspace.float64("largest scores and costs", sequences);
    rivals.scores = workspace.float64("scores of rivals", sequences);
    rivals.missed = workspace.float64("costs of rivals", sequences);
    rivals.margins = workspace.float64("margins of rivals", sequences);
    if (!work.fast) return false;
    const included = indicesOf(workspace, sequences, hasSteps, batch);
    bestTaggings(
      "structuredHingeLoss",
      kernelScores(work),
      included,
      rivals.costs,
      ids,
      rivals.tags,
      rivals.most,
      workspace,
    );
    return false;
  },
  sequence(work, b) {
    const { batch, ids, losses, workspace } = work;
    const { time, lengths, width: K } = batch;
    const rivals = workspace.object("rivals", Rivals);
    const { tags, costs } = rivals;
    if (!work.fast) findRival(work, rivals, b);
    const most = rivals.most[b];
    taggingScore(batch, ids, b, rivals.scores);
    const score = rivals.scores[b];
    const loss = most === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : most - score;
    const inside = loss > 0;
    const [start, end] = [b * time, b * time + lengths[b]];
    if (!inside) for (let i = start; i < end; i++) tags[i] = ids[i];
    const known = !inside || Number.isFinite(most);
    let missed = 0;
    for (let i = start; i < end && known; i++) missed += costs[ids[i] * K + tags[i]];
    rivals.known[b] = known ? lengths[b] : 0;
    if (known) taggingScore(batch, tags, b, rivals.scores);
    else rivals.scores[b] = Number.NaN;
    rivals.missed[b] = missed;
    rivals.margins[b] = score - rivals.scores[b];
    losses[b] = loss <= 0 ? 0 : loss;
    return inside && Number.isFinite(loss) ? tags : undefined;
  },
};

const hasSteps = (b: number, { lengths }: Batch): boolean => lengths[b] > 0;

/** The best tagging by the reference; its score is NaN where an emission is NaN or Infinity. */
function findRival({ batch, ids }: ChainWork, { costs, tags, most }: Rivals, b: number): void {
  const { time, width: K } = batch;
  most[b] = Number.NaN;
  if (isPoisoned(batch, b)) return;
  const best = bestTagging(chainOf(batch, b), (k, t) => costs[ids[b * time + t] * K + k]);
  most[b] = best.score;
  tags.set(best.tags, b * time);
}

/** The rivals as the caller sees them; those of an earlier result are written again. */
function competitorsOf(rivals: Rivals, earlier: readonly Competitor[] | undefined): readonly Competitor[] {
  const { known, scores, missed, margins, tags, time } = rivals;
  const competitors = earlier?.length === known.length ? earlier : Array.from(known, newCompetitor);
  for (let b = 0; b < known.length; b++) {
    const competitor = competitors[b] as Rewritable<Competitor>;
    if (competitor.tags.length !== known[b]) competitor.tags = new Int32Array(known[b]);
    for (let t = 0; t < known[b]; t++) competitor.tags[t] = tags[b * time + t];
    competitor.score = scores[b];
    competitor.cost = missed[b];
    competitor.margin = margins[b];
  }
  return competitors;
}

const newCompetitor = (size: number): Competitor => ({ tags: new Int32Array(size), score: 0, cost: 0, margin: 0 });

const isOfSize = (cost: unknown, K: number): boolean =>
  Array.isArray(cost) && cost.length === K && cost.every((row) => !Array.isArray(row) || row.length === K);

function readCosts(
  where: string,
  cost: StructuredHingeOptions["cost"] = "hamming",
  K: number,
  workspace: Workspace,
): Float64Array {
  const costs = workspace.float64("costs", K * K);
  if (cost === "hamming") {
    costs.fill(1);
    for (let k = 0; k < K; k++) costs[k * K + k] = 0;
    return costs;
  }
  if (!isOfSize(cost, K)) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "cost",
      expected: `"hamming", ${K} numbers, or ${K} lists of ${K}`,
      found: cost,
    });
  }
  for (let y = 0; y < K; y++) {
    for (let k = 0; k < K; k++) {
      const row = cost[y];
      const value = Array.isArray(row) ? row[k] : y === k ? 0 : (row as number);
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY) || (y === k && value !== 0)) {
        throw new SeqlossError(where, "VALUE", {
          argument: Array.isArray(row) ? `cost[${y}][${k}]` : `cost[${y}]`,
          expected: y === k ? "0, the cost of the right tag" : "a finite number of at least 0",
          found: value,
        });
      }
      costs[y * K + k] = value;
    }
  }
  return costs;
}
