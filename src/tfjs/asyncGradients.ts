import {
  dispose,
  mul,
  type NamedTensorMap,
  type Scalar,
  scalar,
  sum,
  type Tensor as TfTensor,
  tidy,
  type Variable,
  variableGrads,
} from "@tensorflow/tfjs-core";
import type { Tensor } from "../core/tensor.js";
import type { LossResult } from "../losses/reduction.js";
import { toTf } from "./differentiable.js";
import { hostTensor } from "./hostValues.js";

/**
 * `tf.variableGrads` without waiting for the device: for webgpu, whose results are best read asynchronously. The outputs are computed,
 * awaited, and handed to a loss of `seqloss` itself; then computed once more for the backward pass, so `forward` must give the same
 * numbers both times (dropout with a fixed seed, or none).
 *
 * @param forward the model's outputs, of variables
 * @param loss of those outputs: `(logits) => seqloss.ctcLoss(logits, labels)`
 * @param variables default all trainable ones that the outputs depend on
 * @returns the value, and a gradient for each variable by its name; they are yours to dispose of, or for `optimizer.applyGradients`
 * @example
 * const w = tf.variable(tf.zeros([1, 3, 4]));
 * const { value, grads } = await asyncVariableGrads(() => w.mul(2), (logits) => seqloss.ctcLoss(logits, [[1, 2]]));
 * value.dataSync() // [2.5494]
 * grads[w.name].shape // [1, 3, 4]
 */
export async function asyncVariableGrads(
  forward: () => TfTensor,
  loss: (outputs: Tensor<Float32Array>) => LossResult,
  variables?: Variable[],
): Promise<{ value: Scalar; grads: NamedTensorMap }> {
  const outputs = tidy(forward);
  const { value, grad } = loss(await hostTensor(outputs).finally(() => dispose(outputs)));
  return tidy(() => {
    const direction = toTf(grad);
    const { grads } = variableGrads(() => sum(mul(forward(), direction)) as Scalar, variables);
    return { value: scalar(value), grads };
  });
}
