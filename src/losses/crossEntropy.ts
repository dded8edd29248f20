import { type Batch, type BatchLayout, isShorter, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { type Labels, NO_LABEL, stepLabels } from "../core/labels.js";
import { type FloatArray, isTensor, type Nested, type Tensor, type TensorLike } from "../core/tensor.js";
import { type Reused, type Workspace, withWorkspace } from "../core/workspace.js";
import * as kernel from "../kernels/crossEntropy.js";
import { hasKernels } from "../kernels/engine.js";
import { crossEntropyRow } from "../reference/crossEntropy.js";
import { type Conventions, type DialectOption, inDialect } from "./dialect.js";
import { checkChoice, type LossOptions, type LossResult, type Per } from "./reduction.js";
import { type StepGoal, type StepLoss, type Steps, stepLoss } from "./steps.js";

export interface CrossEntropyOptions extends LossOptions, DialectOption {
  /** A weight ≥ 0 for each class [V]; a mean per step divides by the weights of the labels, as PyTorch's does. */
  readonly classWeights?: ArrayLike<number>;
  /** ε in [0, 1): a share ε of each target is spread evenly over all classes. Default 0. */
  readonly labelSmoothing?: number;
  /** The id of steps that are left out of the loss, the gradient and the mean. Default none. */
  readonly ignoreIndex?: number;
}

/**
 * Cross-entropy between the softmax of `logits` and the targets, and its gradient with respect to the logits.
 *
 * loss of a step = −Σ_k q_k ln softmax(logits)_k, with q one-hot for an id. Shapes: B sequences, T steps, V classes.
 *
 * @param logits [B, T, V], or [N, V] as N sequences of one step; unnormalised; natural logarithms
 * @param targets ids in 0..V-1, ragged `number[][]` or flat; or distributions over the classes, in the shape of the logits
 * @param options mean per step unless said otherwise
 * @returns a wanted class whose logit is -Infinity costs Infinity, with a zero gradient in its row
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), an id is out of range (LABEL), or a number is (VALUE)
 * @example
 * crossEntropy([[0, 0, 0]], [2]).value // 1.0986 = ln 3: three classes alike
 */
export function crossEntropy(
  logits: TensorLike,
  targets: Labels | TensorLike,
  options: CrossEntropyOptions = {},
): LossResult {
  const where = "crossEntropy";
  if (options.dialect !== undefined) return inDialect(where, crossEntropy, dialects, logits, targets, options);
  return withWorkspace(lossIn, STEPS, logits, targets, options);
}

/**
 * `torch`: `F.cross_entropy`, of [B, V, T] or [B, V], which ignores -100. `tensorflow` and `optax`: the softmax cross-entropies
 * from logits. `keras`: `SparseCategoricalCrossentropy` and `CategoricalCrossentropy` with `from_logits=True`.
 */
const dialects: Conventions<CrossEntropyOptions> = {
  torch: { swaps: "classes second", defaults: () => ({ ignoreIndex: -100 }) },
  tensorflow: { defaults: () => ({ reduction: "none" }) },
  keras: {},
  optax: { defaults: () => ({ reduction: "none" }) },
};

/**
 * Cross-entropy of whole sequences: the sum over the real steps, averaged over the sequences; with `per: "step"`, averaged over
 * all steps. Otherwise as `crossEntropy`.
 *
 * @param logits [B, T, V]; unnormalised; natural logarithms
 * @param targets ids in 0..V-1, or distributions in the shape of the logits, as in `crossEntropy`
 * @throws SeqlossError as `crossEntropy` does
 * @example
 * sequenceCrossEntropy([[[0, 0], [0, 0], [0, 0]]], [[0, 1, 1]]).value // 2.0794 = 3 ln 2
 */
export function sequenceCrossEntropy(
  logits: TensorLike,
  targets: Labels | TensorLike,
  options: Omit<CrossEntropyOptions, "dialect"> = {},
): LossResult {
  return withWorkspace(lossIn, SEQUENCES, logits, targets, options);
}

export interface CategoricalCrossEntropyOptions extends Omit<CrossEntropyOptions, "dialect"> {
  /** `probabilities` are taken as they are, and the gradient is with respect to them. Default `logits`. */
  readonly inputs?: "logits" | "probabilities";
}

/**
 * Cross-entropy against one-hot rows, or any distributions, by the name that Keras gives it.
 *
 * @param outputs [B, T, V] or [N, V]: logits, or probabilities with `inputs: "probabilities"`
 * @param targets in the shape of the outputs; each real row ≥ 0 and summing to 1
 * @returns a wanted class of probability 0 costs Infinity, with a zero gradient in its row
 * @throws SeqlossError when shapes disagree (SHAPE), or a row is no distribution (VALUE)
 * @example
 * categoricalCrossEntropy([[0.2, 0.5, 0.3]], [[0, 1, 0]], { inputs: "probabilities" }).value // 0.6931 = −ln 0.5
 */
export function categoricalCrossEntropy(
  outputs: TensorLike,
  targets: TensorLike,
  options: CategoricalCrossEntropyOptions = {},
): LossResult {
  const { inputs = "logits" } = options;
  checkChoice("categoricalCrossEntropy", "inputs", inputs, INPUTS);
  return withWorkspace(lossIn, inputs === "logits" ? CATEGORICAL : PROBABILITIES, outputs, targets, options);
}

const INPUTS = ["logits", "probabilities"];

/** What each step should be: an id, or a distribution; and how classes are weighted and smoothed. */
class Goal implements StepGoal, kernel.RowTargets, Reused {
  ids: Int32Array | undefined = undefined;
  distributions: Float64Array | undefined = undefined;
  classWeights: ArrayLike<number> | undefined = undefined;
  labelSmoothing = 0;

  /** Writes q of step i, smoothed, into `rows` from `start` on; each class times its weight where `weighted`. */
  fill(i: number, rows: FloatArray, start: number, width: number, weighted: boolean): void {
    const { ids, distributions, classWeights, labelSmoothing } = this;
    const even = labelSmoothing / width;
    if (ids !== undefined) {
      for (let k = start; k < start + width; k++) rows[k] = even;
      rows[start + ids[i]] = 1 - labelSmoothing + even;
    } else if (distributions !== undefined) {
      for (let k = 0; k < width; k++) rows[start + k] = (1 - labelSmoothing) * distributions[i * width + k] + even;
    }
    if (weighted && classWeights !== undefined) for (let k = 0; k < width; k++) rows[start + k] *= classWeights[k];
  }

  /** Writes the weighted q of steps `first` to `last` − 1 that the mask does not leave out. */
  fillRows(mask: Uint8Array, first: number, last: number, rows: FloatArray, width: number): void {
    for (let i = first, start = 0; i < last; i++, start += width) {
      if (mask[i] === 1) this.fill(i, rows, start, width, true);
    }
  }

  forget(): void {
    this.classWeights = undefined;
  }
}

/** What the calls of one of these losses have in common. */
interface SoftmaxLoss extends StepLoss<Goal> {
  readonly outputs: BatchLayout;
  readonly targets: BatchLayout;
}

const isFast = ({ data }: Batch) => data instanceof Float32Array && hasKernels();

function ofLogits(where: string, per: Per): SoftmaxLoss {
  return {
    where,
    per,
    outputs: { where, argument: "logits", classes: true },
    targets: { where, argument: "targets", classes: true },
    writesAll: isFast,
    compute(batch, goal, steps, grad, workspace) {
      if (isFast(batch)) kernelRows(batch, goal, steps, grad as Float32Array, workspace);
      else referenceRows(batch, goal, steps, grad, workspace);
    },
  };
}

const STEPS = ofLogits("crossEntropy", "step");
const SEQUENCES = ofLogits("sequenceCrossEntropy", "sequence");
const CATEGORICAL = ofLogits("categoricalCrossEntropy", "step");
const PROBABILITIES: SoftmaxLoss = {
  ...CATEGORICAL,
  outputs: { ...CATEGORICAL.outputs, argument: "outputs" },
  writesAll: () => false,
  compute: probabilityRows,
};

function lossIn(
  workspace: Workspace,
  loss: SoftmaxLoss,
  logits: TensorLike,
  targets: Labels | TensorLike,
  options: CrossEntropyOptions,
): LossResult {
  const { where } = loss;
  const batch = toBatch(logits, loss.outputs, options.lengths, workspace);
  const { classWeights, labelSmoothing = 0, ignoreIndex } = options;
  checkClassWeights(where, classWeights, batch.width);
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    const expected = "a number in [0, 1)";
    throw new SeqlossError(where, "VALUE", { argument: "labelSmoothing", expected, found: labelSmoothing });
  }
  const soft = areDistributions(targets, batch);
  const goal = workspace.object("goal of rows", Goal);
  goal.distributions = soft ? readDistributions(loss.targets, targets as TensorLike, batch, workspace) : undefined;
  goal.ids = soft ? undefined : stepLabels(where, targets as Labels, batch, ignoreIndex, workspace);
  goal.classWeights = classWeights;
  goal.labelSmoothing = labelSmoothing;
  return stepLoss(batch, options, loss, goal, workspace);
}

