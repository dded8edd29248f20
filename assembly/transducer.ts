import { log, powerOfTwo } from "./scalar";
import { exponentialsAhead, rowMaximum, rowSum, scaleRow } from "./softmax";

// Transducer loss (RNN-T) of one sequence: softmax, alpha and beta recursion, gradient (Graves 2012, eq. 16 to 20).
//
// The softmax of each cell goes straight to the gradient's row and is scaled there. Lattice values are float64 mantissas times 2
// to a 32-bit exponent of their own, so that no path is too faint to hold and no exp or log is taken in the recursions.

const NOTHING: i32 = -(1 << 30); // the exponent of probability 0
const LOST: i32 = -(1 << 29); // below it exponents may have been cut off
const FAINTEST: f64 = -5e8; // an emission under e^FAINTEST would pass NOTHING
const CONFIDENT: f32 = 1.01; // a row sum below it is taken again without its largest, which keeps what is left of 1 exact
const LEAST: f64 = 7.888609052210118e-31; // 2^-100: a smaller factor would make subnormal numbers, which are slow
export const UNCERTAIN: f64 = -1;

// A cell of the lattice, 48 bytes: emission mantissas of the blank and of the label, alpha's, their three exponents, and the
// row's sum.
const BLANK: usize = 0, LABEL: usize = 8, ALPHA: usize = 16;
const BLANK_EXPONENT: usize = 24, LABEL_EXPONENT: usize = 28, ALPHA_EXPONENT: usize = 32;
const TOTAL: usize = 40;
const CELL: usize = 48;

// Bytes that transducerSequence works in: the cells, and two rows of beta.
export function transducerWorkspaceBytes(T: i32, U: i32): f64 {
  return <f64>T * <f64>(U + 1) * <f64>CELL + 2 * <f64>(U + 2) * 16;
}

// mantissa × 2^exponent, the mantissa brought to [1, 2).
// @ts-ignore: decorator
@inline function storeScaled(mantissaAt: usize, exponentAt: usize, mantissa: f64, exponent: i32): void {
  const bits = reinterpret<u64>(mantissa);
  if (bits == 0) {
    store<f64>(mantissaAt, 0);
    store<i32>(exponentAt, NOTHING);
  } else {
    store<f64>(mantissaAt, reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000));
    store<i32>(exponentAt, max(exponent + <i32>(bits >>> 52) - 1023, NOTHING));
  }
}

// a × 2^i + b × 2^j
// @ts-ignore: decorator
@inline function storeSum(mantissaAt: usize, exponentAt: usize, a: f64, i: i32, b: f64, j: i32): void {
  const top = max(i, j);
  storeScaled(mantissaAt, exponentAt, a * powerOfTwo(i - top) + b * powerOfTwo(j - top), top);
}

