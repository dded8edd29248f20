import { log } from "./scalar";
import { exponentialsAhead, rowMaximum, rowSum, scaleRow } from "./softmax";

// Transducer loss (RNN-T) of one sequence: softmax, alpha and beta recursion, gradient (Graves 2012, eq. 16 to 20).
//
// Two passes, each fused with a recursion that costs little beside a row of classes. Forward: a row's exponentials, which go
// straight to the gradient's row, the emissions of the blank and of the next label, alpha. Backward: beta, the posteriors, and
// the factor of the row. Each pass can be made group by group of frames.
//
// A lattice value is a float64 mantissa in [1, 2) times 2 to a whole exponent, held as a float64 too: no path is too faint, 0 is
// the exponent -Infinity, and neither exp nor log is taken in the recursions. The two lanes of a vector are the two ways to go
// on: lane 0 by the blank, lane 1 by the label.
//
// Error: exponentials and their sums are float32, about 1e-7 of each sum and different from row to row; all else is float64.
// Gradients stay within 5e-6 · scale of float64's for 2,000 frames and logits to 1,000 (src/kernels/transducer.test.ts).

// Of a cell that fewer than 2^-60 of the probability passes by, the gradient is written as 0.
const LEAST_OCCUPANCY: f64 = 8.673617379884035e-19;

// A row sum below it is taken again without its largest, which keeps the digits of what is left of 1.
const CONFIDENT: f32 = 1.01;

// A cell of the lattice, 56 bytes: alpha; the emissions' mantissas and exponents, two lanes each; the row's sum.
const ALPHA: usize = 0, ALPHA_EXPONENT: usize = 8, EMISSION: usize = 16, EMISSION_EXPONENT: usize = 32, TOTAL: usize = 48;
const CELL: usize = 56;

// Constants live in memory, two lanes each, for the same reason as in vector.ts.
const TABLE: usize = memory.data<f64>([
  1.0 / 40320, 1.0 / 40320, 1.0 / 5040, 1.0 / 5040, 1.0 / 720, 1.0 / 720, 1.0 / 120, 1.0 / 120, 1.0 / 24, 1.0 / 24,
  1.0 / 6, 1.0 / 6, 0.5, 0.5, 1, 1,
  1.4426950408889634, 1.4426950408889634, // 1 / ln 2
  0.6931471805599453, 0.6931471805599453,
  -0.5, -0.5,
  -900, -900,
  6755399441055744, 6755399441055744, // 1.5 · 2^52: added to a whole number, its low bits hold that number
  4503599627370496, 4503599627370496, // 2^52
  4503599627371519, 4503599627371519, // 2^52 + 1023
], 16);
const HALF = 6, ONE = 7, PER_LN2 = 8, LN2 = 9, MINUS_HALF = 10, LEAST_POWER = 11, WHOLE = 12, INTEGER = 13, BIASED = 14;

// @ts-ignore: decorator
@inline function constant(index: usize): v128 {
  return v128.load(TABLE + (index << 4));
}

