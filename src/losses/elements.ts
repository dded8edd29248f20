import { type Batch, toBatch } from "../core/batch.js";
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
  readonly targets?: { readonly allows: (y: number) => boolean; readonly expected: string; readonly advice?: string };
  readonly element: ElementLoss;
  /** Default per step. */
  readonly per?: "sequence" | "step";
  /** What computes float32 outputs, where the engine has kernels; default the element itself. */
  readonly kernel?: ElementKernel;
}

const FINITE = { allows: Number.isFinite, expected: "a finite number" };

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
      compute: (steps, grad) =>
        kernel !== undefined && batch.data instanceof Float32Array && hasKernels()
          ? withKernel(batch, batch.data, aligned, kernel, steps, grad as Float32Array, workspace)
          : withReference(batch, aligned, element, steps, grad),
    });
  });
}

/** The targets in the layout of the outputs; zeros where there is padding. */
function alignTargets(
  where: string,
  targets: TensorLike,
  { batch, time, width, lengths }: Batch,
  { allows, expected, advice }: NonNullable<ElementwiseLoss["targets"]>,
  workspace: Workspace,
): Float64Array {
  const given = toBatch(targets, { where, argument: "targets", classes: false });
  const disagree =
    given.batch !== batch || given.width !== width || lengths.some((length, b) => given.lengths[b] < length);
  if (disagree) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of targets",
      expected: `a target for each of the outputs: ${batch} sequences of ${time} steps of ${width}`,
      found: given.shape,
    });
  }
  const aligned = workspace.float64("targets", batch * time * width);
  for (let b = 0; b < batch; b++) {
    for (let n = 0; n < lengths[b] * width; n++) {
      const y = given.data[b * given.time * width + n];
      if (!allows(y)) {
        const place =
          width === 1 && time === 1
            ? `[${b}]`
            : `[${b}][${Math.floor(n / width)}]${width === 1 ? "" : `[${n % width}]`}`;
        throw new SeqlossError(where, "VALUE", {
          argument: `targets${place}`,
          expected,
          found: y,
          ...(advice && { advice }),
        });
      }
      aligned[b * time * width + n] = y;
    }
  }
  return aligned;
}

function withReference(
  { data, width }: Batch,
  targets: Float64Array,
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

/** What is masked goes through the kernel as 0 and is ignored after. */
function withKernel(
  { width }: Batch,
  data: Float32Array,
  targets: Float64Array,
  kernel: ElementKernel,
  { mask, scales, losses }: Steps,
  grad: Float32Array,
  workspace: Workspace,
): void {
  const outputs = workspace.float32("outputs", data.length);
  outputs.set(data);
  const narrow = workspace.float32("narrow targets", data.length);
  narrow.set(targets);
  const spread = workspace.float32("scales of elements", data.length);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) outputs.fill(0, i * width, (i + 1) * width);
    else for (let n = i * width; n < (i + 1) * width; n++) spread[n] = scales[i];
  }
  const elements = workspace.float32("losses of elements", data.length);
  kernel({ outputs, targets: narrow, scales: spread, losses: elements, grad });
  for (let i = 0; i < mask.length; i++) {
    const [start, end] = [i * width, (i + 1) * width];
    if (mask[i] === 1) for (let n = start; n < end; n++) losses[i] += elements[n];
    else if (grad.length > 0) grad.fill(0, start, end);
  }
}