/** Distributions have the outputs' rank; ids have one axis less, or are flat. */
function areDistributions(targets: Labels | TensorLike, { shape }: Batch): boolean {
  if (isTensor(targets)) return true;
  if (!Array.isArray(targets)) return false;
  let depth = 0;
  for (let level: unknown = targets; Array.isArray(level); level = level.find(isFilled)) depth++;
  return depth === shape.length;
}

const isFilled = (item: unknown): boolean => !Array.isArray(item) || item.length > 0;

function readDistributions(
  layout: BatchLayout,
  targets: Tensor | Nested,
  batch: Batch,
  workspace: Workspace,
): Float64Array {
  const { where } = layout;
  const { batch: sequences, time, width, lengths, shape } = batch;
  const given = toBatch(targets, layout, undefined, workspace);
  if (given.batch !== sequences || given.width !== width || isShorter(given.lengths, lengths)) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of targets",
      expected: `that of the outputs, [${shape.join(", ")}]`,
      found: given.shape,
    });
  }
  const { data } = given;
  const rows = workspace.float64("distributions", sequences * time * width);
  for (let b = 0; b < sequences; b++) {
    for (let t = 0; t < lengths[b]; t++) {
      const from = (b * given.time + t) * width;
      const to = (b * time + t) * width;
      for (let k = 0; k < width; k++) rows[to + k] = data[from + k];
      if (!isDistribution(rows, to, to + width)) {
        throw new SeqlossError(where, "VALUE", {
          argument: time === 1 ? `targets[${b}]` : `targets[${b}][${t}]`,
          expected: "probabilities of at least 0 that sum to 1",
          found: Array.from(data.subarray(from, from + Math.min(width, 8))),
        });
      }
    }
  }
  return rows;
}

