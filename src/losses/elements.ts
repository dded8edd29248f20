import { type Batch, isShorter, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import type { FloatArray, TensorLike } from "../core/tensor.js";
import { type Workspace, withWorkspace } from "../core/workspace.js";
import type { ElementKernel } from "../kernels/elements.js";
import { hasKernels } from "../kernels/engine.js";
import type { ElementLoss } from "../reference/elements.js";
import type { LossOptions, LossResult } from "./reduction.js";
import { type Steps, stepLoss } from "./steps.js";

export interface ElementwiseLoss {
  readonly where: string;
  /** What the outputs are called in messages: `outputs`, `logits`, `scores`. */
  readonly argument: string;
  /** Which targets are allowed; default finite numbers. */
  readonly targets?: TargetRule;
  readonly element: ElementLoss;
  /** Default per step. */
  readonly per?: "sequence" | "step";
  /** What computes float32 outputs, where the engine has kernels; default the element itself. */
  readonly kernel?: ElementKernel;
}

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

/**
 * A loss that treats every number of the outputs alike. The first axis holds sequences, the second time; each number counts
 * as one step in a mean.
 */
export function elementwiseLoss(
  outputs: TensorLike,
  targets: TensorLike,
  options: LossOptions,
  loss: ElementwiseLoss,
): LossResult {
  const { where, argument, element, kernel, per = "step" } = loss;
  const batch = toBatch(outputs, { where, argument, classes: false, lengths: options.lengths });
  return withWorkspace((workspace) => {
    const aligned = alignTargets(where, targets, batch, loss.targets ?? FINITE, workspace);
    return stepLoss(batch, options, {
      where,
      per,
      share: batch.width,
      workspace,
      compute(steps, grad) {
        if (kernel === undefined || !(batch.data instanceof Float32Array) || !hasKernels()) {
          withReference(batch, aligned, element, steps, grad);
          return;
        }
        const { mask, scales, alike, losses } = steps;
        const outputs = batch.data;
        kernel({
          width: batch.width,
          outputs,
          targets: aligned,
          mask,
          scales,
          alike,
          losses,
          grad: grad as Float32Array,
        });
      },
    });
  });
}

/** The targets in the layout of the outputs; those of padding any numbers. */
function alignTargets(
  where: string,
  targets: TensorLike,
  { batch, time, width, lengths }: Batch,
  rule: TargetRule,
  workspace: Workspace,
): FloatArray {
  const given = toBatch(targets, { where, argument: "targets", classes: false });
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

function withReference(
  { data, width }: Batch,
  targets: FloatArray,
  element: ElementLoss,
  { mask, scales, losses }: Steps,
  grad: FloatArray,
): void {
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    for (let j = 0, n = i * width; j < width; j++, n++) {
      losses[i] += element.value(data[n], targets[n], j);
      if (grad.length > 0) grad[n] = scales[i] * element.slope(data[n], targets[n], j);
    }
  }
}
