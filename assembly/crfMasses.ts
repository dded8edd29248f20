import { exponentOf, fractionOf, largest, mantissaOf, powerOf, scaled } from "./vector64";

// Rows of masses: a row of K mantissas, padded, and behind it a row of their powers of two (vector64.ts). A mantissa lies between
// 2^-400 and 2^20. A single mass is given by the address of its mantissa; it is computed in both lanes of a vector.

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

// mass = x · 2^n for x >= 0, its mantissa between 1 and 2
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

// The power of two just below a row's largest mass.
export function topPower(row: usize, rowBytes: usize): f64 {
  let most = f64x2.splat(-Infinity);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    most = f64x2.pmax(most, f64x2.add(v128.load(row + rowBytes + k), exponentOf(v128.load(row + k))));
  }
  return largest(most);
}

// to = the row's masses divided by 2^top, as plain numbers, 0 below 2^-500.
export function scaleMasses(row: usize, top: f64, to: usize, rowBytes: usize): void {
  const tops = f64x2.splat(top);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    v128.store(to + k, scaled(v128.load(row + k), f64x2.sub(v128.load(row + rowBytes + k), tops)));
  }
}

// mass = Σ over k of row[k] · e^score[k], scores `stride` bytes apart, whatever their range.
export function exactSum(K: i32, row: usize, score: usize, stride: usize, to: usize, rowBytes: usize): void {
  const end = row + (<usize>K << 3);
  let top: f64 = -Infinity;
  for (let at = row, x = score; at < end; at += 8, x += stride) {
    const size = f64x2.add(exponentOf(v128.load64_splat(at)), powerOf(v128.load64_splat(x)));
    top = max(top, power(at, rowBytes) + first(size));
  }
  let sum: f64 = 0;
  for (let at = row, x = score; at < end && top > -Infinity; at += 8, x += stride) {
    const m = v128.load64_splat(at), scores = v128.load64_splat(x), n = powerOf(scores);
    const behind = f64x2.splat(power(at, rowBytes) + first(n) - top);
    if (first(f64x2.add(behind, exponentOf(m))) > FAR) sum += first(scaled(f64x2.mul(m, mantissaOf(scores, n)), behind));
  }
  setProduct(to, rowBytes, sum, top);
}
