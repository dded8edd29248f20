import { type Tensor as TfTensor, tensor } from "@tensorflow/tfjs-core";
import { checkLengths } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { sizeOf } from "../core/tensor.js";
import { PADDING } from "./targets.js";

/** Extents of axes; null for one that is open, as TensorFlow.js says it. */
type Shape = readonly (number | null)[];

/**
 * Labels as targets of a layers model, which takes none but of its output's shape: ids one after another, then −1. Where the
 * output's shape leaves an axis open (`null`), it is as long as the labels need.
 *
 * @param labels ids of each sequence
 * @param shape of the model's output, its first axis ignored: `model.outputShape`
 * @param lengths the real steps of each sequence, put last as −2 − n; default all steps
 * @returns int32
 * @throws SeqlossError (LENGTH) when labels and lengths do not fit
 * @example
 * packLabels([[5, 6], [7]], [null, 3, 1]).dataSync() // [5, 6, -1, 7, -1, -1]
 * packLabels([[5, 6], [7]], [null, 3, 1], [9, 8]).dataSync() // [5, 6, -11, 7, -1, -10]
 */
export function packLabels(
  labels: readonly (readonly number[])[],
  shape: Shape | readonly Shape[],
  lengths?: ArrayLike<number>,
): TfTensor {
  const where = "packLabels";
  const checked = lengths && checkLengths(where, "lengths", lengths, labels.length, Number.MAX_SAFE_INTEGER as number);
  const axes = shapeOf(where, shape).slice(1);
  const needed = labels.reduce((most, row) => Math.max(most, row.length), 0) + (checked === undefined ? 0 : 1);
  const known = sizeOf(axes.map((extent) => extent ?? 1));
  const open = axes.indexOf(null);
  const filled = axes.map((extent, axis) => extent ?? (axis === open ? Math.max(1, Math.ceil(needed / known)) : 1));
  const size = sizeOf(filled);
  if (needed > size) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "labels",
      expected: `at most ${size} numbers a sequence, those of its output`,
      found: needed,
    });
  }
  const data = new Int32Array(labels.length * size).fill(PADDING);
  labels.forEach((row, b) => {
    data.set(row, b * size);
    if (checked !== undefined) data[(b + 1) * size - 1] = -2 - checked[b];
  });
  return tensor(data, [labels.length, ...filled], "int32");
}

/** `model.outputShape` is a list of shapes where a model has several outputs. */
function shapeOf(where: string, shape: Shape | readonly Shape[]): Shape {
  const [first] = shape;
  if (!Array.isArray(first)) return shape as Shape;
  if (shape.length === 1) return first;
  throw new SeqlossError(where, "SHAPE", {
    argument: "shape",
    expected: "that of the one output that the labels belong to, model.outputs[0].shape for instance",
    found: `${shape.length} shapes`,
  });
}
