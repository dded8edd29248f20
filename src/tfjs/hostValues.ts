import { type NumericDataType, Tensor as TfTensor } from "@tensorflow/tfjs-core";
import { SeqlossError } from "../core/errors.js";
import type { Tensor } from "../core/tensor.js";

/** Whether a value is a TensorFlow.js tensor (of any copy of that library in the program). */
export const isTfTensor = (value: unknown): value is TfTensor => value instanceof TfTensor;

/** Refuses what no loss computes with: strings and complex numbers. */
export function checkType(where: string, argument: string, { dtype }: TfTensor): void {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return;
  throw new SeqlossError(where, "SHAPE", {
    argument: `the dtype of ${argument}`,
    expected: "float32, int32 or bool",
    found: dtype,
  });
}

const asFloats = (data: ArrayLike<number>): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data);

/** A tensor's numbers on this side, waiting for the device. */
export function readNow(tensor: TfTensor): Tensor<Float32Array> {
  return { data: asFloats(tensor.dataSync<NumericDataType>()), shape: tensor.shape.slice() };
}

/**
 * A TensorFlow.js tensor as one of the library's: for any function of `seqloss` itself. It waits without blocking, which is the way
 * to read on webgpu. The tensor is not disposed of.
 *
 * @example
 * const logits = await hostTensor(tf.tensor([[1, 2], [3, 4]]));
 * logits.shape // [2, 2]
 */
export async function hostTensor(tensor: TfTensor): Promise<Tensor<Float32Array>> {
  checkType("hostTensor", "tensor", tensor);
  return { data: asFloats(await tensor.data<NumericDataType>()), shape: tensor.shape.slice() };
}

/** An option as the library takes it: a number, a flat list, or lists in lists. Whatever is no tensor stays as it is. */
export function readOption(where: string, name: string, value: unknown): unknown {
  if (!isTfTensor(value)) return value;
  checkType(where, name, value);
  if (value.rank >= 2) return value.arraySync();
  return value.rank === 1 ? value.dataSync<NumericDataType>() : value.dataSync<NumericDataType>()[0];
}
