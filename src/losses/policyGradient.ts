import { type Batch, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { type Labels, type LabelsFor, stepLabels } from "../core/labels.js";
import { largestOf } from "../core/numeric.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { type PolicyRule, policyStep } from "../reference/policy.js";
import { checkChoice, type LossOptions, type LossResult } from "./reduction.js";
import { checkDiscount, readStepNumbers, type StepNumbers } from "./returns.js";
import { stepLoss } from "./steps.js";

export interface PolicyGradientOptions extends LossOptions {
  /** A reward for each step ([B][T], or flat); or one for each sequence [B], paid at its last real step. */
  readonly rewards: StepNumbers;
  /** γ in [0, 1]: what a reward is worth a step earlier. Default 1. */
  readonly discount?: number;
  /** `toGo`: each action is judged by what comes after it. `total`: all by the whole return. Default `toGo`. */
  readonly returns?: "toGo" | "total";
  /** What is subtracted from the returns: one number, one a sequence [B], or one a step ([B][T], a value network's). Default 0. */
  readonly baseline?: number | StepNumbers;
  /** Advantages less their mean, over their deviation (of the population), taken over the batch's real steps. Default false. */
  readonly normalizeAdvantages?: boolean;
  /** β ≥ 0: how much the policy's entropy is rewarded. Default 0. */
  readonly entropyWeight?: number;
  /** [B][T][A] of 0 and 1: actions that are allowed. A logit of -Infinity says the same. Default all. */
  readonly mask?: readonly (readonly ArrayLike<number>[])[];
  /** PPO: how far the ratio to the old policy may go from 1; one number, or [down, up]. Needs `oldLogProbs`. */
  readonly clip?: number | readonly [number, number];
  /** ln π_old(a) of each step, of the policy that acted. */
  readonly oldLogProbs?: StepNumbers;
}

export interface PolicyGradientResult extends LossResult {
  /** [B, T], the return of each step, zero on padding. Train a value network towards it (`meanSquaredError`). */
  readonly returns: Tensor;
  /** [B, T], what each action's log-probability was multiplied by. */
  readonly advantages: Tensor;
  /** The mean entropy of the policy over the real steps, in nats. */
  readonly entropy: number;
  /** The share of real steps whose gradient clipping cut off; 0 without `clip`. */
  readonly clippedShare: number;
}

/**
 * Policy gradient loss of sequences of actions (REINFORCE, Williams 1992): −Σ_t (G_t − b_t) ln π(a_t) − β Σ_t H(π_t), averaged
 * over the sequences. G is the discounted return; no gradient passes through it or the baseline. With `clip`, PPO's surrogate
 * −Σ_t min(ρ_t A_t, clip(ρ_t) A_t) instead of the first sum (Schulman et al. 2017, eq. 7).
 *
 * The value is a surrogate: it may be near 0 or negative while its gradient is what matters. A return that is larger for all
 * actions alike changes the variance of the gradient, not its mean. With one rollout, normalised advantages compare its steps
 * with each other; equal ones are all 0.
 *
 * @param logits [B, T, A]; padding is never read
 * @param actions ids in 0..A-1, the action taken at each real step
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), an action is out of range (LABEL) or masked (VALUE), or a reward,
 *   discount, weight or clip is out of range (VALUE)
 * @example
 * const { value, grad } = policyGradientLoss([[[0, 0]]], [[0]], { rewards: [1] });
 * value // 0.6931 = ln 2
 * grad.data // [-0.5, 0.5]
 */
export function policyGradientLoss<Scores extends TensorLike>(
  logits: Scores,
  actions: LabelsFor<Scores>,
  options: PolicyGradientOptions,
): PolicyGradientResult {
  const where = "policyGradientLoss";
  const batch = toBatch(logits, { where, argument: "logits", classes: true }, options.lengths);
  const { returns: kind = "toGo", discount = 1, baseline = 0, normalizeAdvantages = false } = options;
  checkChoice(where, "returns", kind, ["toGo", "total"]);
  checkDiscount(where, discount);
  if (options.rewards === undefined) {
    throw new SeqlossError(where, "OPTION", {
      argument: "rewards",
      expected: "a reward for each step, or for each sequence",
      found: undefined,
    });
  }
  const rewards = readStepNumbers(where, "rewards", options.rewards, batch, "last");
  const returns = returnsOf(rewards, discount, kind, batch);
  const advantages =
    typeof baseline === "number"
      ? eachReal(batch, (i) => returns[i] - baseline)
      : subtractBaseline(where, returns, baseline, batch);
  if (normalizeAdvantages) normalise(advantages, batch);
  const rule = readRule(where, options);
  const old =
    options.oldLogProbs === undefined ? undefined : readStepNumbers(where, "oldLogProbs", options.oldLogProbs, batch);
  if ((old === undefined) !== (rule.clip === undefined)) {
    throw new SeqlossError(where, "OPTION", {
      argument: old === undefined ? "oldLogProbs" : "clip",
      expected: "to be given, as the other of clip and oldLogProbs is",
      found: undefined,
    });
  }
  const allowed = maskedLogits(where, batch, options.mask);
  const result = policySteps(where, { ...batch, data: allowed }, batch, actions, advantages, rule, options, old);
  const shape = [batch.batch, batch.time];
  return { ...result, returns: { data: returns, shape }, advantages: { data: advantages, shape } };
}

function readRule(where: string, { entropyWeight = 0, clip }: PolicyGradientOptions): PolicyRule {
  if (!(entropyWeight >= 0 && entropyWeight < Number.POSITIVE_INFINITY)) {
    const expected = "a finite number of at least 0";
    throw new SeqlossError(where, "VALUE", { argument: "entropyWeight", expected, found: entropyWeight });
  }
  if (clip === undefined) return { entropyWeight };
  const [low, high] = typeof clip === "number" ? [clip, clip] : clip;
  if (!(low > 0 && low <= 1 && high > 0 && high < Number.POSITIVE_INFINITY)) {
    throw new SeqlossError(where, "VALUE", {
      argument: "clip",
      expected: "a distance in (0, 1], or [down in (0, 1], up above 0]",
      found: clip,
    });
  }
  return { entropyWeight, clip: { low, high } };
}

function eachReal({ batch, time, lengths }: Batch, number: (i: number) => number): Float64Array {
  const numbers = new Float64Array(batch * time);
  for (let b = 0; b < batch; b++) for (let t = 0; t < lengths[b]; t++) numbers[b * time + t] = number(b * time + t);
  return numbers;
}

function subtractBaseline(where: string, returns: Float64Array, baseline: StepNumbers, batch: Batch): Float64Array {
  const values = readStepNumbers(where, "baseline", baseline, batch, "every");
  return eachReal(batch, (i) => returns[i] - values[i]);
}

function returnsOf(rewards: Float64Array, discount: number, kind: "toGo" | "total", batch: Batch): Float64Array {
  const { time, lengths } = batch;
  const returns = new Float64Array(rewards.length);
  lengths.forEach((length, b) => {
    const start = b * time;
    for (let t = length - 1; t >= 0; t--) {
      returns[start + t] = rewards[start + t] + (t + 1 < length ? discount * returns[start + t + 1] : 0);
    }
    if (kind === "total") returns.fill(returns[start], start, start + length);
  });
  return returns;
}

function normalise(advantages: Float64Array, { time, lengths }: Batch): void {
  const real = [...lengths].flatMap((length, b) => Array.from(advantages.subarray(b * time, b * time + length)));
  const mean = real.reduce((sum, x) => sum + x, 0) / real.length;
  const deviation = Math.sqrt(real.reduce((sum, x) => sum + (x - mean) ** 2, 0) / real.length);
  const equal = !(deviation > 1e-12 * largestOf(real, Math.abs));
  lengths.forEach((length, b) => {
    for (let i = b * time; i < b * time + length; i++) advantages[i] = equal ? 0 : (advantages[i] - mean) / deviation;
  });
}

/** The logits with -Infinity where an action is not allowed. */
function maskedLogits(
  where: string,
  { data, batch, time, width, lengths }: Batch,
  mask: PolicyGradientOptions["mask"],
) {
  if (mask === undefined) return data;
  const logits = data.slice();
  const fail = (argument: string, expected: string, found: unknown) =>
    new SeqlossError(where, "SHAPE", { argument, expected, found });
  if (mask.length !== batch) throw fail("the size of mask", `${batch}, one list for each sequence`, mask.length);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < lengths[b]; t++) {
      const row = mask[b][t];
      if (row?.length !== width)
        throw fail(`the size of mask[${b}][${t}]`, `${width}, one for each action`, row?.length);
      for (let k = 0; k < width; k++) if (!row[k]) logits[(b * time + t) * width + k] = Number.NEGATIVE_INFINITY;
    }
  }
  return logits;
}

