import {
  bprLoss,
  bprMaxLoss,
  crossEntropy,
  type LossOptions,
  type LossResult,
  type Random,
  rankingHingeLoss,
  type SequenceBatch,
  sampledSoftmaxLoss,
} from "../../src/index.js";

/** How items that come next are made to score higher than others. */
export interface RecommendLoss {
  /** Whether it ranks against items that are drawn for each batch, rather than against all. */
  readonly draws: boolean;
  /** Whether the softmax of the scores estimates how likely each item is. */
  readonly probabilities: boolean;
  compute(scores: SequenceBatch, next: number[][], options: RankOptions): LossResult;
}

export type RankOptions = LossOptions & { readonly negatives?: readonly number[] };

export const LOSSES: Readonly<Record<string, RecommendLoss>> = {
  crossEntropy: {
    draws: false,
    probabilities: true,
    compute: crossEntropy,
  },
  rankingHingeLoss: {
    draws: true,
    probabilities: false,
    compute: (scores, next, options) => rankingHingeLoss(scores, next, { ...options, rivals: "mean" }),
  },
  bprLoss: { draws: true, probabilities: false, compute: bprLoss },
  bprMaxLoss: {
    draws: true,
    probabilities: false,
    compute: (scores, next, options) => bprMaxLoss(scores, next, { ...options, regularisation: 0.1 }),
  },
  sampledSoftmaxLoss: { draws: true, probabilities: false, compute: sampledSoftmaxLoss },
};

/** Ids drawn with replacement, each as often on average as `weights` say. */
export function drawItems(weights: ArrayLike<number>, count: number, random: Random): number[] {
  const sums = Float64Array.from(weights);
  for (let i = 1; i < sums.length; i++) sums[i] += sums[i - 1];
  const total = sums[sums.length - 1];
  return Array.from({ length: count }, () => {
    const point = random.uniform() * total;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > point) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}
