import type { Batch } from "../core/batch.js";
import { NO_LABEL } from "../core/labels.js";
import type { FloatArray } from "../core/tensor.js";
import { type Workspace, withWorkspace } from "../core/workspace.js";
import {
  gradientBuffer,
  type LossOptions,
  type LossResult,
  lossesBuffer,
  type Per,
  planReduction,
  type Reduction,
  type ReductionCounts,
  readWeights,
} from "./reduction.js";

/** A loss that is a sum over steps, each with a loss of its own. */
export interface StepLoss {
  readonly where: string;
  /** What a mean is over unless the caller says otherwise. */
  readonly per: Per;
  /** The label of each step; NO_LABEL leaves a step out. Default: every real step counts. */
  readonly ids?: Int32Array | undefined;
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
  /** What the computation lives in; default one that is lent to it. */
  readonly workspace?: Workspace;
}

export interface Steps {
  /** 1 for a step that counts, 0 for padding and for steps that are left out. */
  readonly mask: Uint8Array;
  /** d value / d loss of each step; of those that are left out any number. */
  readonly scales: Float64Array;
  /** Every step counts, all with the same scale. */
  readonly alike: boolean;
  /** Zeros, which become the losses. */
  readonly losses: Float64Array;
}

/** Weights, mask, reduction and gradient buffer around the arithmetic of one step. */
export function stepLoss(batch: Batch, options: LossOptions, loss: StepLoss): LossResult {
  const { workspace } = loss;
  return workspace === undefined
    ? withWorkspace((lent) => lossIn(lent, batch, options, loss))
    : lossIn(workspace, batch, options, loss);
}

function lossIn(workspace: Workspace, batch: Batch, options: LossOptions, loss: StepLoss): LossResult {
  const { where, compute, writesAll = false } = loss;
  const { batch: sequences, time, data, shape } = batch;
  const weights = readWeights(where, options.weights, batch);
  const counts = countSteps(workspace, batch, loss, weights.step);
  const { mask } = counts;
  const reduction = planReduction(
    where,
    options,
    sequences,
    options.per ?? loss.per,
    counts,
    weights.sequence,
    workspace,
  );
  const { coefficients } = reduction;
  const scales = scalesOfSteps(workspace, batch, reduction, weights.step);
  const grad = gradientBuffer(where, options, data, !writesAll);
  const losses = lossesBuffer(where, options, sequences);
  const single = time === 1 && weights.step === undefined;
  const stepLosses = single ? losses : workspace.float64("losses of steps", sequences * time);
  compute({ mask, scales, alike: counts.every && reduction.alike, losses: stepLosses }, grad);
  if (!single) sumSteps(stepLosses, weights.step, losses);
  if (grad.length > 0 && !(reduction.alike && coefficients[0] !== 0)) clearUnweighted(batch, coefficients, grad);
  const { value, sum, weight } = reduction.reduce(losses);
  return {
    value,
    losses,
    grad: { data: grad, shape: grad.length > 0 || data.length === 0 ? shape : NONE },
    sum,
    weight,
  };
}

const NONE: readonly number[] = [0];

interface StepCounts extends ReductionCounts {
  readonly mask: Uint8Array;
  /** No step is left out. */
  readonly every: boolean;
}

/** Which steps count; how much those of each sequence do in a mean per step, and how many they are. */
function countSteps(workspace: Workspace, batch: Batch, loss: StepLoss, weights: Float64Array | undefined): StepCounts {
  const { batch: sequences, time, lengths } = batch;
  const { ids, classWeights, share = 1 } = loss;
  if (weights !== undefined || (ids !== undefined && classWeights !== undefined)) {
    return countWeighted(workspace, batch, loss, weights);
  }
  const labels = ids === undefined ? lengths : countLabelled(ids, time, workspace.int32("labelled", sequences));
  let all = 0;
  for (let b = 0; b < sequences; b++) all += labels[b];
  const steps = share === 1 ? labels : workspace.float64("counted", sequences);
  if (steps !== labels) for (let b = 0; b < sequences; b++) (steps as Float64Array)[b] = share * labels[b];
  const every = all === sequences * time;
  const mask = workspace.uint8("mask", sequences * time);
  if (every) mask.fill(1);
  else if (ids !== undefined) for (let i = 0; i < ids.length; i++) mask[i] = ids[i] === NO_LABEL ? 0 : 1;
  else for (let b = 0; b < sequences; b++) mask.fill(1, b * time, b * time + lengths[b]);
  return { mask, every, steps, allSteps: share * all, labels };
}

/** How many steps of each sequence have a label. */
function countLabelled(ids: Int32Array, time: number, counts: Int32Array): Int32Array {
  for (let b = 0, i = 0; b < counts.length; b++) {
    let count = 0;
    for (const end = i + time; i < end; i++) if (ids[i] !== NO_LABEL) count++;
    counts[b] = count;
  }
  return counts;
}

function countWeighted(
  workspace: Workspace,
  { batch: sequences, time, lengths }: Batch,
  { ids, classWeights, share = 1 }: StepLoss,
  weights: Float64Array | undefined,
): StepCounts {
  const mask = workspace.uint8("mask", sequences * time);
  const steps = workspace.float64("counted", sequences);
  const labels = workspace.int32("labelled", sequences);
  for (let b = 0; b < sequences; b++) {
    for (let i = b * time; i < b * time + lengths[b]; i++) {
      const stepWeight = weights === undefined ? 1 : weights[i];
      if (stepWeight === 0 || (ids !== undefined && ids[i] === NO_LABEL)) continue;
      const part = ids === undefined || classWeights === undefined ? share : classWeights[ids[i]];
      mask[i] = 1;
      steps[b] += part * stepWeight;
      labels[b]++;
    }
  }
  return { mask, every: false, steps, labels };
}

function scalesOfSteps(
  workspace: Workspace,
  { batch: sequences, time }: Batch,
  { coefficients, alike }: Reduction,
  weights: Float64Array | undefined,
): Float64Array {
  if (time === 1 && weights === undefined) return coefficients;
  const scales = workspace.float64("scales", sequences * time);
  if (alike && weights === undefined) return scales.fill(coefficients[0]);
  for (let b = 0, i = 0; b < sequences; b++) {
    const end = i + time;
    if (weights === undefined) scales.fill(coefficients[b], i, end);
    else for (let j = i; j < end; j++) scales[j] = coefficients[b] * weights[j];
    i = end;
  }
  return scales;
}

/** The (weighted) sum over the steps of each sequence; the loss of a step that is left out is 0. */
function sumSteps(steps: Float64Array, weights: Float64Array | undefined, losses: Float64Array): void {
  const time = steps.length / losses.length;
  for (let b = 0, i = 0; b < losses.length; b++) {
    let total = 0;
    for (const end = i + time; i < end; i++) total += weights === undefined ? steps[i] : steps[i] * weights[i];
    losses[b] = total;
  }
}

/** A sequence that does not count has a gradient of exactly 0, even where its loss is not finite. */
function clearUnweighted({ time, width }: Batch, coefficients: Float64Array, grad: FloatArray): void {
  const size = time * width;
  for (let b = 0; b < coefficients.length; b++) {
    if (coefficients[b] === 0) grad.fill(0, b * size, (b + 1) * size);
  }
}
