/** Steps of some numbers each. */
interface Steps {
  /** 0 for a step that is left out. */
  readonly mask: Uint8Array;
  /** What the gradient of each step is multiplied by. */
  readonly scales: Float64Array;
  /** What the loss of each step is added to. */
  readonly losses: Float64Array;
}

/**
 * α_y (1 − p_y)^γ times the binary cross-entropy, p_y the probability of the target (Lin et al. 2017, eq. 5), of steps of `width`
 * numbers x against targets y in 0..1, with its gradient unless `grad` is empty. For a target between 0 and 1,
 * 1 − p_y = y (1 − p) + (1 − y) p.
 */
export function focalSteps(
  gamma: number,
  alpha: number | undefined,
  width: number,
  outputs: ArrayLike<number>,
  targets: ArrayLike<number>,
  { mask, scales, losses }: Steps,
  grad: Float32Array | Float64Array,
): void {
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    for (let n = i * width; n < (i + 1) * width; n++) {
      const x = outputs[n];
      const y = targets[n];
      // p and 1 − p, each with its own relative accuracy
      const u = Math.exp(-Math.abs(x));
      const near = 1 / (1 + u);
      const far = u / (1 + u);
      const p = x >= 0 ? near : far;
      const not = x >= 0 ? far : near;
      const missed = y * not + (1 - y) * p;
      const linear = x >= 0 ? (1 - y) * x : -y * x;
      const plain = (linear === 0 ? 0 : linear) + Math.log1p(u);
      const factor = (alpha === undefined ? 1 : alpha * y + (1 - alpha) * (1 - y)) * missed ** gamma;
      losses[i] += factor * plain; // cross-entropy.md (6)
      if (grad.length === 0) continue;
      const plainSlope = x >= 0 ? 1 - y - far : far - y;
      // (d missed / d x) / missed, which has no division by a vanishing `missed`
      const relative = (1 - 2 * y) / ((y === 0 ? 0 : y / p) + (y === 1 ? 0 : (1 - y) / not)); // cross-entropy.md (8)
      grad[n] = scales[i] * (factor * (gamma * relative * plain + plainSlope)); // cross-entropy.md (7)
    }
  }
}
