import type { Random } from "../../core/random.js";
import { minimumRiskLoss } from "../../losses/minimumRisk.js";
import { policyGradientLoss } from "../../losses/policyGradient.js";
import { about, distribution, list, minus, pick, show, whole } from "../draw.js";
import { numeric, type Template } from "../template.js";
import { twoClasses } from "./probabilities.js";

/** Rewards of an episode, the last of them above 0: what is earned late must reach the first step. */
function episode(random: Random): { rewards: number[]; discount: number } {
  const rewards = list(whole(random, 3, 4), () => random.integer(3));
  rewards[rewards.length - 1] = whole(random, 1, 4);
  return { rewards, discount: pick(random, [0.5, 0.8, 0.9]) };
}

/** One sequence of logits of a policy of two actions that takes action 0 with the given probabilities. */
const policy = (probabilities: readonly number[]) => [twoClasses(probabilities)];

const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0);

export function reward(): readonly Template[] {
  return [
    numeric({
      id: "discounted-return",
      topic: "reward",
      level: 1,
      draw(random) {
        const { rewards, discount } = episode(random);
        const logits = policy(rewards.map(() => 0.5));
        const { returns } = policyGradientLoss(logits, [rewards.map(() => 0)], { rewards: [rewards], discount });
        return {
          given: { rewards, discount },
          prompt: `An episode has the rewards ${show(rewards)}, the discount is γ = ${discount}. What is the return of the first step?`,
          answer: returns.data[0],
          reason: `G₁ = r₁ + γ r₂ + γ² r₃ …: ${rewards.map((r, k) => (k === 0 ? `${r}` : `${about(discount ** k)} · ${r}`)).join(" + ")}.`,
          slips: [
            { value: sum(rewards), why: "The discount is missing." },
            {
              value: sum(rewards.map((r, k) => r * discount ** (k + 1))),
              why: "The step's own reward is not discounted: γ⁰ = 1.",
            },
            { value: rewards[0], why: "A return adds what comes after, not only the step's own reward." },
          ],
        };
      },
    }),
    numeric({
      id: "policy-loss",
      topic: "reward",
      level: 2,
      draw(random) {
        const { rewards, discount } = episode(random);
        const probabilities = rewards.map(() => whole(random, 1, 19) / 20);
        const actions = [rewards.map(() => 0)];
        const { value, returns } = policyGradientLoss(policy(probabilities), actions, { rewards: [rewards], discount });
        return {
          given: { rewards, discount, probabilities },
          prompt: `An episode has the rewards ${show(rewards)}; the policy gave its actions the probabilities ${show(probabilities)}; γ = ${discount}. What is the REINFORCE loss, the sum over the steps, with returns to go and no baseline?`,
          answer: value,
          reason: `−Σ G_t ln π(a_t), with the returns ${show(Array.from(returns.data, (x) => Number(x.toPrecision(4))))}.`,
          slips: [
            { value: -value, why: "The minus sign is missing: descent on Σ G ln π would make rewarded actions rarer." },
            { value: value / rewards.length, why: "This is the mean over the steps; the question asks for the sum." },
            {
              value: -sum(rewards.map((r, t) => r * Math.log(probabilities[t]))),
              why: "The reward of the step was taken instead of its return.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "reinforce-gradient",
      topic: "reward",
      level: 2,
      draw(random) {
        const probabilities = distribution(random, 3);
        const [action, entry] = [random.integer(3), random.integer(3)];
        const gain = pick(random, [-2, -1, 2, 3, 5]);
        const taken = entry === action ? 1 : 0;
        return {
          given: { probabilities, action, entry, gain },
          prompt: `A policy's softmax gives ${show(probabilities)}; action ${action} (from 0) was taken and its return is ${minus(gain)}. What is the derivative of the REINFORCE loss with respect to logit number ${entry}?`,
          answer: policyGradientLoss([[probabilities.map(Math.log)]], [[action]], { rewards: [[gain]] }).grad.data[
            entry
          ],
          reason: "G (π − 1 at the action taken): cross-entropy's gradient towards the action, times the return.",
          slips: [
            { value: -gain * (probabilities[entry] - taken), why: "The sign is turned round: the loss is −G ln π." },
            { value: probabilities[entry] - taken, why: "The return is missing: it multiplies the gradient." },
            {
              value: gain * (probabilities[entry] - 1 + taken),
              why: "The 1 belongs to the action taken and to no other.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "advantage",
      topic: "reward",
      level: 1,
      draw(random) {
        const { rewards, discount } = episode(random);
        const baseline = whole(random, 1, 12) / 4;
        const { returns, advantages } = policyGradientLoss(policy(rewards.map(() => 0.5)), [rewards.map(() => 0)], {
          rewards: [rewards],
          discount,
          baseline,
        });
        return {
          given: { rewards, discount, baseline },
          prompt: `An episode has the rewards ${show(rewards)}, γ = ${discount}, and the baseline is ${baseline} at every step. What is the advantage of the first step?`,
          answer: advantages.data[0],
          reason: `The return ${about(returns.data[0])} less the baseline. Below 0 the action did worse than expected and becomes rarer.`,
          slips: [
            { value: returns.data[0], why: "This is the return; the baseline is subtracted from it." },
            { value: baseline - returns.data[0], why: "The sign is turned round: return less baseline." },
            {
              value: rewards[0] - baseline,
              why: "The baseline is subtracted from the return, not from the step's reward.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "ppo-clip",
      topic: "reward",
      level: 3,
      draw(random) {
        const clip = 0.2;
        const [old, now] = [whole(random, 4, 10) / 20, whole(random, 3, 15) / 20];
        const gain = pick(random, [-2, -1, 1, 2]);
        const ratio = now / old;
        const kept = Math.min(Math.max(ratio, 1 - clip), 1 + clip);
        const { value } = policyGradientLoss(policy([now]), [[0]], {
          rewards: [[gain]],
          clip,
          oldLogProbs: [[Math.log(old)]],
        });
        return {
          given: { old, now, gain, clip },
          prompt: `PPO with the clip ${clip}: the policy that acted gave its action the probability ${old}, the policy now gives it ${now}; the advantage is ${minus(gain)}. What is the loss of this step?`,
          answer: value,
          reason: `−min(ρ A, clip(ρ) A) with ρ = ${about(ratio)}: clipping takes away what could be gained by going further, never what must be paid.`,
          slips: [
            { value: -value, why: "The minus sign is missing: the surrogate is made large, the loss small." },
            {
              value: -ratio * gain,
              why: "The ratio is beyond the clip, and the advantage would be gained from it: the clipped ratio counts.",
            },
            {
              value: -kept * gain,
              why: "The smaller of the two counts: here the ratio as it is, for it lies on the side that costs.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "expected-risk",
      topic: "reward",
      level: 2,
      draw(random) {
        const probabilities = list(3, () => whole(random, 1, 6) / 20);
        const costs = [0, ...list(2, () => whole(random, 1, 10) / 10)];
        const total = sum(probabilities);
        return {
          given: { probabilities, costs },
          prompt: `Three candidate translations have the probabilities ${show(probabilities)} and the costs ${show(costs)}. What is the minimum-risk loss over these candidates (sharpness 1)?`,
          answer: minimumRiskLoss([probabilities.map(Math.log)], [costs]).value,
          reason: `The probabilities are divided by their sum ${about(total)} over the candidates; the loss is the expected cost.`,
          slips: [
            {
              value: sum(probabilities.map((p, n) => p * costs[n])),
              why: "The probabilities must be divided by their sum over the candidates.",
            },
            { value: sum(costs) / 3, why: "This is the plain mean; likelier candidates weigh more." },
          ],
        };
      },
    }),
  ];
}
