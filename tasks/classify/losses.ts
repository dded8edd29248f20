import { binaryCrossEntropy, focalLoss, hingeLoss, type LossResult, type SequenceBatch } from "../../src/index.js";

/** How a network learns one decision: of scores [B, 1, 1], above 0 for the class that is looked for. */
export interface ClassLoss {
  /** What it is told of that class and of the other. */
  readonly targets: { readonly positive: number; readonly negative: number };
  /** Whether σ(score) estimates a probability. */
  readonly probabilities: boolean;
  compute(scores: SequenceBatch, targets: number[][][]): LossResult;
}

const BITS = { positive: 1, negative: 0 };

export const LOSSES: Readonly<Record<string, ClassLoss>> = {
  binaryCrossEntropy: { targets: BITS, probabilities: true, compute: (scores, y) => binaryCrossEntropy(scores, y) },
  hingeLoss: {
    targets: { positive: 1, negative: -1 },
    probabilities: false,
    compute: (scores, y) => hingeLoss(scores, y),
  },
  focalLoss: { targets: BITS, probabilities: false, compute: (scores, y) => focalLoss(scores, y) },
};
