import { part } from "../core/parts.js";
import type { TransducerBatch } from "../core/transducerBatch.js";
import type { Workspace } from "../core/workspace.js";
import { KernelModule } from "./kernelModule.js";
import { heap } from "./memory.js";
import { builds } from "./modules/transducer.generated.js";
import {
  computeSequences,
  copyIn,
  copyOut,
  fusedScale,
  gradOf,
  logitsOf,
  SequenceJob,
  type SequenceKernel,
  wantedCoefficient,
} from "./sequenceCalls.js";

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

const kernel: SequenceKernel<TransducerKernels> = {
  calls: {
    module: transducerKernels,
    name: "transducerSequence",
    workspaceArgument: 10,
    call(run, i, job, returned) {
      const { lengths, classes, labels, rows, blank, work } = job;
      const b = job.included[i];
      const [first, end] = [labels.starts[b], labels.starts[b + 1]];
      const coefficient = wantedCoefficient(job, b);
      const [logits, grad] = [logitsOf(i, job), gradOf(i, job)];
      const [ids, wanted] = [job.labelsAt + 4 * first, Number(coefficient !== 0)];
      const scale = fusedScale(coefficient);
      returned[i] = run(lengths[b], classes, end - first, rows, blank, scale, logits, ids, grad, wanted, work);
    },
    before: copyIn,
    after: copyOut,
  },
  where: "transducerLoss",
  groupOf: ({ frameSize, frames }) => Math.max(1, Math.min(frames, Math.floor(GROUP_BYTES / (4 * frameSize)))),
  inGroups: sequenceInGroups,
  poison(b, { grad, time, frameSize, classes, lengths, labels }) {
    for (let t = 0; t < lengths[b]; t++) {
      const frame = (b * time + t) * frameSize;
      grad.fill(Number.NaN, frame, frame + (labels.starts[b + 1] - labels.starts[b] + 1) * classes);
    }
  },
};

/**
 * Transducer loss of each included sequence, which has frames, softmax fused; `grad`, when not empty, becomes coefficients[b] ·
 * d losses[b] / d logits on its frames.
 *
 * @param coefficients d value / d losses[b]
 */
export function transducerSequences(
  batch: TransducerBatch,
  included: Int32Array,
  coefficients: Float64Array,
  losses: Float64Array,
  grad: Float32Array,
  workspace: Workspace,
): void {
  if (included.length === 0) return;
  const job = workspace.object("frames of sequences", SequenceJob);
  job.logits = batch.data as Float32Array;
  job.time = batch.time;
  job.rows = batch.rows;
  job.classes = batch.width;
  job.frameSize = batch.rows * batch.width;
  job.blank = batch.blank;
  job.lengths = batch.lengths;
  job.labels = batch.labels;
  job.coefficients = coefficients;
  job.losses = losses;
  job.grad = grad;
  job.include(included);
  const bytes = transducerKernels.on(heap().memory).transducerWorkspaceBytes(job.frames, job.most);
  computeSequences(kernel, job, bytes);
}

/** A group is copied in and its exponentials out to the gradient, and later from there and back. */
function sequenceInGroups(b: number, job: SequenceJob, group: number): void {
  const {
    logits,
    losses,
    grad,
    time,
    rows,
    classes,
    blank,
    lengths,
    labels,
    frameSize,
    place,
    logitsAt,
    labelsAt,
    work,
  } = job;
  const frames = lengths[b];
  const coefficient = wantedCoefficient(job, b);
  const wanted = coefficient !== 0;
  const first = labels.starts[b];
  const U = labels.starts[b + 1] - first;
  const module = transducerKernels.on(place.memory);
  place.i32(labelsAt, U).set(part(labels.ids, b, first, first + U));
  const begin = b * time * frameSize;
  let loss = Number.POSITIVE_INFINITY;
  let from = 0;
  for (let to = 0; to < frames; ) {
    from = to;
    to = Math.min(from + group, frames);
    const held = place.f32(logitsAt, (to - from) * frameSize);
    const start = begin + from * frameSize;
    held.set(part(logits, b * time + from / group, start, start + held.length));
    loss = module.transducerForward(from, to, classes, U, rows, blank, logitsAt, labelsAt, logitsAt, work);
    if (Number.isNaN(loss)) break;
    if (wanted && to < frames) grad.set(held, start);
  }
  losses[b] = loss;
  if (!wanted || !(loss < Number.POSITIVE_INFINITY)) return;
  const scale = fusedScale(coefficient);
  for (let to = frames; to > 0; to = from, from -= group) {
    const held = place.f32(logitsAt, (to - from) * frameSize);
    const start = begin + from * frameSize;
    if (to < frames) held.set(part(grad, b * time + from / group, start, start + held.length));
    module.transducerBackward(from, to, frames, classes, U, rows, blank, scale, labelsAt, logitsAt, work);
    grad.set(held, start);
  }
}
