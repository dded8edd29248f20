import type { Batch } from "../core/batch.js";
import { NO_LABEL } from "../core/labels.js";
import type { FloatArray } from "../core/tensor.js";
import { type Workspace, withWorkspace } from "../core/workspace.js";
import {
  gradientBuffer,
  type LossOptions,
  type LossResult,
  type Per,
  planReduction,
  readWeights,
} from "./reduction.js";

/** A loss that is a sum over steps, each with a loss of its own. */
export interface StepLoss {
  readonly where: string;
  /** What a mean is over unless the caller says otherwise. */
  readonly per: Per;
  /** The label of each step; NO_LABEL leaves a step out. Default: every real step counts. */
  readonly ids?: Int32Array;
  /** How much a step with a label of this class counts in a mean `per: "step"` [V]. Default 1. */
  readonly classWeights?: ArrayLike<number> | undefined;
  /** How much each step counts there otherwise. Default 1. */
  readonly share?: number;
  /**
   * Writes the loss of every step, in the batch's padded order, into `losses`, and its gradient times scales[i] into `grad`
   * (empty when no gradient is wanted). A step whose mask is 0 must not be read: its loss stays 0, and its gradient.
   */
  readonly compute: (steps: Steps, grad: FloatArray) => void;
  /** `compute` writes every number of `grad`, zeros included. Default false: it finds zeros there. */
  readonly writesAll?: boolean;
}

export interface Steps {
  /** 1 for a step that counts, 0 for padding and for steps that are left out. */
  readonly mask: Uint8Array;
  /** d value / d loss of each step. */
  readonly scales: Float64Array;
  /** Zeros, which become the losses. */
  readonly losses: Float64Array;
}

/** Weights, mask, reduction and gradient buffer around the arithmetic of one step. */
export function stepLoss(batch: Batch, options: LossOptions, loss: StepLoss): LossResult {
  return withWorkspace((workspace) => lossIn(workspace, batch, options, loss));
}

function lossIn(workspace: Workspace, batch: Batch, options: LossOptions, loss: StepLoss): LossResult {
  const { where, compute, writesAll = false } = loss;
  const { batch: sequences, time, data, shape } = batch;
  const weights = readWeights(where, options.weights, batch);
  const { mask, counted, labelled } = countSteps(workspace, batch, loss, weights.step);
  const counts = { steps: (b: number) => counted[b], labels: (b: number) => labelled[b] };
  const per = options.per ?? loss.per;
  const reduction = planReduction(where, options, sequences, per, counts, weights.sequence, workspace);
  const scales = workspace.float64("scales", sequences * time);
  for (let b = 0, i = 0; b < sequences; b++) {
    const coefficient = reduction.coefficients[b];
    for (const end = i + time; i < end; i++) {
      if (mask[i] === 1) scales[i] = weights.step === undefined ? coefficient : coefficient * weights.step[i];
    }
  }
  const grad = gradientBuffer(where, options, data, !writesAll);
  const stepLosses = workspace.float64("losses of steps", sequences * time);
  compute({ mask, scales, losses: stepLosses }, grad);
  const losses = new Float64Array(sequences);
  for (let b = 0, i = 0; b < sequences; b++) {
    let total = 0;
    for (const end = i + time; i < end; i++) {
      if (mask[i] === 1) total += weights.step === undefined ? stepLosses[i] : stepLosses[i] * weights.step[i];
    }
    losses[b] = total;
  }
  if (grad.length > 0) clearUnweighted(batch, reduction.coefficients, grad);
  return {
    ...reduction.reduce(losses),
    losses,
    grad: { data: grad, shape: grad.length > 0 || data.length === 0 ? shape : [0] },
  };
}

/** Which steps count; how much those of each sequence do in a mean per step, and how many they are. */
function countSteps(
  workspace: Workspace,
  { batch: sequences, time, lengths }: Batch,
  { ids, classWeights, share = 1 }: StepLoss,
  weights: Float64Array | undefined,
): { readonly mask: Uint8Array; readonly counted: Float64Array; readonly labelled: Int32Array } {
  const mask = workspace.uint8("mask", sequences * time);
  const counted = workspace.float64("counted", sequences);
  const labelled = workspace.int32("labelled", sequences);
  for (let b = 0; b < sequences; b++) {
    for (let i = b * time; i < b * time + lengths[b]; i++) {
      const stepWeight = weights === undefined ? 1 : weights[i];
      if (stepWeight === 0 || (ids !== undefined && ids[i] === NO_LABEL)) continue;
      const part = ids === undefined || classWeights === undefined ? share : classWeights[ids[i]];
      mask[i] = 1;
      counted[b] += part * stepWeight;
      labelled[b]++;
    }
  }
  return { mask, counted, labelled };
}

/** A sequence that does not count has a gradient of exactly 0, even where its loss is not finite. */
function clearUnweighted({ time, width }: Batch, coefficients: Float64Array, grad: FloatArray): void {
  const size = time * width;
  for (let b = 0; b < coefficients.length; b++) {
    if (coefficients[b] === 0) grad.fill(0, b * size, (b + 1) * size);
  }
}