function isDistribution(rows: Float64Array, start: number, end: number): boolean {
  let sum = 0;
  for (let i = start; i < end; i++) {
    if (!(rows[i] >= 0)) return false;
    sum += rows[i];
  }
  return Math.abs(sum - 1) < 1e-4;
}

function referenceRows(
  { data, width }: Batch,
  goal: Goal,
  { mask, scales, losses }: Steps,
  grad: FloatArray,
  workspace: Workspace,
): void {
  const distribution = workspace.float64("targets of a row", width);
  const target = { distribution, classWeights: goal.classWeights };
  const slopes = workspace.float64("slopes of a row", width);
  const row = { loss: 0, grad: slopes, logProbs: workspace.float64("logarithms of a row", width) };
  for (let i = 0, start = 0; i < mask.length; i++, start += width) {
    if (mask[i] === 0) continue;
    goal.fill(i, distribution, 0, width, false);
    crossEntropyRow(data, target, row, start);
    losses[i] = row.loss;
    if (grad.length > 0) for (let k = 0; k < width; k++) grad[start + k] = scales[i] * slopes[k];
  }
}

function kernelRows(batch: Batch, goal: Goal, steps: Steps, grad: Float32Array, workspace: Workspace): void {
  const { ids, classWeights, labelSmoothing } = goal;
  const { width } = batch;
  const logits = batch.data as Float32Array;
  if (ids !== undefined && classWeights === undefined && labelSmoothing === 0) {
    const labels = steps.alike ? ids : labelsThatCount(ids, steps.mask, workspace);
    kernel.crossEntropyRows(width, logits, labels, steps, grad, workspace);
  } else {
    kernel.crossEntropySoftRows(width, logits, goal, steps, grad);
  }
}

function labelsThatCount(ids: Int32Array, mask: Uint8Array, workspace: Workspace): Int32Array {
  const labels = workspace.int32("labels that count", ids.length);
  for (let i = 0; i < ids.length; i++) labels[i] = mask[i] === 0 ? NO_LABEL : ids[i];
  return labels;
}

/** −Σ_k w_k q_k ln p_k of given probabilities. */
function probabilityRows(
  { data, width }: Batch,
  goal: Goal,
  { mask, scales, losses }: Steps,
  grad: FloatArray,
  workspace: Workspace,
): void {
  const shares = workspace.float64("targets of a row", width);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    goal.fill(i, shares, 0, width, true);
    for (let k = 0; k < width; k++) {
      const share = shares[k];
      if (share !== 0) losses[i] -= share * Math.log(data[i * width + k]);
    }
    if (grad.length === 0 || losses[i] === Number.POSITIVE_INFINITY) continue;
    for (let k = 0; k < width; k++) {
      const share = shares[k];
      grad[i * width + k] = share === 0 ? 0 : (-scales[i] * share) / data[i * width + k];
    }
  }
}

export function checkClassWeights(where: string, classWeights: ArrayLike<number> | undefined, classes: number): void {
  if (classWeights === undefined) return;
  if (classWeights.length !== classes) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "the size of classWeights",
      expected: `${classes}, one for each class`,
      found: classWeights.length,
    });
  }
  for (let k = 0; k < classes; k++) {
    if (!(classWeights[k] >= 0 && classWeights[k] < Number.POSITIVE_INFINITY)) {
      throw new SeqlossError(where, "VALUE", {
        argument: `classWeights[${k}]`,
        expected: "a finite number of at least 0",
        found: classWeights[k],
      });
    }
  }
}
