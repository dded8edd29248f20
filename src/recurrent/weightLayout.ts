import type { Tensor } from "../core/tensor.js";

// Weights as other libraries lay them out.

/** Rows as columns. */
export function transposed({ data, shape: [rows, columns] }: Tensor<Float32Array>): Tensor<Float32Array> {
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j];
  return { data: turned, shape: [columns, rows] };
}

/** Blocks of equal size, such as the gates of a cell, in another order. */
export function reordered(data: Float32Array, order: readonly number[]): Float32Array {
  const size = data.length / order.length;
  const moved = new Float32Array(data.length);
  order.forEach((from, to) => moved.set(data.subarray(from * size, (from + 1) * size), to * size));
  return moved;
}
