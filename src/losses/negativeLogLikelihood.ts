import { toBatch } from "../core/batch.js";
import { type LabelsFor, stepLabels } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";
import { withWorkspace } from "../core/workspace.js";
import { checkClassWeights } from "./crossEntropy.js";
import type { LossOptions, LossResult } from "./reduction.js";
import { stepLoss } from "./steps.js";

export interface NegativeLogLikelihoodOptions extends LossOptions {
  /** A weight ≥ 0 for each class; a mean per step divides by the weights of the labels. */
  readonly classWeights?: ArrayLike<number>;
  /** The id of steps that are left out. Default none. */
  readonly ignoreIndex?: number;
}

/**
 * Negative log-likelihood of the labels: −logProbs[label], averaged over the real steps; the gradient is with respect to the
 * log-probabilities, which are taken as they are. (`crossEntropy` takes logits.)
 *
 * @param logProbs [B, T, V], or [N, V] as N sequences of one step; natural logarithms
 * @param labels ids in 0..V-1, ragged `number[][]` or flat
 * @returns a label of log-probability -Infinity costs Infinity, with a zero gradient
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), an id is out of range (LABEL), or a weight is (VALUE)
 * @example
 * negativeLogLikelihood([[-2, -0.5]], [0]).value // 2
 */
export function negativeLogLikelihood<Scores extends TensorLike>(
  logProbs: Scores,
  labels: LabelsFor<Scores>,
  options: NegativeLogLikelihoodOptions = {},
): LossResult {
  const where = "negativeLogLikelihood";
  const { classWeights, ignoreIndex } = options;
  const batch = toBatch(logProbs, { where, argument: "logProbs", classes: true, lengths: options.lengths });
  checkClassWeights(where, classWeights, batch.width);
  return withWorkspace((workspace) => {
    const ids = stepLabels(where, labels, batch, ignoreIndex, workspace);
    const weightOf = (i: number) => classWeights?.[ids[i]] ?? 1;
    return stepLoss(batch, options, {
      where,
      per: "step",
      ids,
      classWeights,
      workspace,
      // one number of a row is read and one written: there is nothing for a kernel to do
      compute({ mask, scales, losses }, grad) {
        const { data, width } = batch;
        for (let i = 0; i < mask.length; i++) {
          const weight = weightOf(i);
          if (mask[i] === 0 || weight === 0) continue;
          const at = i * width + ids[i];
          if (grad.length > 0 && data[at] !== Number.NEGATIVE_INFINITY) grad[at] = -weight * scales[i];
          losses[i] = -weight * data[at];
        }
      },
    });
  });
}
