import { logSoftmax } from "../core/numeric.js";

// One step of a policy in float64 (Williams 1992; entropy as in Mnih et al. 2016; clipping as in Schulman et al. 2017, eq. 7).

export interface PolicyStep {
  readonly loss: number;
  /** A numbers: d loss / d logits. */
  readonly grad: Float64Array;
  /** −Σ π ln π, in nats. */
  readonly entropy: number;
  /** Whether clipping cut the gradient off. */
  readonly clipped: boolean;
}

export interface PolicyRule {
  readonly entropyWeight: number;
  /** The ratio to the old policy is kept in [1 − low, 1 + high]; absent where no old policy is given. */
  readonly clip?: { readonly low: number; readonly high: number };
}

/** −A ln π(a) − β H(π); or with an old policy −min(ρ A, clip(ρ) A) − β H(π), ρ = π(a) / π_old(a). */
export function policyStep(
  logits: ArrayLike<number>,
  action: number,
  advantage: number,
  { entropyWeight, clip }: PolicyRule,
  oldLogProb = 0,
): PolicyStep {
  const logs = logSoftmax(logits);
  const p = logs.map(Math.exp);
  let entropy = 0;
  for (let k = 0; k < p.length; k++) if (p[k] > 0) entropy -= p[k] * logs[k];
  const ratio = clip === undefined ? 1 : Math.exp(logs[action] - oldLogProb);
  const bounded = clip === undefined ? 1 : Math.min(Math.max(ratio, 1 - clip.low), 1 + clip.high); // reward.md (5)
  const clipped = bounded * advantage < ratio * advantage;
  const gain = clip === undefined ? advantage * logs[action] : Math.min(ratio * advantage, bounded * advantage);
  const pull = clip === undefined ? advantage : clipped ? 0 : ratio * advantage; // d gain / d ln π(a)
  const grad = p.map((share, k) => {
    const spread = share > 0 ? entropyWeight * share * (logs[k] + entropy) : 0;
    return pull * (share - Number(k === action)) + spread; // reward.md (4)
  });
  const bonus = entropyWeight === 0 ? 0 : entropyWeight * entropy;
  return { loss: (advantage === 0 ? 0 : -gain) - bonus, grad, entropy, clipped }; // reward.md (3)
}