/** The loss of each step under given advantages; shared with self-critical training. */
export function policySteps(
  where: string,
  { data, width }: Batch,
  batch: Batch,
  actions: Labels,
  advantages: Float64Array,
  rule: PolicyRule,
  options: LossOptions,
  old?: Float64Array,
): LossResult & { entropy: number; clippedShare: number } {
  const ids = stepLabels(where, actions, batch);
  const seen = { steps: 0, entropy: 0, clipped: 0 };
  const result = stepLoss(
    batch,
    options,
    {
      where,
      per: "sequence",
      compute(_batch, _goal, { mask, scales, losses }, grad) {
        for (let i = 0; i < mask.length; i++) {
          if (mask[i] === 0) continue;
          const row = data.subarray(i * width, (i + 1) * width);
          if (row[ids[i]] === Number.NEGATIVE_INFINITY) {
            throw new SeqlossError(where, "VALUE", {
              argument: `the action at sequence ${Math.floor(i / batch.time)}, step ${i % batch.time}`,
              expected: "an action that is allowed there",
              found: ids[i],
              advice: "Its logit is -Infinity or its mask 0: the policy cannot have taken it.",
            });
          }
          const step = policyStep(row, ids[i], advantages[i], rule, old?.[i]);
          if (grad.length > 0) for (let k = 0; k < width; k++) grad[i * width + k] = scales[i] * step.grad[k];
          seen.steps++;
          seen.entropy += step.entropy;
          seen.clipped += Number(step.clipped);
          losses[i] = step.loss;
        }
      },
    },
    {},
  );
  const share = (total: number) => (seen.steps === 0 ? 0 : total / seen.steps);
  return { ...result, entropy: share(seen.entropy), clippedShare: share(seen.clipped) };
}
