import { kernels } from "./instance.js";
import { view, withBlocks } from "./memory.js";

/** What the kernel returns where its exponents do not settle the loss: the caller computes that sequence in float64. */
const UNCERTAIN = -1;

export interface CtcBatch {
  readonly logits: Float32Array;
  readonly time: number;
  readonly classes: number;
  readonly blank: number;
  readonly lengths: Int32Array;
  readonly labels: readonly Int32Array[];
}

export interface CtcKernelCalls {
  /** Sequences that the kernel is to compute: those with at least one frame, whose label fits. */
  readonly includes: (b: number) => boolean;
  /** A sequence that the kernel could not settle; returns its loss, and writes its gradient onto zeros. */
  readonly settle: (b: number) => number;
  /** d value / d losses[b]. */
  readonly coefficients: Float64Array;
}

/**
 * CTC loss of each sequence, softmax fused; `grad`, when not empty, becomes coefficients[b] · d losses[b] / d logits on real
 * frames. Sequences go through the kernel one at a time, so that none can touch another, and each stays in the cache.
 */
export function ctcSequences(batch: CtcBatch, calls: CtcKernelCalls, losses: Float64Array, grad: Float32Array): void {
  const { logits, time, classes, blank, lengths, labels } = batch;
  const { includes, settle, coefficients } = calls;
  const included = Array.from(lengths.keys()).filter(includes);
  if (included.length === 0) return;
  const frames = Math.max(...included.map((b) => lengths[b]));
  const most = Math.max(1, ...included.map((b) => labels[b].length));
  const workspace = (kernels() as NonNullable<ReturnType<typeof kernels>>).ctcWorkspaceBytes(frames, most);
  const bytes = [4 * frames * classes, 4 * most, 4 * frames * classes, workspace];
  withBlocks(bytes, ([logitsAt, labelsAt, gradAt, work], module) => {
    for (const b of included) {
      const start = b * time * classes;
      const end = start + lengths[b] * classes;
      const coefficient = coefficients[b];
      const wanted = grad.length > 0 && coefficient !== 0;
      const magnitude = Math.abs(coefficient);
      const fused = magnitude > 1e-30 && magnitude < 1e30 ? Math.fround(magnitude) : 1;
      view.f32(logitsAt, end - start).set(logits.subarray(start, end));
      view.i32(labelsAt, labels[b].length).set(labels[b]);
      const size = [lengths[b], classes, labels[b].length, blank] as const;
      losses[b] = module.ctcSequence(...size, fused, logitsAt, labelsAt, gradAt, wanted, work);
      if (losses[b] === UNCERTAIN) {
        if (wanted) grad.fill(0, start, end);
        losses[b] = settle(b);
      } else if (wanted) {
        const rows = grad.subarray(start, end);
        rows.set(view.f32(gradAt, end - start));
        if (Number.isNaN(losses[b])) rows.fill(Number.NaN);
        else if (coefficient !== fused) scale(rows, fused === Math.fround(coefficient) ? 1 : coefficient / fused);
      }
    }
  });
}

function scale(rows: Float32Array, factor: number): void {
  if (factor === 1) return;
  for (let i = 0; i < rows.length; i++) rows[i] *= factor;
}
