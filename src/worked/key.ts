import { alignmentsKey } from "./alignmentsKey.js";
import { backpropagationKey } from "./backpropagationKey.js";
import { binaryCrossEntropyKey } from "./binaryCrossEntropyKey.js";
import { clippingKey } from "./clippingKey.js";
import { crossEntropyKey } from "./crossEntropyKey.js";
import { ctcKey } from "./ctcKey.js";
import { huberKey } from "./huberKey.js";
import type { KeyStep } from "./keyStep.js";
import { perplexityKey } from "./perplexityKey.js";
import { policyKey } from "./policyKey.js";
import type { Problem } from "./problem.js";
import { quantileKey } from "./quantileKey.js";
import { rankingHingeKey } from "./rankingHingeKey.js";
import { sequenceHingeKey } from "./sequenceHingeKey.js";
import { squaredErrorKey } from "./squaredErrorKey.js";

/** The steps that solve a problem, in order. */
export function keyOf(problem: Problem): KeyStep[] {
  switch (problem.kind) {
    case "alignments":
      return alignmentsKey(problem);
    case "sequenceHinge":
      return sequenceHingeKey(problem);
    case "meanSquaredError":
      return squaredErrorKey(problem);
    case "crossEntropy":
      return crossEntropyKey(problem);
    case "ctc":
      return ctcKey(problem);
    case "policyGradient":
      return policyKey(problem);
    case "binaryCrossEntropy":
      return binaryCrossEntropyKey(problem);
    case "huberLoss":
      return huberKey(problem);
    case "quantileLoss":
      return quantileKey(problem);
    case "rankingHinge":
      return rankingHingeKey(problem);
    case "perplexity":
      return perplexityKey(problem);
    case "backpropagation":
      return backpropagationKey(problem);
    case "clipping":
      return clippingKey(problem);
  }
}

/** The right value of every step, by name. */
export function rightValues(key: readonly KeyStep[]): Map<string, number> {
  const values = new Map<string, number>();
  for (const { name, compute } of key)
    values.set(
      name,
      compute((earlier) => values.get(earlier) as number),
    );
  return values;
}
