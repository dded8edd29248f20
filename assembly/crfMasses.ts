import { exponentOf, fractionOf, largest, mantissaOf, powerOf, scaled } from "./vector64";

// Rows of masses: a row of K mantissas, padded, and behind it a row of their powers of two (vector64.ts). A single mass is given
// by the address of its mantissa; it is computed in both lanes of a vector.

const FAR: f64 = -100; // a term 2^FAR times as large as another adds nothing to it

// @ts-ignore: decorator
@inline function first(v: v128): f64 {
  return f64x2.extract_lane(v, 0);
}

// @ts-ignore: decorator
@inline export function mantissa(at: usize): f64 {
  return load<f64>(at);
}

// @ts-ignore: decorator
@inline export function power(at: usize, rowBytes: usize): f64 {
  return load<f64>(at + rowBytes);
}

// @ts-ignore: decorator
@inline export function setMass(at: usize, rowBytes: usize, m: f64, n: f64): void {
  store<f64>(at, m);
  store<f64>(at + rowBytes, n);
}

export function swapMasses(a: usize, b: usize, rowBytes: usize): void {
  const m = mantissa(a), n = power(a, rowBytes);
  setMass(a, rowBytes, mantissa(b), power(b, rowBytes));
  setMass(b, rowBytes, m, n);
}

// mass = x · 2^n for x >= 0
// @ts-ignore: decorator
@inline export function setProduct(at: usize, rowBytes: usize, x: f64, n: f64): void {
  const lanes = f64x2.splat(x);
  setMass(at, rowBytes, first(fractionOf(lanes)), n + first(exponentOf(lanes)));
}

// mass *= another
export function multiplyMass(at: usize, by: usize, rowBytes: usize): void {
  setProduct(at, rowBytes, mantissa(at) * mantissa(by), power(at, rowBytes) + power(by, rowBytes));
}

// mass *= e^score
export function multiplyExponential(at: usize, score: usize, rowBytes: usize): void {
  const x = v128.load64_splat(score), n = powerOf(x);
  setProduct(at, rowBytes, mantissa(at) * first(mantissaOf(x, n)), power(at, rowBytes) + first(n));
}

// A mass divided by 2^top, as a plain number, 0 below 2^-500.
// @ts-ignore: decorator
@inline export function scaledMass(at: usize, rowBytes: usize, top: f64): f64 {
  return first(scaled(v128.load64_splat(at), f64x2.splat(power(at, rowBytes) - top)));
}

// Lanes from K on become 0.
function clearPadding(K: i32, row: usize, rowBytes: usize): void {
  for (let k = <usize>K << 3; k < rowBytes; k += 8) setMass(row + k, rowBytes, 1, -Infinity);
}

// row = e^x of K float64 scores. Where K is odd, one number more is read and not used.
export function exponentials64(K: i32, x: usize, row: usize, rowBytes: usize): void {
  for (let k: usize = 0; k < <usize>K << 3; k += 16) {
    const score = v128.load(x + k), n = powerOf(score);
    v128.store(row + k, mantissaOf(score, n));
    v128.store(row + rowBytes + k, n);
  }
  clearPadding(K, row, rowBytes);
}

// The same of float32 scores.
export function exponentials32(K: i32, x: usize, row: usize, rowBytes: usize): void {
  for (let k: usize = 0; k < <usize>K << 3; k += 16) {
    const score = f64x2.promote_low_f32x4(v128.load64_zero(x + (k >> 1))), n = powerOf(score);
    v128.store(row + k, mantissaOf(score, n));
    v128.store(row + rowBytes + k, n);
  }
  clearPadding(K, row, rowBytes);
}

// to = a · b
export function multiplyRows(a: usize, b: usize, to: usize, rowBytes: usize): void {
  for (let k: usize = 0; k < rowBytes; k += 16) {
    v128.store(to + k, f64x2.mul(v128.load(a + k), v128.load(b + k)));
    v128.store(to + rowBytes + k, f64x2.add(v128.load(a + rowBytes + k), v128.load(b + rowBytes + k)));
  }
}

// The largest power of a row, after adding `shifts`.
export function topPower(row: usize, shifts: usize, rowBytes: usize): f64 {
  let most = f64x2.splat(-Infinity);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    most = f64x2.pmax(most, f64x2.add(v128.load(row + rowBytes + k), v128.load(shifts + k)));
  }
  return largest(most);
}

// to[k] = factor · row[k] · 2^(shifts[k] − top), as a plain number, 0 below 2^-500 · factor.
export function scaleRow64(row: usize, shifts: usize, top: f64, factor: f64, to: usize, rowBytes: usize): void {
  const tops = f64x2.splat(top), factors = f64x2.splat(factor);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const n = f64x2.sub(f64x2.add(v128.load(row + rowBytes + k), v128.load(shifts + k)), tops);
    v128.store(to + k, f64x2.mul(factors, scaled(v128.load(row + k), n)));
  }
}

// Σ over k of row[k] · e^score[k], scores `stride` bytes apart, whatever their range.
export function exactSum(K: i32, row: usize, score: usize, stride: usize, to: usize, rowBytes: usize): void {
  const end = row + (<usize>K << 3);
  let top: f64 = -Infinity;
  for (let at = row, x = score; at < end; at += 8, x += stride) {
    top = max(top, power(at, rowBytes) + first(powerOf(v128.load64_splat(x))));
  }
  let sum: f64 = 0;
  for (let at = row, x = score; at < end && top > -Infinity; at += 8, x += stride) {
    const scores = v128.load64_splat(x), n = powerOf(scores);
    const behind = power(at, rowBytes) + first(n) - top;
    if (behind > FAR) sum += mantissa(at) * first(scaled(mantissaOf(scores, n), f64x2.splat(behind)));
  }
  setProduct(to, rowBytes, sum, top);
}

// to[k] = sums[k] · 2^(top + powers[k]). A sum below `least` may have lost something: it is computed again from the masses `row` and
// the scores, of which those of sum k begin `next` · k behind the first and lie `stride` bytes apart.
export function massesOfSums(
  K: i32, sums: usize, powers: usize, least: usize, top: f64, row: usize, scores: usize, next: usize, stride: usize, to: usize,
  rowBytes: usize,
): void {
  const tops = f64x2.splat(top);
  let below = i64x2.splat(0);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const sum = v128.load(sums + k);
    below = v128.or(below, f64x2.lt(sum, v128.load(least + k)));
    v128.store(to + k, fractionOf(sum));
    v128.store(to + rowBytes + k, f64x2.add(exponentOf(sum), f64x2.add(tops, v128.load(powers + k))));
  }
  if (!v128.any_true(below)) return;
  for (let k: usize = 0; k < <usize>K; k++) {
    const at = k << 3;
    if (mantissa(sums + at) < mantissa(least + at)) exactSum(K, row, scores + k * next, stride, to + at, rowBytes);
  }
}
