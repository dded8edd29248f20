import { alphaRow, emissionRow } from "./crfForward";
import { exponentials64, mantissa, massesOfSums, multiplyRows, power, scaleRow64, topPower } from "./crfMasses";
import { endScores, noShifts, paddedTags, rowLeast, rowPowers, rowTable } from "./crfModel";
import { addMultiple, addOuterProducts, multiple, rowTimesMatrix } from "./matrix64";
import { powerOfTwo } from "./scalar";
import { loadPair, mantissaOf, powerOf, scaled } from "./vector64";

// The backward pass: beta[t][k], the mass of all that may follow tag k at step t; the posteriors alpha · beta / Z; and how often
// each transition is expected to be taken, Σ over t of alpha[t − 1][i] e^A[i][j] e^emission[t][j] beta[t][j] / Z.
//
// That last sum is a product of matrices, of BLOCK steps at a time, times e^A: both sides are divided by their largest mass, and
// what is below 2^-500 counts as 0. So long as the scale that is left over, 2^n, has n <= WIDE, an expected count loses less
// than 2^-90. Where it has not, each pair of tags is computed by itself.

const BLOCK: i32 = 16;
const WIDE: f64 = 400;
const FAR: f64 = -200; // a pair whose share is 2^FAR is left out

// What sequences add up, padded: counts to be multiplied by e^A, [to][from]; counts [from][to]; of the start; of the end.
export function crfCountBytes(K: i32): f64 {
  const padded = <f64>paddedTags(K);
  return 16 * padded * (padded + 1);
}

// Padded rows that both passes work in, beside those of the steps.
export function crfScratchRows(): i32 {
  return 2 * BLOCK + 9;
}

// grad: T×K f32 out, (posterior − gold) · coefficient. counts: the same of the other scores is added. scratch: Z, and rows.
export function crfBackward(
  T: i32, K: i32, coefficient: f64, gold: usize, model: usize, rows: usize, scratch: usize, grad: usize, counts: usize,
): void {
  const rowBytes = <usize>paddedTags(K) << 3, matrixBytes = <usize>paddedTags(K) * rowBytes;
  const perZ = 1 / mantissa(scratch), powerZ = power(scratch, rowBytes);
  const beta = scratch + (rowBytes << 1), ahead = beta + (rowBytes << 1), posterior = ahead + (rowBytes << 1);
  const masses = posterior + rowBytes, sums = masses + rowBytes;
  const left = sums + rowBytes, right = left + rowBytes * BLOCK;
  const table = rowTable(model, K), powers = rowPowers(model, K), least = rowLeast(model, K), shifts = noShifts(model, K);
  const started = counts + (matrixBytes << 1), ended = started + rowBytes;
  const size = Math.abs(coefficient), moderate = size > 1e-30 && size < 1e30;
  let held = 0;
  exponentials64(K, endScores(model, K), beta, rowBytes);
  for (let t = T - 1; t >= 0; t--) {
    const alpha = alphaRow(rows, rowBytes, t);
    multiplyRows(alpha, beta, ahead, rowBytes);
    scaleRow64(ahead, shifts, powerZ, perZ, posterior, rowBytes);
    const tag = <usize>load<i32>(gold + (<usize>t << 2)) << 3;
    store<f64>(posterior + tag, mantissa(posterior + tag) - 1);
    writeGradient(K, coefficient, posterior, grad + ((<usize>t * <usize>K) << 2));
    if (t == T - 1) addMultiple(rowBytes, coefficient, posterior, ended);
    if (t == 0) {
      addMultiple(rowBytes, coefficient, posterior, started);
      break;
    }
    const taken = counts + matrixBytes + <usize>load<i32>(gold + (<usize>(t - 1) << 2)) * rowBytes + tag;
    store<f64>(taken, load<f64>(taken) - coefficient);
    const before = alphaRow(rows, rowBytes, t - 1);
    multiplyRows(beta, emissionRow(rows, rowBytes, t), ahead, rowBytes);
    const top = topPower(ahead, shifts, rowBytes), topBefore = topPower(before, powers, rowBytes);
    scaleRow64(ahead, shifts, top, 1, masses, rowBytes);
    const n = top + topBefore - powerZ;
    if (moderate && n <= WIDE) {
      const offset = <usize>held * rowBytes;
      scaleRow64(before, powers, topBefore, coefficient, right + offset, rowBytes);
      multiple(rowBytes, perZ * powerOfTwo(<i32>n), masses, left + offset);
      if (++held == BLOCK) {
        addOuterProducts(held, K, rowBytes, left, right, counts);
        held = 0;
      }
    } else addPairs(K, before, ahead, model, coefficient * perZ, powerZ, counts + matrixBytes, rowBytes);
    rowTimesMatrix(K, rowBytes, masses, table, sums);
    massesOfSums(K, sums, powers, least, top, ahead, model, <usize>K << 3, 8, beta, rowBytes);
  }
  addOuterProducts(held, K, rowBytes, left, right, counts);
}

