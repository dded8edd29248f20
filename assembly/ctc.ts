import { log, powerOfTwo } from "./scalar";
import { exponentialsAhead, rowMaximum, rowSum, scaleRow } from "./softmax";
import { biasedPower, expPolynomial, remainder, sum, wholeOf } from "./vector";

// CTC of one sequence: softmax, alpha and beta recursion, gradient (Graves et al. 2006, eq. 6 to 16).
//
// A lattice value is a float32 mantissa times 2 to a 32-bit exponent of its own. Neighbouring states of an untrained
// network differ by more than float32, at times float64, can hold; rescaling a whole frame would lose the smaller silently.
// Addition aligns both terms to the larger exponent by whole-number addition to the float's bits; there is no exp or log
// in the recursions. Mantissas are brought back to [1, 2) every eighth frame.
//
// The 2U + 1 states are held apart as blanks B[0..U] and labels L[0..U-1], four to a vector. A frame is a row of vectors
// of 64 bytes: mantissas and exponents of B, mantissas and exponents of L; one vector of zeros stands before and behind.

const NOTHING: i32 = -(1 << 29); // the exponent of probability 0
const LOST: i32 = -(1 << 28); // a final exponent below this one came from impossible symbols
const FAINTEST: f32 = -1e5; // an emission under e^FAINTEST counts as impossible, and is reported
const FAR: f64 = 9e4; // a loss above it may lean on emissions that were counted as impossible
const CONFIDENT: f64 = 0.2; // a loss below it is computed again from the mass of all that is not the label
export const UNCERTAIN: f64 = -1;

// Constants live in memory, four lanes each, for the same reason as in vector.ts.
const TABLE: usize = memory.data<i32>([
  -120, -120, -120, -120,
  -100, -100, -100, -100,
  -0x20000000, -0x20000000, -0x20000000, -0x20000000,
  0x007fffff, 0x007fffff, 0x007fffff, 0x007fffff,
  0x3f800000, 0x3f800000, 0x3f800000, 0x3f800000,
  127, 127, 127, 127,
  reinterpret<i32>(<f32>-32), reinterpret<i32>(<f32>-32), reinterpret<i32>(<f32>-32), reinterpret<i32>(<f32>-32),
], 16);
const LEAST_SHIFT = 0, LEAST_KEPT = 1, NO_MASS = 2, FRACTION = 3, ONE = 4, BIAS = 5;
const LOW = 6; // an emission under e^LOW is computed with care

// @ts-ignore: decorator
@inline function constant(index: usize): v128 {
  return v128.load(TABLE + (index << 4));
}

// mantissa × 2^difference for difference <= 0; below 2^-120 it stays at 2^-120, too small to reach the last bit.
// @ts-ignore: decorator
@inline function shifted(mantissa: v128, difference: v128): v128 {
  return i32x4.add(mantissa, i32x4.shl(i32x4.max_s(difference, constant(LEAST_SHIFT)), 23));
}

// The same, but exactly 0 below 2^-100: for what is added into the gradient.
// @ts-ignore: decorator
@inline function shiftedOrZero(mantissa: v128, difference: v128): v128 {
  const kept = i32x4.gt_s(difference, constant(LEAST_KEPT));
  return v128.and(i32x4.add(mantissa, i32x4.shl(difference, 23)), kept);
}

// [a3, b0, b1, b2]
// @ts-ignore: decorator
@inline function previousLane(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27);
}

// [a1, a2, a3, b0]
// @ts-ignore: decorator
@inline function nextLane(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
}

// @ts-ignore: decorator
@inline function storeState(at: usize, mantissa: v128, exponent: v128, normalise: bool): void {
  const least = constant(NO_MASS);
  if (normalise) {
    const fraction = v128.or(v128.and(mantissa, constant(FRACTION)), constant(ONE));
    const excess = i32x4.sub(i32x4.shr_u(mantissa, 23), constant(BIAS));
    v128.store(at, fraction);
    v128.store(at, i32x4.max_s(i32x4.add(exponent, excess), least), 16);
  } else {
    v128.store(at, mantissa);
    v128.store(at, i32x4.max_s(exponent, least), 16);
  }
}

// @ts-ignore: decorator
@inline function storeNothing(at: usize): void {
  const one = constant(ONE), nothing = constant(NO_MASS);
  v128.store(at, one);
  v128.store(at, nothing, 16);
  v128.store(at, one, 32);
  v128.store(at, nothing, 48);
}

// Where lane s of a row, or of the table, lies.
// @ts-ignore: decorator
@inline function lane(row: usize, s: i32): usize {
  return row + (<usize>(s >> 2) << 6) + (<usize>(s & 3) << 2);
}

