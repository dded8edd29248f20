import { handOn } from "./lstm";
import { multiplyPacked } from "./matmul";
import { constantOne, flushTiny, sigmoid4, tanh4 } from "./vector";

// GRU over a packed batch (Cho et al. 2014, in PyTorch's form: gates r, z, n; the reset gate acts on W_hn h + b_hn).
// Layout of batches as in lstm.ts.

// inputs: rows × 3H f32, in: W_ih x + b_ih; out: r, z, n. recurrent: rows × 3H out: W_hh h + b_hh. bias: b_hh, 3H.
// panels: W_hh packed, H × 3H. before: rows × H, those of step 0 given. hidden: rows × H out.
export function gruForward(
  T: i32, H: i32, starts: usize, counts: usize, inputs: usize, recurrent: usize, bias: usize, panels: usize, before: usize,
  hidden: usize,
): void {
  const bytes = <usize>H << 2;
  const one = constantOne();
  for (let t: usize = 0; t < <usize>T; t++) {
    const start = bytes * <usize>load<i32>(starts + (t << 2)), count = load<i32>(counts + (t << 2));
    let g = inputs + 3 * start, r = recurrent + 3 * start, previous = before + start, h = hidden + start;
    for (let b = 0; b < count; b++) memory.copy(r + 3 * bytes * <usize>b, bias, 3 * bytes);
    multiplyPacked(count, 3 * H, H, previous, bytes, panels, r, true);
    for (let b = 0; b < count; b++) {
      for (let j: usize = 0; j < bytes; j += 16) {
        const reset = sigmoid4(f32x4.add(v128.load(g + j), v128.load(r + j)));
        const update = sigmoid4(f32x4.add(v128.load(g + bytes + j), v128.load(r + bytes + j)));
        const candidate = tanh4(f32x4.add(v128.load(g + 2 * bytes + j), f32x4.mul(reset, v128.load(r + 2 * bytes + j))));
        v128.store(g + j, reset);
        v128.store(g + bytes + j, update);
        v128.store(g + 2 * bytes + j, candidate);
        v128.store(h + j, f32x4.add(f32x4.mul(f32x4.sub(one, update), candidate), f32x4.mul(update, v128.load(previous + j))));
      }
      g += 3 * bytes; r += 3 * bytes; previous += bytes; h += bytes;
    }
    if (t + 1 < <usize>T) handOn(hidden + start, before, bytes, starts + (t << 2) + 4, counts + (t << 2) + 4);
  }
}

// inputs, recurrent: as gruForward left them, out: gradients before the nonlinearities. panels: W_hh transposed and packed,
// 3H × H. gradHidden and gradH as in lstm.ts. work: batch × H.
export function gruBackward(
  T: i32, H: i32, starts: usize, counts: usize, inputs: usize, recurrent: usize, panels: usize, before: usize,
  gradHidden: usize, gradH: usize, work: usize,
): void {
  const bytes = <usize>H << 2;
  const one = constantOne();
  if (T == 0) return;
  const own = bytes * <usize>load<i32>(starts);
  gradH += own;
  work += own;
  for (let t = T - 1; t >= 0; t--) {
    const at = <usize>t << 2;
    const start = bytes * <usize>load<i32>(starts + at), count = load<i32>(counts + at);
    let g = inputs + 3 * start, r = recurrent + 3 * start;
    let d = gradHidden + start, h0 = before + start, dh = gradH, direct = work;
    for (let b = 0; b < count; b++) {
      for (let j: usize = 0; j < bytes; j += 16) {
        const reset = v128.load(g + j), update = v128.load(g + bytes + j), candidate = v128.load(g + 2 * bytes + j);
        const total = f32x4.add(v128.load(d + j), v128.load(dh + j));
        v128.store(d + j, total);
        v128.store(direct + j, flushTiny(f32x4.mul(total, update)));
        const gradCandidate = flushTiny(f32x4.mul(
          f32x4.mul(total, f32x4.sub(one, update)),
          f32x4.sub(one, f32x4.mul(candidate, candidate)),
        ));
        const gradUpdate = flushTiny(f32x4.mul(
          f32x4.mul(total, f32x4.sub(v128.load(h0 + j), candidate)),
          f32x4.mul(update, f32x4.sub(one, update)),
        ));
        const gradReset = flushTiny(f32x4.mul(
          f32x4.mul(gradCandidate, v128.load(r + 2 * bytes + j)),
          f32x4.mul(reset, f32x4.sub(one, reset)),
        ));
        v128.store(g + j, gradReset);
        v128.store(g + bytes + j, gradUpdate);
        v128.store(g + 2 * bytes + j, gradCandidate);
        v128.store(r + j, gradReset);
        v128.store(r + bytes + j, gradUpdate);
        v128.store(r + 2 * bytes + j, flushTiny(f32x4.mul(gradCandidate, reset)));
      }
      g += 3 * bytes; r += 3 * bytes; d += bytes; h0 += bytes; dh += bytes; direct += bytes;
    }
    memory.copy(gradH, work, bytes * <usize>count);
    multiplyPacked(count, H, 3 * H, recurrent + 3 * start, 3 * bytes, panels, gradH, true);
  }
}
