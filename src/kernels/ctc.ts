import { largestOf } from "../core/numeric.js";
import { KernelModule } from "./kernelModule.js";
import { heap } from "./memory.js";
import { builds } from "./modules/ctc.generated.js";
import { computeSequences } from "./sequenceCalls.js";

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
 * frames.
 */
export function ctcSequences(batch: CtcBatch, calls: CtcKernelCalls, losses: Float64Array, grad: Float32Array): void {
  const { logits, time, classes, blank, lengths, labels } = batch;
  const included = Array.from(lengths.keys()).filter(calls.includes);
  if (included.length === 0) return;
  const frames = largestOf(included, (b) => lengths[b]);
  const most = largestOf(included, (b) => labels[b].length);
  const span = (b: number) => [b * time * classes, (b * time + lengths[b]) * classes] as const;
  const kernel = {
    module: ctcKernels,
    name: "ctcSequence" as const,
    where: "ctcLoss",
    workspaceBytes: ctcKernels.on(heap().memory).ctcWorkspaceBytes(frames, most),
    call: (b: number, scale: number, from: number, ids: number, to: number, wanted: number, work: number) => {
      return [lengths[b], classes, labels[b].length, blank, scale, from, ids, to, wanted, work];
    },
  };
  const poison = (b: number) => grad.fill(Number.NaN, ...span(b));
  computeSequences(kernel, { ...calls, logits, labels, included, span, poison }, losses, grad);
}
