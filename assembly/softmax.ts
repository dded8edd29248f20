import { exp4, maximum, softExp4, sum } from "./vector";

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

// The same, and the maximum of the row that is `next`, which is read meanwhile: a large row is on its way from memory while the
// processor computes. Lane 0 is the sum, lane 1 the maximum. Its exponentials are those of a softmax: see softExp4.
// @ts-ignore: decorator
@inline export function exponentialsAhead(x: usize, out: usize, classes: i32, most: f32, next: usize): v128 {
  const shift = f32x4.splat(most);
  const whole = x + (<usize>(classes & ~3) << 2);
  const end = x + (<usize>classes << 2);
  let a = f32x4.splat(0), b = f32x4.splat(0), largest = f32x4.splat(-Infinity), other = largest;
  for (; x + 32 <= whole; x += 32, out += 32, next += 32) {
    const first = softExp4(f32x4.sub(v128.load(x), shift));
    const second = softExp4(f32x4.sub(v128.load(x, 16), shift));
    largest = f32x4.pmax(largest, v128.load(next));
    other = f32x4.pmax(other, v128.load(next, 16));
    v128.store(out, first);
    v128.store(out, second, 16);
    a = f32x4.add(a, first);
    b = f32x4.add(b, second);
  }
  if (x < whole) {
    const last = softExp4(f32x4.sub(v128.load(x), shift));
    largest = f32x4.pmax(largest, v128.load(next));
    v128.store(out, last);
    a = f32x4.add(a, last);
    x += 16;
    out += 16;
    next += 16;
  }
  let total = sum(f32x4.add(a, b));
  let ahead = maximum(f32x4.pmax(largest, other));
  for (; x < end; x += 4, out += 4, next += 4) {
    const value = f32x4.extract_lane(softExp4(f32x4.sub(f32x4.splat(load<f32>(x)), shift)), 0);
    store<f32>(out, value);
    total += value;
    const candidate = load<f32>(next);
    if (candidate > ahead) ahead = candidate;
  }
  return f32x4.replace_lane(f32x4.splat(total), 1, ahead);
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

// @ts-ignore: decorator
@inline export function scaleRow(x: usize, classes: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  const whole = x + (<usize>(classes & ~3) << 2);
  const end = x + (<usize>classes << 2);
  for (; x < whole; x += 16) v128.store(x, f32x4.mul(v128.load(x), by));
  for (; x < end; x += 4) store<f32>(x, load<f32>(x) * factor);
}
