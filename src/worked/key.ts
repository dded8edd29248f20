import { alignmentsKey } from "./alignmentsKey.js";
import { crossEntropyKey } from "./crossEntropyKey.js";
import { ctcKey } from "./ctcKey.js";
import type { KeyStep } from "./keyStep.js";
import { policyKey } from "./policyKey.js";
import type { Problem } from "./problem.js";
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
