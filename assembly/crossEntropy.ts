import { exp4, maximum, sum } from "./vector";

// Softmax and cross-entropy of one row in one pass over it: e^(x - max) goes straight to the gradient's row, is scaled
// there, and the loss is log1p of the other classes' mass relative to the label's, which keeps a confident row exact.

// logits: rows × classes f32. labels: rows i32, -1 for none (loss 0, gradient 0). scales: rows f64, d value / d loss.
// losses: rows f64 out. grad: rows × classes f32 out, or 0 for the losses alone (then `logits` is overwritten).
export function crossEntropyRows(
  rows: i32, classes: i32, logits: usize, labels: usize, scales: usize, losses: usize, grad: usize,
): void {
  const bytes = <usize>classes << 2;
  const out = grad == 0 ? logits : grad;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const x = logits + row * bytes;
    const g = out + row * bytes;
    const label = load<i32>(labels + (row << 2));
    if (label < 0) {
      store<f64>(losses + (row << 3), 0);
      if (grad != 0) memory.fill(g, 0, bytes);
      continue;
    }
    const at = g + (<usize>label << 2);
    const gold = load<f32>(x + (<usize>label << 2));
    const most = rowMaximum(x, classes);
    if (gold == -Infinity && most < Infinity) {
      store<f64>(losses + (row << 3), Infinity);
      if (grad != 0) memory.fill(g, 0, bytes);
      continue;
    }
    exponentials(x, g, classes, most);
    const own = load<f32>(at);
    store<f32>(at, 0);
    const others = rowSum(g, classes);
    const total = others + own;
    store<f64>(losses + (row << 3),
      gold == most ? Math.log1p(<f64>others) : Math.log(<f64>total) + (<f64>most - <f64>gold));
    if (grad == 0) continue;
    const scale = load<f64>(scales + (row << 3));
    const factor = <f32>(scale / <f64>total);
    scaleRow(g, classes, factor);
    store<f32>(at, -others * factor);
  }
}

export function rowMaximum(x: usize, classes: i32): f32 {
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

// out[i] = e^(x[i] - most); the last group of fewer than four goes through a single lane.
function exponentials(x: usize, out: usize, classes: i32, most: f32): void {
  const shift = f32x4.splat(most);
  const whole = x + (<usize>(classes & ~3) << 2);
  const end = x + (<usize>classes << 2);
  for (; x < whole; x += 16, out += 16) v128.store(out, exp4(f32x4.sub(v128.load(x), shift)));
  for (; x < end; x += 4, out += 4) {
    store<f32>(out, f32x4.extract_lane(exp4(f32x4.sub(f32x4.splat(load<f32>(x)), shift)), 0));
  }
}

function rowSum(x: usize, classes: i32): f32 {
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

function scaleRow(x: usize, classes: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  const whole = x + (<usize>(classes & ~3) << 2);
  const end = x + (<usize>classes << 2);
  for (; x < whole; x += 16) v128.store(x, f32x4.mul(v128.load(x), by));
  for (; x < end; x += 4) store<f32>(x, load<f32>(x) * factor);
}
