import { exponentials, rowMaximum, rowSum, scaleRow } from "./softmax";

// Softmax and cross-entropy of one row: e^(x - max) goes straight to the gradient's row and is scaled there. Where the
// label is the likeliest class, the loss is log1p of the other classes' mass, which keeps a confident row exact.

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
    const gold = load<f32>(x + (<usize>label << 2));
    const most = rowMaximum(x, classes);
    const total = exponentials(x, g, classes, most);
    if (gold == -Infinity && (total == total || most == -Infinity)) {
      store<f64>(losses + (row << 3), Infinity);
      if (grad != 0) memory.fill(g, 0, bytes);
      continue;
    }
    const at = g + (<usize>label << 2);
    let others = total;
    if (gold == most) {
      store<f32>(at, 0);
      others = rowSum(g, classes);
      store<f64>(losses + (row << 3), Math.log1p(<f64>others));
    } else {
      others -= load<f32>(at);
      store<f64>(losses + (row << 3), Math.log(<f64>total) + (<f64>most - <f64>gold));
    }
    if (grad == 0) continue;
    const factor = <f32>(load<f64>(scales + (row << 3)) / <f64>total);
    scaleRow(g, classes, factor);
    store<f32>(at, -others * factor);
  }
}
