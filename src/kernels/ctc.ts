import type { PackedLabels } from "../core/labelSequences.js";
import { KernelModule } from "./kernelModule.js";
import { heap } from "./memory.js";
import { builds } from "./modules/ctc.generated.js";
import { computeSequences, extentsOf } from "./sequenceCalls.js";

/** assembly/ctc.ts */
interface CtcKernels {
  ctcWorkspaceBytes(frames: number, labels: number): number;
  ctcSequence(
    frames: number,
    classes: number,
    labelCount: number,
    blank: number,
    scale: number,
    logits: number,
    labels: number,
    grad: number,
    wanted: number,
    work: number,
  ): number;
}

const ctcKernels = new KernelModule<CtcKernels>(builds);

export interface CtcBatch {
  readonly logits: Float32Array;
  readonly time: number;
  readonly classes: number;
  readonly blank: number;
  readonly lengths: Int32Array;
  readonly labels: PackedLabels;
}

export interface CtcKernelCalls {
  /** Sequences that the kernel is to compute: those with at least one frame, whose label fits. */
  readonly included: Int32Array;
  /** A sequence that the kernel could not settle; returns its loss, and writes its gradient onto zeros. */
  readonly settle: (b: number) => number;
  /** d value / d losses[b]. */
  readonly coefficients: Float64Array;
}

/**
 * CTC loss of each sequence, softmax fused; `grad`, when not empty, becomes coefficients[b] · d losses[b] / d logits on real
 * frames.
 */
export function ctcSequences(batch: CtcBatch, calls: CtcKernelCalls, losses: Float64Array, grad: Float32Array): void {
  const { logits, time, classes, blank, lengths, labels } = batch;
  const { included, settle, coefficients } = calls;
  if (included.length === 0) return;
  const { starts } = labels;
  const { frames, most } = extentsOf(included, lengths, labels);
  computeSequences(
    {
      module: ctcKernels,
      name: "ctcSequence",
      where: "ctcLoss",
      workspaceBytes: ctcKernels.on(heap().memory).ctcWorkspaceBytes(frames, most),
      workspaceArgument: 9,
      call: (run, b, scale, from, ids, to, wanted, work) =>
        run(lengths[b], classes, starts[b + 1] - starts[b], blank, scale, from, ids, to, wanted, work),
    },
    {
      logits,
      time,
      frameSize: classes,
      lengths,
      labels,
      included,
      coefficients,
      settle,
      poison(b) {
        const start = b * time * classes;
        grad.fill(Number.NaN, start, start + lengths[b] * classes);
      },
    },
    losses,
    grad,
  );
}
