import { part } from "../core/parts.js";
import { type Arena, arenaOf } from "./arena.js";
import { type Place, withBlocks } from "./memory.js";
import { stepKernels } from "./stepKernels.js";
import { callTimes, threadCount } from "./threads.js";

/** Rows go through the kernel in groups that stay in the processor's cache, whatever the size of the batch. */
const GROUP_BYTES = 1 << 18;

/** Groups that are copied in at a time, for each of several threads: enough for them to finish together. */
const GROUPS_A_THREAD = 4;

interface Rows {
  /** rows × classes. */
  readonly logits: Float32Array;
  /** d value / d loss of each row. */
  readonly scales: Float64Array;
  /** Written: the loss of each row. */
  readonly losses: Float64Array;
  /** Written: row r becomes scales[r] · d loss[r] / d logits. Empty where no gradient is wanted. */
  readonly grad: Float32Array;
}

interface LabelledRows extends Rows {
  /** -1 leaves a row out. */
  readonly labels: Int32Array;
}

/** Cross-entropy of rows of logits, softmax fused. */
export function crossEntropyRows(classes: number, rows: LabelledRows): void {
  const arena = rows.grad.length > 0 ? arenaOf(rows.logits, rows.grad) : undefined;
  if (arena !== undefined) rowsInPlace(arena, classes, rows);
  else copiedRows(classes, rows);
}

const groupOf = (classes: number, rows: number) => Math.max(1, Math.min(rows, Math.floor(GROUP_BYTES / (4 * classes))));

/** Calls the kernel on groups of `count` rows, whose arrays begin at these addresses; `gradAt` is 0 where none is wanted. */
function callOnGroups(
  { memory }: Place,
  { classes, count, group }: { readonly classes: number; readonly count: number; readonly group: number },
  { logitsAt, labelsAt, scalesAt, lossesAt, gradAt }: Addresses,
): void {
  callTimes(stepKernels, memory, "crossEntropyRows", Math.ceil(count / group), (run, i) => {
    const start = i * group;
    const rows = Math.min(group, count - start);
    const numbers = 4 * start * classes;
    const grad = gradAt === 0 ? 0 : gradAt + numbers;
    const [ids, scales, losses] = [labelsAt + 4 * start, scalesAt + 8 * start, lossesAt + 8 * start];
    return run(rows, classes, logitsAt + numbers, ids, scales, losses, grad);
  });
}

interface Addresses {
  readonly logitsAt: number;
  readonly labelsAt: number;
  readonly scalesAt: number;
  readonly lossesAt: number;
  readonly gradAt: number;
}

function copiedRows(classes: number, { logits, labels, scales, losses, grad }: LabelledRows): void {
  const rows = labels.length;
  const threads = threadCount();
  const group = groupOf(classes, Math.ceil(rows / threads));
  const together = Math.min(rows, threads === 1 ? group : GROUPS_A_THREAD * threads * group);
  const wanted = grad.length > 0;
  const matrix = 4 * together * classes;
  const bytes = [matrix, 4 * together, 8 * together, 8 * together, wanted ? matrix : 0];
  withBlocks("crossEntropy", bytes, (addresses, heap) => {
    const [logitsAt, labelsAt, scalesAt, lossesAt, gradAt] = addresses;
    const at = { logitsAt, labelsAt, scalesAt, lossesAt, gradAt: wanted ? gradAt : 0 };
    for (let start = 0, n = 0; start < rows; start += together, n++) {
      const end = Math.min(start + together, rows);
      const count = end - start;
      heap.f32(logitsAt, count * classes).set(part(logits, n, start * classes, end * classes));
      heap.i32(labelsAt, count).set(part(labels, n, start, end));
      heap.f64(scalesAt, count).set(part(scales, n, start, end));
      callOnGroups(heap, { classes, count, group }, at);
      losses.set(heap.f64(lossesAt, count), start);
      if (wanted) grad.set(heap.f32(gradAt, count * classes), start * classes);
    }
  });
}

/** Logits and gradient stay where they are; only labels, scales and losses are copied, as many as the workspace holds. */
function rowsInPlace(
  { place, workspace, workspaceBytes }: Arena,
  classes: number,
  { logits, labels, scales, losses, grad }: LabelledRows,
): void {
  const together = Math.min(labels.length, 2 * Math.floor(workspaceBytes / 40));
  const [scalesAt, lossesAt, labelsAt] = [workspace, workspace + 8 * together, workspace + 16 * together];
  const group = threadCount() === 1 ? together : groupOf(classes, Math.ceil(together / threadCount()));
  for (let start = 0, n = 0; start < labels.length; start += together, n++) {
    const end = Math.min(start + together, labels.length);
    const count = end - start;
    const skipped = 4 * start * classes;
    const [logitsAt, gradAt] = [logits.byteOffset + skipped, grad.byteOffset + skipped];
    const at = { logitsAt, labelsAt, scalesAt, lossesAt, gradAt };
    place.i32(labelsAt, count).set(part(labels, n, start, end));
    place.f64(scalesAt, count).set(part(scales, n, start, end));
    callOnGroups(place, { classes, count, group }, at);
    losses.set(place.f64(lossesAt, count), start);
  }
}

interface DistributedRows extends Rows {
  /** Writes the weighted target of row i into the rows, from `start` on. */
  readonly fill: (i: number, rows: Float32Array, start: number) => void;
  /** 0 leaves a row out. */
  readonly mask: Uint8Array;
}
/** The same against distributions. */
export function crossEntropySoftRows(
  classes: number,
  { logits, fill, mask, scales, losses, grad }: DistributedRows,
): void {
  const rows = mask.length;
  const group = groupOf(classes, rows);
  const wanted = grad.length > 0;
  const matrix = group * classes * 4;
  const bytes = [matrix, matrix, group * 4, group * 8, group * 8, wanted ? matrix : 0];
  withBlocks("crossEntropy", bytes, ([logitsAt, targetsAt, keptAt, scalesAt, lossesAt, gradAt], heap) => {
    const module = stepKernels.on(heap.memory);
    for (let start = 0, n = 0; start < rows; start += group, n++) {
      const end = Math.min(start + group, rows);
      const count = end - start;
      heap.f32(logitsAt, count * classes).set(part(logits, n, start * classes, end * classes));
      const targets = heap.f32(targetsAt, count * classes);
      for (let i = start; i < end; i++) {
        if (mask[i] === 1) fill(i, targets, (i - start) * classes);
      }
      const kept = heap.i32(keptAt, count);
      for (let i = 0; i < count; i++) kept[i] = mask[start + i];
      heap.f64(scalesAt, count).set(part(scales, n, start, end));
      const at = [logitsAt, targetsAt, keptAt, scalesAt, lossesAt] as const;
      module.crossEntropySoftRows(count, classes, ...at, wanted ? gradAt : 0);
      losses.set(heap.f64(lossesAt, count), start);
      if (wanted) grad.set(heap.f32(gradAt, count * classes), start * classes);
    }
  });
}
