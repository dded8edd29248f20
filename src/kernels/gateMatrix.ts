import { GATES, type RecurrentWeights } from "../core/recurrence.js";

// Weights of recurrent cells between PyTorch's layout, gate after gate of `hidden` rows, and the kernels', where each gate
// has `padded(hidden)` rows. What stands on padding is zero, and so is everything computed from it.

/** Units and columns are padded to this, so that kernels need no edges. */
const LANES = 8;

export function padded(size: number): number {
  return Math.ceil(size / LANES) * LANES;
}

/** A weight matrix of `columns` into `to`, padded GH rows of `stride` numbers. */
export function placeGates(
  { cell, hidden }: RecurrentWeights,
  W: Float32Array | Float64Array,
  columns: number,
  to: Float32Array,
  stride: number,
): void {
  const gateRows = padded(hidden);
  if (stride !== columns || gateRows !== hidden) to.fill(0);
  for (let gate = 0; gate < GATES[cell]; gate++) {
    const [from, place] = [gate * hidden * columns, gate * gateRows * stride];
    if (stride === columns) to.set(W.subarray(from, from + hidden * columns), place);
    else for (let j = 0; j < hidden; j++) placeRow(W, from + j * columns, columns, to, place + j * stride);
  }
}

function placeRow(from: Float32Array | Float64Array, start: number, width: number, to: Float32Array, place: number) {
  for (let k = 0; k < width; k++) to[place + k] = from[start + k];
}

/** The sum of the biases into `to`, padded GH. */
export function placeBias({ cell, hidden }: RecurrentWeights, biases: readonly ArrayLike<number>[], to: Float32Array) {
  to.fill(0);
  for (let gate = 0; gate < GATES[cell]; gate++) {
    for (const bias of biases) {
      for (let j = 0; j < hidden; j++) to[gate * padded(hidden) + j] += bias[gate * hidden + j];
    }
  }
}

/** The reverse of `placeGates`: padded GH rows of `stride` numbers → GH × columns. */
export function takeGates(
  { cell, hidden }: RecurrentWeights,
  matrix: Float32Array,
  stride: number,
  columns: number,
): Float32Array {
  const gateRows = padded(hidden);
  if (stride === columns && gateRows === hidden) return matrix.slice();
  const out = new Float32Array(GATES[cell] * hidden * columns);
  for (let gate = 0; gate < GATES[cell]; gate++) {
    for (let j = 0; j < hidden; j++) {
      placeRow(matrix, (gate * gateRows + j) * stride, columns, out, (gate * hidden + j) * columns);
    }
  }
  return out;
}
