import { type Arena, arenaOf } from "./arena.js";
import { withBlocks } from "./memory.js";
import { stepKernels } from "./stepKernels.js";

/** Rows go through the kernel in groups that stay in the processor's cache, whatever the size of the batch. */
const GROUP_BYTES = 1 << 18;

/**
 * Cross-entropy of rows of logits, softmax fused. A label of -1 leaves its row out.
 *
 * @param logits rows × classes; row r of `grad`, when not empty, becomes scales[r] · d loss[r] / d logits
 * @returns the loss of each row
 */
export function crossEntropyRows(
  classes: number,
  logits: Float32Array,
  labels: Int32Array,
  scales: Float64Array,
  grad: Float32Array,
): Float64Array {
  const rows = labels.length;
  const losses = new Float64Array(rows);
  const group = Math.max(1, Math.min(rows, Math.floor(GROUP_BYTES / (4 * classes))));
  const wanted = grad.length > 0;
  const arena = wanted ? arenaOf(logits, grad) : undefined;
  if (arena !== undefined) {
    rowsInPlace(arena, classes, { logits, labels, scales, losses, grad });
    return losses;
  }
  withBlocks(
    [group * classes * 4, group * 4, group * 8, group * 8, wanted ? group * classes * 4 : 0],
    ([logitsAt, labelsAt, scalesAt, lossesAt, gradAt], heap) => {
      const module = stepKernels.on(heap.memory);
      for (let start = 0; start < rows; start += group) {
        const end = Math.min(start + group, rows);
        const count = end - start;
        heap.f32(logitsAt, count * classes).set(logits.subarray(start * classes, end * classes));
        heap.i32(labelsAt, count).set(labels.subarray(start, end));
        heap.f64(scalesAt, count).set(scales.subarray(start, end));
        module.crossEntropyRows(count, classes, logitsAt, labelsAt, scalesAt, lossesAt, wanted ? gradAt : 0);
        losses.set(heap.f64(lossesAt, count), start);
        if (wanted) grad.set(heap.f32(gradAt, count * classes), start * classes);
      }
    },
  );
  return losses;
}

interface Rows {
  readonly logits: Float32Array;
  readonly labels: Int32Array;
  readonly scales: Float64Array;
  readonly losses: Float64Array;
  readonly grad: Float32Array;
}

/** Logits and gradient stay where they are; only labels, scales and losses are copied. */
function rowsInPlace(arena: Arena, classes: number, { logits, labels, scales, losses, grad }: Rows): void {
  const { memory, workspace } = arena;
  const module = stepKernels.on(memory);
  const group = 4096;
  const labelsAt = workspace;
  const scalesAt = labelsAt + 4 * group;
  const lossesAt = scalesAt + 8 * group;
  const { buffer } = memory;
  for (let start = 0; start < labels.length; start += group) {
    const count = Math.min(group, labels.length - start);
    new Int32Array(buffer, labelsAt, count).set(labels.subarray(start, start + count));
    new Float64Array(buffer, scalesAt, count).set(scales.subarray(start, start + count));
    const skipped = 4 * start * classes;
    const at = [logits.byteOffset + skipped, labelsAt, scalesAt, lossesAt, grad.byteOffset + skipped] as const;
    module.crossEntropyRows(count, classes, ...at);
    losses.set(new Float64Array(buffer, lossesAt, count), start);
  }
}

/**
 * The same against distributions: `fill(i, row)` writes the weighted target of row i; rows whose mask is 0 are left out.
 * @returns the loss of each row
 */
export function crossEntropySoftRows(
  classes: number,
  logits: Float32Array,
  fill: (i: number, row: Float32Array) => void,
  mask: Uint8Array,
  scales: Float64Array,
  grad: Float32Array,
): Float64Array {
  const rows = mask.length;
  const losses = new Float64Array(rows);
  const group = Math.max(1, Math.min(rows, Math.floor(GROUP_BYTES / (4 * classes))));
  const wanted = grad.length > 0;
  const matrix = group * classes * 4;
  const bytes = [matrix, matrix, group * 4, group * 8, group * 8, wanted ? matrix : 0];
  withBlocks(bytes, ([logitsAt, targetsAt, keptAt, scalesAt, lossesAt, gradAt], heap) => {
    const module = stepKernels.on(heap.memory);
    for (let start = 0; start < rows; start += group) {
      const end = Math.min(start + group, rows);
      const count = end - start;
      heap.f32(logitsAt, count * classes).set(logits.subarray(start * classes, end * classes));
      const targets = heap.f32(targetsAt, count * classes);
      for (let i = start; i < end; i++) {
        if (mask[i] === 1) fill(i, targets.subarray((i - start) * classes, (i - start + 1) * classes));
      }
      heap.i32(keptAt, count).set(mask.subarray(start, end));
      heap.f64(scalesAt, count).set(scales.subarray(start, end));
      const at = [logitsAt, targetsAt, keptAt, scalesAt, lossesAt] as const;
      module.crossEntropySoftRows(count, classes, ...at, wanted ? gradAt : 0);
      losses.set(heap.f64(lossesAt, count), start);
      if (wanted) grad.set(heap.f32(gradAt, count * classes), start * classes);
    }
  });
  return losses;
}
