import type { Tensor } from "../core/tensor.js";
import * as kernel from "../kernels/dense.js";
import { hasKernels } from "../kernels/engine.js";
import * as reference from "../reference/dense.js";
import { generator, type Seeded, uniformParameter } from "./initialise.js";
import { checkCounts, checkInput, checkShared, type Layer, type Parameter, readGradient } from "./layer.js";

export interface DenseOptions extends Seeded {
  /** Numbers in each step of the input. */
  readonly inputs: number;
  /** Numbers in each step of the output. */
  readonly outputs: number;
  /** Default true. */
  readonly bias?: boolean;
  /**
   * A weight [outputs, inputs] of another layer that this one shares, so that gradients of both add up: with an embedding's,
   * the output is tied to the input (Press and Wolf 2017). Default one of its own.
   */
  readonly weight?: Parameter;
}

/**
 * The same linear map at every step, as PyTorch's nn.Linear: x Wᵀ + b, `weight` [outputs, inputs], `bias` [outputs], initial
 * weights uniform in ±1/√inputs. [B, T, inputs] → [B, T, outputs].
 *
 * @example
 * dense({ inputs: 3, outputs: 2, seed: 1 }).parameters[0].shape // [2, 3]
 */
export function dense({ inputs, outputs, bias: biased = true, weight: shared, ...seeded }: DenseOptions): Layer {
  checkCounts("dense", { inputs, outputs });
  if (shared !== undefined) checkShared("dense", shared, [outputs, inputs]);
  const random = generator(seeded);
  const bound = 1 / Math.sqrt(inputs);
  const weight = shared ?? uniformParameter("weight", [outputs, inputs], bound, random);
  const bias = biased ? uniformParameter("bias", [outputs], bound, random) : undefined;
  const noBias = new Float32Array(outputs);
  const [multiply, gradients] = hasKernels()
    ? [kernel.denseForward, kernel.denseBackward]
    : [reference.denseForward, reference.denseBackward];
  let rows: Float32Array = new Float32Array(0);
  let lengths: Int32Array = new Int32Array(0);
  let time = 0;
  let shape: readonly number[] | undefined;
  return {
    parameters: bias === undefined ? [weight] : [weight, bias],
    structure: { kind: "dense", weight, ...(bias && { bias }) },
    forward(input) {
      checkInput("dense", input, inputs);
      lengths = input.lengths;
      time = input.shape[1];
      rows = realRows(input.data, inputs, time, lengths);
      const out = multiply(rows.length / inputs, inputs, rows, weight.data, bias?.data ?? noBias);
      shape = [lengths.length, time, outputs];
      return { data: placedRows(out, outputs, time, lengths), shape, lengths };
    },
    backward(gradOutput: Tensor) {
      const gradRows = realRows(readGradient("dense", gradOutput, shape), outputs, time, lengths);
      const grads = gradients(rows.length / inputs, inputs, rows, weight.data, gradRows);
      for (let i = 0; i < weight.grad.length; i++) weight.grad[i] += grads.weight[i];
      if (bias !== undefined) for (let o = 0; o < outputs; o++) bias.grad[o] += grads.bias[o];
      return { data: placedRows(grads.x, inputs, time, lengths), shape: [lengths.length, time, inputs] };
    },
    dispose() {},
  };
}

/** The rows of real steps, end to end. */
function realRows(data: Float32Array, width: number, time: number, lengths: Int32Array): Float32Array {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const rows = new Float32Array(total * width);
  let at = 0;
  lengths.forEach((length, b) => {
    rows.set(data.subarray(b * time * width, (b * time + length) * width), at);
    at += length * width;
  });
  return rows;
}

/** The reverse, with zeros on padding. */
function placedRows(rows: Float32Array, width: number, time: number, lengths: Int32Array): Float32Array {
  const data = new Float32Array(lengths.length * time * width);
  let at = 0;
  lengths.forEach((length, b) => {
    data.set(rows.subarray(at, at + length * width), b * time * width);
    at += length * width;
  });
  return data;
}
