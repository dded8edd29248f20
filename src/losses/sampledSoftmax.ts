import { SeqlossError } from "../core/errors.js";
import type { LabelsFor } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";
import { sampledSoftmax } from "../reference/ranking.js";
import { type RankingOptions, rankingLoss } from "./rankingSteps.js";
import { checkChoice, type LossResult } from "./reduction.js";

export interface SampledSoftmaxOptions extends RankingOptions {
  /**
   * ln of how often each item is expected among the drawn negatives [V], finite; subtracted from its score, so that items that are
   * drawn often do not lose by it. A constant added to all of them changes nothing where the wanted score is corrected too.
   * Default no correction.
   */
  readonly logQ?: ArrayLike<number>;
  /** Whose scores `logQ` corrects: the wanted item's too, or the negatives' alone. Default `all`. */
  readonly corrects?: "all" | "negatives";
}

/**
 * Sampled softmax: the cross-entropy of the softmax over the wanted item and its negatives alone (Bengio and Senécal 2008; Jean et
 * al. 2015), averaged over the real steps. A draw of the wanted item among the negatives is left out. Against every item, without
 * `logQ`, it is `crossEntropy`: the softmax over the whole catalogue.
 *
 * `corrects: "all"` is the correction of TensorFlow's sampled softmax and of GRU4Rec. With `"negatives"`, and logQ the log of the
 * expected counts, e^loss is an unbiased estimate of 1 / softmax(scores)_y. Masked and broken scores, shapes and errors are as in
 * `rankingHingeLoss`.
 *
 * @param scores [B, T, V] or [N, V]
 * @param labels the wanted items, ids in 0..V-1
 * @throws SeqlossError as `rankingHingeLoss` does; also when `logQ` has not one number an item (LENGTH), or one that is not finite
 *   (VALUE)
 * @example
 * sampledSoftmaxLoss([[0, 0, 0, 9]], [0], { negatives: [1, 2] }).value // 1.0986 = ln 3: item 3 was not drawn
 */
export function sampledSoftmaxLoss<Scores extends TensorLike>(
  scores: Scores,
  labels: LabelsFor<Scores>,
  options: SampledSoftmaxOptions = {},
): LossResult {
  const where = "sampledSoftmaxLoss";
  const { logQ, corrects = "all" } = options;
  checkChoice(where, "corrects", corrects, ["all", "negatives"]);
  const check = (items: number) => checkLogQ(where, logQ, items);
  return rankingLoss(scores, labels, options, { where, rule: sampledSoftmax(logQ, corrects), check });
}

function checkLogQ(where: string, logQ: ArrayLike<number> | undefined, items: number): void {
  if (logQ === undefined) return;
  if (logQ.length !== items) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "the size of logQ",
      expected: `${items}, one for each item`,
      found: logQ.length,
    });
  }
  for (let item = 0; item < items; item++) {
    if (Number.isFinite(logQ[item])) continue;
    throw new SeqlossError(where, "VALUE", {
      argument: `logQ[${item}]`,
      expected: "a finite number",
      found: logQ[item],
      advice: "An item that is neither wanted nor drawn is never read: give it any number.",
    });
  }
}
