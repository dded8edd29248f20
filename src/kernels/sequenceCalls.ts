import { NO_LABELS, type PackedLabels } from "../core/labelSequences.js";
import { part } from "../core/parts.js";
import { NO_DOUBLES, NO_FLOATS, NO_INTEGERS } from "../core/tensor.js";
import type { Reused } from "../core/workspace.js";
import { arenaOf } from "./arena.js";
import { after, heap, oddBytes, type Place } from "./memory.js";
import { callTimes, type KernelCalls, slotNumbers, slotsFor, threadCount } from "./threads.js";

/** The loss where a kernel's exponents do not settle it: the caller computes that sequence in float64. */
export const UNCERTAIN = -1;

/** A kernel that computes one sequence a call. */
export interface SequenceKernel<Functions> {
  readonly calls: KernelCalls<Functions, SequenceJob>;
  /** The loss, as errors name it. */
  readonly where: string;
  /**
   * Where the kernel can compute a sequence in groups of frames: how many frames at a time, and what does so, with copies that stay
   * in the cache, and writes the loss. One thread uses it instead of the calls, unless the tensors lie where the kernel works.
   */
  readonly groupOf?: (job: SequenceJob) => number;
  readonly inGroups?: (b: number, job: SequenceJob, group: number) => void;
  /** Makes the gradient of a sequence NaN, which lies as zeros. */
  readonly poison: (b: number, job: SequenceJob) => void;
}

/** What the kernel computes, and where it finds it. */
export class SequenceJob implements Reused {
  /** [B, time, frameSize]. */
  logits = NO_FLOATS;
  time = 0;
  frameSize = 0;
  /** A frame has so many rows of classes. */
  rows = 1;
  classes = 0;
  blank = 0;
  /** The real frames of each sequence. */
  lengths = NO_INTEGERS;
  labels: PackedLabels = NO_LABELS;
  /** The sequences that the kernel is to compute. */
  included = NO_INTEGERS;
  /** The most frames, and the most labels, of one of them. */
  frames = 0;
  most = 0;
  /** d value / d losses[b]. */
  coefficients = NO_DOUBLES;
  /** Written. */
  losses = NO_DOUBLES;
  /** Written, when not empty. */
  grad = NO_FLOATS;

  place: Place = heap();
  logitsAt = 0;
  labelsAt = 0;
  /** Where the gradient lies whole; the kernel works there, also where none is wanted. */
  gradAt = 0;
  work = 0;
  /** Numbers from one slot to the next. */
  stride = 0;
  /** The sequences that are in place at a time; undefined where the whole batch is. */
  slots: number | undefined = undefined;

  /** Those that the kernel is to compute. */
  include(included: Int32Array): void {
    const { lengths, labels } = this;
    this.included = included;
    this.frames = 0;
    this.most = 0;
    for (let n = 0; n < included.length; n++) {
      const b = included[n];
      this.frames = Math.max(this.frames, lengths[b]);
      this.most = Math.max(this.most, labels.starts[b + 1] - labels.starts[b]);
    }
  }

  forget(): void {
    this.logits = NO_FLOATS;
    this.grad = NO_FLOATS;
    this.losses = NO_DOUBLES;
    this.place = heap();
  }
}

/** Where the logits of call i lie. */
export function logitsOf(i: number, job: SequenceJob): number {
  const { included, logitsAt, logits, time, frameSize, slots, stride } = job;
  const first = included[i] * time * frameSize;
  return slots === undefined ? logitsAt + 4 * first : logitsAt + 4 * (i % slots) * stride + oddBytes(logits, first);
}

/** Where their gradient is made: in a copy it takes the place of the logits. */
export function gradOf(i: number, job: SequenceJob): number {
  const { included, gradAt, time, frameSize, slots } = job;
  return slots === undefined ? gradAt + 4 * included[i] * time * frameSize : logitsOf(i, job);
}

/** Copies the logits of call i in. */
export function copyIn(i: number, job: SequenceJob): void {
  const { included, logits, time, frameSize, lengths, place } = job;
  const b = included[i];
  const from = b * time * frameSize;
  const size = lengths[b] * frameSize;
  place.f32(logitsOf(i, job), size).set(part(logits, b, from, from + size));
}

/** Copies its gradient out. */
export function copyOut(i: number, job: SequenceJob): void {
  const { included, grad, time, frameSize, lengths, place } = job;
  const b = included[i];
  if (wantedCoefficient(job, b) === 0) return;
  grad.set(place.f32(gradOf(i, job), lengths[b] * frameSize), b * time * frameSize);
}

/**
 * The losses of the included sequences; `grad`, when not empty, becomes coefficients[b] · d losses[b] / d logits on their real
 * frames. Each sequence is a call of its own, so that none can touch another, and stays in the cache. A loss that the kernel does
 * not settle is UNCERTAIN, and the gradient of that sequence zeros.
 */
