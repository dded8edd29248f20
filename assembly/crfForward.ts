import { columnLeast, columnPowers, columnTable, endScores, paddedTags, startScores } from "./crfModel";
import {
  exactSum, exponentials32, exponentials64, mantissa, multiplyExponential, multiplyMass, power, scaledMass, scaleMasses, setMass,
  setProduct, swapMasses, topPower,
} from "./crfMasses";
import { rowTimesMatrix } from "./matrix64";
import { log, powerOfTwo } from "./scalar";
import { exponentOf, largest, madd64 } from "./vector64";

// The forward pass: alpha[t][k], the mass of all taggings of the first t + 1 steps that end in tag k.
//
// The mass of the gold tagging, `on`, is kept beside that of the others that are at its tag, and alpha there is their sum. So the
// loss ln(1 + others / on) keeps its relative accuracy where it is far smaller than 1.

// Rows of one step: e^emission and alpha, two each; alpha divided by 2^top, as plain numbers; top.
export const STEP_ROWS: i32 = 6;

// @ts-ignore: decorator
@inline export function emissionRow(rows: usize, rowBytes: usize, t: i32): usize {
  return rows + <usize>t * <usize>STEP_ROWS * rowBytes;
}

// @ts-ignore: decorator
@inline export function alphaRow(rows: usize, rowBytes: usize, t: i32): usize {
  return emissionRow(rows, rowBytes, t) + (rowBytes << 1);
}

// @ts-ignore: decorator
@inline export function plainAlpha(alpha: usize, rowBytes: usize): usize {
  return alpha + (rowBytes << 1);
}

// @ts-ignore: decorator
@inline export function topOfAlpha(alpha: usize, rowBytes: usize): f64 {
  return load<f64>(plainAlpha(alpha, rowBytes) + rowBytes);
}

// emissions: T×K f32 without NaN and +Infinity. gold: T i32. rows: T × STEP_ROWS padded rows, out. scratch: 5 padded rows; the
// first mass in it becomes Z. Returns the loss; Infinity where the gold tagging is forbidden.
export function crfForward(
  T: i32, K: i32, emissions: usize, gold: usize, model: usize, rows: usize, scratch: usize,
): f64 {
  const rowBytes = <usize>paddedTags(K) << 3, scoreBytes = <usize>K << 3;
  const on = scratch, others = scratch + 8, other = scratch + 16;
  const sums = scratch + (rowBytes << 1), start = sums;
  const table = columnTable(model, K), powers = columnPowers(model, K), least = columnLeast(model, K);
  let tag = <usize>load<i32>(gold) << 3;
  let alpha = alphaRow(rows, rowBytes, 0);
  const e = emissionRow(rows, rowBytes, 0);
  exponentials32(K, emissions, e, rowBytes);
  exponentials64(K, startScores(model, K), start, rowBytes);
  let top = nextAlpha(start, start + rowBytes, 0, e, alpha, rowBytes);
  setMass(on, rowBytes, mantissa(alpha + tag), power(alpha + tag, rowBytes));
  setMass(others, rowBytes, 0, 0);

  for (let t = 1; t < T; t++) {
    if (!(power(on, rowBytes) > -Infinity)) return Infinity;
    const before = alpha, tagBefore = tag, e = emissionRow(rows, rowBytes, t);
    tag = <usize>load<i32>(gold + (<usize>t << 2)) << 3;
    alpha = alphaRow(rows, rowBytes, t);
    exponentials32(K, emissions + <usize>t * (scoreBytes >> 1), e, rowBytes);

    const masses = plainAlpha(before, rowBytes);
    scaleMasses(before, top, masses, rowBytes);
    store<f64>(masses + rowBytes, top);
    const whole = mantissa(masses + tagBefore);
    store<f64>(masses + tagBefore, scaledMass(others, rowBytes, top));
    rowTimesMatrix(K, rowBytes, masses, table, sums);
    store<f64>(masses + tagBefore, whole);

    const sum = mantissa(sums + tag);
    if (sum < mantissa(least + tag)) {
      swapMasses(before + tagBefore, others, rowBytes);
      exactSum(K, before, model + tag, scoreBytes, other, rowBytes);
      swapMasses(before + tagBefore, others, rowBytes);
      swapMasses(others, other, rowBytes);
    } else setProduct(others, rowBytes, sum, top + mantissa(powers + tag));

    if (addAndTest(scaledMass(on, rowBytes, top), table + (tagBefore >> 3) * rowBytes, sums, least, rowBytes)) {
      nextAlpha(sums, powers, top, e, alpha, rowBytes);
      for (let k: usize = 0; k < scoreBytes; k += 8) {
        if (mantissa(sums + k) >= mantissa(least + k)) continue;
        exactSum(K, before, model + k, scoreBytes, alpha + k, rowBytes);
        multiplyMass(alpha + k, e + k, rowBytes);
      }
      top = topPower(alpha, rowBytes);
    } else top = nextAlpha(sums, powers, top, e, alpha, rowBytes);
    multiplyMass(others, e + tag, rowBytes);
    multiplyExponential(on, model + (tagBefore >> 3) * scoreBytes + tag, rowBytes);
    multiplyMass(on, e + tag, rowBytes);
  }

  const end = endScores(model, K);
  swapMasses(alpha + tag, others, rowBytes);
  exactSum(K, alpha, end, 8, other, rowBytes);
  swapMasses(alpha + tag, others, rowBytes);
  multiplyExponential(on, end + tag, rowBytes);
  if (!(power(on, rowBytes) > -Infinity)) return Infinity;
  const loss = log1pRatio(mantissa(other) / mantissa(on), power(other, rowBytes) - power(on, rowBytes));
  const most = max(power(on, rowBytes), power(other, rowBytes));
  setProduct(scratch, rowBytes, scaledMass(on, rowBytes, most) + scaledMass(other, rowBytes, most), most);
  return loss;
}

// sums += factor · row; true where one is below `least` then: it may have lost something.
// @ts-ignore: decorator
@inline function addAndTest(factor: f64, row: usize, sums: usize, least: usize, rowBytes: usize): bool {
  const factors = f64x2.splat(factor);
  let below = i64x2.splat(0);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const sum = madd64(factors, v128.load(row + k), v128.load(sums + k));
    v128.store(sums + k, sum);
    below = v128.or(below, f64x2.lt(sum, v128.load(least + k)));
  }
  return v128.any_true(below);
}

// alpha = sums · 2^(top + powers) · e; returns its top power.
// @ts-ignore: decorator
@inline function nextAlpha(sums: usize, powers: usize, top: f64, e: usize, alpha: usize, rowBytes: usize): f64 {
  const tops = f64x2.splat(top);
  let most = f64x2.splat(-Infinity);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const m = f64x2.mul(v128.load(sums + k), v128.load(e + k));
    const n = f64x2.add(f64x2.add(tops, v128.load(powers + k)), v128.load(e + rowBytes + k));
    v128.store(alpha + k, m);
    v128.store(alpha + rowBytes + k, n);
    most = f64x2.pmax(most, f64x2.add(n, exponentOf(m)));
  }
  return largest(most);
}

// ln(1 + q · 2^n)
function log1pRatio(q: f64, n: f64): f64 {
  if (n < -1000) return 0;
  if (n <= 0) return Math.log1p(q * powerOfTwo(<i32>n));
  return log(q) + n * Math.LN2 + Math.log1p(n > 1000 ? 0 : powerOfTwo(-<i32>n) / q);
}
