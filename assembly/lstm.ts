import { multiplyPacked } from "./matmul";
import { constantOne, flushTiny, sigmoid4, tanh4 } from "./vector";

// LSTM over a packed batch (Hochreiter and Schmidhuber 1997, with forget gate; PyTorch's gate order i, f, g, o).
// Sequences stand in descending length; step t holds the first counts[t] of them, and its rows follow those of step t − 1.
// H is a multiple of eight, units past the real ones have zero weights and stay zero.

// counts: T i32. gates: rows × 4H f32, in: W_ih x + b_ih + b_hh; out: i, f, g, o. panels: W_hh packed, H × 4H.
// before: rows × H, h of the step before; its first counts[0] rows are given, the rest is filled in.
// cells: (counts[0] + rows) × H, initial cell states, then c of each row. squashed: rows × H out, tanh c. hidden: rows × H out.
export function lstmForward(
  T: i32, H: i32, counts: usize, gates: usize, panels: usize, before: usize, cells: usize, squashed: usize, hidden: usize,
): void {
  const bytes = <usize>H << 2;
  let count = T > 0 ? load<i32>(counts) : 0;
  let g = gates, previous = before, c0 = cells, c = cells + bytes * <usize>count, s = squashed, h = hidden;
  for (let t = 0; t < T; t++) {
    multiplyPacked(count, 4 * H, H, previous, panels, g, true);
    const next = t + 1 < T ? load<i32>(counts + (<usize>(t + 1) << 2)) : 0;
    const following = previous + bytes * <usize>count;
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
    memory.copy(following, h - bytes * <usize>count, bytes * <usize>next);
    c0 = c - bytes * <usize>count;
    previous = following;
    count = next;
  }
}

// gates: as lstmForward left them, out: gradients before the nonlinearities. panels: W_hh transposed and packed, 4H × H.
// gradHidden: rows × H, in: d loss / d output, out: d loss / d h in all. gradH, gradC: counts[0] × H, in: gradients of the
// final states, out: of the initial states.
export function lstmBackward(
  T: i32, H: i32, counts: usize, rows: i32, gates: usize, panels: usize, cells: usize, squashed: usize, gradHidden: usize,
  gradH: usize, gradC: usize,
): void {
  const bytes = <usize>H << 2;
  const one = constantOne();
  let start = rows;
  for (let t = T - 1; t >= 0; t--) {
    const count = load<i32>(counts + (<usize>t << 2));
    start -= count;
    const first = t > 0 ? <usize>(start - load<i32>(counts + (<usize>(t - 1) << 2))) : 0;
    let g = gates + 4 * bytes * <usize>start, s = squashed + bytes * <usize>start, d = gradHidden + bytes * <usize>start;
    let c0 = t > 0 ? cells + bytes * (<usize>load<i32>(counts) + first) : cells;
    let dh = gradH, dc = gradC;
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
    multiplyPacked(count, H, 4 * H, gates + 4 * bytes * <usize>start, panels, gradH, false);
  }
}
