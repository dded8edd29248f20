import type { Batch } from "../core/batch.js";
import type { PackedLabels } from "../core/labelSequences.js";
import type { Workspace } from "../core/workspace.js";
import { KernelModule } from "./kernelModule.js";
import { heap } from "./memory.js";
import { builds } from "./modules/ctc.generated.js";
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

const kernel: SequenceKernel<CtcKernels> = {
  calls: {
    module: ctcKernels,
    name: "ctcSequence",
    workspaceArgument: 9,
    call(run, i, job, returned) {
      const { lengths, classes, labels, blank, work } = job;
      const b = job.included[i];
      const [first, end] = [labels.starts[b], labels.starts[b + 1]];
      const coefficient = wantedCoefficient(job, b);
      const [logits, grad] = [logitsOf(i, job), gradOf(i, job)];
      const [ids, wanted] = [job.labelsAt + 4 * first, Number(coefficient !== 0)];
      const scale = fusedScale(coefficient);
      returned[i] = run(lengths[b], classes, end - first, blank, scale, logits, ids, grad, wanted, work);
    },
    before: copyIn,
    after: copyOut,
  },
  where: "ctcLoss",
  poison(b, { grad, time, classes, lengths }) {
    const start = b * time * classes;
    grad.fill(Number.NaN, start, start + lengths[b] * classes);
  },
};

/**
 * CTC loss of each included sequence, which has at least one frame and whose label fits, softmax fused; `grad`, when not empty,
 * becomes coefficients[b] · d losses[b] / d logits on real frames. Where a loss is UNCERTAIN, the caller computes it, and writes
 * its gradient onto zeros.
 *
 * @param coefficients d value / d losses[b]
 */
export function ctcSequences(
  batch: Batch,
  labels: PackedLabels,
  blank: number,
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
  job.classes = batch.width;
  job.frameSize = batch.width;
  job.blank = blank;
  job.lengths = batch.lengths;
  job.labels = labels;
  job.coefficients = coefficients;
  job.losses = losses;
  job.grad = grad;
  job.include(included);
  computeSequences(kernel, job, ctcKernels.on(heap().memory).ctcWorkspaceBytes(job.frames, job.most));
}