// @ts-ignore: decorator
@inline function swapped(a: v128): v128 {
  return i8x16.shuffle(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}

// mantissa × 2^power; a power below -900, or that of 0 beside 0, counts as -900.
// @ts-ignore: decorator
@inline function timesPower(mantissa: v128, power: v128): v128 {
  const held = f64x2.pmax(constant(LEAST_POWER), power);
  return i64x2.add(mantissa, i64x2.shl(f64x2.add(held, constant(WHOLE)), 52));
}

// The mantissa in [1, 2) and the exponent of a positive number.
// @ts-ignore: decorator
@inline function fractionOf(x: v128): v128 {
  return v128.or(v128.and(x, i64x2.splat(0xfffffffffffff)), constant(ONE));
}

// @ts-ignore: decorator
@inline function exponentOf(x: v128): v128 {
  return f64x2.sub(v128.or(i64x2.shr_u(x, 52), constant(INTEGER)), constant(BIASED));
}

// e^f for |f| <= ln(2)/2: the series to the eighth power, 2e-10, summed in pairs, which do not wait for one another.
// @ts-ignore: decorator
@inline function series(f: v128): v128 {
  const f2 = f64x2.mul(f, f), f4 = f64x2.mul(f2, f2);
  const terms01 = f64x2.add(constant(ONE), f);
  const terms23 = f64x2.add(constant(HALF), f64x2.mul(constant(5), f));
  const terms45 = f64x2.add(constant(4), f64x2.mul(constant(3), f));
  const terms678 = f64x2.add(f64x2.add(constant(2), f64x2.mul(constant(1), f)), f64x2.mul(constant(0), f2));
  return f64x2.add(f64x2.add(terms01, f64x2.mul(terms23, f2)), f64x2.mul(f64x2.add(terms45, f64x2.mul(terms678, f2)), f4));
}

// Makes the logarithms y <= 0 of both lanes, before division by the row's sum, the emissions of a cell.
// @ts-ignore: decorator
@inline function settleEmissions(cell: usize): void {
  const y = v128.load(cell, EMISSION);
  const whole = f64x2.nearest(f64x2.mul(y, constant(PER_LN2)));
  const rest = f64x2.sub(y, f64x2.mul(whole, constant(LN2)));
  // NaN at -Infinity, and past 2^53 without meaning: any number serves, the exponent says it all
  const f = f64x2.pmin(constant(HALF), f64x2.pmax(constant(MINUS_HALF), rest));
  v128.store(cell, f64x2.div(series(f), v128.load64_splat(cell, TOTAL)), EMISSION);
  v128.store(cell, whole, EMISSION_EXPONENT);
}

// U + 1 masses of 0, but for 1 at `start`: a mantissa and an exponent each.
function startRow(masses: usize, U: i32, start: i32): void {
  for (let u = 0; u <= U; u++, masses += 16) {
    store<f64>(masses, 1);
    store<f64>(masses, u == start ? 0 : -Infinity, 8);
  }
}

// Bytes that a sequence needs from its first frame forward to its first frame backward: what comes to a frame's rows from the
// frame before, and from the one after, and the cells.
export function transducerWorkspaceBytes(T: i32, U: i32): f64 {
  return <f64>(U + 1) * (32 + <f64>T * <f64>CELL);
}

function holdsNaN(x: usize, V: i32): bool {
  for (let k = 0; k < V; k++, x += 4) if (load<f32>(x) != load<f32>(x)) return true;
  return false;
}

// The row's sum without its largest, at `at`, which is e^0.
function sumOfOthers(row: usize, V: i32, at: usize): f64 {
  store<f32>(at, 0);
  const others = rowSum(row, V);
  store<f32>(at, 1);
  return 1 + <f64>others;
}

// The cells of frames `from` to `to`, after those before. logits: the frames' `rows` × V f32 each, of which the first U + 1 rows
// are real. labels: U i32. grad: as logits, out: the exponentials of real rows; it may lie where logits lie.
// Returns what the loss is if `to` is the end: Infinity where there is no path, NaN where a real logit is NaN or +Infinity.
export function transducerForward(
  from: i32, to: i32, V: i32, U: i32, rows: i32, blank: i32, logits: usize, labels: usize, grad: usize, work: usize,
): f64 {
  const rowBytes = <usize>V << 2, blankAt = <usize>blank << 2, padding = rowBytes * <usize>(rows - U - 1);
  const betas = work + (<usize>(U + 1) << 4);
  if (from == 0) startRow(work, U, 0);
  let cell = betas + (<usize>(U + 1) << 4) + CELL * <usize>from * <usize>(U + 1);
  let mantissa = f64x2.splat(1), exponent = f64x2.splat(-Infinity);
  let x = logits, g = grad, ahead = rowMaximum(logits, V);
  for (let t = from; t < to; t++, x += padding, g += padding) {
    for (let u = 0; u <= U; u++, cell += CELL, x += rowBytes, g += rowBytes) {
      const labelAt = u < U ? <usize>load<i32>(labels + (<usize>u << 2)) << 2 : blankAt;
      const onBlank = load<f32>(x + blankAt), onLabel = load<f32>(x + labelAt);
      const most = ahead;
      if (most == -Infinity && holdsNaN(x, V)) return NaN;
      const both = exponentialsAhead(x, g, V, most, u < U ? x + rowBytes : t + 1 < to ? x + rowBytes + padding : x);
      ahead = f32x4.extract_lane(both, 1);
      let total = <f64>f32x4.extract_lane(both, 0);
      let y = f64x2.replace_lane(f64x2.splat(<f64>onBlank - <f64>most), 1, u < U ? <f64>onLabel - <f64>most : -Infinity);
      if (total != total) {
        if (most != -Infinity) return NaN;
        total = 1;
        y = f64x2.splat(-Infinity);
      } else if (total < <f64>CONFIDENT) {
        if (onBlank == most) total = sumOfOthers(g, V, g + blankAt);
        else if (onLabel == most) total = sumOfOthers(g, V, g + labelAt);
      }
      v128.store(cell, y, EMISSION);
      store<f64>(cell, total, TOTAL);
    }
    // apart from the rows, since the processor computes the emissions of the next cells while each alpha waits for the last
    cell -= CELL * <usize>(U + 1);
    for (let above = work; above < betas; above += 16, cell += CELL) {
      settleEmissions(cell);
      // alpha: by a blank from the frame before, by a label from the row before, which lane 1 still holds
      mantissa = v128.load64_lane(above, mantissa, 0);
      exponent = v128.load64_lane(above, exponent, 0, 8);
      const top = f64x2.pmax(exponent, swapped(exponent));
      const parts = timesPower(mantissa, f64x2.sub(exponent, top));
      const sum = f64x2.add(parts, swapped(parts));
      mantissa = fractionOf(sum);
      exponent = f64x2.add(top, exponentOf(sum));
      v128.store64_lane(cell, mantissa, 0, ALPHA);
      v128.store64_lane(cell, exponent, 0, ALPHA_EXPONENT);
      mantissa = f64x2.mul(mantissa, v128.load(cell, EMISSION));
      exponent = f64x2.add(exponent, v128.load(cell, EMISSION_EXPONENT));
      v128.store64_lane(above, mantissa, 0);
      v128.store64_lane(above, exponent, 0, 8);
    }
  }
  const mantissaZ = load<f64>(betas - 16), exponentZ = load<f64>(betas - 8);
  // near 1 in one number, of which the logarithm is exact
  if (exponentZ > -900) return max(-log(mantissaZ * reinterpret<f64>(<u64>(<i64>exponentZ + 1023) << 52)), 0);
  return -log(mantissaZ) - exponentZ * Math.LN2;
}

// Makes the exponentials of frames `from` to `to` their gradient · scale, after those behind them; only where the loss is finite.
// What lies past the real rows becomes 0.
export function transducerBackward(
  from: i32, to: i32, T: i32, V: i32, U: i32, rows: i32, blank: i32, scale: f64, labels: usize, grad: usize, work: usize,
): void {
  const rowBytes = <usize>V << 2, blankAt = <usize>blank << 2, realBytes = rowBytes * <usize>(U + 1);
  const last = work + (<usize>U << 4), betas = last + 16;
  const perZ = f64x2.splat(1 / load<f64>(last)), exponentZ = v128.load64_splat(last, 8);
  if (to == T) startRow(betas, U, U);
  let cell = work + (<usize>(U + 1) << 5) + CELL * <usize>to * <usize>(U + 1);
  let mantissa = f64x2.splat(1), exponent = f64x2.splat(-Infinity);
  for (let t = to - 1; t >= from; t--) {
    let g = grad + rowBytes * <usize>rows * <usize>(t - from) + realBytes, beta = betas + (<usize>(U + 1) << 4);
    memory.fill(g, 0, rowBytes * <usize>(rows - U - 1));
    for (let u = U; u >= 0; u--) {
      cell -= CELL; g -= rowBytes; beta -= 16;
      // on by a blank to the next frame, by a label to the next row, whose beta lane 1 still holds
      mantissa = f64x2.mul(v128.load64_lane(beta, mantissa, 0), v128.load(cell, EMISSION));
      exponent = f64x2.add(v128.load64_lane(beta, exponent, 0, 8), v128.load(cell, EMISSION_EXPONENT));
      const share = f64x2.mul(f64x2.mul(mantissa, v128.load64_splat(cell, ALPHA)), perZ);
      const posterior = timesPower(share, f64x2.sub(f64x2.add(exponent, v128.load64_splat(cell, ALPHA_EXPONENT)), exponentZ));
      const top = f64x2.pmax(exponent, swapped(exponent));
      const parts = timesPower(mantissa, f64x2.sub(exponent, top));
      const sum = f64x2.add(parts, swapped(parts));
      mantissa = fractionOf(sum);
      exponent = f64x2.add(top, exponentOf(sum));
      v128.store64_lane(beta, mantissa, 0);
      v128.store64_lane(beta, exponent, 0, 8);

      const onBlank = f64x2.extract_lane(posterior, 0), onLabel = f64x2.extract_lane(posterior, 1);
      const occupancy = onBlank + onLabel;
      if (occupancy < LEAST_OCCUPANCY) {
        memory.fill(g, 0, rowBytes);
        continue;
      }
      scaleRow(g, V, <f32>(occupancy * scale / load<f64>(cell, TOTAL)));
      const p = timesPower(v128.load(cell, EMISSION), v128.load(cell, EMISSION_EXPONENT));
      const slope = f64x2.mul(f64x2.sub(f64x2.mul(f64x2.splat(occupancy), p), posterior), f64x2.splat(scale));
      store<f32>(g + blankAt, <f32>f64x2.extract_lane(slope, 0));
      if (u < U) {
        const labelAt = <usize>load<i32>(labels + (<usize>u << 2)) << 2;
        store<f32>(g + labelAt, <f32>f64x2.extract_lane(slope, 1));
      }
    }
  }
}

// A whole sequence: its loss, and where that is finite and a gradient is `wanted`, the gradient · scale; otherwise grad holds
// nothing of use.
export function transducerSequence(
  T: i32, V: i32, U: i32, rows: i32, blank: i32, scale: f64, logits: usize, labels: usize, grad: usize, wanted: bool, work: usize,
): f64 {
  const loss = transducerForward(0, T, V, U, rows, blank, logits, labels, grad, work);
  if (wanted && loss < Infinity) transducerBackward(0, T, T, V, U, rows, blank, scale, labels, grad, work);
  return loss;
}