// alpha of the next frame. table: per vector, label offsets | skip penalties | penalties of the next lane.
// @ts-ignore: decorator
@inline function alphaStep(
  vectors: i32, from: usize, to: usize, blankMantissa: v128, blankExponent: v128, emissions: usize, table: usize, normalise: bool,
): void {
  const end = from + (<usize>vectors << 6);
  let mantissaBefore = v128.load(from - 32), exponentBefore = v128.load(from - 16);
  while (from < end) {
    const mB = v128.load(from), eB = v128.load(from, 16), mL = v128.load(from, 32), eL = v128.load(from, 48);
    const mP = previousLane(mantissaBefore, mL);
    let eP = previousLane(exponentBefore, eL);
    mantissaBefore = mL;
    exponentBefore = eL;
    // B[s] <- B[s], L[s-1]
    let top = i32x4.max_s(eB, eP);
    let mantissa = f32x4.mul(f32x4.add(shifted(mB, i32x4.sub(eB, top)), shifted(mP, i32x4.sub(eP, top))), blankMantissa);
    storeState(to, mantissa, i32x4.add(top, blankExponent), normalise);
    // L[s] <- L[s], B[s], and L[s-1] unless it is the same label
    eP = i32x4.add(eP, v128.load(table, 16));
    top = i32x4.max_s(i32x4.max_s(eL, eB), eP);
    mantissa = f32x4.add(shifted(mL, i32x4.sub(eL, top)), shifted(mB, i32x4.sub(eB, top)));
    mantissa = f32x4.mul(f32x4.add(mantissa, shifted(mP, i32x4.sub(eP, top))), v128.load(emissions));
    storeState(to + 32, mantissa, i32x4.add(top, v128.load(emissions, 16)), normalise);
    from += 64; to += 64; emissions += 32; table += 64;
  }
}

// beta of the frame before, and the posterior alpha · beta / Z of this frame: those of the labels are subtracted from the
// gradient's row at once, those of the blank are returned, four partial sums.
// @ts-ignore: decorator
@inline function betaStep(
  vectors: i32, from: usize, to: usize, alpha: usize, blankMantissa: v128, blankExponent: v128, emissions: usize, table: usize,
  grad: usize, perZ: v128, exponentZ: v128, scale: v128, normalise: bool,
): v128 {
  let blanks = f32x4.splat(0);
  const end = from + (<usize>vectors << 6);
  let mB = v128.load(from), eB = v128.load(from, 16), mL = v128.load(from, 32), eL = v128.load(from, 48);
  while (from < end) {
    const mBnext = v128.load(from, 64), eBnext = v128.load(from, 80), mLnext = v128.load(from, 96), eLnext = v128.load(from, 112);
    // B[s] -> B[s], L[s]
    let top = i32x4.max_s(eB, eL);
    let mantissa = f32x4.add(shifted(mB, i32x4.sub(eB, top)), shifted(mL, i32x4.sub(eL, top)));
    const atBlank = f32x4.mul(f32x4.mul(mantissa, v128.load(alpha)), perZ);
    blanks = f32x4.add(blanks, shiftedOrZero(atBlank, i32x4.sub(i32x4.add(top, v128.load(alpha, 16)), exponentZ)));
    storeState(to, f32x4.mul(mantissa, blankMantissa), i32x4.add(top, blankExponent), normalise);
    // L[s] -> L[s], B[s+1], and L[s+1] unless it is the same label
    const mB1 = nextLane(mB, mBnext), eB1 = nextLane(eB, eBnext), mL1 = nextLane(mL, mLnext);
    const eL1 = i32x4.add(nextLane(eL, eLnext), v128.load(table, 32));
    top = i32x4.max_s(i32x4.max_s(eL, eB1), eL1);
    mantissa = f32x4.add(shifted(mL, i32x4.sub(eL, top)), shifted(mB1, i32x4.sub(eB1, top)));
    mantissa = f32x4.add(mantissa, shifted(mL1, i32x4.sub(eL1, top)));
    const atLabel = f32x4.mul(f32x4.mul(mantissa, v128.load(alpha, 32)), perZ);
    const posterior = f32x4.mul(shiftedOrZero(atLabel, i32x4.sub(i32x4.add(top, v128.load(alpha, 48)), exponentZ)), scale);
    storeState(to + 32, f32x4.mul(mantissa, v128.load(emissions)), i32x4.add(top, v128.load(emissions, 16)), normalise);
    let at = grad + <usize>load<u32>(table);
    store<f32>(at, load<f32>(at) - f32x4.extract_lane(posterior, 0));
    at = grad + <usize>load<u32>(table, 4);
    store<f32>(at, load<f32>(at) - f32x4.extract_lane(posterior, 1));
    at = grad + <usize>load<u32>(table, 8);
    store<f32>(at, load<f32>(at) - f32x4.extract_lane(posterior, 2));
    at = grad + <usize>load<u32>(table, 12);
    store<f32>(at, load<f32>(at) - f32x4.extract_lane(posterior, 3));
    mB = mBnext; eB = eBnext; mL = mLnext; eL = eLnext;
    from += 64; to += 64; alpha += 64; emissions += 32; table += 64;
  }
  return blanks;
}

