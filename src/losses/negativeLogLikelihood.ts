import { type Batch, type BatchLayout, toBatch } from "../core/batch.js";
import { type Labels, type LabelsFor, stepLabels } from "../core/labels.js";
import { type FloatArray, NO_INTEGERS, type TensorLike } from "../core/tensor.js";
import { type Reused, type Workspace, withWorkspace } from "../core/workspace.js";
import { checkClassWeights } from "./crossEntropy.js";
import type { LossOptions, LossResult } from "./reduction.js";
import { type StepGoal, type StepLoss, type Steps, stepLoss } from "./steps.js";

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
  return withWorkspace(lossIn, LOSS, logProbs, labels, options);
}

class Wanted implements StepGoal, Reused {
  ids = NO_INTEGERS;
  classWeights: ArrayLike<number> | undefined = undefined;

  forget(): void {
    this.classWeights = undefined;
  }
}

/** One number of a row is read and one written: there is nothing for a kernel to do. */
const LOSS: StepLoss<Wanted> & BatchLayout = {
  where: "negativeLogLikelihood",
  argument: "logProbs",
  classes: true,
  per: "step",
  compute({ data, width }: Batch, { ids, classWeights }: Wanted, { mask, scales, losses }: Steps, grad: FloatArray) {
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 0) continue;
      const weight = classWeights === undefined ? 1 : classWeights[ids[i]];
      if (weight === 0) continue;
      const at = i * width + ids[i];
      if (grad.length > 0 && data[at] !== Number.NEGATIVE_INFINITY) grad[at] = -weight * scales[i];
      losses[i] = -weight * data[at];
    }
  },
};

function lossIn(
  workspace: Workspace,
  loss: typeof LOSS,
  logProbs: TensorLike,
  labels: Labels,
  options: NegativeLogLikelihoodOptions,
): LossResult {
  const { where } = loss;
  const { classWeights, ignoreIndex } = options;
  const batch = toBatch(logProbs, loss, options.lengths, workspace);
  checkClassWeights(where, classWeights, batch.width);
  const goal = workspace.object("goal of labels", Wanted);
  goal.ids = stepLabels(where, labels, batch, ignoreIndex, workspace);
  goal.classWeights = classWeights;
  return stepLoss(batch, options, loss, goal, workspace);
}
