import { toBatch } from "../core/batch.js";
import { type Labels, NO_LABEL, stepLabels } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";

export interface AccuracyOptions {
  /** Real steps of each sequence. Default all. */
  readonly lengths?: ArrayLike<number>;
  /** The id of steps that do not count. */
  readonly ignoreIndex?: number;
  /** A step is right when its label is among the `top` likeliest; ties go to the lowest ids. Default 1. */
  readonly top?: number;
}

export interface Accuracy {
  /** Right steps over counted steps; 0 where none is counted. */
  readonly rate: number;
  readonly right: number;
  readonly counted: number;
  /** The share of sequences whose counted steps are all right. */
  readonly sequenceRate: number;
}

/**
 * How often the label is the likeliest class. Shapes as in `crossEntropy`.
 * @example
 * accuracy([[0, 2, 1], [3, 0, 0]], [1, 2]).rate // 0.5
 */
export function accuracy(scores: TensorLike, labels: Labels, options: AccuracyOptions = {}): Accuracy {
  const where = "accuracy";
  const { top = 1, ignoreIndex } = options;
  const batch = toBatch(scores, { where, argument: "scores", classes: true, lengths: options.lengths });
  const { data, width, time } = batch;
  const ids = stepLabels(where, labels, batch, ignoreIndex);
  let right = 0;
  let counted = 0;
  const wrongIn = new Set<number>();
  ids.forEach((id, i) => {
    if (id === NO_LABEL) return;
    counted++;
    const gold = data[i * width + id];
    let before = 0;
    for (let k = 0; k < width; k++) {
      const score = data[i * width + k];
      if (score > gold || (score === gold && k < id)) before++;
    }
    if (before < top) right++;
    else wrongIn.add(Math.floor(i / time));
  });
  return {
    rate: counted === 0 ? 0 : right / counted,
    right,
    counted,
    sequenceRate: batch.batch === 0 ? 0 : 1 - wrongIn.size / batch.batch,
  };
}
