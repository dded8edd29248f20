import { engine, mul, type NumericDataType, range, Tensor as TfTensor, tidy } from "@tensorflow/tfjs-core";
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
export function readNow(where: string, tensor: TfTensor): Tensor<Float32Array> {
  checkReading(where);
  return { data: asFloats(tensor.dataSync<NumericDataType>()), shape: tensor.shape.slice() };
}

/** Backends that have been seen to read what they hold. */
const trusted = new WeakSet<object>();

/** More numbers than webgpu leaves to the processor. */
const ON_DEVICE = 2048;

/** webgpu reads synchronously through a canvas, which some browsers leave blank. So a backend is tried once, on known numbers. */
function checkReading(where: string): void {
  const { backend, backendName } = engine();
  if (backendName !== "webgpu" || trusted.has(backend)) return;
  const read = tidy(() => mul(range(0, ON_DEVICE), 0.75).dataSync());
  if (read.some((x, i) => x !== 0.75 * i)) {
    throw new SeqlossError(where, "OPTION", {
      argument: "the backend",
      expected: "one whose tensors can be read synchronously: cpu, wasm or webgl",
      found: "webgpu, in a browser that reads other numbers than it computed",
      advice: "Train with asyncVariableGrads, and give decoders await hostTensor(outputs): they wait for the device.",
    });
  }
  trusted.add(backend);
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
