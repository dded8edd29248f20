import { part } from "../core/parts.js";
import { type Arena, arenaOf } from "./arena.js";
import { oddBytes, withBlocks } from "./memory.js";
import { stepKernels } from "./stepKernels.js";
import { type Copies, callTimes, slotNumbers, slotsFor, threadCount } from "./threads.js";

/** Rows go through the kernel in groups that stay in the processor's cache, whatever the size of the batch. */
const GROUP_BYTES = 1 << 18;

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

/** Parts that each of several threads takes: enough for them to finish together. */
const PARTS = 4;

const groupOf = (classes: number, rows: number) => Math.max(1, Math.min(rows, Math.floor(GROUP_BYTES / (4 * classes))));

/** Groups of rows, and where their arrays begin. */
interface Groups {
  readonly classes: number;
  /** Rows of all groups. */
  readonly rows: number;
  readonly group: number;
  readonly labelsAt: number;
  readonly scalesAt: number;
  readonly lossesAt: number;
  /** Of group i. */
  readonly logitsOf: (i: number) => number;
  /** 0 where no gradient is wanted. */
  readonly gradOf: (i: number) => number;
}

function callOnGroups(memory: WebAssembly.Memory, groups: Groups, copies?: Copies): void {
  const { classes, rows, group, labelsAt, scalesAt, lossesAt, logitsOf, gradOf } = groups;
  callTimes(
    stepKernels,
    memory,
    "crossEntropyRows",
    Math.ceil(rows / group),
    (run, i) => {
      const start = i * group;
      const count = Math.min(group, rows - start);
      const [ids, scales, losses] = [labelsAt + 4 * start, scalesAt + 8 * start, lossesAt + 8 * start];
      return run(count, classes, logitsOf(i), ids, scales, losses, gradOf(i));
    },
    undefined,
    copies,
  );
}

function copiedRows(classes: number, { logits, labels, scales, losses, grad }: LabelledRows): void {
  const rows = labels.length;
  const threads = threadCount();
  const group = groupOf(classes, threads === 1 ? rows : Math.ceil(rows / PARTS / threads));
  const slotBytes = 4 * slotNumbers(group * classes);
  const slots = slotsFor(Math.ceil(rows / group), 2 * slotBytes);
  const wanted = grad.length > 0;
  const matrix = slots * slotBytes;
  withBlocks("crossEntropy", [matrix, 4 * rows, 8 * rows, 8 * rows, wanted ? matrix : 0], (addresses, heap) => {
    const [slotsAt, labelsAt, scalesAt, lossesAt, gradAt] = addresses;
    heap.i32(labelsAt, rows).set(labels);
    heap.f64(scalesAt, rows).set(scales);
    const startOf = (i: number) => i * group * classes;
    const endOf = (i: number) => Math.min((i + 1) * group, rows) * classes;
    const logitsOf = (i: number) => slotsAt + (i % slots) * slotBytes + oddBytes(logits, startOf(i));
    const gradOf = (i: number) => (wanted ? gradAt + (i % slots) * slotBytes + oddBytes(grad, startOf(i)) : 0);
    const held = (address: number, i: number) => heap.f32(address, endOf(i) - startOf(i));
    const at = { classes, rows, group, labelsAt, scalesAt, lossesAt, logitsOf, gradOf };
    callOnGroups(heap.memory, at, {
      slots,
      before: (i) => held(logitsOf(i), i).set(part(logits, i, startOf(i), endOf(i))),
      after(i) {
        if (wanted) grad.set(held(gradOf(i), i), startOf(i));
      },
    });
    losses.set(heap.f64(lossesAt, rows));
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
  const threads = threadCount();
  const group = threads === 1 ? together : groupOf(classes, Math.ceil(together / PARTS / threads));
  for (let start = 0, n = 0; start < labels.length; start += together, n++) {
    const end = Math.min(start + together, labels.length);
    const rows = end - start;
    const logitsOf = (i: number) => logits.byteOffset + 4 * (start + i * group) * classes;
    const gradOf = (i: number) => grad.byteOffset + 4 * (start + i * group) * classes;
    place.i32(labelsAt, rows).set(part(labels, n, start, end));
    place.f64(scalesAt, rows).set(part(scales, n, start, end));
    callOnGroups(place.memory, { classes, rows, group, labelsAt, scalesAt, lossesAt, logitsOf, gradOf });
    losses.set(place.f64(lossesAt, rows), start);
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