// @ts-ignore: decorator
@inline function vectorsOf(U: i32): i32 {
  return (U + 4) >> 2;
}

// Bytes that ctcSequence works in: the table, the emissions, and an alpha row for each frame and two of beta.
export function ctcWorkspaceBytes(T: i32, U: i32): f64 {
  const vectors = <f64>vectorsOf(U);
  return (vectors + 2) * 64 + <f64>T * (vectors + 1) * 32 + (<f64>T + 2) * (vectors + 2) * 64 + 256;
}

// The mantissa and the exponent of e^(x - most) go to `to` and `to + 16`. Which of them storeLowEmission is to compute again.
// @ts-ignore: decorator
@inline function storeEmission(x: v128, most: v128, to: usize): v128 {
  const y = f32x4.sub(x, most);
  const biased = biasedPower(y);
  v128.store(to, expPolynomial(remainder(y, biased)));
  v128.store(to, wholeOf(biased), 16);
  return f32x4.lt(y, constant(LOW));
}

// The same where the difference may be so large that its last bit counts: what it loses (Møller 1965) is added to the remainder.
// True where one is too faint to hold.
function storeLowEmission(x: v128, most: v128, to: usize): bool {
  const y = f32x4.sub(x, most), back = f32x4.sub(y, x);
  const lost = f32x4.sub(f32x4.sub(x, f32x4.sub(y, back)), f32x4.add(most, back));
  const faint = f32x4.lt(y, f32x4.splat(FAINTEST));
  const held = f32x4.pmax(y, f32x4.splat(FAINTEST));
  const biased = biasedPower(held);
  v128.store(to, expPolynomial(f32x4.add(remainder(held, biased), v128.andnot(lost, faint))));
  v128.store(to, v128.bitselect(constant(NO_MASS), wholeOf(biased), faint), 16);
  return v128.any_true(faint);
}

// The frame's logits of four labels of the table.
// @ts-ignore: decorator
@inline function labelLogits(x: usize, entry: usize): v128 {
  let y = v128.load32_zero(x + <usize>load<u32>(entry));
  y = v128.load_lane<u32>(x + <usize>load<u32>(entry, 4), y, 1);
  y = v128.load_lane<u32>(x + <usize>load<u32>(entry, 8), y, 2);
  return v128.load_lane<u32>(x + <usize>load<u32>(entry, 12), y, 3);
}

// A frame's emissions again, with care. True where one is too faint to hold.
function storeLowEmissions(x: usize, most: v128, table: usize, vectors: i32, emissions: usize, blank: usize, blankAt: usize): bool {
  let faint = storeLowEmission(v128.load32_splat(blank), most, blankAt);
  for (let v = 0; v < vectors; v++, table += 64, emissions += 32) {
    if (storeLowEmission(labelLogits(x, table), most, emissions)) faint = true;
  }
  return faint;
}

// Lanes past the last label stand for the blank, at exponents that no path reaches.
function fillTable(table: usize, vectors: i32, U: i32, labels: usize, blank: i32): void {
  for (let s = 0; s < vectors * 4; s++) {
    const label = s < U ? load<i32>(labels + (<usize>s << 2)) : blank;
    const before = s > 0 && s < U ? load<i32>(labels + (<usize>(s - 1) << 2)) : label;
    const after = s + 1 < U ? load<i32>(labels + (<usize>(s + 1) << 2)) : label;
    const at = lane(table, s);
    store<i32>(at, label << 2);
    store<i32>(at, label == before ? NOTHING : 0, 16);
    store<i32>(at, label == after ? NOTHING : 0, 32);
  }
}