export function computeSequences<Functions>(
  kernel: SequenceKernel<Functions>,
  job: SequenceJob,
  workspaceBytes: number,
): void {
  const { calls } = kernel;
  const { logits, labels, included, coefficients, grad } = job;
  const threads = threadCount();
  const arena = grad.length > 0 ? arenaOf(logits, grad) : undefined;
  const labelBytes = Math.ceil((4 * labels.ids.length) / 64) * 64;
  if (arena !== undefined && arena.workspaceBytes >= labelBytes + threads * workspaceBytes) {
    job.place = arena.place;
    job.logitsAt = logits.byteOffset;
    job.gradAt = grad.byteOffset;
    job.labelsAt = arena.workspace;
    job.work = arena.workspace + labelBytes;
    job.slots = undefined;
    job.place.i32(job.labelsAt, labels.ids.length).set(labels.ids);
    callOn(calls, job, workspaceBytes);
    // where no gradient is wanted, the kernel has worked there
    for (let n = 0; n < included.length; n++) if (coefficients[included[n]] === 0) clear(job, included[n]);
  } else if (threads === 1 && kernel.inGroups !== undefined && kernel.groupOf !== undefined) {
    computeInGroups(job, kernel.groupOf(job), kernel.inGroups, workspaceBytes, kernel.where);
  } else {
    copyAndCall(calls, job, workspaceBytes, kernel.where);
  }
  finish(kernel, job);
}

/** Computes the losses of the included sequences. */
function callOn<Functions>(calls: KernelCalls<Functions, SequenceJob>, job: SequenceJob, bytes: number): void {
  const { included, losses, place, slots } = job;
  const computed = callTimes(calls, place.memory, included.length, job, bytes, slots);
  for (let n = 0; n < included.length; n++) losses[included[n]] = computed[n];
}

function computeInGroups(
  job: SequenceJob,
  group: number,
  inGroups: NonNullable<SequenceKernel<unknown>["inGroups"]>,
  workspaceBytes: number,
  where: string,
): void {
  const { included, frameSize } = job;
  const place = heap();
  job.place = place;
  const start = place.reserve(layOut(job, 0, 4 * group * frameSize, workspaceBytes), where);
  try {
    layOut(job, start, 4 * group * frameSize, workspaceBytes);
    for (let n = 0; n < included.length; n++) inGroups(included[n], job, group);
  } finally {
    place.release(start);
  }
}

/** Copies each sequence in, calls, which makes the gradient where the logits lie, and copies that out. */
function copyAndCall<Functions>(
  calls: KernelCalls<Functions, SequenceJob>,
  job: SequenceJob,
  workspaceBytes: number,
  where: string,
): void {
  const { labels, included } = job;
  const place = heap();
  job.place = place;
  job.stride = slotNumbers(job.frames * job.frameSize);
  job.slots = slotsFor(included.length, 4 * job.stride);
  const bytes = 4 * job.slots * job.stride;
  const start = place.reserve(layOut(job, 0, bytes, threadCount() * workspaceBytes), where);
  try {
    layOut(job, start, bytes, 0);
    place.i32(job.labelsAt, labels.ids.length).set(labels.ids);
    callOn(calls, job, workspaceBytes);
  } finally {
    place.release(start);
  }
}

/** Where the arrays lie from an address on; returns where they end. */
function layOut(job: SequenceJob, start: number, logitBytes: number, workBytes: number): number {
  job.logitsAt = start;
  job.labelsAt = after(job.logitsAt, logitBytes);
  job.work = after(job.labelsAt, 4 * job.labels.ids.length);
  return after(job.work, workBytes);
}

/** Brings scales that the kernel does not hold well up to the coefficient, and clears what it left open. */
function finish<Functions>({ poison }: SequenceKernel<Functions>, job: SequenceJob): void {
  const { included, coefficients, losses, grad, time, frameSize, lengths } = job;
  for (let n = 0; n < included.length && grad.length > 0; n++) {
    const b = included[n];
    if (coefficients[b] === 0) continue;
    const settled = Number.isFinite(losses[b]) && losses[b] !== UNCERTAIN;
    const start = b * time * frameSize;
    if (settled) finishScale(grad, start, start + lengths[b] * frameSize, coefficients[b]);
    else clear(job, b);
    if (Number.isNaN(losses[b])) poison(b, job);
  }
}

function clear({ time, frameSize, lengths, grad }: SequenceJob, b: number): void {
  const start = b * time * frameSize;
  grad.fill(0, start, start + lengths[b] * frameSize);
}

/** The coefficient of a sequence whose gradient is wanted, otherwise 0. */
export function wantedCoefficient({ grad, coefficients }: SequenceJob, b: number): number {
  return grad.length > 0 ? coefficients[b] : 0;
}

/** The factor that the kernel puts on the gradient: the coefficient's size where float32 holds it well. */
export function fusedScale(coefficient: number): number {
  const magnitude = Math.abs(coefficient);
  return magnitude > 1e-30 && magnitude < 1e30 ? Math.fround(magnitude) : 1;
}

function finishScale(grad: Float32Array, start: number, end: number, coefficient: number): void {
  const fused = fusedScale(coefficient);
  const factor = fused === Math.fround(coefficient) ? 1 : coefficient / fused;
  if (factor !== 1) for (let i = start; i < end; i++) grad[i] *= factor;
}