// counts[from][to] += factor · before[from] · e^A · ahead[to] / 2^powerZ, pair by pair.
function addPairs(
  K: i32, before: usize, ahead: usize, model: usize, factor: f64, powerZ: f64, counts: usize, rowBytes: usize,
): void {
  const scoreBytes = <usize>K << 3;
  const reach = topPower(ahead, noShifts(model, K), rowBytes) - powerZ;
  for (let i: usize = 0; i < <usize>K; i++) {
    const from = before + (i << 3), row = model + i * scoreBytes, to = counts + i * rowBytes;
    const behind = power(from, rowBytes) - powerZ;
    if (!(power(from, rowBytes) + mantissa(rowPowers(model, K) + (i << 3)) + reach > FAR)) continue;
    const m = f64x2.splat(mantissa(from) * factor), n = f64x2.splat(behind);
    for (let j: usize = 0; j < <usize>K; j += 2) {
      const at = j << 3;
      const score = loadPair(row + at, K - <i32>j), powers = powerOf(score);
      const pair = f64x2.mul(mantissaOf(score, powers), v128.load(ahead + at));
      const share = scaled(pair, f64x2.add(f64x2.add(powers, n), v128.load(ahead + rowBytes + at)));
      v128.store(to + at, f64x2.add(v128.load(to + at), f64x2.mul(m, share)));
    }
  }
}

// The counts of all groups together, each of crfCountBytes: out is [K, K] transitions, [K] start, [K] end, f64.
export function crfCounts(K: i32, groups: i32, model: usize, counts: usize, out: usize): void {
  const rowBytes = <usize>paddedTags(K) << 3, matrixBytes = <usize>paddedTags(K) * rowBytes;
  const table = rowTable(model, K), groupBytes = <usize>crfCountBytes(K);
  for (let i: usize = 0; i < <usize>K; i++) {
    for (let j: usize = 0; j < <usize>K; j++, out += 8) {
      const at = j * rowBytes + (i << 3), paired = matrixBytes + i * rowBytes + (j << 3);
      let product: f64 = 0, single: f64 = 0;
      for (let g = 0, group = counts; g < groups; g++, group += groupBytes) {
        product += load<f64>(group + at);
        single += load<f64>(group + paired);
      }
      store<f64>(out, product * load<f64>(table + at) + single);
    }
  }
  for (let k: usize = 0; k < <usize>K; k++) {
    let started: f64 = 0, ended: f64 = 0;
    for (let g = 0, at = counts + (matrixBytes << 1) + (k << 3); g < groups; g++, at += groupBytes) {
      started += load<f64>(at);
      ended += load<f64>(at + rowBytes);
    }
    store<f64>(out + (k << 3), started);
    store<f64>(out + ((<usize>K + k) << 3), ended);
  }
}

// @ts-ignore: decorator
@inline function writeGradient(K: i32, coefficient: f64, row: usize, grad: usize): void {
  const factor = f64x2.splat(coefficient);
  for (let k = 0; k + 1 < K; k += 2, row += 16, grad += 8) {
    v128.store64_lane(grad, f32x4.demote_f64x2_zero(f64x2.mul(v128.load(row), factor)), 0);
  }
  if ((K & 1) == 1) store<f32>(grad, <f32>(mantissa(row) * coefficient));
}
