import { SeqlossError } from "../core/errors.js";
import { logSoftmax } from "../core/numeric.js";
import type { Tensor } from "../core/tensor.js";
import { strings } from "../reference/alignments.js";

/** What REINFORCE's estimate of the gradient is like under one baseline, over all it could sample. */
export interface EstimatorStatistics {
  readonly name: string;
  /** What is subtracted from the return. */
  readonly baseline: number;
  /** The mean of the estimate, [T, A]: the exact gradient, whatever the baseline. */
  readonly mean: Tensor;
  /** Its variance, summed over the numbers of the gradient (the trace of its covariance). */
  readonly variance: number;
}

export interface ExactPolicyGradient {
  readonly expectedReturn: number;
  /** [T, A], −d (expected return) / d logits, the gradient that REINFORCE estimates. */
  readonly grad: Tensor;
  /** Without a baseline, and with the expected return, the greedy sequence's (self-critical) and the best constant. */
  readonly estimators: readonly EstimatorStatistics[];
}

/** More action sequences than this are not listed. */
const MOST = 1_000_000;

/**
 * The exact policy gradient of a small problem, by listing every sequence of actions; and what each baseline does to the
 * variance of REINFORCE's estimate of it (Williams 1992; Greensmith et al. 2004, theorem 13, for the best constant).
 *
 * The policy chooses T actions of A independently, with the logits given; the reward is of the whole sequence.
 *
 * @param logits [T][A]
 * @param reward of a sequence of T actions
 * @throws SeqlossError (SHAPE) when the rows differ in size, or there are more than a million sequences
 * @example
 * const { expectedReturn, estimators } = exactPolicyGradient([[0, 0]], ([action]) => 10 + action);
 * expectedReturn // 10.5
 * estimators.map(({ name, variance }) => `${name} ${variance.toFixed(3)}`) // ["none 55.125", "mean 0.000", "greedy 0.125", "best 0.000"]
 */
export function exactPolicyGradient(
  logits: readonly (readonly number[])[],
  reward: (actions: readonly number[]) => number,
): ExactPolicyGradient {
  const T = logits.length;
  const A = logits[0]?.length ?? 0;
  if (T === 0 || A === 0 || logits.some((row) => row.length !== A) || A ** T > MOST) {
    throw new SeqlossError("exactPolicyGradient", "SHAPE", {
      argument: "logits",
      expected: `rows of equal size, with at most ${MOST} sequences of actions`,
      found: logits.map((row) => row.length),
    });
  }
  const logs = logits.map((row) => logSoftmax(row));
  const scoreOf = (actions: readonly number[]) =>
    Float64Array.from({ length: T * A }, (_, i) => {
      const [t, k] = [Math.floor(i / A), i % A];
      return Math.exp(logs[t][k]) - Number(actions[t] === k); // −d ln π / d logit
    });
  const outcomes = [...strings(T, A)].map((actions) => {
    const score = scoreOf(actions);
    const p = Math.exp(actions.reduce((sum, k, t) => sum + logs[t][k], 0));
    return { p, reward: reward(actions), score, size: score.reduce((sum, x) => sum + x * x, 0) };
  });
  const expected = (of: (outcome: (typeof outcomes)[number]) => number) =>
    outcomes.reduce((sum, outcome) => sum + outcome.p * of(outcome), 0);
  const expectedReturn = expected((outcome) => outcome.reward);
  const greedy = logs.map((row) => row.indexOf(Math.max(...row)));
  const size = expected((outcome) => outcome.size);
  const best = size === 0 ? 0 : expected((outcome) => outcome.reward * outcome.size) / size;
  const baselines: [string, number][] = [
    ["none", 0],
    ["mean", expectedReturn],
    ["greedy", reward(greedy)],
    ["best", best],
  ];
  const shape = [T, A];
  const estimators = baselines.map(([name, baseline]) => {
    const data = new Float64Array(T * A);
    for (const { p, reward: r, score } of outcomes) score.forEach((x, i) => (data[i] += p * (r - baseline) * x)); // reward.md (1)
    const square = expected((outcome) => (outcome.reward - baseline) ** 2 * outcome.size);
    const variance = Math.max(square - data.reduce((sum, x) => sum + x * x, 0), 0);
    return { name, baseline, mean: { data, shape }, variance };
  });
  return { expectedReturn, grad: estimators[1].mean, estimators };
}
