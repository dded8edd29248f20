import { padded } from "./gateMatrix.js";
import { withBlocks } from "./memory.js";
import { multiplyRows, multiplyTransposed, transposedWorkspace } from "./products.js";
import { recurrentKernels } from "./recurrentKernels.js";

/** W [outputs, inputs] and bias on rows of inputs: x Wᵀ + b. */
export function denseForward(
  rows: number,
  inputs: number,
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
): Float32Array {
  const outputs = bias.length;
  const N = padded(outputs);
  const out = new Float32Array(rows * outputs);
  const bytes = [rows * inputs, N * inputs, N * inputs, rows * N, N].map((count) => 4 * count);
  withBlocks("dense", bytes, ([xAt, matrixAt, panelsAt, outAt, biasAt], heap) => {
    const module = recurrentKernels.on(heap.memory);
    heap.f32(xAt, rows * inputs).set(x);
    heap
      .f32(matrixAt, N * inputs)
      .fill(0, outputs * inputs)
      .set(weight);
    heap.f32(biasAt, N).fill(0).set(bias);
    module.packTransposed(matrixAt, panelsAt, N, inputs);
    const operands = { a: xAt, stride: inputs, panels: panelsAt, c: outAt, bias: biasAt };
    multiplyRows(heap.memory, { rows, N, K: inputs }, operands);
    narrow(heap.f32(outAt, rows * N), N, out, outputs);
  });
  return out;
}

/** Gradients of denseForward: with respect to x, W and b. */
export function denseBackward(
  rows: number,
  inputs: number,
  x: Float32Array,
  weight: Float32Array,
  gradOut: Float32Array,
): { x: Float32Array; weight: Float32Array; bias: Float32Array } {
  const outputs = weight.length / inputs;
  const N = padded(inputs);
  const grads = {
    x: new Float32Array(rows * inputs),
    weight: new Float32Array(weight.length),
    bias: columnSums(gradOut, outputs),
  };
  // d W = gradᵀ x has its columns along the inputs; d x = grad W as well
  const matrix = 4 * outputs * N;
  const panels = Math.max(transposedWorkspace(outputs, N), matrix);
  const bytes = [4 * rows * outputs, 4 * rows * N, matrix, matrix, panels];
  withBlocks("dense", bytes, ([gradAt, xAt, matrixAt, weightAt, panelsAt], heap) => {
    const module = recurrentKernels.on(heap.memory);
    heap.f32(gradAt, rows * outputs).set(gradOut);
    widen(x, inputs, heap.f32(xAt, rows * N), N);
    multiplyTransposed(heap.memory, rows, [{ M: outputs, N, a: gradAt, b: xAt, c: weightAt }], panelsAt);
    narrow(heap.f32(weightAt, outputs * N), N, grads.weight, inputs);
    widen(weight, inputs, heap.f32(matrixAt, outputs * N), N);
    module.packPanels(matrixAt, 4 * N, panelsAt, N, outputs);
    multiplyRows(heap.memory, { rows, N, K: outputs }, { a: gradAt, stride: outputs, panels: panelsAt, c: xAt });
    narrow(heap.f32(xAt, rows * N), N, grads.x, inputs);
  });
  return grads;
}

function columnSums(rows: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < rows.length; at += width) for (let j = 0; j < width; j++) sums[j] += rows[at + j];
  return Float32Array.from(sums);
}

function widen(from: Float32Array, width: number, to: Float32Array, stride: number): void {
  if (stride === width) {
    to.set(from);
    return;
  }
  to.fill(0);
  for (let i = 0, at = 0; i < from.length; i += width, at += stride) to.set(from.subarray(i, i + width), at);
}

function narrow(from: Float32Array, stride: number, to: Float32Array, width: number): void {
  if (stride === width) {
    to.set(from);
    return;
  }
  for (let i = 0, at = 0; i < to.length; i += width, at += stride) to.set(from.subarray(at, at + width), i);
}
