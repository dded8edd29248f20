import { part } from "../core/parts.js";
import type { FloatArray } from "../core/tensor.js";
import { after, type Heap, heap } from "./memory.js";
import { type StepKernels, stepKernels } from "./stepKernels.js";

/** Elements go through a kernel in groups of about so many that stay in the processor's cache. */
const GROUP = 1 << 13;

/** Steps of some elements each. */
interface Steps {
  /** 0 for a step that is left out: its loss stays 0 and its gradient becomes 0, whatever is there. */
  readonly mask: Uint8Array;
  /** d value / d loss of each step. */
  readonly scales: Float64Array;
  /** No step is left out, and the scales are all the same. */
  readonly alike: boolean;
  /** Zeros, which become the loss of each step. */
  readonly losses: Float64Array;
}

/**
 * Writes the losses of all steps of `width` elements, and the gradient times the scales into `grad`, which is empty where none is
 * wanted.
 */
export type ElementKernel = (
  width: number,
  outputs: Float32Array,
  targets: FloatArray,
  steps: Steps,
  grad: Float32Array,
) => void;

/** Where the arrays of one group lie. */
class Group {
  n = 0;
  /** Which element is the first of the group. */
  first = 0;
  outputs = 0;
  targets = 0;
  scales = 0;
  /** All bits where each number has a scale of its own; 0 where all have that of the first four. */
  each = 0;
  losses = 0;
  /** 0 where no gradient is wanted. */
  grad = 0;
  /** The address of an array of the kernel's own, of the group's size. */
  extra = 0;
}

const group = new Group();

function elementKernel(run: (module: StepKernels, group: Group, heap: Heap) => void): ElementKernel {
  return (width, outputs, targets, steps, grad) => {
    const { mask, scales, alike, losses } = steps;
    const together = Math.max(1, Math.min(mask.length, Math.floor(GROUP / Math.max(width, 1))));
    const size = after(0, 4 * together * width);
    const place = heap();
    const start = place.reserve(6 * size, "losses of elements");
    try {
      group.outputs = start;
      group.targets = start + size;
      group.scales = start + 2 * size;
      group.losses = start + 3 * size;
      group.extra = start + 4 * size;
      group.each = alike ? 0 : -1;
      group.grad = grad.length > 0 ? start + 5 * size : 0;
      const module = stepKernels.on(place.memory);
      for (let step = 0, n = 0; step < mask.length; step += together, n++) {
        const end = Math.min(step + together, mask.length);
        const first = step * width;
        const count = (end - step) * width;
        group.first = first;
        group.n = count;
        place.f32(group.outputs, count).set(part(outputs, n, first, first + count));
        place.f32(group.targets, count).set(part(targets, n, first, first + count));
        spreadScales(scales, step, alike ? 4 : width, place.f32(group.scales, alike ? 4 : count));
        run(module, group, place);
        addLosses(place.f32(group.losses, count), width, mask, step, losses);
        if (group.grad !== 0) grad.set(place.f32(group.grad, count), first);
      }
      if (group.grad !== 0 && !alike) clearMasked(mask, width, grad);
    } finally {
      place.release(start);
    }
  };
}

/** Gives each element the scale of its step. */
function spreadScales(scales: Float64Array, first: number, width: number, spread: Float32Array): void {
  for (let n = 0, i = first; n < spread.length; i++) {
    for (const end = n + width; n < end; n++) spread[n] = scales[i];
  }
}

function addLosses(elements: Float32Array, width: number, mask: Uint8Array, first: number, losses: Float64Array): void {
  for (let n = 0, i = first; n < elements.length; i++, n += width) {
    if (mask[i] === 0) continue;
    let total = 0;
    for (let j = n; j < n + width; j++) total += elements[j];
    losses[i] = total;
  }
}

function clearMasked(mask: Uint8Array, width: number, grad: Float32Array): void {
  for (let i = 0; i < mask.length; i++) if (mask[i] === 0) grad.fill(0, i * width, (i + 1) * width);
}

export const squaredError = elementKernel((module, { n, outputs, targets, scales, each, losses, grad }) =>
  module.squaredError(n, outputs, targets, scales, each, losses, grad),
);

export const absoluteError = elementKernel((module, { n, outputs, targets, scales, each, losses, grad }) =>
  module.absoluteError(n, outputs, targets, scales, each, losses, grad),
);

export const huber = (delta: number): ElementKernel =>
  elementKernel((module, { n, outputs, targets, scales, each, losses, grad }) =>
    module.huber(n, delta, outputs, targets, scales, each, losses, grad),
  );

/** `quantiles` repeat along the elements. */
export function quantile(quantiles: ArrayLike<number>): ElementKernel {
  return elementKernel((module, { n, first, outputs, targets, scales, each, losses, grad, extra }, heap) => {
    const own = heap.f32(extra, n);
    for (let i = 0, j = first % quantiles.length; i < n; i++) {
      own[i] = quantiles[j];
      if (++j === quantiles.length) j = 0;
    }
    module.quantile(n, extra, outputs, targets, scales, each, losses, grad);
  });
}

export const hinge = (margin: number, squared: boolean): ElementKernel =>
  elementKernel((module, { n, outputs, targets, scales, each, losses, grad }) =>
    module.hinge(n, margin, Number(squared), outputs, targets, scales, each, losses, grad),
  );

export const binaryCrossEntropy = (weight: number): ElementKernel =>
  elementKernel((module, { n, outputs, targets, scales, each, losses, grad }) =>
    module.binaryCrossEntropy(n, weight, outputs, targets, scales, each, losses, grad),
  );
