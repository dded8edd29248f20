import { type Batch, type BatchLayout, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { keepLast } from "../core/keepLast.js";
import { type Labels, type LabelsFor, stepLabels } from "../core/labels.js";
import {
  type FloatArray,
  flatten,
  isTensor,
  type Nested,
  NO_DOUBLES,
  NO_INTEGERS,
  type TensorLike,
} from "../core/tensor.js";
import { type Reused, type Workspace, withWorkspace } from "../core/workspace.js";
import * as kernel from "../kernels/elements.js";
import { hinge } from "../reference/elements.js";
import { type HingeRow, type MulticlassMargin, multiclassHingeRow } from "../reference/multiclassHinge.js";
import { type Conventions, type DialectOption, inDialect } from "./dialect.js";
import { byElement, ElementwiseLoss, elementwiseLoss, type TargetRule } from "./elements.js";
import { checkChoice, type LossOptions, type LossResult } from "./reduction.js";
import { type StepGoal, type StepLoss, type Steps, stepLoss } from "./steps.js";

const SIGNS: TargetRule = {
  firstWrong(targets, start, end) {
    let i = start;
    while (i < end && (targets[i] === 1 || targets[i] === -1)) i++;
    return i;
  },
  expected: "-1 or 1",
  advice: "Turn classes 0 and 1 into 2 y − 1 first.",
};

export interface HingeOptions extends LossOptions {
  /** Score that a right decision must reach, > 0. Default 1. */
  readonly margin?: number;
  /** Square the missing margin. Default false. */
  readonly squared?: boolean;
}

/**
 * Hinge loss of binary decisions: max(0, 1 − y s), averaged over all real numbers. Met exactly, the margin costs 0 and the
 * slope is 0.
 *
 * @param scores [B, T, …], [B, T] or [N], of any size and sign
 * @param targets -1 or 1 in the same shape; other numbers are refused, not guessed at
 * @throws SeqlossError when shapes disagree (SHAPE), or a target or the margin is out of range (VALUE)
 * @example
 * Array.from(hingeLoss([5, 3], [-1, 1]).losses) // [6, 0]
 */
export function hingeLoss(
  scores: TensorLike,
  targets: TensorLike,
  options: HingeOptions & DialectOption = {},
): LossResult {
  const where = "hingeLoss";
  if (options.dialect !== undefined) return inDialect(where, hingeLoss, dialects, scores, targets, options);
  return elementwiseLoss(hingesOf(where, options).step, scores, targets, options);
}

/** `keras`: `Hinge`, which takes classes 0 and 1 for -1 and 1 where there are no others. `optax`: `hinge_loss`. */
const dialects: Conventions<HingeOptions> = {
  keras: { targets: fromZeroAndOne },
  optax: { defaults: () => ({ reduction: "none" }) },
};

function fromZeroAndOne(targets: TensorLike): TensorLike {
  const { data } = isTensor(targets) ? targets : flatten("hingeLoss", "targets", targets);
  if (!data.every((y) => y === 0 || y === 1)) return targets;
  const sign = (y: number) => 2 * y - 1;
  const deep = (nested: Nested): Nested => nested.map((y) => (typeof y === "number" ? sign(y) : deep(y)));
  return isTensor(targets) ? { data: targets.data.map(sign) as FloatArray, shape: targets.shape } : deep(targets);
}

/**
 * Hinge loss for sequences: Σ_t max(0, 1 − y_t s_t), averaged over the sequences; with `per: "step"` averaged over all steps,
 * as in the lecture's example.
 *
 * @param scores [B, T, …] or [B, T], of any size and sign
 * @param targets -1 or 1 in the same shape
 * @throws SeqlossError when shapes disagree (SHAPE), or a target or the margin is out of range (VALUE)
 * @example
 * sequenceHingeLoss([[0.8, -0.5, 0.3]], [[1, -1, 1]], { per: "step" }).value // 0.467 = (0.2 + 0.5 + 0.7) / 3
 */
export function sequenceHingeLoss(scores: TensorLike, targets: TensorLike, options: HingeOptions = {}): LossResult {
  const { sequence } = hingesOf("sequenceHingeLoss", options); // regression-and-hinge.md (7)
  return elementwiseLoss(sequence, scores, targets, options);
}

function hingesOf(where: string, { margin = 1, squared = false }: HingeOptions) {
  checkMargin(where, margin);
  return hinges(margin, squared);
}

/** The same loss of steps and of sequences. */
const hinges = keepLast((margin: number, squared: boolean) => {
  const arithmetic = { reference: byElement(hinge(margin, squared)), kernel: kernel.hinge(margin, squared) };
  const common = { argument: "scores", targets: SIGNS, ...arithmetic };
  return {
    step: new ElementwiseLoss({ where: "hingeLoss", ...common }),
    sequence: new ElementwiseLoss({ where: "sequenceHingeLoss", ...common, per: "sequence" }),
  };
});

export function checkMargin(where: string, margin: number): void {
  if (!(margin > 0 && margin < Number.POSITIVE_INFINITY)) {
    throw new SeqlossError(where, "VALUE", { argument: "margin", expected: "a finite number above 0", found: margin });
  }
}

export interface MulticlassHingeOptions extends HingeOptions {
  /**
   * `sum`: every class within the margin of the label counts (Weston and Watkins 1999). `max`: only the closest rival (Crammer
   * and Singer 2001). Default `sum`; PyTorch's MultiMarginLoss is this sum divided by the number of classes.
   */
  readonly rivals?: "sum" | "max";
  /** The id of steps that are left out. Default none. */
  readonly ignoreIndex?: number;
}

/**
 * Multi-class hinge loss: Σ_k≠y max(0, 1 + s_k − s_y), averaged over the real steps.
 *
 * @param scores [B, T, V], or [N, V] as N sequences of one step
 * @param labels ids in 0..V-1, ragged `number[][]` or flat
 * @returns a wanted class at -Infinity costs Infinity, with a zero gradient in its row
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), an id is out of range (LABEL), or the margin is (VALUE)
 * @example
 * multiclassHingeLoss([[1, 2, 0]], [0]).value // 2 = (1 + 2 − 1) + (1 + 0 − 1)
 */
export function multiclassHingeLoss<Scores extends TensorLike>(
  scores: Scores,
  labels: LabelsFor<Scores>,
  options: MulticlassHingeOptions = {},
): LossResult {
  return withWorkspace(multiclassIn, MULTICLASS, scores, labels, options);
}

const RIVALS = ["sum", "max"];

/** The labels, and the margin that they are to keep. */
class Margins implements StepGoal, MulticlassMargin, HingeRow, Reused {
  ids = NO_INTEGERS;
  margin = 1;
  squared = false;
  rivals: "sum" | "max" = "sum";
  loss = 0;
  slopes = NO_DOUBLES;

  /** All of it lies in the workspace. */
  forget(): void {}
}

const MULTICLASS: StepLoss<Margins> & BatchLayout = {
  where: "multiclassHingeLoss",
  argument: "scores",
  classes: true,
  per: "step",
  compute({ data, width }: Batch, goal: Margins, { mask, scales, losses }: Steps, grad: FloatArray) {
    const { ids, slopes } = goal;
    for (let i = 0, start = 0; i < mask.length; i++, start += width) {
      if (mask[i] === 0) continue;
      multiclassHingeRow(data, start, ids[i], goal, goal);
      losses[i] = goal.loss;
      if (grad.length > 0) for (let k = 0; k < width; k++) grad[start + k] = scales[i] * slopes[k];
    }
  },
};

function multiclassIn(
  workspace: Workspace,
  loss: typeof MULTICLASS,
  scores: TensorLike,
  labels: Labels,
  options: MulticlassHingeOptions,
): LossResult {
  const { where } = loss;
  const { margin = 1, squared = false, rivals = "sum", ignoreIndex } = options;
  checkMargin(where, margin);
  checkChoice(where, "rivals", rivals, RIVALS);
  const batch = toBatch(scores, loss, options.lengths, workspace);
  const goal = workspace.object("goal of margins", Margins);
  goal.ids = stepLabels(where, labels, batch, ignoreIndex, workspace);
  goal.margin = margin;
  goal.squared = squared;
  goal.rivals = rivals;
  goal.slopes = workspace.float64("slopes", batch.width);
  return stepLoss(batch, options, loss, goal, workspace);
}
