import { type Heap, withBlocks } from "./memory.js";
import { type StepKernels, stepKernels } from "./stepKernels.js";

/** Elements go through a kernel in groups that stay in the processor's cache. */
const GROUP = 1 << 13;

export interface Elements {
  readonly outputs: Float32Array;
  readonly targets: Float32Array;
  /** d value / d loss of each element. */
  readonly scales: Float32Array;
  readonly losses: Float32Array;
  /** What the gradient is written into; empty where none is wanted. */
  readonly grad: Float32Array;
}

/** Writes the losses of all elements, and the gradient times the scales into `grad`. */
export type ElementKernel = (elements: Elements) => void;

/** Where the arrays of one group lie. */
interface Group {
  readonly n: number;
  /** The first element of the group. */
  readonly start: number;
  readonly at: readonly [outputs: number, targets: number, scales: number, losses: number, grad: number];
  /** The address of an array of the kernel's own, of the group's size. */
  readonly extra: number;
  readonly heap: Heap;
}

function elementKernel(run: (module: StepKernels, group: Group) => void): ElementKernel {
  return ({ outputs, targets, scales, losses, grad }) => {
    const count = outputs.length;
    const wanted = grad.length > 0;
    const bytes = 4 * Math.min(GROUP, Math.ceil(count / 4) * 4);
    withBlocks("losses of elements", [bytes, bytes, bytes, bytes, bytes, bytes], (addresses, heap) => {
      const module = stepKernels.on(heap.memory);
      const [outputsAt, targetsAt, scalesAt, lossesAt, gradAt, extra] = addresses;
      for (let start = 0; start < count; start += GROUP) {
        const end = Math.min(start + GROUP, count);
        const n = end - start;
        heap.f32(outputsAt, n).set(outputs.subarray(start, end));
        heap.f32(targetsAt, n).set(targets.subarray(start, end));
        heap.f32(scalesAt, n).set(scales.subarray(start, end));
        const at = [outputsAt, targetsAt, scalesAt, lossesAt, wanted ? gradAt : 0] as const;
        run(module, { n, start, at, extra, heap });
        losses.set(heap.f32(lossesAt, n), start);
        if (wanted) grad.set(heap.f32(gradAt, n), start);
      }
    });
  };
}

export const squaredError = elementKernel((module, { n, at }) => module.squaredError(n, ...at));

export const absoluteError = elementKernel((module, { n, at }) => module.absoluteError(n, ...at));

export const huber = (delta: number): ElementKernel =>
  elementKernel((module, { n, at }) => module.huber(n, delta, ...at));

/** `quantiles` repeat along the elements. */
export function quantile(quantiles: ArrayLike<number>): ElementKernel {
  return elementKernel((module, { n, start, at, extra, heap }) => {
    const own = heap.f32(extra, n);
    for (let i = 0; i < n; i++) own[i] = quantiles[(start + i) % quantiles.length];
    module.quantile(n, extra, ...at);
  });
}

export const hinge = (margin: number, squared: boolean): ElementKernel =>
  elementKernel((module, { n, at }) => module.hinge(n, margin, Number(squared), ...at));

export const binaryCrossEntropy = (weight: number): ElementKernel =>
  elementKernel((module, { n, at }) => module.binaryCrossEntropy(n, weight, ...at));
