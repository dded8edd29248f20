import { columnLeast, columnPowers, columnTable, endScores, noShifts, paddedTags, startScores } from "./crfModel";
import {
  exactSum, exponentials32, exponentials64, mantissa, massesOfSums, multiplyExponential, multiplyMass, multiplyRows, power, scaledMass,
  scaleRow64, setMass, setProduct, swapMasses, topPower,
} from "./crfMasses";
import { addMultiple, rowTimesMatrix } from "./matrix64";
import { log, powerOfTwo } from "./scalar";

// The forward pass: alpha[t][k], the mass of all taggings of the first t + 1 steps that end in tag k.
//
// The mass of the gold tagging, `on`, is kept beside that of the others that are at its tag, and alpha there is their sum. So the
// loss ln(1 + others / on) keeps its relative accuracy where it is far smaller than 1.

// Step t has e^emission and alpha, two rows of masses.
// @ts-ignore: decorator
@inline export function emissionRow(rows: usize, rowBytes: usize, t: i32): usize {
  return rows + ((<usize>t * rowBytes) << 2);
}

// @ts-ignore: decorator
@inline export function alphaRow(rows: usize, rowBytes: usize, t: i32): usize {
  return emissionRow(rows, rowBytes, t) + (rowBytes << 1);
}

// emissions: T×K f32 without NaN and +Infinity. gold: T i32. rows: T × 4 padded rows, out. scratch: 5 padded rows; the first mass
// in it becomes Z. Returns the loss; Infinity where the gold tagging is forbidden.
export function crfForward(
  T: i32, K: i32, emissions: usize, gold: usize, model: usize, rows: usize, scratch: usize,
): f64 {
  const rowBytes = <usize>paddedTags(K) << 3, scoreBytes = <usize>K << 3;
  const on = scratch, others = scratch + 8, other = scratch + 16;
  const masses = scratch + (rowBytes << 1), sums = masses + rowBytes, start = sums;
  const table = columnTable(model, K), powers = columnPowers(model, K), least = columnLeast(model, K), shifts = noShifts(model, K);
  let tag = <usize>load<i32>(gold) << 3;
  let e = emissionRow(rows, rowBytes, 0), alpha = alphaRow(rows, rowBytes, 0);
  exponentials32(K, emissions, e, rowBytes);
  exponentials64(K, startScores(model, K), start, rowBytes);
  multiplyRows(start, e, alpha, rowBytes);
  setMass(on, rowBytes, mantissa(alpha + tag), power(alpha + tag, rowBytes));
  setMass(others, rowBytes, 1, -Infinity);

  for (let t = 1; t < T; t++) {
    if (power(on, rowBytes) == -Infinity) return Infinity;
    const before = alpha, tagBefore = tag;
    tag = <usize>load<i32>(gold + (<usize>t << 2)) << 3;
    e = emissionRow(rows, rowBytes, t);
    alpha = alphaRow(rows, rowBytes, t);
    exponentials32(K, emissions + <usize>t * (scoreBytes >> 1), e, rowBytes);

    const top = topPower(before, shifts, rowBytes);
    scaleRow64(before, shifts, top, 1, masses, rowBytes);
    store<f64>(masses + tagBefore, scaledMass(others, rowBytes, top));
    rowTimesMatrix(K, rowBytes, masses, table, sums);
    const sum = mantissa(sums + tag);
    if (sum < mantissa(least + tag)) {
      swapMasses(before + tagBefore, others, rowBytes);
      exactSum(K, before, model + tag, scoreBytes, other, rowBytes);
      swapMasses(before + tagBefore, others, rowBytes);
      swapMasses(others, other, rowBytes);
    } else setProduct(others, rowBytes, sum, top + mantissa(powers + tag));
    addMultiple(rowBytes, scaledMass(on, rowBytes, top), table + (tagBefore >> 3) * rowBytes, sums);
    massesOfSums(K, sums, powers, least, top, before, model, 8, scoreBytes, alpha, rowBytes);

    multiplyRows(alpha, e, alpha, rowBytes);
    multiplyMass(others, e + tag, rowBytes);
    multiplyExponential(on, model + (tagBefore >> 3) * scoreBytes + tag, rowBytes);
    multiplyMass(on, e + tag, rowBytes);
  }

  const end = endScores(model, K);
  swapMasses(alpha + tag, others, rowBytes);
  exactSum(K, alpha, end, 8, other, rowBytes);
  swapMasses(alpha + tag, others, rowBytes);
  multiplyExponential(on, end + tag, rowBytes);
  const top = max(power(on, rowBytes), power(other, rowBytes));
  if (power(on, rowBytes) == -Infinity) return Infinity;
  const loss = log1pRatio(mantissa(other) / mantissa(on), power(other, rowBytes) - power(on, rowBytes));
  setProduct(scratch, rowBytes, scaledMass(on, rowBytes, top) + scaledMass(other, rowBytes, top), top);
  return loss;
}

// ln(1 + q · 2^n)
function log1pRatio(q: f64, n: f64): f64 {
  if (n < -1000) return 0;
  if (n <= 0) return Math.log1p(q * powerOfTwo(<i32>n));
  return log(q) + n * Math.LN2 + Math.log1p(n > 1000 ? 0 : powerOfTwo(-<i32>n) / q);
}
