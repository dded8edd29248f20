import { labelsOf } from "../core/labelSequences.js";
import type { Labels } from "../core/labels.js";
import { logSoftmax } from "../core/numeric.js";
import type { TensorLike } from "../core/tensor.js";
import { readTransducer, type TransducerBatch, type TransducerLayout } from "../core/transducerBatch.js";
import { indicesOf, type Workspace, withWorkspace } from "../core/workspace.js";
import { hasKernels } from "../kernels/engine.js";
import { transducerSequences } from "../kernels/transducer.js";
import { transducerSequence } from "../reference/transducer.js";
import { type Conventions, type DialectOption, inDialect } from "./dialect.js";
import {
  checkChoice,
  countsOf,
  type LossOptions,
  type LossResult,
  planReduction,
  readSequenceWeights,
} from "./reduction.js";
import { gradientBuffer, lossesBuffer, lossResult } from "./result.js";

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
  return withWorkspace(lossIn, where, logits, labels, options);
}

const INPUTS = ["logits", "logProbs"];

function lossIn(
  workspace: Workspace,
  where: string,
  logits: TensorLike,
  labels: Labels,
  options: TransducerOptions,
): LossResult {
  const { inputs = "logits", zeroInfinity = false, per = "sequence" } = options;
  checkChoice(where, "inputs", inputs, INPUTS);
  const batch = readTransducer(where, logits, labels, options, workspace);
  const weights = readSequenceWeights(where, options.weights, batch, workspace);
  const counts = countsOf(batch.lengths, batch.labels, workspace);
  const reduction = planReduction(where, options, batch.batch, per, counts, weights, workspace);
  const fast = batch.data instanceof Float32Array && inputs === "logits" && hasKernels();
  const grad = gradientBuffer(where, options, batch.data, !fast);
  const losses = lossesBuffer(where, options, batch.batch).fill(Number.POSITIVE_INFINITY);
  if (fast) kernelLosses(batch, reduction.coefficients, losses, grad as Float32Array, workspace);
  else {
    for (let b = 0; b < losses.length; b++) {
      losses[b] = sequence(batch, b, inputs, grad.length > 0 ? reduction.coefficients[b] : 0, grad);
    }
  }
  for (let b = 0; b < losses.length && zeroInfinity; b++) {
    if (losses[b] === Number.POSITIVE_INFINITY) losses[b] = 0;
  }
  return lossResult(options, reduction, losses, grad, batch.shape);
}

/** `torch`: torchaudio's `rnnt_loss`, whose blank is the last class unless said otherwise. */
const dialects: Conventions<TransducerOptions> = { torch: { defaults: (shape) => ({ blank: shape[3] - 1 }) } };

const hasFrames = (b: number, { lengths }: TransducerBatch): boolean => lengths[b] > 0;

function kernelLosses(
  batch: TransducerBatch,
  coefficients: Float64Array,
  losses: Float64Array,
  grad: Float32Array,
  workspace: Workspace,
): void {
  const { time, rows, width: classes, lengths } = batch;
  // the kernel writes the real frames of what counts; here the rest
  const size = time * rows * classes;
  for (let b = 0; b < losses.length && grad.length > 0; b++) {
    const written = coefficients[b] === 0 ? 0 : lengths[b] * rows * classes;
    grad.fill(0, b * size + written, (b + 1) * size);
  }
  const included = indicesOf(workspace, losses.length, hasFrames, batch);
  transducerSequences(batch, included, coefficients, losses, grad, workspace);
}

function sequence(
  { data, time, rows, width: V, lengths, labels, blank }: TransducerBatch,
  b: number,
  inputs: "logits" | "logProbs",
  coefficient: number,
  grad: { [index: number]: number },
): number {
  const label = labelsOf(labels, b);
  const [T, U] = [lengths[b], label.length];
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
    if (u < U) onLabel[i] = logs[label[u]];
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
    if (u < U) grad[start + label[u]] -= coefficient * writes;
  }
  return result.loss;
}