// logits: T×V f32. labels: U i32. grad: T×V f32 out, (softmax − posterior) · scale; unless `wanted` it is workspace only. It may
// lie where the logits do.
// The caller has seen to it that T >= 1 and T >= U + repeats.
// Returns the loss; NaN where a logit is NaN or +Infinity; UNCERTAIN where these exponents do not settle it, and then the
// caller computes the sequence in float64.
export function ctcSequence(
  T: i32, V: i32, U: i32, blank: i32, scale: f32, logits: usize, labels: usize, grad: usize, wanted: bool, work: usize,
): f64 {
  const vectors = vectorsOf(U);
  const rowBytes = <usize>(vectors + 2) << 6;
  const emissionBytes = <usize>vectors << 5;
  const table = work;
  const emissions = table + rowBytes;
  const blanks = emissions + emissionBytes * <usize>T;
  const rows = blanks + (<usize>T << 5);
  const frameBytes = <usize>V << 2;
  fillTable(table, vectors, U, labels, blank);

  let logSums: f64 = 0, product: f64 = 1;
  let faint = false;
  let ahead = rowMaximum(logits, V);
  let x = logits, g = grad, row = rows + 64, emission = emissions, blankAt = blanks;
  for (let t = 0; t < T; t++) {
    const most = ahead;
    const first = max(U - T + t, 0) >> 2;
    const last = min(vectors, (t >> 2) + 1);
    const shift = f32x4.splat(most);
    const blankLogit = x + (<usize>blank << 2);
    let low = storeEmission(v128.load32_splat(blankLogit), shift, blankAt);
    for (let v = first; v < last; v++) {
      const logits = labelLogits(x, table + (<usize>v << 6));
      low = v128.or(low, storeEmission(logits, shift, emission + (<usize>v << 5)));
    }
    if (v128.any_true(low)) {
      const from = table + (<usize>first << 6), to = emission + (<usize>first << 5);
      if (storeLowEmissions(x, shift, from, last - first, to, blankLogit, blankAt)) faint = true;
    }
    const both = exponentialsAhead(x, g, V, most, t + 1 < T ? x + frameBytes : x);
    const total = f32x4.extract_lane(both, 0);
    ahead = f32x4.extract_lane(both, 1);
    if (total != total) return most == -Infinity ? UNCERTAIN : NaN;
    scaleRow(g, V, scale / total);
    product *= <f64>total;
    if ((t & 15) == 15) {
      logSums += log(product);
      product = 1;
    }
    if (t == 0) {
      storeNothing(row - 64);
      for (let v = 0; v <= vectors; v++) storeNothing(row + (<usize>v << 6));
      store<f32>(row, load<f32>(blankAt));
      store<i32>(row, load<i32>(blankAt, 16), 16);
      if (U > 0) {
        store<f32>(row, load<f32>(emission), 32);
        store<i32>(row, load<i32>(emission, 16), 48);
      }
    } else {
      const skipped = <usize>first << 6;
      const from = row - rowBytes + skipped, to = row + skipped, e = emission + (skipped >> 1), entry = table + skipped;
      storeNothing(to - 64);
      if ((t & 7) == 7) alphaStep(last - first, from, to, v128.load(blankAt), v128.load(blankAt, 16), e, entry, true);
      else alphaStep(last - first, from, to, v128.load(blankAt), v128.load(blankAt, 16), e, entry, false);
      storeNothing(row + (<usize>last << 6));
    }
    x += frameBytes; g += frameBytes; row += rowBytes; emission += emissionBytes; blankAt += 32;
  }
  logSums += log(product);
  row -= rowBytes;

  const lastBlank = lane(row, U);
  const mantissaBlank = load<f32>(lastBlank), exponentBlank = load<i32>(lastBlank, 16);
  const lastLabel = lane(row, max(U - 1, 0));
  const mantissaLabel = load<f32>(lastLabel, 32), exponentLabel = U > 0 ? load<i32>(lastLabel, 48) : NOTHING;
  const exponentZ = max(exponentBlank, exponentLabel);
  if (exponentZ < LOST) return UNCERTAIN;
  const mantissaZ = <f64>mantissaBlank * powerOfTwo(exponentBlank - exponentZ) + <f64>mantissaLabel * powerOfTwo(exponentLabel - exponentZ);
  let loss = logSums - (log(mantissaZ) + <f64>exponentZ * Math.LN2);
  if (faint && loss > FAR) return UNCERTAIN;
  if (loss < CONFIDENT) {
    const least = loss > 1e-6 ? loss * 1e-12 : 1e-300;
    const outside = complementMass(T, V, U, blank, labels, grad, 1 / <f64>scale, least, rows + rowBytes * <usize>T);
    loss = Math.max(-Math.log1p(-outside), 0);
  }
  if (!wanted) return loss;

  let from = rows + rowBytes * <usize>T + 64, to = from + rowBytes;
  for (let v = -1; v <= vectors; v++) {
    storeNothing(from + (<usize>v << 6));
    storeNothing(to + (<usize>v << 6));
  }
  store<i32>(lane(from, U), 0, 16);
  const perZ = f32x4.splat(<f32>(1 / mantissaZ)), exponents = i32x4.splat(exponentZ), scales = f32x4.splat(scale);
  for (let t = T - 1; t >= 0; t--) {
    g -= frameBytes; emission -= emissionBytes; blankAt -= 32;
    const first = max(U - T + t, 0) >> 2;
    const last = min(vectors, (t >> 2) + 1);
    const skipped = <usize>first << 6;
    const e = emission + (skipped >> 1), entry = table + skipped, a = row + skipped;
    let sums: v128;
    if ((t & 7) == 7) {
      sums = betaStep(last - first, from + skipped, to + skipped, a, v128.load(blankAt), v128.load(blankAt, 16), e, entry, g, perZ, exponents, scales, true);
    } else {
      sums = betaStep(last - first, from + skipped, to + skipped, a, v128.load(blankAt), v128.load(blankAt, 16), e, entry, g, perZ, exponents, scales, false);
    }
    const at = g + (<usize>blank << 2);
    store<f32>(at, load<f32>(at) - sum(sums) * scale);
    storeNothing(to + (<usize>last << 6));
    storeNothing(to + skipped - 64);
    const held = from;
    from = to;
    to = held;
    row -= rowBytes;
  }
  return loss;
}