// e^y / total. The polynomial is exp's series to the eleventh power: 6e-15 on |r| <= ln(2)/2.
function storeEmission(mantissaAt: usize, exponentAt: usize, y: f64, total: f64): void {
  if (y < FAINTEST) {
    store<f64>(mantissaAt, 0);
    store<i32>(exponentAt, NOTHING);
    return;
  }
  const n = nearest<f64>(y * Math.LOG2E);
  const r = y - n * Math.LN2;
  let p: f64 = 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  storeScaled(mantissaAt, exponentAt, p / total, <i32>n);
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

// @ts-ignore: decorator
@inline function bounded(exponent: i64): i32 {
  return <i32>max(min(exponent, 1023), -1100);
}

// logits: T × rows × V f32, of which the first U + 1 rows of a frame are real. labels: U i32. grad: as logits, out: gradient ·
// scale, 0 past the real rows; unless `wanted` it is workspace only.
// Returns the loss; Infinity where there is no path, NaN where a real logit is NaN or +Infinity; UNCERTAIN where exponents do
// not settle it. In these cases grad holds nothing of use.
export function transducerSequence(
  T: i32, V: i32, U: i32, rows: i32, blank: i32, scale: f64, logits: usize, labels: usize, grad: usize, wanted: bool, work: usize,
): f64 {
  const rowBytes = <usize>V << 2;
  const frameBytes = rowBytes * <usize>rows;
  const blankAt = <usize>blank << 2;
  let faint = false;
  let cell = work;
  let ahead = rowMaximum(logits, V);
  for (let t = 0; t < T; t++) {
    for (let u = 0; u <= U; u++, cell += CELL) {
      const x = logits + frameBytes * <usize>t + rowBytes * <usize>u, g = grad + (x - logits);
      const next = u < U ? x + rowBytes : t + 1 < T ? logits + frameBytes * <usize>(t + 1) : x;
      const most = ahead;
      const both = exponentialsAhead(x, g, V, most, next);
      ahead = f32x4.extract_lane(both, 1);
      const sum = f32x4.extract_lane(both, 0);
      let total = <f64>sum;
      if (sum != sum) {
        if (most != -Infinity || holdsNaN(x, V)) return NaN;
        total = 1;
      }
      const labelAt = u < U ? <usize>load<i32>(labels + (<usize>u << 2)) << 2 : blankAt;
      const onBlank = load<f32>(x + blankAt), onLabel = load<f32>(x + labelAt);
      if (sum < CONFIDENT) {
        if (onBlank == most) total = sumOfOthers(g, V, g + blankAt);
        else if (onLabel == most) total = sumOfOthers(g, V, g + labelAt);
      }
      const yBlank = most == -Infinity ? -Infinity : <f64>onBlank - <f64>most;
      const yLabel = most == -Infinity || u == U ? -Infinity : <f64>onLabel - <f64>most;
      if ((yBlank < FAINTEST && onBlank != -Infinity) || (yLabel < FAINTEST && onLabel != -Infinity && u < U)) faint = true;
      storeEmission(cell + BLANK, cell + BLANK_EXPONENT, yBlank, total);
      storeEmission(cell + LABEL, cell + LABEL_EXPONENT, yLabel, total);
      store<f64>(cell + TOTAL, total);
      let stay: f64 = 0, read: f64 = 0;
      let stayExponent = NOTHING, readExponent = NOTHING;
      if (t > 0) {
        const before = cell - CELL * <usize>(U + 1);
        read = load<f64>(before + ALPHA) * load<f64>(before + BLANK);
        readExponent = load<i32>(before + ALPHA_EXPONENT) + load<i32>(before + BLANK_EXPONENT);
      }
      if (u > 0) {
        const before = cell - CELL;
        stay = load<f64>(before + ALPHA) * load<f64>(before + LABEL);
        stayExponent = load<i32>(before + ALPHA_EXPONENT) + load<i32>(before + LABEL_EXPONENT);
      }
      if (t == 0 && u == 0) {
        read = 1;
        readExponent = 0;
      }
      storeSum(cell + ALPHA, cell + ALPHA_EXPONENT, read, readExponent, stay, stayExponent);
    }
  }
  const end = cell - CELL;
  const mantissaZ = load<f64>(end + ALPHA) * load<f64>(end + BLANK);
  const exponentZ = load<i32>(end + ALPHA_EXPONENT) + load<i32>(end + BLANK_EXPONENT);
  if (faint || (mantissaZ != 0 && exponentZ < LOST)) return UNCERTAIN;
  if (mantissaZ == 0) return Infinity;
  // near 1 in one number, of which the logarithm is exact
  const logZ = exponentZ > -1000 ? log(mantissaZ * powerOfTwo(exponentZ)) : log(mantissaZ) + <f64>exponentZ * Math.LN2;
  const loss = max(-logZ, 0);
  if (!wanted) return loss;

  // beta of the next frame, overwritten by this frame's: U + 2 entries of a mantissa and an exponent, the last one nothing
  const betas = work + CELL * <usize>T * <usize>(U + 1);
  for (let t = T - 1; t >= 0; t--) {
    const frame = grad + frameBytes * <usize>t;
    const padding = frame + rowBytes * <usize>(U + 1);
    memory.fill(padding, 0, frameBytes - rowBytes * <usize>(U + 1));
    for (let u = U; u >= 0; u--) {
      cell -= CELL;
      const beta = betas + (<usize>u << 4);
      let blankMantissa: f64 = 0, labelMantissa: f64 = 0;
      let blankExponent = NOTHING, labelExponent = NOTHING;
      if (t + 1 < T) {
        blankMantissa = load<f64>(beta) * load<f64>(cell + BLANK);
        blankExponent = load<i32>(beta, 8) + load<i32>(cell + BLANK_EXPONENT);
      } else if (u == U) {
        blankMantissa = load<f64>(cell + BLANK);
        blankExponent = load<i32>(cell + BLANK_EXPONENT);
      }
      if (u < U) {
        labelMantissa = load<f64>(beta, 16) * load<f64>(cell + LABEL);
        labelExponent = load<i32>(beta, 24) + load<i32>(cell + LABEL_EXPONENT);
      }
      storeSum(beta, beta + 8, blankMantissa, blankExponent, labelMantissa, labelExponent);

      const alpha = load<f64>(cell + ALPHA) / mantissaZ;
      const shift = <i64>load<i32>(cell + ALPHA_EXPONENT) - <i64>exponentZ;
      const onBlank = alpha * blankMantissa * powerOfTwo(bounded(shift + <i64>blankExponent));
      const onLabel = alpha * labelMantissa * powerOfTwo(bounded(shift + <i64>labelExponent));
      const occupancy = onBlank + onLabel;
      const g = frame + rowBytes * <usize>u;
      const factor = occupancy * scale / load<f64>(cell + TOTAL);
      if (abs(factor) < LEAST) {
        memory.fill(g, 0, rowBytes);
        continue;
      }
      scaleRow(g, V, <f32>factor);
      const pBlank = load<f64>(cell + BLANK) * powerOfTwo(load<i32>(cell + BLANK_EXPONENT));
      store<f32>(g + blankAt, <f32>((occupancy * pBlank - onBlank) * scale));
      if (u < U) {
        const pLabel = load<f64>(cell + LABEL) * powerOfTwo(load<i32>(cell + LABEL_EXPONENT));
        const at = g + (<usize>load<i32>(labels + (<usize>u << 2)) << 2);
        store<f32>(at, <f32>((occupancy * pLabel - onLabel) * scale));
      }
    }
  }
  return loss;
}
