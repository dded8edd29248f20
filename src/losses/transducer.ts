import type { Labels } from "../core/labels.js";
import { logSoftmax } from "../core/numeric.js";
import type { FloatArray, TensorLike } from "../core/tensor.js";
import { readTransducer, type TransducerBatch, type TransducerLayout } from "../core/transducerBatch.js";
import { hasKernels } from "../kernels/engine.js";
import { transducerSequences } from "../kernels/transducer.js";
import { transducerSequence } from "../reference/transducer.js";
import { type Conventions, type DialectOption, inDialect } from "./dialect.js";
import {
  checkChoice,
  gradientBuffer,
  type LossOptions,
  type LossResult,
  planReduction,
  readSequenceWeights,
} from "./reduction.js";

export interface TransducerOptions extends LossOptions, DialectOption, Omit<TransducerLayout, "lengths"> {
  /** `logits`: the softmax is part of the loss. `logProbs`: taken as they are. The gradient is with respect to what is given. Default `logits`. */
  readonly inputs?: "logits" | "logProbs";
  /** True makes impossible labels cost 0 instead of Infinity; their gradient is zero either way. Default false. */
  readonly zeroInfinity?: boolean;
}

/**
 * Transducer loss (RNN-T, Graves 2012): −ln of the probability of the labels, summed over every way to write them while the
 * frames are read. At each cell (t, u) a blank goes to the next frame and a label stays; a last blank ends.
 *
 * Shapes: B sequences, T frames, U labels, V classes. Labels may be more than the frames, and may repeat. A sequence without
 * frames, or that needs a class at -Infinity, costs Infinity and has a zero gradient. NaN in a real cell makes that sequence's
 * loss and gradient NaN, and no other's. Cells past a sequence's frames or labels are never read; their gradient is 0.
 *
 * @param logits [B, T, U+1, V], U the longest label's: row u after u labels
 * @param labels ids in 0..V-1 other than the blank: ragged `number[][]`, or flat with `labelLengths`
 * @param options a mean is per sequence unless said otherwise
 * @throws SeqlossError when shapes disagree (SHAPE), a length is out of range (LENGTH), an id is, or is the blank (LABEL), or the
 *   blank is (VALUE)
 * @example
 * transducerLoss([[[[0, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]]], [[1]]).value // 2.6027 = 3 ln 3 − ln 2
 */
export function transducerLoss(logits: TensorLike, labels: Labels, options: TransducerOptions = {}): LossResult {
  const where = "transducerLoss";
  if (options.dialect !== undefined) return inDialect(where, transducerLoss, dialects, logits, labels, options);
  const { inputs = "logits", zeroInfinity = false } = options;
  checkChoice(where, "inputs", inputs, ["logits", "logProbs"]);
  const batch = readTransducer(where, logits, labels, options);
  const weights = readSequenceWeights(where, options.weights, { ...batch, width: batch.rows * batch.width });
  const counts = { steps: (b: number) => batch.lengths[b], labels: (b: number) => batch.labels[b].length };
  const reduction = planReduction(where, options, batch.batch, options.per ?? "sequence", counts, weights);
  const fast = batch.data instanceof Float32Array && inputs === "logits" && hasKernels();
  const grad = gradientBuffer(where, options, batch.data, !fast);
  const losses = computeLosses(batch, inputs, reduction.coefficients, grad, fast);
  if (zeroInfinity) losses.forEach((loss, b) => (losses[b] = loss === Number.POSITIVE_INFINITY ? 0 : loss));
  const shape = options.gradient === false ? [0] : batch.shape;
  return { ...reduction.reduce(losses), losses, grad: { data: grad, shape } };
}

/** `torch`: torchaudio's `rnnt_loss`, whose blank is the last class unless said otherwise. */
const dialects: Conventions<TransducerOptions> = { torch: { defaults: (shape) => ({ blank: shape[3] - 1 }) } };

function computeLosses(
  batch: TransducerBatch,
  inputs: "logits" | "logProbs",
  coefficients: Float64Array,
  grad: FloatArray,
  fast: boolean,
): Float64Array {
  const { data, time, rows, width: classes, lengths } = batch;
  const losses = new Float64Array(batch.batch).fill(Number.POSITIVE_INFINITY);
  if (!fast) return losses.map((_, b) => sequence(batch, b, inputs, grad.length > 0 ? coefficients[b] : 0, grad));
  // the kernel writes the real frames of what counts; here the rest
  const size = time * rows * classes;
  for (let b = 0; b < batch.batch && grad.length > 0; b++) {
    const written = coefficients[b] === 0 ? 0 : lengths[b] * rows * classes;
    grad.fill(0, b * size + written, (b + 1) * size);
  }
  const given = { ...batch, logits: data as Float32Array, classes };
  transducerSequences(given, coefficients, losses, grad as Float32Array);
  return losses;
}

function sequence(
  { data, time, rows, width: V, lengths, labels, blank }: TransducerBatch,
  b: number,
  inputs: "logits" | "logProbs",
  coefficient: number,
  grad: { [index: number]: number },
): number {
  const [T, U] = [lengths[b], labels[b].length];
  const cells = T * (U + 1);
  const at = (i: number) => ((b * time + Math.floor(i / (U + 1))) * rows + (i % (U + 1))) * V;
  const row = (i: number) =>
    inputs === "logits" ? logSoftmax(data, at(i), at(i) + V) : data.subarray(at(i), at(i) + V);
  const onBlank = new Float64Array(cells);
  const onLabel = new Float64Array(cells);
  for (let i = 0; i < cells; i++) {
    const logs = row(i);
    const u = i % (U + 1);
    onBlank[i] = logs[blank];
    if (u < U) onLabel[i] = logs[labels[b][u]];
    if (Number.isNaN(logs[blank])) onLabel[i] = Number.NaN; // a row of NaN counts, whichever of it is read
  }
  const result = transducerSequence({ frames: T, labels: U, blank: onBlank, label: onLabel });
  if (coefficient === 0 || result.loss === Number.POSITIVE_INFINITY) return result.loss;
  for (let i = 0; i < cells; i++) {
    const start = at(i);
    if (Number.isNaN(result.loss)) {
      for (let k = 0; k < V; k++) grad[start + k] = Number.NaN;
      continue;
    }
    const [blanks, writes] = [result.blankPosterior[i], result.labelPosterior[i]];
    if (inputs === "logits" && blanks + writes > 0) {
      const logs = row(i);
      for (let k = 0; k < V; k++) grad[start + k] = coefficient * (blanks + writes) * Math.exp(logs[k]); // transducer.md (7)
    }
    grad[start + blank] -= coefficient * blanks;
    const u = i % (U + 1);
    if (u < U) grad[start + labels[b][u]] -= coefficient * writes;
  }
  return result.loss;
}
