import { alphaRow, emissionRow, plainAlpha, STEP_ROWS, topOfAlpha } from "./crfForward";
import { exactSum, exponentials64, mantissa, power } from "./crfMasses";
import { columnPowers, endScores, paddedTags, rowLeast, rowTable } from "./crfModel";
import { addMultiple, addOuterProducts, rowTimesMatrix } from "./matrix64";
import { powerOfTwo } from "./scalar";
import { exponentOf, largest, loadPair, madd64, mantissaOf, powerOf, scaled } from "./vector64";

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
  return BLOCK + 9;
}

// grad: T×K f32 out, (posterior − gold) · coefficient. counts: the same of the other scores is added. scratch: Z, and rows.
export function crfBackward(
  T: i32, K: i32, coefficient: f64, gold: usize, model: usize, rows: usize, scratch: usize, grad: usize, counts: usize,
): void {
  const rowBytes = <usize>paddedTags(K) << 3, matrixBytes = <usize>paddedTags(K) * rowBytes, scoreBytes = <usize>K << 3;
  const perZ = 1 / mantissa(scratch), powerZ = power(scratch, rowBytes);
  const beta = scratch + (rowBytes << 1), ahead = beta + (rowBytes << 1), posterior = ahead + (rowBytes << 1);
  const masses = posterior + rowBytes, sums = masses + rowBytes, shares = sums + rowBytes;
  const table = rowTable(model, K), least = rowLeast(model, K), powers = columnPowers(model, K);
  const started = counts + (matrixBytes << 1), ended = started + rowBytes;
  const size = Math.abs(coefficient), moderate = size > 1e-30 && size < 1e30;
  let held = 0;
  exponentials64(K, endScores(model, K), beta, rowBytes);
  for (let t = T - 1; t >= 0; t--) {
    const alpha = alphaRow(rows, rowBytes, t);
    const tag = <usize>load<i32>(gold + (<usize>t << 2)) << 3;
    posteriors(alpha, beta, powerZ, perZ, posterior, rowBytes);
    store<f64>(posterior + tag, mantissa(posterior + tag) - 1);
    writeGradient(K, coefficient, posterior, grad + <usize>t * (scoreBytes >> 1));
    if (t == T - 1) addMultiple(rowBytes, coefficient, posterior, ended);
    if (t == 0) {
      addMultiple(rowBytes, coefficient, posterior, started);
      break;
    }
    const taken = counts + matrixBytes + <usize>load<i32>(gold + (<usize>(t - 1) << 2)) * rowBytes + tag;
    store<f64>(taken, load<f64>(taken) - coefficient);
    const before = alphaRow(rows, rowBytes, t - 1);
    const top = lookAhead(beta, emissionRow(rows, rowBytes, t), powers, ahead, rowBytes);
    const n = top + topOfAlpha(before, rowBytes) - powerZ;
    const plain = moderate && n <= WIDE;
    const scale = plain ? coefficient * perZ * powerOfTwo(<i32>n) : 0;
    // a block is filled from its end: its rows stand in the order of the steps
    scaleAhead(ahead, powers, top, masses, scale, shares + <usize>(BLOCK - 1 - held) * rowBytes, rowBytes);
    if (plain) held++;
    else addPairs(K, before, ahead, model, top, coefficient * perZ, powerZ, counts + matrixBytes, rowBytes);
    if (held == BLOCK || !plain || t == 1) {
      const first = plainAlpha(plain ? before : alpha, rowBytes);
      addOuterProducts(held, K, shares + <usize>(BLOCK - held) * rowBytes, rowBytes, first, <usize>STEP_ROWS * rowBytes, counts, rowBytes);
      held = 0;
    }
    rowTimesMatrix(K, rowBytes, masses, table, sums);
    if (betaOf(sums, least, top, beta, rowBytes)) {
      for (let k: usize = 0; k < scoreBytes; k += 8) {
        if (mantissa(sums + k) < mantissa(least + k)) exactSum(K, ahead, model + k * <usize>K, 8, beta + k, rowBytes);
      }
    }
  }
}

