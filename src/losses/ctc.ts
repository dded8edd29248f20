import { type Batch, type BatchLayout, NO_BATCH, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import {
  checkBlank,
  frameLengths,
  labelsOf,
  NO_LABELS,
  type PackedLabels,
  packLabels,
} from "../core/labelSequences.js";
import { isRagged, type Labels } from "../core/labels.js";
import { type FloatArray, NO_DOUBLES, NO_FLOATS, type TensorLike } from "../core/tensor.js";
import { indicesOf, type Reused, type Workspace, withWorkspace } from "../core/workspace.js";
import { ctcSequences } from "../kernels/ctc.js";
import { hasKernels } from "../kernels/engine.js";
import { UNCERTAIN } from "../kernels/sequenceCalls.js";
import { confidentLoss, ctcSequence, framesNeeded, logSoftmaxFrames } from "../reference/ctc.js";
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

export interface CtcOptions extends LossOptions, DialectOption {
  /** The class that stands for no label, in 0..V-1. Default 0. */
  readonly blank?: number;
  /** Real frames of each sequence; another name for `lengths`. */
  readonly logitLengths?: ArrayLike<number>;
  /** Real labels of each sequence: where flat labels end, or where padded lists do. */
  readonly labelLengths?: ArrayLike<number>;
  /** True makes an impossible label cost 0 instead of Infinity; its gradient is zero either way. Default false. */
  readonly zeroInfinity?: boolean;
  /** What an impossible label costs, with a zero gradient. Default Infinity, or 0 with `zeroInfinity`. */
  readonly impossibleCost?: number;
  /**
   * What the outputs are. `logits`: the softmax is part of the loss. `logProbs`: log-probabilities, taken as they are.
   * `scores`: unnormalised log-scores; the loss is −ln of the sum over alignments and may be negative. Default `logits`.
   * The gradient is with respect to what is given.
   */
  readonly inputs?: "logits" | "logProbs" | "scores";
}

/**
 * Connectionist temporal classification: −ln of the probability that the frames read as the labels, summed over every
 * alignment, and its gradient (Graves et al. 2006, eq. 8 and 16).
 *
 * Shapes: B sequences, T frames, V classes, U labels. A label fits when U + (equal neighbours) ≤ its frames; one that does
 * not fit, or that needs a class at -Infinity throughout, costs Infinity and has a zero gradient. NaN or +Infinity in a real
 * frame makes that sequence's loss and gradient NaN, and no other's.
 *
 * @param logits [B, T, V]; padding past a sequence's length is never read
 * @param labels ids in 0..V-1 other than the blank: ragged `number[][]`, or flat with `labelLengths`
 * @param options a mean is per sequence unless said otherwise; `per: "label"` divides each loss by its label's length, as
 *   PyTorch's mean does
 * @throws SeqlossError when a length is out of range (LENGTH), an id is, or is the blank (LABEL), or the blank is (VALUE)
 * @example
 * ctcLoss(zeros([1, 3, 4]), [[1, 2]]).value // 2.549445 = 3 ln 4 − ln 5: five alignments of (1/4)³ each
 */
export function ctcLoss(logits: TensorLike, labels: Labels, options: CtcOptions = {}): LossResult {
  const where = "ctcLoss";
  if (options.dialect !== undefined) return inDialect(where, ctcLoss, dialects, logits, labels, options);
  return withWorkspace(lossIn, where, logits, labels, options);
}

const INPUTS = ["logits", "logProbs", "scores"];

function lossIn(
  workspace: Workspace,
  where: string,
  logits: TensorLike,
  labels: Labels,
  options: CtcOptions,
): LossResult {
  const { blank = 0, inputs = "logits" } = options;
  checkChoice(where, "inputs", inputs, INPUTS);
  const cost = costOfImpossible(where, options);
  const batch = readFrames(where, logits, options, workspace);
  const { batch: size, width: classes } = batch;
  checkBlank(where, blank, classes);
  const work = workspace.object("ctc", CtcWork);
  work.batch = batch;
  work.blank = blank;
  work.inputs = inputs;
  work.labels = packLabels(where, labels, size, classes, blank, options.labelLengths, workspace);
  const weights = readSequenceWeights(where, options.weights, batch, workspace);
  const counts = countsOf(batch.lengths, work.labels, workspace);
  const reduction = planReduction(where, options, size, options.per ?? "sequence", counts, weights, workspace);
  const fast = batch.data instanceof Float32Array && inputs === "logits" && hasKernels();
  const losses = lossesBuffer(where, options, size).fill(Number.POSITIVE_INFINITY);
  work.coefficients = reduction.coefficients;
  work.grad = gradientBuffer(where, options, batch.data, !fast);
  if (fast) kernelLosses(work, losses, workspace);
  else for (let b = 0; b < size; b++) if (fits(b, work)) losses[b] = referenceSequence(work, b);
  if (cost !== Number.POSITIVE_INFINITY) {
    for (let b = 0; b < size; b++) if (losses[b] === Number.POSITIVE_INFINITY) losses[b] = cost;
  }
  return lossResult(options, reduction, losses, work.grad, batch.shape);
}

const FRAMES: BatchLayout = { where: "ctcLoss", argument: "logits", classes: true, lengthsArgument: "lengths" };
const FRAMES_OF_LOGITS: BatchLayout = { ...FRAMES, lengthsArgument: "logitLengths" };

function readFrames(where: string, logits: TensorLike, options: CtcOptions, workspace: Workspace): Batch {
  const layout = options.logitLengths === undefined ? FRAMES : FRAMES_OF_LOGITS;
  const batch = toBatch(logits, layout, frameLengths(where, options), workspace);
  if (batch.shape.length === 3) return batch;
  throw new SeqlossError(where, "SHAPE", {
    argument: "the shape of logits",
    expected: "[batch, frames, classes]",
    found: batch.shape,
  });
}

/** TensorFlow and optax count a forbidden step as very improbable: a label costs about this much. */
const NEVER = { tensorflow: 707, optax: 1e5 };

/**
 * `torch`: `nn.CTCLoss` of [T, B, V]. `tensorflow`: `tf.nn.ctc_loss` with its `blank_index` of 0, of [T, B, V]. `keras`:
 * `losses.CTC`, whose labels are padded with the blank. `optax`: `ctc_loss`, of [B, T, V].
 */
const dialects: Conventions<CtcOptions> = {
  torch: { swaps: "time first", defaults: () => ({ per: "label" }) },
  tensorflow: { swaps: "time first", defaults: () => ({ reduction: "none", impossibleCost: NEVER.tensorflow }) },
  keras: { defaults: () => ({ impossibleCost: NEVER.tensorflow }), targets: withoutTrailingZeros },
  optax: { defaults: () => ({ reduction: "none", impossibleCost: NEVER.optax }) },
};

function withoutTrailingZeros(labels: Labels): Labels {
  if (!isRagged(labels)) return labels;
  return labels.map((label) => label.slice(0, 1 + label.findLastIndex((id) => id !== 0)));
}

function costOfImpossible(where: string, { zeroInfinity = false, impossibleCost }: CtcOptions): number {
  const cost = zeroInfinity ? 0 : (impossibleCost ?? Number.POSITIVE_INFINITY);
  if (cost >= 0) return cost;
  const details = { argument: "impossibleCost", expected: "a number of at least 0", found: impossibleCost };
  throw new SeqlossError(where, "VALUE", details);
}

/** What the losses are computed from, and the gradient. */
class CtcWork implements Reused {
  batch: Batch = NO_BATCH;
  labels: PackedLabels = NO_LABELS;
  blank = 0;
  inputs: NonNullable<CtcOptions["inputs"]> = "logits";
  /** d value / d losses[b]. */
  coefficients = NO_DOUBLES;
  /** Empty where no gradient is wanted. */
  grad: FloatArray = NO_FLOATS;

  forget(): void {
    this.grad = NO_FLOATS;
  }
}

function fits(b: number, { batch, labels: { ids, starts } }: CtcWork): boolean {
  return batch.lengths[b] >= framesNeeded(ids, starts[b], starts[b + 1]);
}

const hasFrames = (b: number, work: CtcWork): boolean => work.batch.lengths[b] > 0 && fits(b, work);

function kernelLosses(work: CtcWork, losses: Float64Array, workspace: Workspace): void {
  const { batch, labels, blank, coefficients } = work;
  const { lengths } = batch;
  const grad = work.grad as Float32Array;
  const included = indicesOf(workspace, losses.length, hasFrames, work);
  clearUnwritten(batch, included, coefficients, grad);
  ctcSequences(batch, labels, blank, included, coefficients, losses, grad, workspace);
  for (let b = 0; b < losses.length; b++) {
    if (losses[b] === UNCERTAIN) losses[b] = referenceSequence(work, b);
    if (lengths[b] === 0 && labels.starts[b] === labels.starts[b + 1]) losses[b] = 0;
  }
}

/** Zeros where the kernel writes nothing: it writes the real frames of the included sequences that count. */
function clearUnwritten(
  { batch, time, width, lengths }: Batch,
  included: Int32Array,
  coefficients: Float64Array,
  grad: Float32Array,
): void {
  const size = time * width;
  for (let b = 0, n = 0; b < batch && grad.length > 0; b++) {
    const computed = included[n] === b;
    if (computed) n++;
    const written = computed && coefficients[b] !== 0 ? lengths[b] * width : 0;
    grad.fill(0, b * size + written, (b + 1) * size);
  }
}

/** A loss this small is computed again from the probability of everything else. */
const CONFIDENT = 0.2;

/** One sequence in float64; writes coefficient · gradient into its rows of `grad`. */
function referenceSequence({ batch, labels, blank, inputs, coefficients, grad }: CtcWork, b: number): number {
  const { data, time, width, lengths } = batch;
  const label = labelsOf(labels, b);
  const start = b * time * width;
  const given = { data: data.subarray(start, start + lengths[b] * width), frames: lengths[b], classes: width };
  const logProbs = inputs === "logits" ? { ...given, data: logSoftmaxFrames(given) } : given;
  const coefficient = coefficients[b];
  const wanted = grad.length > 0 && coefficient !== 0;
  if (inputs === "logits" && logProbs.data.some(Number.isNaN)) {
    if (wanted) grad.fill(Number.NaN, start, start + logProbs.data.length);
    return Number.NaN;
  }
  const { loss, posterior } = ctcSequence(logProbs, label, blank);
  if (wanted && loss !== Number.POSITIVE_INFINITY) {
    for (let i = 0; i < posterior.length; i++) {
      const share = inputs === "logits" ? Math.exp(logProbs.data[i]) : 0;
      grad[start + i] = coefficient * (share - posterior[i]); // ctc.md (7)
    }
  }
  return inputs === "logits" && loss < CONFIDENT ? confidentLoss(logProbs, label, blank) : loss;
}
