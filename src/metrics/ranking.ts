import { toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { type Labels, NO_LABEL, stepLabels } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";

/** Which rank a target has among the items that score the same: the last (worst), the first, or the mean of both. */
export type Ties = "last" | "first" | "middle";

export interface RankingMetricsOptions {
  /** How long the list is that is shown to a user. Default 20. */
  readonly k?: number;
  /** The rank of a target among items that score the same. Default `last`. */
  readonly ties?: Ties;
  /** The id of steps that are left out. Default none. */
  readonly ignoreIndex?: number;
  /** The real steps of each sequence; default the whole time axis. Padding past them is never read. */
  readonly lengths?: ArrayLike<number>;
}

export interface RankingMetrics {
  /** `recallAt(ranks, k)`. */
  readonly recall: number;
  /** `mrrAt(ranks, k)`. */
  readonly mrr: number;
  /** The rank of each target that counts, in order, from 1; Infinity where its score is NaN. */
  readonly ranks: Float64Array;
}

/**
 * Recall@k and MRR@k of targets ranked among all items, as GRU4Rec evaluates (Hidasi et al. 2016; Hidasi and Karatzoglou
 * 2018): no sample of items stands in for the rest. With g items that score higher than the target, and e others that score the
 * same, its rank is g + e + 1 (`last`, GRU4Rec's "conservative" and its default: a model that scores all items alike earns
 * nothing by it), g + 1 (`first`, its "standard") or g + e/2 + 1 (`middle`, its "median").
 *
 * An item whose score is NaN is ahead of the target; a target whose score is NaN is never found. Batches too large for one
 * call are scored one by one: put their ranks end to end, and ask `recallAt` and `mrrAt`.
 *
 * @param scores [N, items], or [B, T, items]: whatever grows with the preference
 * @param targets the item that was chosen at each step, ids in 0..items-1, ragged `number[][]` or flat
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), an id is out of range (LABEL), k is (VALUE), or `ties` is unknown
 *   (OPTION)
 * @example
 * const scores = [[0.1, 0.7, 0.2], [0.5, 0.5, 0.9]]
 * const { recall, mrr, ranks } = rankingMetrics(scores, [2, 0], { k: 2 })
 * ranks // [2, 3]: of the two that score 0.5 the target comes last
 * recall // 0.5
 * mrr // 0.25
 */
export function rankingMetrics(
  scores: TensorLike,
  targets: Labels,
  options: RankingMetricsOptions = {},
): RankingMetrics {
  const where = "rankingMetrics";
  const { k = 20, ties = "last", ignoreIndex, lengths } = options;
  checkCutoff(where, k);
  if (ties !== "last" && ties !== "first" && ties !== "middle") {
    throw new SeqlossError(where, "OPTION", { argument: "ties", expected: '"last", "first" or "middle"', found: ties });
  }
  const batch = toBatch(scores, { where, argument: "scores", classes: true }, lengths);
  const ids = stepLabels(where, targets, batch, ignoreIndex);
  const { data, width } = batch;
  const counted = Array.from(ids.keys()).filter((i) => ids[i] !== NO_LABEL);
  const ranks = Float64Array.from(counted, (i) => rank(data.subarray(i * width, (i + 1) * width), ids[i], ties));
  return { recall: recallAt(ranks, k), mrr: mrrAt(ranks, k), ranks };
}

/**
 * The share of targets among the first k, also called the hit rate; 0 of none.
 *
 * @param ranks from 1, as `rankingMetrics` gives them
 * @param k a whole number of at least 1
 * @throws SeqlossError (VALUE) when k is out of range
 * @example
 * recallAt([1, 5, 30, 2], 20) // 0.75
 */
export function recallAt(ranks: ArrayLike<number>, k: number): number {
  checkCutoff("recallAt", k);
  return mean(ranks, (rank) => (rank <= k ? 1 : 0));
}

/**
 * The mean of 1 / rank over targets, where those past the first k count 0; 0 of none.
 *
 * @param ranks from 1, as `rankingMetrics` gives them
 * @param k a whole number of at least 1
 * @throws SeqlossError (VALUE) when k is out of range
 * @example
 * mrrAt([1, 5, 30, 2], 20) // 0.425 = (1 + 1/5 + 1/2) / 4
 */
export function mrrAt(ranks: ArrayLike<number>, k: number): number {
  checkCutoff("mrrAt", k);
  return mean(ranks, (rank) => (rank <= k ? 1 / rank : 0));
}

function rank(row: ArrayLike<number>, target: number, ties: Ties): number {
  const score = row[target];
  if (Number.isNaN(score)) return Number.POSITIVE_INFINITY;
  let notAhead = 0;
  let equal = -1;
  for (let item = 0; item < row.length; item++) {
    if (row[item] <= score) notAhead++;
    if (row[item] === score) equal++;
  }
  const first = row.length - notAhead + 1;
  if (ties === "first") return first;
  return first + (ties === "last" ? equal : equal / 2);
}

function mean(ranks: ArrayLike<number>, worth: (rank: number) => number): number {
  let total = 0;
  for (let i = 0; i < ranks.length; i++) total += worth(ranks[i]);
  return ranks.length === 0 ? 0 : total / ranks.length;
}

function checkCutoff(where: string, k: number): void {
  if (Number.isInteger(k) && k >= 1) return;
  throw new SeqlossError(where, "VALUE", { argument: "k", expected: "a whole number of at least 1", found: k });
}
