import { SeqlossError } from "../core/errors.js";
import type { LabelsFor } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";
import { indicesOf, type Workspace } from "../core/workspace.js";
import { bestTaggings } from "../kernels/viterbi.js";
import { type BestTagging, bestTagging, type Chain, chainScore } from "../reference/chain.js";
import { type ChainLossResult, type CrfOptions, chainLossOf, chainOf, goldOf, isPoisoned } from "./crf.js";

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
  const where = "structuredHingeLoss";
  const { costScale = 1 } = options;
  if (!(costScale >= 0 && costScale < Number.POSITIVE_INFINITY)) {
    const expected = "a finite number of at least 0";
    throw new SeqlossError(where, "VALUE", { argument: "costScale", expected, found: costScale });
  }
  const competitors: Competitor[] = [];
  const result = chainLossOf(where, emissions, tags, options, (work) => {
    const { batch, scores, ids, workspace } = work;
    const { batch: sequences, width: K, lengths } = batch;
    const costs = readCosts(where, options.cost, K, workspace);
    for (let i = 0; i < costs.length; i++) costs[i] *= costScale;
    const included = indicesOf(workspace, sequences, (b) => lengths[b] > 0);
    const fast = scores && bestTaggings(where, scores, included, costs, ids, workspace);
    return (b) => {
      const [chain, gold] = [chainOf(batch, b), goldOf(work, b)];
      const score = chainScore(chain, gold);
      const { tags: best, score: most } = fast?.[b] ?? bestOf(chain, (k, t) => costs[gold[t] * K + k]);
      const loss = most === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : most - score;
      const rival = loss > 0 ? best : gold.slice();
      const own = chainScore(chain, rival);
      let missed = 0;
      for (let t = 0; t < rival.length; t++) missed += costs[gold[t] * K + rival[t]];
      competitors.push({ tags: rival, score: own, cost: missed, margin: score - own });
      if (Number.isFinite(loss) && loss > 0) return { loss, expected: best };
      return { loss: loss <= 0 ? 0 : loss };
    };
  });
  return { ...result, competitors };
}

/** The best tagging by the reference; its score is NaN where an emission is NaN or Infinity. */
function bestOf(chain: Chain, cost: (k: number, t: number) => number): BestTagging {
  return isPoisoned(chain.emissions) ? { tags: new Int32Array(0), score: Number.NaN } : bestTagging(chain, cost);
}

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
  const sizes =
    Array.isArray(cost) && cost.length === K && cost.every((row) => !Array.isArray(row) || row.length === K);
  if (!sizes) {
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
