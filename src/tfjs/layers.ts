import { type Tensor as TfTensor, tensor } from "@tensorflow/tfjs-core";
import type { Tensor } from "../core/tensor.js";
import { isTfTensor, readNow } from "./hostValues.js";
import { readTargets } from "./targets.js";
import type { TensorLoss, TensorOptions } from "./tensorLoss.js";

/**
 * A loss for `model.compile({ loss })` of a layers model: the targets are the `y` that `fit` is given. Ids come from `packLabels`
 * (or, where the output has their shape, as an int32 tensor padded with −1), so padding is known from the targets and never counts:
 * a Masking layer is not needed, and `reduction: "none"` lets class weights apply.
 *
 * @param loss an op of this entry
 * @param options of the loss
 * @example
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [3, 2], kernelInitializer: "zeros" })] });
 * model.compile({ optimizer: "sgd", loss: layersLoss(ctcLoss) });
 * model.evaluate(tf.ones([1, 3, 2]), packLabels([[1, 2]], model.outputShape)).dataSync() // [2.5494]
 */
export function layersLoss<Targets, Options>(
  loss: TensorLoss<Targets, Options>,
  ...[options]: object extends TensorOptions<Options>
    ? [options?: TensorOptions<Options>]
    : [options: TensorOptions<Options>]
): (targets: TfTensor, outputs: TfTensor) => TfTensor {
  const op = loss as (outputs: TfTensor, targets: TfTensor, options?: object) => TfTensor;
  return (targets, outputs) => op(outputs, targets, options);
}

/** What a metric is computed from: the outputs, the ids of each sequence without their padding, its real steps where they are known. */
export interface MetricInputs {
  readonly outputs: Tensor<Float32Array>;
  readonly labels: number[][];
  readonly lengths?: Int32Array;
}

/**
 * A metric of ids for `model.compile({ metrics: [...] })`, written with the library's own functions.
 *
 * @param compute a number for the batch; TensorFlow.js averages them over batches
 * @example
 * const errors = layersMetric(({ outputs, labels }) => {
 *   const read = seqloss.ctcGreedyDecode(outputs).map((reading) => reading.labels);
 *   return seqloss.tokenErrorRate(labels, read).rate;
 * });
 * errors(packLabels([[1]], [1, 2, 2]), tf.tensor([[[0, 5], [5, 0]]])).dataSync() // [0]
 */
export function layersMetric(
  compute: (inputs: MetricInputs) => number,
): (targets: TfTensor, outputs: TfTensor) => TfTensor {
  return (targets, outputs) => {
    const host = readNow("layersMetric", outputs);
    const { targets: labels, implied } = readTargets("layersMetric", "labels", targets, host.shape);
    return tensor(compute({ outputs: host, labels: labels as number[][], ...implied }));
  };
}

/** A function of the library, of tensors as well: tensors among its arguments are read, waiting for the device. */
export function onTensors<Rest extends unknown[], Result>(
  where: string,
  // biome-ignore lint/suspicious/noExplicitAny: the library's functions take tensors of their own kind first
  compute: (first: any, ...rest: Rest) => Result,
): (first: TfTensor, ...rest: Rest) => Result {
  return (first, ...rest) => compute(isTfTensor(first) ? readNow(where, first) : first, ...rest);
}
