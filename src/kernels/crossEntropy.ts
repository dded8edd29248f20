import { part } from "../core/parts.js";
import { NO_FLOATS } from "../core/tensor.js";
import type { Reused, Workspace } from "../core/workspace.js";
import { type Arena, arenaOf } from "./arena.js";
import { after, heap, oddBytes, type Place } from "./memory.js";
import { type StepKernels, stepKernels } from "./stepKernels.js";
import { callTimes, type KernelCalls, slotNumbers, slotsFor, threadCount } from "./threads.js";

/** Rows go through the kernel in groups that stay in the processor's cache, whatever the size of the batch. */
const GROUP_BYTES = 1 << 18;

interface Rows {
  /** d value / d loss of each row. */
  readonly scales: Float64Array;
  /** Written: the loss of each row. */
  readonly losses: Float64Array;
}

/**
 * Cross-entropy of rows of logits, softmax fused.
 *
 * @param logits rows × classes
 * @param labels -1 leaves a row out
 * @param grad written: row r becomes scales[r] · d loss[r] / d logits. Empty where no gradient is wanted
 */
export function crossEntropyRows(
  classes: number,
  logits: Float32Array,
  labels: Int32Array,
  rows: Rows,
  grad: Float32Array,
  workspace: Workspace,
): void {
  const arena = grad.length > 0 ? arenaOf(logits, grad) : undefined;
  const job = workspace.object("groups of rows", Groups);
  job.classes = classes;
  job.logits = logits;
  job.grad = grad;
  if (arena !== undefined) rowsInPlace(arena, job, labels, rows);
  else copiedRows(job, labels, rows);
}

/** Parts that each of several threads takes: enough for them to finish together. */
const PARTS = 4;

const groupOf = (classes: number, rows: number) => Math.max(1, Math.min(rows, Math.floor(GROUP_BYTES / (4 * classes))));

/** Rows of logits in groups, and where their arrays begin. */
class Groups implements Reused {
  classes = 0;
  /** Rows of all groups. */
  rows = 0;
  group = 0;
  logitsAt = 0;
  labelsAt = 0;
  scalesAt = 0;
  lossesAt = 0;
  gradAt = 0;
  /** What groups are copied from and to. */
  logits = NO_FLOATS;
  grad = NO_FLOATS;
  place: Place = heap();
  /** Groups that are in place at a time; undefined where logits and gradient lie whole. */
  slots: number | undefined = undefined;
  slotBytes = 0;

  forget(): void {
    this.logits = NO_FLOATS;
    this.grad = NO_FLOATS;
  }
}

/** Numbers before group i, and up to its end. */
const startOf = ({ group, classes }: Groups, i: number) => i * group * classes;
const endOf = ({ group, rows, classes }: Groups, i: number) => Math.min((i + 1) * group, rows) * classes;

/** Where the numbers of group i lie, of an array whose first are at an address. */
function placeOf(job: Groups, address: number, array: Float32Array, i: number): number {
  const { slots, slotBytes } = job;
  if (slots === undefined) return address + 4 * startOf(job, i);
  return address + (i % slots) * slotBytes + oddBytes(array, startOf(job, i));
}

const logitsOf = (job: Groups, i: number) => placeOf(job, job.logitsAt, job.logits, i);
/** 0 where no gradient is wanted. */
const gradOf = (job: Groups, i: number) => (job.grad.length > 0 ? placeOf(job, job.gradAt, job.grad, i) : 0);

const groupsOfRows: KernelCalls<StepKernels, Groups> = {
  module: stepKernels,
  name: "crossEntropyRows",
  call(run, i, job) {
    const { classes, rows, group, labelsAt, scalesAt, lossesAt } = job;
    const start = i * group;
    const count = Math.min(group, rows - start);
    const [ids, scales, losses] = [labelsAt + 4 * start, scalesAt + 8 * start, lossesAt + 8 * start];
    run(count, classes, logitsOf(job, i), ids, scales, losses, gradOf(job, i));
  },
  before(i, job) {
    const [start, end] = [startOf(job, i), endOf(job, i)];
    job.place.f32(logitsOf(job, i), end - start).set(part(job.logits, i, start, end));
  },
  after(i, job) {
    const [start, end] = [startOf(job, i), endOf(job, i)];
    if (job.grad.length > 0) job.grad.set(job.place.f32(gradOf(job, i), end - start), start);
  },
};

