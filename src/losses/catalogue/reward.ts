import type { Random } from "../../core/random.js";
import { minimumRiskLoss } from "../minimumRisk.js";
import { policyGradientLoss } from "../policyGradient.js";
import { selfCriticalLoss } from "../selfCritical.js";
import { type Described, LABELS, LOGITS } from "./entry.js";
import { classLabels, classScores, eachStep, SEQUENCES } from "./examples.js";

const rewardEach = (random: Random) => Array.from({ length: SEQUENCES }, () => random.uniform());

export const reward: Readonly<Record<string, Described>> = {
  policyGradientLoss: {
    summary: "actions made likelier by the return that follows them",
    outputs: LOGITS,
    targets: ["actions", ...LABELS],
    options: [
      "rewards",
      "discount",
      "returns",
      "baseline",
      "normalizeAdvantages",
      "entropyWeight",
      "mask",
      "clip",
      "oldLogProbs",
    ],
    example: (random) => ({
      outputs: classScores(random),
      targets: classLabels(random),
      options: { rewards: eachStep(() => random.integer(3)), discount: 0.9, baseline: 1, entropyWeight: 0.01 },
    }),
    compute: policyGradientLoss,
  },
  minimumRiskLoss: {
    summary: "the expected cost of candidates, weighed by their probabilities",
    outputs: ["logProbs", "outputs"],
    targets: ["costs", "targets"],
    options: ["sharpness"],
    example: (random) => ({
      outputs: eachStep(() => -5 * random.uniform()),
      targets: eachStep(() => random.uniform()),
      options: {},
    }),
    compute: minimumRiskLoss,
  },
  selfCriticalLoss: {
    summary: "samples made likelier where they score better than greedy decoding",
    outputs: LOGITS,
    targets: ["samples", ...LABELS],
    options: ["rewards", "greedyRewards"],
    example: (random) => ({
      outputs: classScores(random),
      targets: classLabels(random),
      options: { rewards: rewardEach(random), greedyRewards: rewardEach(random) },
    }),
    compute: selfCriticalLoss,
  },
};
