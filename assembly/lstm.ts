import { multiplyPacked } from "./matmul";
import { constantOne, flushTiny, sigmoid4, tanh4 } from "./vector";

// LSTM over a packed batch (Hochreiter and Schmidhuber 1997, with forget gate; PyTorch's gate order i, f, g, o).
//
// Sequences stand in descending length; the rows of step t follow those of step t − 1. A call computes some sequences that
// stand together: of step t the rows starts[t] to starts[t] + counts[t], so that several threads may share a batch. H is a
// multiple of eight, units past the real ones have zero weights and stay zero.

// starts, counts: T i32. gates: rows × 4H f32, in: W_ih x + b_ih + b_hh; out: i, f, g, o. panels: W_hh packed, H × 4H.
// before: rows × H, h of the step before; those of step 0 are given, the rest is filled in.
// cells: (batch + rows) × H, initial cell states of the whole batch, then c of each row. squashed: rows × H out, tanh c.
// hidden: rows × H out.
export function lstmForward(
  T: i32, H: i32, starts: usize, counts: usize, batch: i32, gates: usize, panels: usize, before: usize, cells: usize,
  squashed: usize, hidden: usize,
): void {
  const bytes = <usize>H << 2;
  const rowCells = cells + bytes * <usize>batch;
  for (let t: usize = 0; t < <usize>T; t++) {
    const start = bytes * <usize>load<i32>(starts + (t << 2)), count = load<i32>(counts + (t << 2));
    let g = gates + 4 * start, c = rowCells + start, s = squashed + start, h = hidden + start;
    let c0 = t > 0 ? rowCells + bytes * <usize>load<i32>(starts + (t << 2) - 4) : cells + start;
    multiplyPacked(count, 4 * H, H, before + start, bytes, panels, g, true);
    for (let b = 0; b < count; b++) {
      for (let j: usize = 0; j < bytes; j += 16) {
        const i = sigmoid4(v128.load(g + j)), f = sigmoid4(v128.load(g + bytes + j));
        const candidate = tanh4(v128.load(g + 2 * bytes + j)), o = sigmoid4(v128.load(g + 3 * bytes + j));
        const cell = f32x4.add(f32x4.mul(f, v128.load(c0 + j)), f32x4.mul(i, candidate));
        const squash = tanh4(cell);
        v128.store(g + j, i);
        v128.store(g + bytes + j, f);
        v128.store(g + 2 * bytes + j, candidate);
        v128.store(g + 3 * bytes + j, o);
        v128.store(c + j, cell);
        v128.store(s + j, squash);
        v128.store(h + j, f32x4.mul(o, squash));
      }
      g += 4 * bytes; c0 += bytes; c += bytes; s += bytes; h += bytes;
    }
    if (t + 1 < <usize>T) handOn(hidden + start, before, bytes, starts + (t << 2) + 4, counts + (t << 2) + 4);
  }
}

// The rows of one step to the places of the next, for the sequences that go on.
// @ts-ignore: decorator
@inline export function handOn(rows: usize, before: usize, bytes: usize, start: usize, count: usize): void {
  memory.copy(before + bytes * <usize>load<i32>(start), rows, bytes * <usize>load<i32>(count));
}

// gates: as lstmForward left them, out: gradients before the nonlinearities. panels: W_hh transposed and packed, 4H × H.
// gradHidden: rows × H, in: d loss / d output, out: d loss / d h in all. gradH, gradC: batch × H, in: gradients of the
// final states, out: of the initial states.
export function lstmBackward(
  T: i32, H: i32, starts: usize, counts: usize, batch: i32, gates: usize, panels: usize, cells: usize, squashed: usize,
  gradHidden: usize, gradH: usize, gradC: usize,
): void {
  const bytes = <usize>H << 2;
  const one = constantOne();
  if (T == 0) return;
  const own = bytes * <usize>load<i32>(starts);
  gradH += own;
  gradC += own;
  for (let t = T - 1; t >= 0; t--) {
    const at = <usize>t << 2;
    const start = bytes * <usize>load<i32>(starts + at), count = load<i32>(counts + at);
    let g = gates + 4 * start, s = squashed + start, d = gradHidden + start, dh = gradH, dc = gradC;
    let c0 = t > 0 ? cells + bytes * <usize>(batch + load<i32>(starts + at - 4)) : cells + start;
    for (let b = 0; b < count; b++) {
      for (let j: usize = 0; j < bytes; j += 16) {
        const i = v128.load(g + j), f = v128.load(g + bytes + j);
        const candidate = v128.load(g + 2 * bytes + j), o = v128.load(g + 3 * bytes + j);
        const squash = v128.load(s + j);
        const total = f32x4.add(v128.load(d + j), v128.load(dh + j));
        v128.store(d + j, total);
        const slope = f32x4.sub(one, f32x4.mul(squash, squash));
        const cell = f32x4.add(v128.load(dc + j), f32x4.mul(f32x4.mul(total, o), slope));
        v128.store(g + j, flushTiny(f32x4.mul(f32x4.mul(cell, candidate), f32x4.mul(i, f32x4.sub(one, i)))));
        v128.store(g + bytes + j, flushTiny(f32x4.mul(f32x4.mul(cell, v128.load(c0 + j)), f32x4.mul(f, f32x4.sub(one, f)))));
        v128.store(g + 2 * bytes + j, flushTiny(f32x4.mul(f32x4.mul(cell, i), f32x4.sub(one, f32x4.mul(candidate, candidate)))));
        v128.store(g + 3 * bytes + j, flushTiny(f32x4.mul(f32x4.mul(total, squash), f32x4.mul(o, f32x4.sub(one, o)))));
        v128.store(dc + j, flushTiny(f32x4.mul(cell, f)));
      }
      g += 4 * bytes; s += bytes; d += bytes; c0 += bytes; dh += bytes; dc += bytes;
    }
    multiplyPacked(count, H, 4 * H, gates + 4 * start, 4 * bytes, panels, gradH, false);
  }
}
