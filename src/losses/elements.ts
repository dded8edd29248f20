import { type Batch, type BatchLayout, isShorter, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { type FloatArray, NO_FLOATS, type TensorLike } from "../core/tensor.js";
import { type Reused, type Workspace, withWorkspace } from "../core/workspace.js";
import type { ElementKernel } from "../kernels/elements.js";
import { hasKernels } from "../kernels/engine.js";
import type { ElementLoss } from "../reference/elements.js";
import type { LossOptions, LossResult, Per } from "./reduction.js";
import { type StepGoal, type StepLoss, type Steps, stepLoss } from "./steps.js";

/** What makes a loss that treats every number of the outputs alike. */
export interface Elementwise {
  readonly where: string;
  /** What the outputs are called in messages: `outputs`, `logits`, `scores`. */
  readonly argument: string;
  /** Which targets are allowed; default finite numbers. */
  readonly targets?: TargetRule;
  /** What computes float64 outputs, and float32 ones where there is no kernel. */
  readonly reference: ElementwiseSteps;
  /** Default per step. */
  readonly per?: Per;
  /** What computes float32 outputs, where the engine has kernels; default the reference. */
  readonly kernel?: ElementKernel;
}

/**
 * Adds the loss of each number to that of its step of `width` numbers, and writes the gradient times the step's scale, unless `grad`
 * is empty.
 */
export type ElementwiseSteps = (
  width: number,
  outputs: FloatArray,
  targets: FloatArray,
  steps: Steps,
  grad: FloatArray,
) => void;

export interface TargetRule {
  /** The first target from `start` to `end` that is not allowed; `end` where all are. */
  readonly firstWrong: (targets: FloatArray, start: number, end: number) => number;
  readonly expected: string;
  readonly advice?: string;
}

const FINITE: TargetRule = {
  firstWrong(targets, start, end) {
    let i = start;
    while (i < end && targets[i] - targets[i] === 0) i++;
    return i;
  },
  expected: "a finite number",
};

/** Such a loss, which serves all calls with the same parameters. */
export class ElementwiseLoss implements StepLoss<Targets> {
  readonly where: string;
  readonly per: Per;
  readonly countsNumbers = true;
  readonly outputs: BatchLayout;
  readonly targets: BatchLayout;
  readonly rule: TargetRule;
  private readonly reference: ElementwiseSteps;
  private readonly kernel: ElementKernel | undefined;

  constructor({ where, argument, targets = FINITE, reference, per = "step", kernel }: Elementwise) {
    this.where = where;
    this.per = per;
    this.outputs = { where, argument, classes: false };
    this.targets = { where, argument: "targets", classes: false };
    this.rule = targets;
    this.reference = reference;
    this.kernel = kernel;
  }

  readonly compute = (batch: Batch, { aligned }: Targets, steps: Steps, grad: FloatArray): void => {
    const { kernel, reference } = this;
    if (kernel !== undefined && batch.data instanceof Float32Array && hasKernels()) {
      kernel(batch.width, batch.data, aligned, steps, grad as Float32Array);
    } else {
      reference(batch.width, batch.data, aligned, steps, grad);
    }
  };
}

class Targets implements StepGoal, Reused {
  readonly ids = undefined;
  /** In the layout of the outputs. */
  aligned: FloatArray = NO_FLOATS;

  forget(): void {
    this.aligned = NO_FLOATS;
  }
}

/**
 * A loss that treats every number of the outputs alike. The first axis holds sequences, the second time; each number counts
 * as one step in a mean.
 */
export function elementwiseLoss(
  loss: ElementwiseLoss,
  outputs: TensorLike,
  targets: TensorLike,
  options: LossOptions,
): LossResult {
  return withWorkspace(lossIn, loss, outputs, targets, options);
}

function lossIn(
  workspace: Workspace,
  loss: ElementwiseLoss,
  outputs: TensorLike,
  targets: TensorLike,
  options: LossOptions,
): LossResult {
  const batch = toBatch(outputs, loss.outputs, options.lengths, workspace);
  const goal = workspace.object("goal of elements", Targets);
  goal.aligned = alignTargets(loss, targets, batch, workspace);
  return stepLoss(batch, options, loss, goal, workspace);
}

/** The targets in the layout of the outputs; those of padding any numbers. */
function alignTargets(
  { where, targets: layout, rule }: ElementwiseLoss,
  targets: TensorLike,
  { batch, time, width, lengths }: Batch,
  workspace: Workspace,
): FloatArray {
  const given = toBatch(targets, layout, undefined, workspace);
  if (given.batch !== batch || given.width !== width || isShorter(given.lengths, lengths)) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of targets",
      expected: `a target for each of the outputs: ${batch} sequences of ${time} steps of ${width}`,
      found: given.shape,
    });
  }
  const alike = given.time === time;
  const aligned = alike ? given.data : workspace.float64("targets", batch * time * width);
  for (let b = 0; b < batch; b++) {
    const start = b * given.time * width;
    const end = start + lengths[b] * width;
    const wrong = rule.firstWrong(given.data, start, end);
    if (wrong < end) throw wrongTarget(where, given.data[wrong], b, wrong - start, { time, width }, rule);
    if (!alike) aligned.set(given.data.subarray(start, end), b * time * width);
  }
  return aligned;
}

function wrongTarget(
  where: string,
  found: number,
  b: number,
  n: number,
  { time, width }: Pick<Batch, "time" | "width">,
  { expected, advice }: TargetRule,
): SeqlossError {
  const place =
    width === 1 && time === 1 ? `[${b}]` : `[${b}][${Math.floor(n / width)}]${width === 1 ? "" : `[${n % width}]`}`;
  return new SeqlossError(where, "VALUE", {
    argument: `targets${place}`,
    expected,
    found,
    ...(advice && { advice }),
  });
}

/** Computes steps number by number. */
export function byElement(element: ElementLoss): ElementwiseSteps {
  return (width, outputs, targets, { mask, scales, losses }, grad) => {
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 0) continue;
      for (let j = 0, n = i * width; j < width; j++, n++) {
        losses[i] += element.value(outputs[n], targets[n], j);
        if (grad.length > 0) grad[n] = scales[i] * element.slope(outputs[n], targets[n], j);
      }
    }
  };
}
