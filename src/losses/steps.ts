import type { Batch } from "../core/batch.js";
import { NO_LABEL } from "../core/labels.js";
import { type FloatArray, NO_DOUBLES } from "../core/tensor.js";
import { type Reused, type Workspace, withWorkspace } from "../core/workspace.js";
import {
  type LossOptions,
  type LossResult,
  type Per,
  planReduction,
  type Reduction,
  ReusedCounts,
  readWeights,
} from "./reduction.js";
import { gradientBuffer, lossesBuffer, lossResult } from "./result.js";

/** A loss that is a sum over steps, each with a loss of its own: what all calls have in common. */
export interface StepLoss<Goal extends StepGoal> {
  readonly where: string;
  /** What a mean is over unless the caller says otherwise. */
  readonly per: Per;
  /** Each number of a step counts in a mean `per: "step"`, not each step. Default false. */
  readonly countsNumbers?: boolean;
  /**
   * Writes the loss of every step, in the batch's padded order, into `steps.losses`, and its gradient times scales[i] into `grad`
   * (empty when no gradient is wanted). A step whose mask is 0 must not be read: its loss stays 0, and its gradient.
   */
  readonly compute: (batch: Batch, goal: Goal, steps: Steps, grad: FloatArray, workspace: Workspace) => void;
  /** Whether `compute` writes every number of `grad`, zeros included. Default false: it finds zeros there. */
  readonly writesAll?: (batch: Batch) => boolean;
}

/** What the outputs of one call should be. */
export interface StepGoal {
  /** The label of each step; NO_LABEL leaves a step out. Default: every real step counts. */
  readonly ids?: Int32Array | undefined;
  /** How much a step with a label of this class counts in a mean `per: "step"` [V]. Default 1. */
  readonly classWeights?: ArrayLike<number> | undefined;
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

class ReusedSteps extends ReusedCounts implements Steps, Reused {
  mask: Uint8Array = new Uint8Array(0);
  /** No step is left out. */
  every = true;
  scales = NO_DOUBLES;
  alike = true;
  losses = NO_DOUBLES;

  override forget(): void {
    this.losses = NO_DOUBLES;
  }
}

/**
 * Weights, mask, reduction and gradient buffer around the arithmetic of one step.
 * @param workspace what the computation lives in; default one that is lent to it
 */
export function stepLoss<Goal extends StepGoal>(
  batch: Batch,
  options: LossOptions,
  loss: StepLoss<Goal>,
  goal: Goal,
  workspace?: Workspace,
): LossResult {
  return workspace === undefined
    ? withWorkspace(lossIn<Goal>, batch, options, loss, goal)
    : lossIn(workspace, batch, options, loss, goal);
}

function lossIn<Goal extends StepGoal>(
  workspace: Workspace,
  batch: Batch,
  options: LossOptions,
  loss: StepLoss<Goal>,
  goal: Goal,
): LossResult {
  const { where, countsNumbers = false } = loss;
  const { batch: sequences, time, data, shape } = batch;
  const weights = readWeights(where, options.weights, batch, workspace);
  const steps = workspace.object("steps", ReusedSteps);
  countSteps(workspace, batch, goal, countsNumbers ? batch.width : 1, weights.step, steps);
  const reduction = planReduction(
    where,
    options,
    sequences,
    options.per ?? loss.per,
    steps,
    weights.sequence,
    workspace,
  );
  const { coefficients } = reduction;
  steps.scales = scalesOfSteps(workspace, batch, reduction, weights.step);
  steps.alike = steps.every && reduction.alike;
  const grad = gradientBuffer(where, options, data, loss.writesAll?.(batch) !== true);
  const losses = lossesBuffer(where, options, sequences);
  const single = time === 1 && weights.step === undefined;
  steps.losses = single ? losses : workspace.float64("losses of steps", sequences * time);
  loss.compute(batch, goal, steps, grad, workspace);
  if (!single) sumSteps(steps.losses, weights.step, losses);
  if (grad.length > 0 && !(reduction.alike && coefficients[0] !== 0)) clearUnweighted(batch, coefficients, grad);
  return lossResult(options, reduction, losses, grad, shape);
}

/**
 * Which steps count; how much those of each sequence do in a mean per step, and how many they are.
 * @param share how much a step counts
 */
function countSteps(
  workspace: Workspace,
  batch: Batch,
  goal: StepGoal,
  share: number,
  weights: Float64Array | undefined,
  counts: ReusedSteps,
): void {
  const { batch: sequences, time, lengths } = batch;
  const { ids, classWeights } = goal;
  if (weights !== undefined || (ids !== undefined && classWeights !== undefined)) {
    countWeighted(workspace, batch, goal, share, weights, counts);
    return;
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
  counts.mask = mask;
  counts.every = every;
  counts.steps = steps;
  counts.allSteps = share * all;
  counts.labels = labels;
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
  { ids, classWeights }: StepGoal,
  share: number,
  weights: Float64Array | undefined,
  counts: ReusedSteps,
): void {
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
  counts.mask = mask;
  counts.every = false;
  counts.steps = steps;
  counts.allSteps = undefined;
  counts.labels = labels;
}

function scalesOfSteps(
  workspace: Workspace,
  { batch: sequences, time }: Batch,
  { coefficients, alike }: Reduction,
  weights: Float64Array | undefined,
): Float64Array {
  if (time === 1 && weights === undefined) return coefficients;
  if (alike && weights === undefined) return workspace.even("even scales", sequences * time, coefficients);
  const scales = workspace.float64("scales", sequences * time);
  for (let b = 0, i = 0; b < sequences; b++) {
    const coefficient = coefficients[b];
    const end = i + time;
    if (weights === undefined) for (; i < end; i++) scales[i] = coefficient;
    else for (; i < end; i++) scales[i] = coefficient * weights[i];
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
