import { GATES, type RecurrentWeights } from "../core/recurrence.js";

// Weights of recurrent cells between PyTorch's layout, gate after gate of `hidden` rows, and the kernels', where each gate
// has `padded(hidden)` places. What stands on padding is zero, and so is everything computed from it.

/** Units and columns are padded to this, so that kernels need no edges. */
const LANES = 8;

export function padded(size: number): number {
  return Math.ceil(size / LANES) * LANES;
}

/** Calls `visit` with each row of a weight matrix and its padded place. */
function eachRow({ cell, hidden }: RecurrentWeights, visit: (row: number, place: number) => void): void {
  const H = padded(hidden);
  for (let gate = 0; gate < GATES[cell]; gate++) {
    for (let j = 0; j < hidden; j++) visit(gate * hidden + j, gate * H + j);
  }
}

/** Wᵀ into `to`, some rows of padded GH columns, for a product that goes into the gates. */
export function placeInputMajor(weights: RecurrentWeights, W: ArrayLike<number>, columns: number, to: Float32Array) {
  const GH = GATES[weights.cell] * padded(weights.hidden);
  to.fill(0);
  eachRow(weights, (row, place) => {
    for (let k = 0; k < columns; k++) to[k * GH + place] = W[row * columns + k];
  });
}

/** W into `to`, padded GH rows of padded columns, for a product that comes from the gates. */
export function placeHiddenMajor(weights: RecurrentWeights, W: ArrayLike<number>, columns: number, to: Float32Array) {
  const N = padded(columns);
  to.fill(0);
  eachRow(weights, (row, place) => {
    for (let k = 0; k < columns; k++) to[place * N + k] = W[row * columns + k];
  });
}

/** The sum of the biases into `to`, padded GH. */
export function placeBias(weights: RecurrentWeights, biases: readonly ArrayLike<number>[], to: Float32Array): void {
  to.fill(0);
  eachRow(weights, (row, place) => {
    for (const bias of biases) to[place] += bias[row];
  });
}

/** columns × padded GH, as a transposed product leaves it → GH × columns, as PyTorch has it. */
export function gateMajor(weights: RecurrentWeights, matrix: Float32Array, columns: number): Float32Array {
  const gates = GATES[weights.cell];
  const GH = gates * padded(weights.hidden);
  const out = new Float32Array(gates * weights.hidden * columns);
  eachRow(weights, (row, place) => {
    for (let k = 0; k < columns; k++) out[row * columns + k] = matrix[k * GH + place];
  });
  return out;
}