// 1 − p(label), summed as what it is: the mass of paths that leave the lattice, and of those that end before its end. It keeps
// its relative accuracy where 1 − p would round to 0. probabilities: T×V f32, multiplied by 1 / perScale. States that hold less
// than `least` are left out. work: two rows of 2U + 1 f64.
function complementMass(
  T: i32, V: i32, U: i32, blank: i32, labels: usize, probabilities: usize, perScale: f64, least: f64, work: usize,
): f64 {
  const states = 2 * U + 1;
  const rowBytes = <usize>states << 3;
  let from = work, to = work + rowBytes, p = probabilities;
  memory.fill(work, 0, rowBytes << 1);
  store<f64>(from, 1);
  let outside: f64 = 0;
  let low = 0, high = 0;
  for (let t = 0; t < T; t++, p += <usize>V << 2) {
    for (let s = low; s <= high; s++) {
      const mass = load<f64>(from + (<usize>s << 3));
      store<f64>(from + (<usize>s << 3), 0);
      if (mass < least) continue;
      // The up to three symbols that stay inside the lattice, set to 0 while the others are summed: no difference of
      // nearly equal sums is taken.
      const own = symbolAt(s, labels, blank);
      const count = s + 1 == states ? 1 : (s & 1) == 1 && s + 2 < states && symbolAt(s + 2, labels, blank) != own ? 3 : 2;
      const first = p + (<usize>own << 2), second = p + (<usize>symbolAt(min(s + 1, states - 1), labels, blank) << 2);
      const third = p + (<usize>symbolAt(min(s + 2, states - 1), labels, blank) << 2);
      const stay = load<f32>(first), next = load<f32>(second), skip = load<f32>(third);
      move(to, s, mass, stay, perScale);
      store<f32>(first, 0);
      if (count > 1) {
        move(to, s + 1, mass, next, perScale);
        store<f32>(second, 0);
      }
      if (count > 2) {
        move(to, s + 2, mass, skip, perScale);
        store<f32>(third, 0);
      }
      outside += mass * <f64>rowSum(p, V) * perScale;
      store<f32>(first, stay);
      if (count > 1) store<f32>(second, next);
      if (count > 2) store<f32>(third, skip);
    }
    high = min(high + 2, states - 1);
    while (low < high && load<f64>(to + (<usize>low << 3)) < least) {
      store<f64>(to + (<usize>low << 3), 0);
      low++;
    }
    const held = from;
    from = to;
    to = held;
  }
  for (let s = low; s < states - 2; s++) outside += load<f64>(from + (<usize>s << 3));
  return Math.min(outside, 1);
}

// @ts-ignore: decorator
@inline function symbolAt(state: i32, labels: usize, blank: i32): i32 {
  return (state & 1) == 0 ? blank : load<i32>(labels + (<usize>(state >> 1) << 2));
}

// @ts-ignore: decorator
@inline function move(masses: usize, state: i32, mass: f64, probability: f32, perScale: f64): void {
  const at = masses + (<usize>state << 3);
  store<f64>(at, load<f64>(at) + mass * <f64>probability * perScale);
}
