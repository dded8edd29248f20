import { toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import type { TensorLike } from "../core/tensor.js";
import { minimumRisk } from "../reference/minimumRisk.js";
import { type LossOptions, type LossResult, planReduction, readSequenceWeights } from "./reduction.js";
import { gradientBuffer, lossesBuffer, lossResult } from "./result.js";
import { readStepNumbers, type StepNumbers } from "./returns.js";

export interface MinimumRiskOptions extends LossOptions {
  /** α > 0: above 1 the likelier candidates count more, below 1 all count more alike. Default 1. */
  readonly sharpness?: number;
}

/**
 * Minimum risk: the expected cost of the candidates under the model, Σ_n Q_n cost_n with Q = softmax(α ln p) over the candidates
 * of one input, averaged over the inputs (Shen et al. 2016, eq. 9 and 10).
 *
 * A candidate that is listed twice counts twice: list each once. Adding a number to all log-probabilities of an input changes
 * nothing; adding one to all costs adds it to the value, and leaves the gradient.
 *
 * @param logProbs [B, N], or ragged lists: ln p of each candidate of each input, summed over its steps; -Infinity has no share
 * @param costs in the same shape: error rate, 1 − BLEU …
 * @param options `lengths` are the numbers of candidates; the gradient is with respect to `logProbs`
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), a cost is no finite number, the sharpness is not above 0, or all
 *   candidates of an input are impossible (VALUE)
 * @example
 * minimumRiskLoss([[Math.log(0.6), Math.log(0.2)]], [[0, 1]]).value // 0.25
 */
export function minimumRiskLoss(
  logProbs: TensorLike,
  costs: StepNumbers,
  options: MinimumRiskOptions = {},
): LossResult {
  const where = "minimumRiskLoss";
  const { sharpness = 1 } = options;
  if (!(sharpness > 0 && sharpness < Number.POSITIVE_INFINITY)) {
    const details = { argument: "sharpness", expected: "a finite number above 0", found: sharpness };
    throw new SeqlossError(where, "VALUE", details);
  }
  const batch = toBatch(logProbs, { where, argument: "logProbs", classes: false }, options.lengths);
  const { batch: sequences, time, width, lengths, data } = batch;
  if (batch.shape.length !== 2 || width !== 1) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of logProbs",
      expected: "[batch, candidates]",
      found: batch.shape,
    });
  }
  const cost = readStepNumbers(where, "costs", costs, batch);
  const weights = readSequenceWeights(where, options.weights, batch);
  const counts = { steps: lengths, labels: lengths };
  const reduction = planReduction(where, options, sequences, options.per ?? "sequence", counts, weights);
  const grad = gradientBuffer(where, options, data);
  const losses = lossesBuffer(where, options, sequences);
  for (let b = 0; b < sequences; b++) {
    const [start, end] = [b * time, b * time + lengths[b]];
    const row = data.subarray(start, end);
    if (row.length > 0 && row.every((x) => x === Number.NEGATIVE_INFINITY)) {
      throw new SeqlossError(where, "VALUE", {
        argument: `logProbs[${b}]`,
        expected: "at least one candidate above -Infinity",
        found: Array.from(row),
      });
    }
    const { risk, slopes } = minimumRisk(row, cost.subarray(start, end), sharpness);
    losses[b] = risk;
    if (grad.length === 0 || reduction.coefficients[b] === 0) continue;
    slopes.forEach((slope, n) => (grad[start + n] = reduction.coefficients[b] * slope));
  }
  return lossResult(options, reduction, losses, grad, batch.shape);
}
