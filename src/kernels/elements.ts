import { part } from "../core/parts.js";
import type { FloatArray } from "../core/tensor.js";
import { type Heap, withBlocks } from "./memory.js";
import { type StepKernels, stepKernels } from "./stepKernels.js";

/** Elements go through a kernel in groups of about so many that stay in the processor's cache. */
const GROUP = 1 << 13;

/** Steps of `width` elements each. */
export interface Elements {
  readonly width: number;
  readonly outputs: Float32Array;
  readonly targets: FloatArray;
  /** 0 for a step that is left out: its loss stays 0 and its gradient becomes 0, whatever is there. */
  readonly mask: Uint8Array;
  /** d value / d loss of each step. */
  readonly scales: Float64Array;
  /** No step is left out, and the scales are all the same. */
  readonly alike: boolean;
  /** Zeros, which become the loss of each step. */
  readonly losses: Float64Array;
  /** What the gradient is written into; empty where none is wanted. */
  readonly grad: Float32Array;
}

/** Writes the losses of all steps, and the gradient times the scales into `grad`. */
export type ElementKernel = (elements: Elements) => void;

/** Where the arrays of one group lie. */
interface Group {
  readonly n: number;
  /** The first element of the group. */
  readonly start: number;
  readonly outputs: number;
  readonly targets: number;
  readonly scales: number;
  readonly losses: number;
  /** 0 where no gradient is wanted. */
  readonly grad: number;
  /** The address of an array of the kernel's own, of the group's size. */
  readonly extra: number;
  readonly heap: Heap;
}

function elementKernel(run: (module: StepKernels, group: Group) => void): ElementKernel {
  return (elements) => {
    const { width, mask } = elements;
    const together = Math.max(1, Math.min(mask.length, Math.floor(GROUP / Math.max(width, 1))));
    const size = 4 * Math.ceil((together * width) / 4) * 4;
    withBlocks("losses of elements", [size, size, size, size, size, size], (addresses, heap) => {
      const [outputs, targets, scales, losses, grad, extra] = addresses;
      const module = stepKernels.on(heap.memory);
      for (let step = 0, n = 0; step < mask.length; step += together, n++) {
        const end = Math.min(step + together, mask.length);
        const [start, count] = [step * width, (end - step) * width];
        heap.f32(outputs, count).set(part(elements.outputs, n, start, start + count));
        heap.f32(targets, count).set(part(elements.targets, n, start, start + count));
        spreadScales(elements, step, end, heap.f32(scales, count));
        const own = elements.grad.length > 0 ? grad : 0;
        run(module, { n: count, start, outputs, targets, scales, losses, grad: own, extra, heap });
        addLosses(elements, step, end, heap.f32(losses, count));
        if (own !== 0) elements.grad.set(heap.f32(grad, count), start);
      }
      if (elements.grad.length > 0 && !elements.alike) clearMasked(elements);
    });
  };
}

function spreadScales({ width, scales, alike }: Elements, first: number, last: number, spread: Float32Array): void {
  if (alike) spread.fill(scales[first]);
  else for (let i = first, n = 0; i < last; i++) for (const end = n + width; n < end; n++) spread[n] = scales[i];
}

function addLosses({ width, mask, losses }: Elements, first: number, last: number, elements: Float32Array): void {
  for (let i = first, n = 0; i < last; i++, n += width) {
    if (mask[i] === 0) continue;
    let total = 0;
    for (let j = n; j < n + width; j++) total += elements[j];
    losses[i] = total;
  }
}

function clearMasked({ width, mask, grad }: Elements): void {
  for (let i = 0; i < mask.length; i++) if (mask[i] === 0) grad.fill(0, i * width, (i + 1) * width);
}

export const squaredError = elementKernel((module, { n, outputs, targets, scales, losses, grad }) =>
  module.squaredError(n, outputs, targets, scales, losses, grad),
);

export const absoluteError = elementKernel((module, { n, outputs, targets, scales, losses, grad }) =>
  module.absoluteError(n, outputs, targets, scales, losses, grad),
);

export const huber = (delta: number): ElementKernel =>
  elementKernel((module, { n, outputs, targets, scales, losses, grad }) =>
    module.huber(n, delta, outputs, targets, scales, losses, grad),
  );

/** `quantiles` repeat along the elements. */
export function quantile(quantiles: ArrayLike<number>): ElementKernel {
  return elementKernel((module, { n, start, outputs, targets, scales, losses, grad, extra, heap }) => {
    const own = heap.f32(extra, n);
    if (quantiles.length === 1) own.fill(quantiles[0]);
    else for (let i = 0; i < n; i++) own[i] = quantiles[(start + i) % quantiles.length];
    module.quantile(n, extra, outputs, targets, scales, losses, grad);
  });
}

export const hinge = (margin: number, squared: boolean): ElementKernel =>
  elementKernel((module, { n, outputs, targets, scales, losses, grad }) =>
    module.hinge(n, margin, Number(squared), outputs, targets, scales, losses, grad),
  );

export const binaryCrossEntropy = (weight: number): ElementKernel =>
  elementKernel((module, { n, outputs, targets, scales, losses, grad }) =>
    module.binaryCrossEntropy(n, weight, outputs, targets, scales, losses, grad),
  );
