import { constantOne } from "./vector";

// Losses of one number x against one target y. n is rounded up to fours; what lies behind is computed and ignored.
// outputs, targets, scales, losses, grad: n f32, 16-byte aligned; grad may be 0 and then no gradient is computed. each: all bits
// where each number has a scale of its own; 0 where all have that of the first four.
// NaN stays NaN in the loss and in the gradient.

// @ts-ignore: decorator
@inline function nanOf(x: v128): v128 {
  return f32x4.ne(x, x);
}

// @ts-ignore: decorator
@inline function bytesOf(n: i32): usize {
  return <usize>((n + 3) & ~3) << 2;
}

// @ts-ignore: decorator
@inline function storeSlope(grad: usize, scales: usize, each: usize, i: usize, slope: v128): void {
  if (grad != 0) v128.store(grad + i, f32x4.mul(slope, v128.load(scales + (i & each))));
}

// (x − y)²
export function squaredError(
  n: i32, outputs: usize, targets: usize, scales: usize, each: usize, losses: usize, grad: usize,
): void {
  const end = bytesOf(n);
  for (let i: usize = 0; i < end; i += 16) {
    const d = f32x4.sub(v128.load(outputs + i), v128.load(targets + i));
    v128.store(losses + i, f32x4.mul(d, d));
    storeSlope(grad, scales, each, i, f32x4.add(d, d));
  }
}

// |x − y|, with slope 0 at 0
export function absoluteError(
  n: i32, outputs: usize, targets: usize, scales: usize, each: usize, losses: usize, grad: usize,
): void {
  const end = bytesOf(n);
  const one = constantOne(), zero = f32x4.splat(0);
  for (let i: usize = 0; i < end; i += 16) {
    const d = f32x4.sub(v128.load(outputs + i), v128.load(targets + i));
    v128.store(losses + i, f32x4.abs(d));
    const sign = f32x4.sub(v128.and(one, f32x4.gt(d, zero)), v128.and(one, f32x4.lt(d, zero)));
    storeSlope(grad, scales, each, i, v128.or(sign, nanOf(d)));
  }
}

// d²/2 up to |d| = delta, then delta (|d| − delta/2)
export function huber(
  n: i32, delta: f32, outputs: usize, targets: usize, scales: usize, each: usize, losses: usize, grad: usize,
): void {
  const end = bytesOf(n);
  const most = f32x4.splat(delta), least = f32x4.splat(-delta), half = f32x4.splat(0.5);
  for (let i: usize = 0; i < end; i += 16) {
    const d = f32x4.sub(v128.load(outputs + i), v128.load(targets + i));
    const held = f32x4.pmin(f32x4.pmax(d, least), most);
    v128.store(losses + i, f32x4.mul(held, f32x4.sub(d, f32x4.mul(half, held))));
    storeSlope(grad, scales, each, i, held);
  }
}

// q (y − x) below the target, (1 − q)(x − y) above; quantiles: n f32, q of each element
export function quantile(
  n: i32, quantiles: usize, outputs: usize, targets: usize, scales: usize, each: usize, losses: usize, grad: usize,
): void {
  const end = bytesOf(n);
  const one = constantOne(), zero = f32x4.splat(0);
  for (let i: usize = 0; i < end; i += 16) {
    const d = f32x4.sub(v128.load(outputs + i), v128.load(targets + i));
    const q = v128.load(quantiles + i);
    const above = v128.and(f32x4.sub(one, q), f32x4.gt(d, zero));
    const below = v128.and(f32x4.neg(q), f32x4.lt(d, zero));
    const slope = v128.or(v128.or(above, below), nanOf(d));
    v128.store(losses + i, f32x4.mul(slope, d));
    storeSlope(grad, scales, each, i, slope);
  }
}

// max(0, margin − y x), or its square
export function hinge(
  n: i32, margin: f32, squared: bool, outputs: usize, targets: usize, scales: usize, each: usize, losses: usize, grad: usize,
): void {
  const end = bytesOf(n);
  const m = f32x4.splat(margin), zero = f32x4.splat(0);
  for (let i: usize = 0; i < end; i += 16) {
    const y = v128.load(targets + i);
    const gap = f32x4.sub(m, f32x4.mul(y, v128.load(outputs + i)));
    const missing = f32x4.pmax(gap, zero);
    v128.store(losses + i, squared ? f32x4.mul(missing, missing) : missing);
    const plain = v128.or(v128.and(f32x4.neg(y), f32x4.gt(gap, zero)), nanOf(gap));
    storeSlope(grad, scales, each, i, squared ? f32x4.mul(f32x4.neg(f32x4.add(y, y)), missing) : plain);
  }
}
