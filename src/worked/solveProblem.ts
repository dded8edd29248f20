import { keyOf, rightValues } from "./key.js";
import { type Problem, readProblem } from "./problem.js";

/** A line of a solution, with how it is computed. */
export interface SolvedStep {
  readonly name: string;
  readonly formula: string;
  readonly value: number;
}

/**
 * The solution of a problem, step by step.
 *
 * @throws SeqlossError (VALUE) when the problem is malformed
 * @example
 * solveProblem({ kind: "crossEntropy", logits: [0, 0, 0], label: 2 }).at(-1).value // 1.0986 = ln 3
 */
export function solveProblem(problem: Problem): SolvedStep[] {
  const key = keyOf(readProblem(problem));
  const values = rightValues(key);
  return key.map(({ name, formula }) => ({ name, formula, value: values.get(name) as number }));
}
