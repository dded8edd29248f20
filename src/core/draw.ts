import { logSoftmax } from "./numeric.js";
import type { Random } from "./random.js";

/** A class drawn from softmax of logits / temperature, of those in start..end-1, counted from start. */
export function drawClass(
  random: Random,
  logits: ArrayLike<number>,
  { start = 0, end = logits.length, temperature = 1 } = {},
): number {
  const logProbs = logSoftmax(Float64Array.from({ length: end - start }, (_, k) => logits[start + k] / temperature));
  const point = random.uniform();
  let [sum, last] = [0, 0];
  for (let k = 0; k < logProbs.length; k++) {
    const share = Math.exp(logProbs[k]);
    if (share === 0) continue;
    sum += share;
    if (point < sum) return k;
    last = k;
  }
  return last; // rounding left the shares a little short of 1
}
