import type { PackedLabels } from "../core/labelSequences.js";
import { part } from "../core/parts.js";
import { KernelModule } from "./kernelModule.js";
import { heap } from "./memory.js";
import { builds } from "./modules/transducer.generated.js";
import { computeSequences, extentsOf, type GroupPlace } from "./sequenceCalls.js";

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
  readonly labels: PackedLabels;
}

/**
 * Transducer loss of each included sequence, which has frames, softmax fused; `grad`, when not empty, becomes coefficients[b] ·
 * d losses[b] / d logits on its frames.
 *
 * @param coefficients d value / d losses[b]
 */
export function transducerSequences(
  batch: TransducerKernelBatch,
  included: Int32Array,
  coefficients: Float64Array,
  losses: Float64Array,
  grad: Float32Array,
): void {
  const { logits, time, rows, classes, blank, lengths, labels } = batch;
  if (included.length === 0) return;
  const { starts } = labels;
  const { frames, most } = extentsOf(included, lengths, labels);
  const frameSize = rows * classes;
  computeSequences(
    {
      module: transducerKernels,
      name: "transducerSequence",
      where: "transducerLoss",
      workspaceBytes: transducerKernels.on(heap().memory).transducerWorkspaceBytes(frames, most),
      workspaceArgument: 10,
      call: (run, b, scale, from, ids, to, wanted, work) =>
        run(lengths[b], classes, starts[b + 1] - starts[b], rows, blank, scale, from, ids, to, wanted, work),
      groupBytes: 4 * groupOf(frameSize, frames) * frameSize,
      inGroups: (b, scale, wanted, at) => sequenceInGroups(batch, b, scale, wanted, grad, at),
    },
    {
      logits,
      time,
      frameSize,
      lengths,
      labels,
      included,
      coefficients,
      poison(b) {
        for (let t = 0; t < lengths[b]; t++) {
          const frame = (b * time + t) * frameSize;
          grad.fill(Number.NaN, frame, frame + (starts[b + 1] - starts[b] + 1) * classes);
        }
      },
    },
    losses,
    grad,
  );
}

const groupOf = (frameSize: number, frames: number) =>
  Math.max(1, Math.min(frames, Math.floor(GROUP_BYTES / (4 * frameSize))));

/** A group is copied in and its exponentials out to the gradient, and later from there and back. */
function sequenceInGroups(
  { logits, time, rows, classes, blank, lengths, labels }: TransducerKernelBatch,
  b: number,
  scale: number,
  wanted: boolean,
  grad: Float32Array,
  { heap, group: groupAt, labels: labelsAt, work }: GroupPlace,
): number {
  const [frames, frameSize] = [lengths[b], rows * classes];
  const first = labels.starts[b];
  const U = labels.starts[b + 1] - first;
  const group = groupOf(frameSize, frames);
  /** Which part of the whole batch a group is. */
  const partOf = (t: number) => b * time + Math.floor(t / group);
  const start = (t: number) => (b * time + t) * frameSize;
  const held = (from: number, to: number) => heap.f32(groupAt, (to - from) * frameSize);
  const module = transducerKernels.on(heap.memory);
  heap.i32(labelsAt, U).set(part(labels.ids, b, first, first + U));
  let loss = Number.POSITIVE_INFINITY;
  let from = 0;
  for (let to = 0; to < frames; ) {
    from = to;
    to = Math.min(from + group, frames);
    held(from, to).set(part(logits, partOf(from), start(from), start(to)));
    loss = module.transducerForward(from, to, classes, U, rows, blank, groupAt, labelsAt, groupAt, work);
    if (Number.isNaN(loss)) return loss;
    if (wanted && to < frames) grad.set(held(from, to), start(from));
  }
  if (!wanted || loss === Number.POSITIVE_INFINITY) return loss;
  for (let to = frames; to > 0; to = from, from -= group) {
    if (to < frames) held(from, to).set(part(grad, partOf(from), start(from), start(to)));
    module.transducerBackward(from, to, frames, classes, U, rows, blank, scale, labelsAt, groupAt, work);
    grad.set(held(from, to), start(from));
  }
  return loss;
}
