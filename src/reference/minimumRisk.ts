import { logSoftmax } from "../core/numeric.js";

/** Σ Q cost with Q = softmax(α ln p), and its slope at each ln p: α Q_n (cost_n − risk) (Shen et al. 2016, eq. 10 and 13). */
export function minimumRisk(
  logProbs: ArrayLike<number>,
  costs: ArrayLike<number>,
  sharpness: number,
): { risk: number; slopes: Float64Array } {
  const shares = logSoftmax(Float64Array.from(logProbs, (x) => sharpness * x)).map(Math.exp);
  const risk = shares.reduce((sum, share, n) => sum + share * costs[n], 0); // reward.md (6)
  return { risk, slopes: shares.map((share, n) => sharpness * share * (costs[n] - risk)) }; // reward.md (7)
}
