import { toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import type { LabelsFor } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";
import { policySteps } from "./policyGradient.js";
import type { LossOptions, LossResult } from "./reduction.js";

export interface SelfCriticalOptions extends LossOptions {
  /** The reward of each sampled sequence [B]: minus its error rate, its BLEU … */
  readonly rewards: ArrayLike<number>;
  /** The reward of what greedy decoding gives for the same input [B]: the baseline. */
  readonly greedyRewards: ArrayLike<number>;
}

/**
 * Self-critical sequence loss: −(r − r_greedy) Σ_t ln p(sample_t), averaged over the sequences (Rennie et al. 2017, eq. 7): what
 * reads better than greedy decoding is made likelier, what reads worse less likely.
 *
 * @param logits [B, T, V], of the network while it sampled; padding is never read
 * @param samples the sampled ids, one for each real step
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), an id is out of range (LABEL), or a reward is no finite number (VALUE)
 * @example
 * selfCriticalLoss([[[0, 0], [0, 0]]], [[0, 1]], { rewards: [0.8], greedyRewards: [0.5] }).value // 0.4159 = 0.3 · 2 ln 2
 */
export function selfCriticalLoss<Scores extends TensorLike>(
  logits: Scores,
  samples: LabelsFor<Scores>,
  options: SelfCriticalOptions,
): LossResult {
  const where = "selfCriticalLoss";
  const batch = toBatch(logits, { where, argument: "logits", classes: true }, options.lengths);
  const read = (argument: "rewards" | "greedyRewards"): number[] => {
    const given = options[argument];
    if (given?.length !== batch.batch) {
      throw new SeqlossError(where, "LENGTH", {
        argument: `the size of ${argument}`,
        expected: `${batch.batch}, one reward for each sequence`,
        found: given?.length,
      });
    }
    return Array.from(given, (reward, b) => {
      if (Number.isFinite(reward)) return reward;
      const details = { argument: `${argument}[${b}]`, expected: "a finite number", found: reward };
      throw new SeqlossError(where, "VALUE", details);
    });
  };
  const [rewards, greedy] = [read("rewards"), read("greedyRewards")];
  const advantages = Float64Array.from({ length: batch.batch * batch.time }, (_, i) => {
    const b = Math.floor(i / batch.time);
    return rewards[b] - greedy[b];
  });
  const { value, losses, grad, sum, weight } = policySteps(
    where,
    batch,
    batch,
    samples,
    advantages,
    { entropyWeight: 0 },
    options,
  );
  return { value, losses, grad, sum, weight };
}
