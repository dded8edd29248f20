import { constantOne, exp4, log1p4 } from "./vector";

// Binary cross-entropy of a logit z and a target y in [0, 1], positives weighted by w:
//   z >= 0: (1 − y) z + (1 + (w − 1) y) ln(1 + e^−z)       z < 0: −w y z + (1 + (w − 1) y) ln(1 + e^z)
// Neither form subtracts nearly equal numbers, so a loss near 0 keeps its relative accuracy; so does the gradient.

// n is rounded up to fours; what lies behind is computed and ignored. scales, each, losses, grad: as in elements.ts.
export function binaryCrossEntropy(
  n: i32, weight: f32, logits: usize, targets: usize, scales: usize, each: usize, losses: usize, grad: usize,
): void {
  const one = constantOne(), zero = f32x4.splat(0), w = f32x4.splat(weight);
  const end = <usize>((n + 3) & ~3) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const z = v128.load(logits + i), y = v128.load(targets + i);
    const negative = f32x4.lt(z, zero);
    const u = exp4(f32x4.neg(f32x4.abs(z)));
    const share = f32x4.add(one, f32x4.mul(f32x4.sub(w, one), y));
    const rest = f32x4.sub(one, y), wanted = f32x4.mul(w, y);
    const linear = v128.bitselect(f32x4.neg(f32x4.mul(wanted, z)), f32x4.mul(rest, z), negative);
    v128.store(losses + i, f32x4.add(linear, f32x4.mul(share, log1p4(u))));
    if (grad == 0) continue;
    const far = f32x4.mul(share, f32x4.div(u, f32x4.add(one, u)));
    const slope = v128.bitselect(f32x4.sub(far, wanted), f32x4.sub(rest, far), negative);
    v128.store(grad + i, f32x4.mul(slope, v128.load(scales + (i & each))));
  }
}
