import { log } from "./scalar";
import { exponentials, exponentialsAhead, rowMaximum, rowSum, scaleRow } from "./softmax";

// Softmax and cross-entropy of one row: e^(x - max) goes straight to the gradient's row and is scaled there. Where the
// label is the likeliest class, the loss is log1p of the other classes' mass, which keeps a confident row exact.

// logits: rows × classes f32. labels: rows i32, -1 for none (loss 0, gradient 0). scales: rows f64, d value / d loss.
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
    if (label < 0) {
      store<f64>(losses + (row << 3), 0);
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
      store<f64>(losses + (row << 3), Infinity);
      if (grad != 0) memory.fill(g, 0, bytes);
      continue;
    }
    const at = g + (<usize>label << 2);
    let others = total;
    if (gold == own) {
      store<f32>(at, 0);
      others = rowSum(g, classes);
      store<f64>(losses + (row << 3), Math.log1p(<f64>others));
    } else {
      others -= load<f32>(at);
      store<f64>(losses + (row << 3), log(<f64>total) + (<f64>own - <f64>gold));
    }
    if (grad == 0) continue;
    const factor = <f32>(load<f64>(scales + (row << 3)) / <f64>total);
    scaleRow(g, classes, factor);
    store<f32>(at, -others * factor);
  }
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
