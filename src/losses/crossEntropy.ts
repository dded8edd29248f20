import { type Batch, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { type Labels, NO_LABEL, stepLabels } from "../core/labels.js";
import type { FloatArray, TensorLike } from "../core/tensor.js";
import * as kernel from "../kernels/crossEntropy.js";
import { kernels } from "../kernels/instance.js";
import { crossEntropyRow } from "../reference/crossEntropy.js";
import type { LossOptions, LossResult } from "./reduction.js";
import { type StepInputs, stepLoss } from "./steps.js";

export interface CrossEntropyOptions extends LossOptions {
  /** A weight ≥ 0 for each class [V]; a mean per step divides by the weights of the labels, as PyTorch's does. */
  readonly classWeights?: ArrayLike<number>;
  /** ε in [0, 1): the label gets 1 − ε + ε/V, every other class ε/V. Default 0. */
  readonly labelSmoothing?: number;
  /** The id of steps that are left out of the loss, the gradient and the mean. Default none. */
  readonly ignoreIndex?: number;
}

/**
 * Cross-entropy between the softmax of `logits` and the labels, and its gradient with respect to the logits.
 *
 * loss of a step = −ln softmax(logits)[label]. Shapes: B sequences, T steps, V classes.
 *
 * @param logits [B, T, V], or [N, V] as N sequences of one step; unnormalised; natural logarithms
 * @param labels ids in 0..V-1, ragged `number[][]` or flat
 * @param options mean per step unless said otherwise
 * @returns a label whose logit is -Infinity costs Infinity, with a zero gradient in its row
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), an id is out of range (LABEL), or an option is (VALUE)
 * @example
 * crossEntropy([[0, 0, 0]], [2]).value // 1.0986 = ln 3: three classes alike
 */
export function crossEntropy(logits: TensorLike, labels: Labels, options: CrossEntropyOptions = {}): LossResult {
  const where = "crossEntropy";
  const batch = toBatch(logits, { where, argument: "logits", classes: true, lengths: options.lengths });
  checkOptions(where, options, batch.width);
  const ids = stepLabels(where, labels, batch, options.ignoreIndex);
  const { classWeights } = options;
  return stepLoss(batch, options, {
    where,
    per: "step",
    share: (i) => (ids[i] === NO_LABEL ? 0 : (classWeights?.[ids[i]] ?? 1)),
    compute: (steps, grad) => crossEntropySteps(batch, ids, options, steps, grad),
  });
}

function crossEntropySteps(
  { data, width }: Batch,
  ids: Int32Array,
  { classWeights, labelSmoothing = 0 }: CrossEntropyOptions,
  { mask, scales }: StepInputs,
  grad: FloatArray,
): Float64Array {
  const plain = classWeights === undefined && labelSmoothing === 0;
  if (plain && data instanceof Float32Array && kernels() !== undefined) {
    const kept = ids.map((id, i) => (mask[i] === 1 ? id : NO_LABEL));
    return kernel.crossEntropyRows(width, data, kept, scales, grad as Float32Array);
  }
  const losses = new Float64Array(mask.length);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const distribution = new Float64Array(width).fill(labelSmoothing / width);
    distribution[ids[i]] += 1 - labelSmoothing;
    const row = crossEntropyRow(data.subarray(i * width, (i + 1) * width), { distribution, classWeights });
    losses[i] = row.loss;
    if (grad.length > 0) for (let k = 0; k < width; k++) grad[i * width + k] = scales[i] * row.grad[k];
  }
  return losses;
}

function checkOptions(where: string, { classWeights, labelSmoothing = 0 }: CrossEntropyOptions, classes: number): void {
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new SeqlossError(where, "VALUE", {
      argument: "labelSmoothing",
      expected: "a number in [0, 1)",
      found: labelSmoothing,
    });
  }
  if (classWeights === undefined) return;
  if (classWeights.length !== classes) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "the size of classWeights",
      expected: `${classes}, one for each class`,
      found: classWeights.length,
    });
  }
  for (let k = 0; k < classes; k++) {
    if (!(classWeights[k] >= 0 && classWeights[k] < Number.POSITIVE_INFINITY)) {
      throw new SeqlossError(where, "VALUE", {
        argument: `classWeights[${k}]`,
        expected: "a finite number of at least 0",
        found: classWeights[k],
      });
    }
  }
}
