import { SeqlossError } from "../core/errors.js";
import type { LabelsFor } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";
import { bprMax, bprPair, hingePair, pairwise, type Rivals, top1Max, top1Pair } from "../reference/ranking.js";
import { checkMargin } from "./hinge.js";
import { checkFlag, type RankingOptions, rankingLoss } from "./rankingSteps.js";
import { checkChoice, type LossResult } from "./reduction.js";

// Each takes scores of items and the wanted item of each step. The softmax over every item is `crossEntropy`.

export interface RankingHingeOptions extends RankingOptions {
  /** How far the wanted item's score must be ahead, > 0. Default 1. */
  readonly margin?: number;
  /** Square each missing margin. Default false. */
  readonly squared?: boolean;
  /** Over a step's negatives: all that are within the margin, their mean over all negatives, or the hardest alone. Default `sum`. */
  readonly rivals?: Rivals;
}

/**
 * Pairwise hinge loss: Σ_j max(0, 1 − (s_y − s_j)) over the negatives j of a step whose wanted item is y (the margin of Herbrich,
 * Graepel and Obermayer 2000), averaged over the real steps. Against every item it is `multiclassHingeLoss`.
 *
 * An item at -Infinity is masked: no rival, and Infinity with a zero gradient where it is wanted. NaN or +Infinity among the
 * scores that a step reads makes its loss and gradient NaN. A step without rivals costs 0.
 *
 * @param scores [B, T, V], V items, or [N, V] as N sequences of one step; of any size and sign
 * @param labels the wanted items, ids in 0..V-1, ragged `number[][]` or flat
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), an id is out of range (LABEL), the margin is (VALUE), or an option is
 *   unknown (OPTION)
 * @example
 * rankingHingeLoss([[2, 1.5, 0]], [0], { negatives: [1, 2] }).value // 0.5: item 1 is half the margin behind, item 2 far enough
 */
export function rankingHingeLoss<Scores extends TensorLike>(
  scores: Scores,
  labels: LabelsFor<Scores>,
  options: RankingHingeOptions = {},
): LossResult {
  const where = "rankingHingeLoss";
  const { margin = 1, squared = false, rivals = "sum" } = options;
  checkMargin(where, margin);
  checkFlag(where, "squared", squared);
  checkChoice(where, "rivals", rivals, ["sum", "mean", "max"]);
  return rankingLoss(scores, labels, options, { where, rule: pairwise(hingePair(margin, squared), rivals) });
}

export interface SelfOptions extends RankingOptions {
  /**
   * Count the wanted item where it is among its negatives, as the code of GRU4Rec's authors does: it adds ln 2 to the sum of BPR,
   * ½ to that of TOP1, one to the number of negatives, and no slope. Default false.
   */
  readonly includeSelf?: boolean;
}

export interface BprOptions extends SelfOptions {
  /** Over a step's negatives: the mean (Hidasi et al. 2016), or the sum (Rendle et al. 2009, and GRU4Rec's code). Default `mean`. */
  readonly rivals?: "mean" | "sum";
}

/**
 * Bayesian personalised ranking: the mean of −ln σ(s_y − s_j) over the negatives j of a step (Rendle et al. 2009; Hidasi et al.
 * 2016), averaged over the real steps. Masked and broken scores, shapes and errors are as in `rankingHingeLoss`.
 *
 * @param scores [B, T, V] or [N, V]; a batch of GRU4Rec is [N, N], whose column n is the item wanted by row n
 * @param labels the wanted items, ids in 0..V-1
 * @throws SeqlossError as `rankingHingeLoss` does
 * @example
 * bprLoss([[0, 40]], [0]).value // 40: however wrong the order, the slope stays
 * @example
 * bprLoss([[3, 1, 0], [0, 2, 2], [1, 0, 4]], [0, 1, 2]).value // 0.1771: a batch, each row against the items of the others
 */
export function bprLoss<Scores extends TensorLike>(
  scores: Scores,
  labels: LabelsFor<Scores>,
  options: BprOptions = {},
): LossResult {
  const where = "bprLoss";
  const { rivals = "mean", includeSelf = false } = options;
  checkChoice(where, "rivals", rivals, ["mean", "sum"]);
  return rankingLoss(scores, labels, options, { where, rule: pairwise(bprPair, rivals, Math.LN2), includeSelf });
}

export interface BprMaxOptions extends RankingOptions {
  /** λ ≥ 0, how strongly the scores of hard negatives are drawn to 0. Default 1, as in GRU4Rec's code. */
  readonly regularisation?: number;
}

/**
 * BPR-max: −ln Σ_j w_j σ(s_y − s_j) + λ Σ_j w_j s_j², with w the softmax over the scores of the negatives, so that the hardest
 * matter most (Hidasi and Karatzoglou 2018), averaged over the real steps. The gradient flows through w. Masked and broken scores,
 * shapes and errors are as in `rankingHingeLoss`.
 *
 * @param scores [B, T, V] or [N, V]
 * @param labels the wanted items, ids in 0..V-1
 * @throws SeqlossError as `rankingHingeLoss` does; also when `regularisation` is negative or not finite (VALUE)
 * @example
 * bprMaxLoss([[0, 1, 1]], [0]).value // 2.3133 = −ln σ(−1) + 1: two negatives alike
 */
export function bprMaxLoss<Scores extends TensorLike>(
  scores: Scores,
  labels: LabelsFor<Scores>,
  options: BprMaxOptions = {},
): LossResult {
  const where = "bprMaxLoss";
  const { regularisation = 1 } = options;
  if (!(regularisation >= 0 && regularisation < Number.POSITIVE_INFINITY)) {
    const expected = "a finite number of at least 0";
    throw new SeqlossError(where, "VALUE", { argument: "regularisation", expected, found: regularisation });
  }
  return rankingLoss(scores, labels, options, { where, rule: bprMax(regularisation) });
}

/**
 * TOP1: the mean of σ(s_j − s_y) + σ(s_j²) over the negatives j of a step (Hidasi et al. 2016), averaged over the real steps. The
 * second term draws the negatives' scores to 0, where it is ½. Masked and broken scores, shapes and errors are as in
 * `rankingHingeLoss`.
 *
 * @param scores [B, T, V] or [N, V]
 * @param labels the wanted items, ids in 0..V-1
 * @throws SeqlossError as `rankingHingeLoss` does
 * @example
 * top1Loss([[0, 0, 0]], [0]).value // 1 = ½ + ½
 */
export function top1Loss<Scores extends TensorLike>(
  scores: Scores,
  labels: LabelsFor<Scores>,
  options: SelfOptions = {},
): LossResult {
  const { includeSelf = false } = options;
  return rankingLoss(scores, labels, options, {
    where: "top1Loss",
    rule: pairwise(top1Pair, "mean", 0.5),
    includeSelf,
  });
}

/**
 * TOP1-max: TOP1 with the negatives weighted by the softmax over their scores instead of alike (Hidasi and Karatzoglou 2018). The
 * gradient flows through the weights. Otherwise as `top1Loss`.
 *
 * @param scores [B, T, V] or [N, V]
 * @param labels the wanted items, ids in 0..V-1
 * @throws SeqlossError as `rankingHingeLoss` does
 * @example
 * top1MaxLoss([[0, 0, -100]], [0]).value // 1 = ½ + ½: the item far behind weighs nothing
 */
export function top1MaxLoss<Scores extends TensorLike>(
  scores: Scores,
  labels: LabelsFor<Scores>,
  options: RankingOptions = {},
): LossResult {
  return rankingLoss(scores, labels, options, { where: "top1MaxLoss", rule: top1Max });
}