// alpha · beta / Z
// @ts-ignore: decorator
@inline function posteriors(alpha: usize, beta: usize, powerZ: f64, perZ: f64, to: usize, rowBytes: usize): void {
  const powers = f64x2.splat(powerZ), factor = f64x2.splat(perZ);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const m = f64x2.mul(v128.load(alpha + k), v128.load(beta + k));
    const n = f64x2.add(v128.load(alpha + rowBytes + k), v128.load(beta + rowBytes + k));
    v128.store(to + k, f64x2.mul(scaled(m, f64x2.sub(n, powers)), factor));
  }
}

// ahead = e · beta; returns the top power of ahead · 2^powers.
// @ts-ignore: decorator
@inline function lookAhead(beta: usize, e: usize, powers: usize, ahead: usize, rowBytes: usize): f64 {
  let most = f64x2.splat(-Infinity);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const m = f64x2.mul(v128.load(e + k), v128.load(beta + k));
    const n = f64x2.add(v128.load(e + rowBytes + k), v128.load(beta + rowBytes + k));
    v128.store(ahead + k, m);
    v128.store(ahead + rowBytes + k, n);
    most = f64x2.pmax(most, f64x2.add(f64x2.add(n, v128.load(powers + k)), exponentOf(m)));
  }
  return largest(most);
}

// masses = ahead · 2^(powers − top), as plain numbers; shares = scale · masses.
// @ts-ignore: decorator
@inline function scaleAhead(
  ahead: usize, powers: usize, top: f64, masses: usize, scale: f64, shares: usize, rowBytes: usize,
): void {
  const tops = f64x2.splat(top), factor = f64x2.splat(scale);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const n = f64x2.sub(f64x2.add(v128.load(ahead + rowBytes + k), v128.load(powers + k)), tops);
    const mass = scaled(v128.load(ahead + k), n);
    v128.store(masses + k, mass);
    v128.store(shares + k, f64x2.mul(mass, factor));
  }
}

// beta = sums · 2^top; true where a sum may have lost something.
// @ts-ignore: decorator
@inline function betaOf(sums: usize, least: usize, top: f64, beta: usize, rowBytes: usize): bool {
  const tops = f64x2.splat(top);
  let below = i64x2.splat(0);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const sum = v128.load(sums + k);
    below = v128.or(below, f64x2.lt(sum, v128.load(least + k)));
    v128.store(beta + k, sum);
    v128.store(beta + rowBytes + k, tops);
  }
  return v128.any_true(below);
}

// counts[from][to] += factor · before[from] · e^A · ahead[to] / 2^powerZ, pair by pair. No e^A · ahead is above 2^(top + 2).
function addPairs(
  K: i32, before: usize, ahead: usize, model: usize, top: f64, factor: f64, powerZ: f64, counts: usize, rowBytes: usize,
): void {
  for (let i: usize = 0; i < <usize>K; i++) {
    const from = before + (i << 3), row = model + ((i * <usize>K) << 3), to = counts + i * rowBytes;
    const reach = f64x2.extract_lane(exponentOf(v128.load64_splat(from)), 0) + power(from, rowBytes) + top - powerZ;
    if (!(reach > FAR)) continue;
    const m = f64x2.splat(mantissa(from) * factor), n = f64x2.splat(power(from, rowBytes) - powerZ);
    for (let j: usize = 0; j < <usize>K; j += 2) {
      const at = j << 3;
      const score = loadPair(row + at, K - <i32>j), powers = powerOf(score);
      const pair = f64x2.mul(mantissaOf(score, powers), v128.load(ahead + at));
      const share = scaled(pair, f64x2.add(f64x2.add(powers, n), v128.load(ahead + rowBytes + at)));
      v128.store(to + at, madd64(m, share, v128.load(to + at)));
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