function copiedRows(job: Groups, labels: Int32Array, { scales, losses }: Rows): void {
  const { classes } = job;
  const rows = labels.length;
  const threads = threadCount();
  job.rows = rows;
  job.group = groupOf(classes, threads === 1 ? rows : Math.ceil(rows / PARTS / threads));
  const count = Math.ceil(rows / job.group);
  job.slotBytes = 4 * slotNumbers(job.group * classes);
  job.slots = slotsFor(count, 2 * job.slotBytes);
  const place = heap();
  job.place = place;
  const start = place.reserve(layOut(job, job.slots, 0), "crossEntropy");
  try {
    layOut(job, job.slots, start);
    place.i32(job.labelsAt, rows).set(labels);
    place.f64(job.scalesAt, rows).set(scales);
    callTimes(groupsOfRows, place.memory, count, job, 0, job.slots);
    losses.set(place.f64(job.lossesAt, rows));
  } finally {
    place.release(start);
  }
}

/** Where the arrays lie from an address on; returns where they end. */
function layOut(job: Groups, slots: number, start: number): number {
  const matrix = slots * job.slotBytes;
  job.logitsAt = start;
  job.labelsAt = after(job.logitsAt, matrix);
  job.scalesAt = after(job.labelsAt, 4 * job.rows);
  job.lossesAt = after(job.scalesAt, 8 * job.rows);
  job.gradAt = after(job.lossesAt, 8 * job.rows);
  return after(job.gradAt, job.grad.length > 0 ? matrix : 0);
}

/** Logits and gradient stay where they are; only labels, scales and losses are copied, as many as the workspace holds. */
function rowsInPlace(
  { place, workspace, workspaceBytes }: Arena,
  job: Groups,
  labels: Int32Array,
  { scales, losses }: Rows,
): void {
  const { classes, logits, grad } = job;
  const together = Math.min(labels.length, 2 * Math.floor(workspaceBytes / 40));
  const threads = threadCount();
  job.group = threads === 1 ? together : groupOf(classes, Math.ceil(together / PARTS / threads));
  job.slots = undefined;
  job.scalesAt = workspace;
  job.lossesAt = workspace + 8 * together;
  job.labelsAt = workspace + 16 * together;
  for (let start = 0, n = 0; start < labels.length; start += together, n++) {
    const end = Math.min(start + together, labels.length);
    const rows = end - start;
    const skipped = 4 * start * classes;
    job.rows = rows;
    job.logitsAt = logits.byteOffset + skipped;
    job.gradAt = grad.byteOffset + skipped;
    place.i32(job.labelsAt, rows).set(part(labels, n, start, end));
    place.f64(job.scalesAt, rows).set(part(scales, n, start, end));
    callTimes(groupsOfRows, place.memory, Math.ceil(rows / job.group), job);
    losses.set(place.f64(job.lossesAt, rows), start);
  }
}

/** What rows of outputs should be. */
export interface RowTargets {
  /** Writes the weighted targets of rows `first` to `last` − 1, but not of those whose mask is 0. */
  fillRows(mask: Uint8Array, first: number, last: number, rows: Float32Array, width: number): void;
}

interface MaskedRows extends Rows {
  /** 0 leaves a row out. */
  readonly mask: Uint8Array;
}

/** The same against distributions. */
export function crossEntropySoftRows(
  classes: number,
  logits: Float32Array,
  goal: RowTargets,
  { mask, scales, losses }: MaskedRows,
  grad: Float32Array,
): void {
  const rows = mask.length;
  const group = groupOf(classes, rows);
  const matrix = group * classes * 4;
  const wanted = grad.length > 0;
  const place = heap();
  const logitsAt = place.reserve(3 * after(0, matrix) + after(0, 4 * group) + 2 * after(0, 8 * group), "crossEntropy");
  const targetsAt = after(logitsAt, matrix);
  const keptAt = after(targetsAt, matrix);
  const scalesAt = after(keptAt, 4 * group);
  const lossesAt = after(scalesAt, 8 * group);
  const gradAt = wanted ? after(lossesAt, 8 * group) : 0;
  try {
    const module = stepKernels.on(place.memory);
    for (let start = 0, n = 0; start < rows; start += group, n++) {
      const end = Math.min(start + group, rows);
      const count = end - start;
      place.f32(logitsAt, count * classes).set(part(logits, n, start * classes, end * classes));
      goal.fillRows(mask, start, end, place.f32(targetsAt, count * classes), classes);
      const kept = place.i32(keptAt, count);
      for (let i = 0; i < count; i++) kept[i] = mask[start + i];
      place.f64(scalesAt, count).set(part(scales, n, start, end));
      module.crossEntropySoftRows(count, classes, logitsAt, targetsAt, keptAt, scalesAt, lossesAt, gradAt);
      losses.set(place.f64(lossesAt, count), start);
      if (wanted) grad.set(place.f32(gradAt, count * classes), start * classes);
    }
  } finally {
    place.release(logitsAt);
  }
}
