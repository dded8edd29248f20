import { largestOf } from "../core/numeric.js";
import { KernelModule } from "./kernelModule.js";
import { heap } from "./memory.js";
import { builds } from "./modules/transducer.generated.js";
import { computeSequences } from "./sequenceCalls.js";

/** assembly/transducer.ts */
interface TransducerKernels {
  transducerWorkspaceBytes(frames: number, labels: number): number;
  transducerSequence(
    frames: number,
    classes: number,
    labelCount: number,
    rows: number,
    blank: number,
    scale: number,
    logits: number,
    labels: number,
    grad: number,
    wanted: number,
    work: number,
  ): number;
}

const transducerKernels = new KernelModule<TransducerKernels>(builds);

/** Logits [B, time, rows, classes]; of sequence b the first lengths[b] frames and labels[b].length + 1 rows of each are real. */
export interface TransducerKernelBatch {
  readonly logits: Float32Array;
  readonly time: number;
  readonly rows: number;
  readonly classes: number;
  readonly blank: number;
  readonly lengths: Int32Array;
  readonly labels: readonly Int32Array[];
}

export interface TransducerKernelCalls {
  /** A sequence that the kernel could not settle; returns its loss, and writes its gradient onto zeros. */
  readonly settle: (b: number) => number;
  /** d value / d losses[b]. */
  readonly coefficients: Float64Array;
}

/**
 * Transducer loss of each sequence with frames, softmax fused; `grad`, when not empty, becomes coefficients[b] · d losses[b] /
 * d logits on real frames.
 */
export function transducerSequences(
  batch: TransducerKernelBatch,
  calls: TransducerKernelCalls,
  losses: Float64Array,
  grad: Float32Array,
): void {
  const { logits, time, rows, classes, blank, lengths, labels } = batch;
  const included = Array.from(lengths.keys()).filter((b) => lengths[b] > 0);
  if (included.length === 0) return;
  const frames = largestOf(included, (b) => lengths[b]);
  const most = largestOf(included, (b) => labels[b].length);
  const frameSize = rows * classes;
  const span = (b: number) => [b * time * frameSize, (b * time + lengths[b]) * frameSize] as const;
  const kernel = {
    module: transducerKernels,
    name: "transducerSequence" as const,
    where: "transducerLoss",
    workspaceBytes: transducerKernels.on(heap().memory).transducerWorkspaceBytes(frames, most),
    sizes: (b: number) => [lengths[b], classes, labels[b].length, rows, blank],
  };
  const poison = (b: number) => {
    for (let t = 0; t < lengths[b]; t++) {
      const frame = (b * time + t) * frameSize;
      grad.fill(Number.NaN, frame, frame + (labels[b].length + 1) * classes);
    }
  };
  computeSequences(kernel, { ...calls, logits, labels, included, span, poison }, losses, grad);
}
