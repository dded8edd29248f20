import { exponentials, exponentialsAhead, rowMaximum, rowSum, scaleRow } from "./softmax";
import { log1p64 } from "./vector64";

// Softmax and cross-entropy of one row: e^(x - max) goes straight to the gradient's row and is scaled there. With Z = Σ e^(x - max)
// the loss is ln(1 + (Z - 1)) + max - gold, whose logarithms are taken at the end, two rows at a time. Where the label is the
// likeliest class, Z - 1 is the sum over the others, which keeps a confident row exact.

// logits: rows × classes f32. labels: rows i32, -1 for none (loss 0, gradient 0). scales: rows f64, d value / d loss; overwritten.
// losses: rows f64 out. grad: rows × classes f32 out, or 0 for the losses alone (then `logits` is overwritten).
export function crossEntropyRows(
  rows: i32, classes: i32, logits: usize, labels: usize, scales: usize, losses: usize, grad: usize,
): void {
  const bytes = <usize>classes << 2;
  const out = grad == 0 ? logits : grad;
  const last = <usize>rows - 1;
  let most: f32 = rows > 0 ? rowMaximum(logits, classes) : 0;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const x = logits + row * bytes;
    const g = out + row * bytes;
    const label = load<i32>(labels + (row << 2));
    const scale = load<f64>(scales + (row << 3));
    if (label < 0) {
      settleRow(row, losses, 0, scales, 0);
      if (grad != 0) memory.fill(g, 0, bytes);
      if (row < last) most = rowMaximum(x + bytes, classes);
      continue;
    }
    const gold = load<f32>(x + (<usize>label << 2));
    const own = most;
    const both = exponentialsAhead(x, g, classes, own, row < last ? x + bytes : x);
    const total = f32x4.extract_lane(both, 0);
    most = f32x4.extract_lane(both, 1);
    if (gold == -Infinity && (total == total || own == -Infinity)) {
      settleRow(row, losses, Infinity, scales, 0);
      if (grad != 0) memory.fill(g, 0, bytes);
      continue;
    }
    const at = g + (<usize>label << 2);
    let others = total - load<f32>(at);
    let excess = <f64>total - 1;
    if (gold == own && total < 2) {
      store<f32>(at, 0);
      others = rowSum(g, classes);
      excess = others;
    }
    // NaN among the logits is in the total, and must be in the loss
    settleRow(row, losses, <f64>own - <f64>gold + <f64>(total - total), scales, excess);
    if (grad == 0) continue;
    const factor = <f32>(scale / <f64>total);
    scaleRow(g, classes, factor);
    store<f32>(at, -others * factor);
  }
  addLogarithms(rows, losses, scales);
}

// What a row's loss is made of: a distance, and ln(1 + excess).
// @ts-ignore: decorator
@inline function settleRow(row: usize, losses: usize, distance: f64, excesses: usize, excess: f64): void {
  store<f64>(losses + (row << 3), distance);
  store<f64>(excesses + (row << 3), excess);
}

// losses[row] += ln(1 + excesses[row])
function addLogarithms(rows: i32, losses: usize, excesses: usize): void {
  const pairs = losses + (<usize>(rows & ~1) << 3);
  for (; losses < pairs; losses += 16, excesses += 16) {
    v128.store(losses, f64x2.add(v128.load(losses), log1p64(v128.load(excesses))));
  }
  if ((rows & 1) == 0) return;
  const excess = v128.load64_zero(excesses);
  v128.store64_lane(losses, f64x2.add(v128.load64_zero(losses), log1p64(excess)), 0);
}

// The same against a distribution over the classes: loss = Σ q_k (ln Z − x_k), gradient (Σq · softmax − q) · scale. A class with
// q = 0 adds nothing, also at -Infinity; a wanted class at -Infinity costs Infinity with a zero gradient.
// targets: rows × classes f32, q ≥ 0, class weights and smoothing included. kept: rows i32, 0 leaves a row out.
export function crossEntropySoftRows(
  rows: i32, classes: i32, logits: usize, targets: usize, kept: usize, scales: usize, losses: usize, grad: usize,
): void {
  const bytes = <usize>classes << 2;
  const out = grad == 0 ? logits : grad;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const x = logits + row * bytes;
    const q = targets + row * bytes;
    const g = out + row * bytes;
    if (load<i32>(kept + (row << 2)) == 0) {
      store<f64>(losses + (row << 3), 0);
      if (grad != 0) memory.fill(g, 0, bytes);
      continue;
    }
    const most = rowMaximum(x, classes);
    let distance: f64 = 0, mass: f64 = 0;
    for (let k: usize = 0; k < bytes; k += 4) {
      const share = <f64>load<f32>(q + k);
      if (share == 0) continue;
      mass += share;
      distance += share * (<f64>most - <f64>load<f32>(x + k));
    }
    if (most == -Infinity) distance = mass == 0 ? 0 : Infinity;
    const likeliest = firstOf(x, classes, most);
    const total = exponentials(x, g, classes, most);
    if (distance == Infinity || mass == 0) {
      const poisoned = total != total && most != -Infinity;
      store<f64>(losses + (row << 3), poisoned ? NaN : distance);
      if (grad != 0) memory.fill(g, 0, bytes);
      continue;
    }
    const top = load<f32>(g + likeliest);
    store<f32>(g + likeliest, 0);
    const others = rowSum(g, classes);
    store<f32>(g + likeliest, top);
    store<f64>(losses + (row << 3), distance + mass * Math.log1p(<f64>others + (<f64>top - 1)));
    if (grad == 0) continue;
    const scale = load<f64>(scales + (row << 3));
    scaleRow(g, classes, <f32>(mass * scale / <f64>total));
    for (let k: usize = 0; k < bytes; k += 4) {
      const share = load<f32>(q + k);
      if (share != 0) store<f32>(g + k, load<f32>(g + k) - <f32>(<f64>share * scale));
    }
  }
}

// The byte offset of the first of the largest; 0 where NaN hides it.
function firstOf(x: usize, classes: i32, most: f32): usize {
  const end = x + (<usize>classes << 2);
  for (let at = x; at < end; at += 4) if (load<f32>(at) == most) return at - x;
  return 0;
}
