import type { Parameter } from "../recurrent/layer.js";

/**
 * ‖g‖ over all parameters together.
 * @example
 * globalNorm([{ name: "w", shape: [2], data: new Float32Array(2), grad: Float32Array.of(3, 4) }]) // 5
 */
export function globalNorm(parameters: readonly Parameter[]): number {
  let squares = 0;
  for (const { grad } of parameters) for (let i = 0; i < grad.length; i++) squares += grad[i] * grad[i];
  return Math.sqrt(squares);
}

/**
 * Scales all gradients so that their global norm is at most `limit` (Pascanu et al. 2013), and returns the norm before. A
 * norm that is not finite is returned and nothing is changed: such a step is to be skipped.
 *
 * @example
 * clipByGlobalNorm([{ name: "w", shape: [2], data: new Float32Array(2), grad: Float32Array.of(3, 4) }], 1) // 5
 */
export function clipByGlobalNorm(parameters: readonly Parameter[], limit: number): number {
  const norm = globalNorm(parameters);
  if (Number.isFinite(norm) && norm > limit) {
    const factor = limit / norm;
    for (const { grad } of parameters) for (let i = 0; i < grad.length; i++) grad[i] *= factor;
  }
  return norm;
}
