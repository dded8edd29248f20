import { multiplyPacked } from "./matmul";
import { constantOne, flushTiny, tanh4 } from "./vector";

// The Elman network over a packed batch (Elman 1990): h = tanh(W_ih x + W_hh h₋₁ + b), or max(0, …). Layout as in lstm.ts.

// hidden: rows × H f32, in: W_ih x + b_ih + b_hh; out: h. panels: W_hh packed. before: rows × H, its first rows given.
export function elmanForward(T: i32, H: i32, counts: usize, relu: bool, hidden: usize, panels: usize, before: usize): void {
  const bytes = <usize>H << 2;
  const zero = f32x4.splat(0);
  let count = T > 0 ? load<i32>(counts) : 0;
  let h = hidden, previous = before;
  for (let t = 0; t < T; t++) {
    multiplyPacked(count, H, H, previous, panels, h, true);
    const next = t + 1 < T ? load<i32>(counts + (<usize>(t + 1) << 2)) : 0;
    const size = bytes * <usize>count;
    for (let j: usize = 0; j < size; j += 16) {
      const x = v128.load(h + j);
      v128.store(h + j, relu ? f32x4.pmax(x, zero) : tanh4(x));
    }
    previous += size;
    memory.copy(previous, h, bytes * <usize>next);
    h += size;
    count = next;
  }
}

// hidden: as elmanForward left it, out: gradients before the nonlinearity. gradHidden and gradH as in lstm.ts.
export function elmanBackward(
  T: i32, H: i32, counts: usize, rows: i32, relu: bool, hidden: usize, panels: usize, gradHidden: usize, gradH: usize,
): void {
  const bytes = <usize>H << 2;
  const one = constantOne(), zero = f32x4.splat(0);
  let start = rows;
  for (let t = T - 1; t >= 0; t--) {
    const count = load<i32>(counts + (<usize>t << 2));
    start -= count;
    const h = hidden + bytes * <usize>start, d = gradHidden + bytes * <usize>start;
    const size = bytes * <usize>count;
    for (let j: usize = 0; j < size; j += 16) {
      const total = f32x4.add(v128.load(d + j), v128.load(gradH + j));
      v128.store(d + j, total);
      const value = v128.load(h + j);
      const slope = relu ? v128.and(one, f32x4.gt(value, zero)) : f32x4.sub(one, f32x4.mul(value, value));
      v128.store(h + j, flushTiny(f32x4.mul(total, slope)));
    }
    multiplyPacked(count, H, H, h, panels, gradH, false);
  }
}
