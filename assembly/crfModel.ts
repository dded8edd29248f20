import { largest, loadPair, mantissaOf, powerOf, scaled } from "./vector64";

// What all sequences of a CRF share, in one block: the scores as given, float64 (transitions [K, K], start [K], end [K]), and
// tables made of them. Rows of tables are padded to a multiple of eight tags.

export const LEAST_SUM: f64 = 3.872591914849318e-121; // 2^-400

// @ts-ignore: decorator
@inline export function paddedTags(K: i32): i32 {
  return (K + 7) & ~7;
}

// @ts-ignore: decorator
@inline export function startScores(model: usize, K: i32): usize {
  return model + (<usize>(K * K) << 3);
}

// @ts-ignore: decorator
@inline export function endScores(model: usize, K: i32): usize {
  return startScores(model, K) + (<usize>K << 3);
}

// e^A, each column divided by a power of two: 2^columnPowers. Under 2^-500 it is 0.
// @ts-ignore: decorator
@inline export function columnTable(model: usize, K: i32): usize {
  return model + (<usize>((K * (K + 2) + 7) & ~7) << 3);
}

// @ts-ignore: decorator
@inline function tableBytes(K: i32): usize {
  return <usize>(paddedTags(K) * paddedTags(K)) << 3;
}

// The same, transposed.
// @ts-ignore: decorator
@inline export function rowTable(model: usize, K: i32): usize {
  return columnTable(model, K) + tableBytes(K);
}

// @ts-ignore: decorator
@inline export function columnPowers(model: usize, K: i32): usize {
  return rowTable(model, K) + tableBytes(K);
}

// The smallest sum over a column, and over a row, that has surely lost nothing.
// @ts-ignore: decorator
@inline export function columnLeast(model: usize, K: i32): usize {
  return columnPowers(model, K) + (<usize>paddedTags(K) << 3);
}

// @ts-ignore: decorator
@inline export function rowLeast(model: usize, K: i32): usize {
  return columnLeast(model, K) + (<usize>paddedTags(K) << 3);
}

export function crfModelBytes(K: i32): f64 {
  const padded = <f64>paddedTags(K);
  return (<f64>K * (<f64>K + 2) + 8 + padded * (2 * padded + 3)) * 8;
}

// Makes the tables of the scores that lie at `model`.
export function crfTables(K: i32, model: usize): void {
  const bytes = <usize>paddedTags(K) << 3, scoreBytes = <usize>K << 3;
  const powers = columnPowers(model, K), ofColumns = columnLeast(model, K), ofRows = rowLeast(model, K);
  for (let k: usize = 0; k < bytes; k += 8) {
    store<f64>(powers + k, -Infinity);
    store<f64>(ofRows + k, -Infinity);
  }
  for (let i: usize = 0; i < <usize>K; i++) {
    let most = f64x2.splat(-Infinity);
    for (let j = 0; j < K; j += 2) {
      const n = powerOf(loadPair(model + i * scoreBytes + (<usize>j << 3), K - j)), at = powers + (<usize>j << 3);
      most = f64x2.pmax(most, n);
      v128.store(at, f64x2.pmax(v128.load(at), n));
    }
    store<f64>(ofRows + (i << 3), largest(most));
  }
  // where every score of a column or row is -Infinity, and in padding, a sum of 0 is right
  for (let k: usize = 0; k < bytes; k += 8) {
    const none = load<f64>(powers + k) == -Infinity;
    if (none) store<f64>(powers + k, 0);
    store<f64>(ofColumns + k, none ? 0 : LEAST_SUM);
    store<f64>(ofRows + k, load<f64>(ofRows + k) == -Infinity ? 0 : LEAST_SUM);
  }
  const table = columnTable(model, K), transposed = rowTable(model, K);
  memory.fill(table, 0, tableBytes(K) << 1);
  for (let i: usize = 0; i < <usize>K; i++) {
    for (let j = 0; j < K; j += 2) {
      const column = <usize>j << 3;
      const score = loadPair(model + i * scoreBytes + column, K - j), n = powerOf(score);
      const weights = scaled(mantissaOf(score, n), f64x2.sub(n, v128.load(powers + column)));
      v128.store(table + i * bytes + column, weights);
      const at = transposed + <usize>j * bytes + (i << 3);
      store<f64>(at, f64x2.extract_lane(weights, 0));
      store<f64>(at + bytes, f64x2.extract_lane(weights, 1));
    }
  }
}
