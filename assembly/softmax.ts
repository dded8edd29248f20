import { loadSome, storeSome } from "./partial";
import {
  exp4, maximum, SOFT_BIAS, SOFT_FIRST, SOFT_LAST, SOFT_LEAST, SOFT_PER_LN2, softConstant, softExponential, softFraction, softPower,
  sum,
} from "./vector";

// One row of softmax in pieces, shared by every loss that has the softmax fused in.

// @ts-ignore: decorator
@inline export function rowMaximum(x: usize, classes: i32): f32 {
  const end = x + (<usize>classes << 2);
  let most: f32 = -Infinity;
  if (classes >= 4) {
    const whole = x + (<usize>(classes & ~3) << 2);
    let a = v128.load(x), b = a;
    let p = x;
    for (; p + 32 <= whole; p += 32) {
      a = f32x4.pmax(a, v128.load(p));
      b = f32x4.pmax(b, v128.load(p, 16));
    }
    if (p < whole) a = f32x4.pmax(a, v128.load(p));
    most = maximum(f32x4.pmax(a, b));
    x = whole;
  }
  for (; x < end; x += 4) {
    const value = load<f32>(x);
    if (value > most) most = value;
  }
  return most;
}

// out[i] = e^(x[i] - most); returns their sum. The last group of fewer than four goes through a single lane.
// @ts-ignore: decorator
@inline export function exponentials(x: usize, out: usize, classes: i32, most: f32): f32 {
  const shift = f32x4.splat(most);
  const whole = x + (<usize>(classes & ~3) << 2);
  const end = x + (<usize>classes << 2);
  let a = f32x4.splat(0), b = f32x4.splat(0);
  for (; x + 32 <= whole; x += 32, out += 32) {
    const first = exp4(f32x4.sub(v128.load(x), shift));
    const second = exp4(f32x4.sub(v128.load(x, 16), shift));
    v128.store(out, first);
    v128.store(out, second, 16);
    a = f32x4.add(a, first);
    b = f32x4.add(b, second);
  }
  if (x < whole) {
    const last = exp4(f32x4.sub(v128.load(x), shift));
    v128.store(out, last);
    a = f32x4.add(a, last);
    x += 16;
    out += 16;
  }
  let total = sum(f32x4.add(a, b));
  for (; x < end; x += 4, out += 4) {
    const value = f32x4.extract_lane(exp4(f32x4.sub(f32x4.splat(load<f32>(x)), shift)), 0);
    store<f32>(out, value);
    total += value;
  }
  return total;
}

// The same with the exponentials of a softmax (see softPower), and the maximum of the row that is `next`, which is read meanwhile:
// a large row is on its way from memory while the processor computes. Lane 0 is the sum, lane 1 the maximum.
// @ts-ignore: decorator
@inline export function exponentialsAhead(x: usize, out: usize, classes: i32, most: f32, next: usize): v128 {
  const least = softConstant(SOFT_LEAST), perLn2 = softConstant(SOFT_PER_LN2), bias = softConstant(SOFT_BIAS);
  const p5 = softConstant(SOFT_FIRST), p4 = softConstant(SOFT_FIRST + 1), p3 = softConstant(SOFT_FIRST + 2);
  const p2 = softConstant(SOFT_FIRST + 3), p1 = softConstant(SOFT_FIRST + 4), p0 = softConstant(SOFT_LAST);
  const shift = f32x4.splat(most);
  const rest = classes & 3;
  const whole = x + (<usize>(classes - rest) << 2);
  let total = f32x4.splat(0), largest = f32x4.splat(-Infinity);
  if (x < whole) {
    let y = f32x4.pmax(f32x4.sub(v128.load(x), shift), least);
    let power = softPower(y, perLn2, bias), f = softFraction(y, perLn2, bias, power);
    for (; x + 32 < whole; x += 32, out += 32, next += 32) {
      y = f32x4.pmax(f32x4.sub(v128.load(x, 16), shift), least);
      const second = softPower(y, perLn2, bias), secondF = softFraction(y, perLn2, bias, second);
      let value = softExponential(f, power, p5, p4, p3, p2, p1, p0);
      total = f32x4.add(total, value);
      v128.store(out, value);
      largest = f32x4.pmax(largest, v128.load(next));
      y = f32x4.pmax(f32x4.sub(v128.load(x, 32), shift), least);
      power = softPower(y, perLn2, bias);
      f = softFraction(y, perLn2, bias, power);
      value = softExponential(secondF, second, p5, p4, p3, p2, p1, p0);
      total = f32x4.add(total, value);
      v128.store(out, value, 16);
      largest = f32x4.pmax(largest, v128.load(next, 16));
    }
    while (true) {
      const value = softExponential(f, power, p5, p4, p3, p2, p1, p0);
      total = f32x4.add(total, value);
      v128.store(out, value);
      largest = f32x4.pmax(largest, v128.load(next));
      x += 16; out += 16; next += 16;
      if (x == whole) break;
      y = f32x4.pmax(f32x4.sub(v128.load(x), shift), least);
      power = softPower(y, perLn2, bias);
      f = softFraction(y, perLn2, bias, power);
    }
  }
  if (rest > 0) {
    const y = f32x4.pmax(f32x4.sub(loadSome(x, rest), shift), least);
    const power = softPower(y, perLn2, bias), f = softFraction(y, perLn2, bias, power);
    const value = softExponential(f, power, p5, p4, p3, p2, p1, p0);
    total = f32x4.add(total, value);
    storeSome(out, value, rest);
    largest = f32x4.pmax(largest, loadSome(next, rest));
  }
  return f32x4.replace_lane(f32x4.splat(sum(total)), 1, maximum(largest));
}

export function rowSum(x: usize, classes: i32): f32 {
  const whole = x + (<usize>(classes & ~3) << 2);
  const end = x + (<usize>classes << 2);
  let a = f32x4.splat(0), b = f32x4.splat(0);
  for (; x + 32 <= whole; x += 32) {
    a = f32x4.add(a, v128.load(x));
    b = f32x4.add(b, v128.load(x, 16));
  }
  if (x < whole) {
    a = f32x4.add(a, v128.load(x));
    x += 16;
  }
  let total = sum(f32x4.add(a, b));
  for (; x < end; x += 4) total += load<f32>(x);
  return total;
}

// From its end to its beginning: who scales rows from the last to the first so reads memory in one direction, which the processor
// foresees (three times as fast where it does not fit the cache); and what was written last is still the nearest.
// @ts-ignore: decorator
@inline export function scaleRow(x: usize, classes: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  const whole = x + (<usize>(classes & ~3) << 2);
  let at = x + (<usize>classes << 2);
  while (at > whole) {
    at -= 4;
    store<f32>(at, load<f32>(at) * factor);
  }
  while (at >= x + 64) {
    at -= 64;
    v128.store(at, f32x4.mul(v128.load(at, 48), by), 48);
    v128.store(at, f32x4.mul(v128.load(at, 32), by), 32);
    v128.store(at, f32x4.mul(v128.load(at, 16), by), 16);
    v128.store(at, f32x4.mul(v128.load(at), by));
  }
  while (at > x) {
    at -= 16;
    v128.store(at, f32x4.mul(v128.load(at), by));
  }
}
