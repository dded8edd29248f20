import { largestOf } from "../core/numeric.js";
import { KernelModule } from "./kernelModule.js";
import { heap, withBlocks } from "./memory.js";
import { builds } from "./modules/transducer.generated.js";
import { computeSequences } from "./sequenceCalls.js";

/** assembly/transducer.ts */
interface TransducerKernels {
  transducerWorkspaceBytes(frames: number, labels: number): number;
  transducerForward(
    from: number,
    to: number,
    classes: number,
    labelCount: number,
    rows: number,
    blank: number,
    logits: number,
    labels: number,
    grad: number,
    work: number,
  ): number;
  transducerBackward(
    from: number,
    to: number,
    frames: number,
    classes: number,
    labelCount: number,
    rows: number,
    blank: number,
    scale: number,
    labels: number,
    grad: number,
    work: number,
  ): void;
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

/** Frames go through the kernel in groups that stay in the processor's cache, whatever their number. */
const GROUP_BYTES = 1 << 19;

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

/**
 * Transducer loss of each sequence with frames, softmax fused; `grad`, when not empty, becomes coefficients[b] · d losses[b] /
 * d logits on its frames.
 *
 * @param coefficients d value / d losses[b]
 */
export function transducerSequences(
  batch: TransducerKernelBatch,
  coefficients: Float64Array,
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
    call: (b: number, scale: number, from: number, ids: number, to: number, wanted: number, work: number) => {
      return [lengths[b], classes, labels[b].length, rows, blank, scale, from, ids, to, wanted, work];
    },
    inGroups: (b: number, scale: number, wanted: boolean) => sequenceInGroups(batch, b, scale, wanted, grad),
  };
  const poison = (b: number) => {
    for (let t = 0; t < lengths[b]; t++) {
      const frame = (b * time + t) * frameSize;
      grad.fill(Number.NaN, frame, frame + (labels[b].length + 1) * classes);
    }
  };
  computeSequences(kernel, { logits, labels, included, span, coefficients, poison }, losses, grad);
}

/** A group is copied in and its exponentials out to the gradient, and later from there and back. */
function sequenceInGroups(
  { logits, time, rows, classes, blank, lengths, labels }: TransducerKernelBatch,
  b: number,
  scale: number,
  wanted: boolean,
  grad: Float32Array,
): number {
  const [frames, label, frameSize] = [lengths[b], labels[b], rows * classes];
  const group = Math.max(1, Math.min(frames, Math.floor(GROUP_BYTES / (4 * frameSize))));
  const sizes = [classes, label.length, rows, blank] as const;
  const bytes = [4 * group * frameSize, 4 * label.length];
  const workspaceBytes = transducerKernels.on(heap().memory).transducerWorkspaceBytes(frames, label.length);
  return withBlocks("transducerLoss", [...bytes, workspaceBytes], ([groupAt, labelsAt, work], { memory }) => {
    const module = transducerKernels.on(memory);
    new Int32Array(memory.buffer, labelsAt, label.length).set(label);
    const held = new Float32Array(memory.buffer, groupAt, group * frameSize);
    const start = (t: number) => (b * time + t) * frameSize;
    let loss = Number.POSITIVE_INFINITY;
    let from = 0;
    for (let to = 0; to < frames; ) {
      from = to;
      to = Math.min(from + group, frames);
      held.set(logits.subarray(start(from), start(to)));
      loss = module.transducerForward(from, to, ...sizes, groupAt, labelsAt, groupAt, work);
      if (Number.isNaN(loss)) return loss;
      if (wanted && to < frames) grad.set(held, start(from));
    }
    if (!wanted || loss === Number.POSITIVE_INFINITY) return loss;
    for (let to = frames; to > 0; to = from, from -= group) {
      if (to < frames) held.set(grad.subarray(start(from), start(to)));
      module.transducerBackward(from, to, frames, ...sizes, scale, labelsAt, groupAt, work);
      grad.set(held.subarray(0, start(to) - start(from)), start(from));
    }
    return loss;
  });
}
