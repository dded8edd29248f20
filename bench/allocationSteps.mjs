// A step of each loss on a batch of the size of a small training, written into the result of the step before; float32.
import * as seqloss from "seqloss";

const random = new seqloss.Random(1);
const drawn = (...shape) => ({
  data: Float32Array.from({ length: shape.reduce((size, extent) => size * extent, 1) }, () => random.normal()),
  shape,
});
const chances = (...shape) => {
  const { data } = drawn(...shape);
  return { data: data.map((x) => 1 / (1 + Math.exp(-x))), shape };
};
const signs = (...shape) => {
  const { data } = drawn(...shape);
  return { data: data.map((x) => Math.sign(x) || 1), shape };
};
const ids = (count, classes, first = 0) =>
  Int32Array.from({ length: count }, () => first + random.integer(classes - first));

/** Calls a loss on the same arguments again and again; each result is written where the first one is. */
function again(loss, outputs, targets, options) {
  const first = loss(outputs, targets, options);
  const given = { ...options, into: first };
  return () => loss(outputs, targets, given);
}

/** Rows that are distributions over the classes. */
function distributions(rows, classes) {
  const { data } = chances(rows, classes);
  for (let start = 0; start < data.length; start += classes) {
    const row = data.subarray(start, start + classes);
    const sum = row.reduce((total, x) => total + x, 0);
    for (let k = 0; k < classes; k++) row[k] /= sum;
  }
  return { data, shape: [rows, classes] };
}

export const steps = {
  meanSquaredError: () => again(seqloss.meanSquaredError, drawn(32, 50, 2), drawn(32, 50, 2)),
  meanAbsoluteError: () => again(seqloss.meanAbsoluteError, drawn(32, 50, 2), drawn(32, 50, 2)),
  huberLoss: () => again(seqloss.huberLoss, drawn(32, 50, 2), drawn(32, 50, 2)),
  quantileLoss: () => again(seqloss.quantileLoss, drawn(32, 50, 2), drawn(32, 50, 2), { quantile: [0.1, 0.9] }),
  hingeLoss: () => again(seqloss.hingeLoss, drawn(32, 50), signs(32, 50)),
  sequenceHingeLoss: () => again(seqloss.sequenceHingeLoss, drawn(32, 50), signs(32, 50)),
  binaryCrossEntropy: () => again(seqloss.binaryCrossEntropy, drawn(32, 50, 2), chances(32, 50, 2)),
  focalLoss: () => again(seqloss.focalLoss, drawn(32, 50), chances(32, 50)),
  crossEntropy: () => again(seqloss.crossEntropy, drawn(32, 100, 32), ids(3200, 32)),
  "crossEntropy of distributions": () => again(seqloss.crossEntropy, drawn(400, 32), distributions(400, 32)),
  "crossEntropy, smoothed": () => again(seqloss.crossEntropy, drawn(400, 32), ids(400, 32), { labelSmoothing: 0.1 }),
  "crossEntropy, ragged": () =>
    again(seqloss.crossEntropy, drawn(32, 20, 32), ids(32 * 20, 32), {
      lengths: Int32Array.from({ length: 32 }, (_, b) => 1 + (b % 20)),
      ignoreIndex: 3,
    }),
  sequenceCrossEntropy: () => again(seqloss.sequenceCrossEntropy, drawn(32, 20, 32), ids(640, 32)),
  categoricalCrossEntropy: () => again(seqloss.categoricalCrossEntropy, drawn(400, 32), distributions(400, 32)),
  negativeLogLikelihood: () => again(seqloss.negativeLogLikelihood, drawn(32, 20, 32), ids(640, 32)),
  multiclassHingeLoss: () => again(seqloss.multiclassHingeLoss, drawn(32, 20, 8), ids(640, 8)),
  ctcLoss: () =>
    again(seqloss.ctcLoss, drawn(16, 60, 29), ids(16 * 10, 29, 1), { labelLengths: new Int32Array(16).fill(10) }),
  transducerLoss: () =>
    again(seqloss.transducerLoss, drawn(4, 20, 6, 16), ids(4 * 5, 16, 1), { labelLengths: new Int32Array(4).fill(5) }),
  crfLoss: () => again(seqloss.crfLoss, drawn(16, 20, 9), ids(16 * 20, 9), { transitions: drawn(9, 9) }),
  "crfLoss, long": () => again(seqloss.crfLoss, drawn(4, 100, 9), ids(4 * 100, 9), { transitions: drawn(9, 9) }),
  structuredHingeLoss: () =>
    again(seqloss.structuredHingeLoss, drawn(16, 20, 9), ids(16 * 20, 9), { transitions: drawn(9, 9) }),
};
