import {
  addN,
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
import { hostTensor, isTfTensor } from "./hostValues.js";

/** Value and gradients, as `tf.variableGrads` returns them: yours to dispose of, or for `optimizer.applyGradients`. */
export interface AsyncGradients {
  readonly value: Scalar;
  /** By the variables' names. */
  readonly grads: NamedTensorMap;
}

/** A loss of several tensors: its value, and a gradient for each of them that it depends on. */
export interface NamedGradients<Name extends string> {
  readonly value: number;
  readonly grads: Readonly<Partial<Record<Name, Tensor>>>;
}

/**
 * `tf.variableGrads` without waiting for the device: for webgpu, where reading synchronously stalls everything. The outputs are
 * computed, awaited, and handed to a loss of `seqloss` itself; then computed once more for the backward pass, so `forward` must give
 * the same numbers both times (dropout with a fixed seed, or none).
 *
 * @param forward the model's outputs, of variables; or several tensors by name, where the loss has more to differentiate
 * @param loss of those outputs: `(logits) => seqloss.ctcLoss(logits, labels)`; of several, a value and a gradient for each name
 * @param variables default all trainable ones that the outputs depend on
 * @example
 * const w = tf.variable(tf.zeros([1, 3, 4]));
 * const { value, grads } = await asyncVariableGrads(() => w.mul(2), (logits) => seqloss.ctcLoss(logits, [[1, 2]]));
 * value.dataSync() // [2.5494]
 * grads[w.name].shape // [1, 3, 4]
 * @example
 * const transitions = tf.variable(tf.zeros([3, 3]));
 * const { grads } = await asyncVariableGrads(
 *   () => ({ emissions: tf.zeros([1, 2, 3]), transitions }),
 *   (host) => {
 *     const { value, gradTransitions } = seqloss.crfLoss(host.emissions, [[0, 2]], { transitions: host.transitions });
 *     return { value, grads: { transitions: gradTransitions } };
 *   },
 *   [transitions],
 * );
 * grads[transitions.name].dataSync()[2].toFixed(4) // "-0.8889"
 */
export function asyncVariableGrads(
  forward: () => TfTensor,
  loss: (outputs: Tensor<Float32Array>) => LossResult,
  variables?: Variable[],
): Promise<AsyncGradients>;
export function asyncVariableGrads<Name extends string>(
  forward: () => Readonly<Record<Name, TfTensor>>,
  loss: (outputs: Readonly<Record<Name, Tensor<Float32Array>>>) => NamedGradients<Name>,
  variables?: Variable[],
): Promise<AsyncGradients>;
export async function asyncVariableGrads(
  forward: () => TfTensor | Readonly<Record<string, TfTensor>>,
  loss: (outputs: never) => LossResult | NamedGradients<string>,
  variables?: Variable[],
): Promise<AsyncGradients> {
  // clones, for a variable among the outputs stays the caller's
  const outputs = tidy(() => {
    const given = forward();
    return isTfTensor(given) ? given.clone() : mapped(given, (tensor) => tensor.clone());
  });
  const hosts = isTfTensor(outputs) ? hostTensor(outputs) : awaited(outputs);
  const result = loss((await hosts.finally(() => dispose(outputs))) as never);
  const gradients = Object.entries("grads" in result ? result.grads : { grad: result.grad });
  return tidy(() => {
    const directions = gradients.map(([name, gradient]) => ({ name, direction: toTf(gradient as Tensor) }));
    const { grads } = variableGrads(() => {
      const again = forward();
      return addN(
        directions.map(({ name, direction }) => sum(mul(isTfTensor(again) ? again : again[name], direction))),
      ) as Scalar;
    }, variables);
    return { value: scalar(result.value), grads };
  });
}

async function awaited(outputs: NamedTensorMap): Promise<Record<string, Tensor<Float32Array>>> {
  const read = Object.entries(outputs).map(async ([name, tensor]) => [name, await hostTensor(tensor)] as const);
  return Object.fromEntries(await Promise.all(read));
}

const mapped = (map: Readonly<NamedTensorMap>, change: (tensor: TfTensor) => TfTensor): NamedTensorMap =>
  Object.fromEntries(Object.entries(map).map(([name, tensor]) => [name, change(tensor)]));
