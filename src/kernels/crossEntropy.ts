import { view, withBlocks } from "./memory.js";

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
  withBlocks(
    [group * classes * 4, group * 4, group * 8, group * 8, wanted ? group * classes * 4 : 0],
    ([logitsAt, labelsAt, scalesAt, lossesAt, gradAt], module) => {
      for (let start = 0; start < rows; start += group) {
        const end = Math.min(start + group, rows);
        const count = end - start;
        view.f32(logitsAt, count * classes).set(logits.subarray(start * classes, end * classes));
        view.i32(labelsAt, count).set(labels.subarray(start, end));
        view.f64(scalesAt, count).set(scales.subarray(start, end));
        module.crossEntropyRows(count, classes, logitsAt, labelsAt, scalesAt, lossesAt, wanted ? gradAt : 0);
        losses.set(view.f64(lossesAt, count), start);
        if (wanted) grad.set(view.f32(gradAt, count * classes), start * classes);
      }
    },
  );
  return losses;
}
