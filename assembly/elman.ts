import { handOn } from "./lstm";
import { multiplyPacked } from "./matmul";
import { constantOne, flushTiny, tanh4 } from "./vector";

// The Elman network over a packed batch (Elman 1990): h = tanh(W_ih x + W_hh h₋₁ + b), or max(0, …). Layout as in lstm.ts.

// hidden: rows × H f32, in: W_ih x + b_ih + b_hh; out: h. panels: W_hh packed. before: rows × H, those of step 0 given.
export function elmanForward(
  T: i32, H: i32, starts: usize, counts: usize, relu: bool, hidden: usize, panels: usize, before: usize,
): void {
  const bytes = <usize>H << 2;
  const zero = f32x4.splat(0);
  for (let t: usize = 0; t < <usize>T; t++) {
    const start = bytes * <usize>load<i32>(starts + (t << 2)), count = load<i32>(counts + (t << 2));
    const h = hidden + start;
    multiplyPacked(count, H, H, before + start, bytes, panels, h, true);
    const size = bytes * <usize>count;
    for (let j: usize = 0; j < size; j += 16) {
      const x = v128.load(h + j);
      v128.store(h + j, relu ? f32x4.pmax(x, zero) : tanh4(x));
    }
    if (t + 1 < <usize>T) handOn(h, before, bytes, starts + (t << 2) + 4, counts + (t << 2) + 4);
  }
}

// hidden: as elmanForward left it, out: gradients before the nonlinearity. gradHidden and gradH as in lstm.ts.
export function elmanBackward(
  T: i32, H: i32, starts: usize, counts: usize, relu: bool, hidden: usize, panels: usize, gradHidden: usize, gradH: usize,
): void {
  const bytes = <usize>H << 2;
  const one = constantOne(), zero = f32x4.splat(0);
  if (T == 0) return;
  gradH += bytes * <usize>load<i32>(starts);
  for (let t = T - 1; t >= 0; t--) {
    const start = bytes * <usize>load<i32>(starts + (<usize>t << 2)), count = load<i32>(counts + (<usize>t << 2));
    const h = hidden + start, d = gradHidden + start;
    const size = bytes * <usize>count;
    for (let j: usize = 0; j < size; j += 16) {
      const total = f32x4.add(v128.load(d + j), v128.load(gradH + j));
      v128.store(d + j, total);
      const value = v128.load(h + j);
      const slope = relu ? v128.and(one, f32x4.gt(value, zero)) : f32x4.sub(one, f32x4.mul(value, value));
      v128.store(h + j, flushTiny(f32x4.mul(total, slope)));
    }
    multiplyPacked(count, H, H, h, bytes, panels, gradH, false);
  }
}
