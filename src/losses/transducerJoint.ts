import { type Batch, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { labelLists } from "../core/labelSequences.js";
import type { Labels } from "../core/labels.js";
import { logSoftmax } from "../core/numeric.js";
import { type FloatArray, flatten, isTensor, type Nested, type Tensor, type TensorLike } from "../core/tensor.js";
import { checkRows, readTransducerLabels } from "../core/transducerBatch.js";
import { transducerSequence } from "../reference/transducer.js";
import { checkChoice, type LossResult, planReduction, readSequenceWeights } from "./reduction.js";
import { gradientBuffer, lossResult } from "./result.js";
import type { TransducerOptions } from "./transducer.js";

/** What the frames and the labels written so far contribute to each cell's logits. */
export interface JointInputs {
  /** [B, T, H], the encoder's output at each frame. */
  readonly encoder: TensorLike;
  /** [B, U+1, H], the predictor's output after 0..U labels. */
  readonly predictor: TensorLike;
}

export interface TransducerJointOptions extends Omit<TransducerOptions, "inputs" | "into" | "dialect"> {
  /** [V, H], logits = weight · activation(encoder + predictor) + bias. Without it their sum is the logits, and H = V. */
  readonly weight?: TensorLike;
  /** [V]. Default zeros. Only with `weight`. */
  readonly bias?: ArrayLike<number>;
  /** What the sum passes through. Default `tanh` with a weight, `none` without. */
  readonly activation?: "tanh" | "relu" | "none";
}

export interface TransducerJointResult extends LossResult {
  /** [B, U+1, H], d value / d predictor. `grad` is d value / d encoder. */
  readonly gradPredictor: Tensor;
  /** [V, H]; empty without a weight. */
  readonly gradWeight: Tensor;
  /** [V]; empty without a weight. */
  readonly gradBias: Tensor;
}

const activations = {
  tanh: { of: Math.tanh, slope: (y: number) => 1 - y * y },
  relu: { of: (x: number) => Math.max(x, 0), slope: (y: number) => Number(y > 0) },
  none: { of: (x: number) => x, slope: () => 1 },
};

/**
 * `transducerLoss` with the joint network inside: logits[t, u] = weight · activation(encoder[t] + predictor[u]) + bias, computed
 * cell by cell, twice, instead of stored as [B, T, U+1, V]. In float64.
 *
 * @param inputs encoder [B, T, H] and predictor [B, U+1, H]; padding is never read
 * @param labels as in `transducerLoss`
 * @returns the gradients of the encoder (`grad`), the predictor, the weight and the bias
 * @throws SeqlossError as `transducerLoss` does, and when the joint's shapes disagree (SHAPE)
 * @example
 * const zero = [[[0, 0, 0], [0, 0, 0]]];
 * transducerJointLoss({ encoder: zero, predictor: zero }, [[1]]).value // 2.6027 = 3 ln 3 − ln 2
 */
export function transducerJointLoss(
  inputs: JointInputs,
  labels: Labels,
  options: TransducerJointOptions = {},
): TransducerJointResult {
  const where = "transducerJointLoss";
  const { zeroInfinity = false } = options;
  const { weight: _, ...shared } = options;
  const encoder = readSteps(where, "encoder", inputs.encoder);
  const predictor = readSteps(where, "predictor", inputs.predictor);
  if (encoder.batch !== predictor.batch || encoder.width !== predictor.width) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of predictor",
      expected: `[${encoder.batch}, labels + 1, ${encoder.width}], like the encoder`,
      found: predictor.shape,
    });
  }
  const joint = readJoint(where, options, encoder.width);
  const read = readTransducerLabels(where, labels, encoder.batch, encoder.time, joint.classes, options);
  if (encoder.batch > 0) checkRows(where, "the second extent of predictor", predictor.time, read.labels);
  const weights = readSequenceWeights(where, options.weights, { ...encoder, lengths: read.lengths });
  const labelled = labelLists(read.labels);
  const counts = { steps: read.lengths, labels: labelled.map((label) => label.length) };
  const reduction = planReduction(where, shared, encoder.batch, options.per ?? "sequence", counts, weights);
  const wanted = options.gradient !== false;
  const gradients = {
    encoder: gradientBuffer(where, { gradient: wanted }, encoder.data),
    predictor: gradientBuffer(where, { gradient: wanted }, predictor.data),
    weight: new Float64Array(wanted ? joint.weight.length : 0),
    bias: new Float64Array(wanted && joint.weight.length > 0 ? joint.classes : 0),
  };
  const losses = new Float64Array(encoder.batch);
  for (let b = 0; b < encoder.batch; b++) {
    const parts = { encoder, predictor, joint, label: labelled[b], frames: read.lengths[b], blank: read.blank };
    const loss = sequence(parts, b, wanted ? reduction.coefficients[b] : 0, gradients);
    losses[b] = zeroInfinity && loss === Number.POSITIVE_INFINITY ? 0 : loss;
  }
  const sized = (data: FloatArray, shape: readonly number[]): Tensor => ({
    data,
    shape: data.length > 0 ? shape : [0],
  });
  return {
    ...lossResult({ gradient: wanted }, reduction, losses, gradients.encoder, encoder.shape),
    gradPredictor: sized(gradients.predictor, predictor.shape),
    gradWeight: sized(gradients.weight, [joint.classes, encoder.width]),
    gradBias: sized(gradients.bias, [joint.classes]),
  };
}

function readSteps(where: string, argument: string, given: TensorLike): Batch {
  const batch = toBatch(given, { where, argument, classes: true });
  if (batch.shape.length === 3) return batch;
  const expected = argument === "encoder" ? "[batch, frames, units]" : "[batch, labels + 1, units]";
  throw new SeqlossError(where, "SHAPE", { argument: `the shape of ${argument}`, expected, found: batch.shape });
}

interface Joint {
  readonly classes: number;
  /** V×H; empty where the sum itself is the logits. */
  readonly weight: Float64Array;
  readonly bias: Float64Array;
  readonly activation: (typeof activations)[keyof typeof activations];
}

function readJoint(where: string, { weight, bias, activation }: TransducerJointOptions, H: number): Joint {
  const chosen = activation ?? (weight === undefined ? "none" : "tanh");
  checkChoice(where, "activation", chosen, Object.keys(activations));
  if (weight === undefined) {
    if (bias !== undefined) {
      const details = { argument: "bias", expected: "to come with a weight", found: Array.from(bias) };
      throw new SeqlossError(where, "OPTION", details);
    }
    return { classes: H, weight: new Float64Array(0), bias: new Float64Array(H), activation: activations[chosen] };
  }
  const { data, shape } = isTensor(weight) ? weight : flatten(where, "weight", weight as Nested);
  if (shape.length !== 2 || shape[1] !== H || shape[0] === 0) {
    const details = { argument: "the shape of weight", expected: `[classes, ${H}]`, found: shape };
    throw new SeqlossError(where, "SHAPE", details);
  }
  if (bias !== undefined && bias.length !== shape[0]) {
    const details = { argument: "the size of bias", expected: `${shape[0]}, one for each class`, found: bias.length };
    throw new SeqlossError(where, "LENGTH", details);
  }
  return {
    classes: shape[0],
    weight: Float64Array.from(data),
    bias: bias === undefined ? new Float64Array(shape[0]) : Float64Array.from(bias),
    activation: activations[chosen],
  };
}

interface Parts {
  readonly encoder: Batch;
  readonly predictor: Batch;
  readonly joint: Joint;
  readonly label: Int32Array;
  readonly frames: number;
  readonly blank: number;
}

interface Gradients {
  readonly encoder: FloatArray;
  readonly predictor: FloatArray;
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

/** One sequence: logits of each cell once for the recursions, and once more for the gradient. */
function sequence(parts: Parts, b: number, coefficient: number, gradients: Gradients): number {
  const { encoder, predictor, joint, label, frames: T, blank } = parts;
  const [U, H, V] = [label.length, encoder.width, joint.classes];
  const hidden = new Float64Array(H);
  const frameAt = (t: number) => (b * encoder.time + t) * H;
  const rowAt = (u: number) => (b * predictor.time + u) * H;
  const logits = new Float64Array(V);
  const logProbs = new Float64Array(V);
  const compute = (t: number, u: number) => {
    for (let h = 0; h < H; h++)
      hidden[h] = joint.activation.of(encoder.data[frameAt(t) + h] + predictor.data[rowAt(u) + h]);
    for (let k = 0; k < V; k++) {
      let sum = joint.bias[k];
      if (joint.weight.length === 0) sum += hidden[k];
      else for (let h = 0; h < H; h++) sum += joint.weight[k * H + h] * hidden[h];
      logits[k] = sum;
    }
    logSoftmax(logits, 0, V, logProbs);
  };
  const onBlank = new Float64Array(T * (U + 1));
  const onLabel = new Float64Array(T * (U + 1));
  for (let t = 0; t < T; t++) {
    for (let u = 0; u <= U; u++) {
      compute(t, u);
      onBlank[t * (U + 1) + u] = logProbs[blank];
      if (u < U) onLabel[t * (U + 1) + u] = logProbs[label[u]];
    }
  }
  const result = transducerSequence({ frames: T, labels: U, blank: onBlank, label: onLabel });
  if (coefficient === 0 || result.loss === Number.POSITIVE_INFINITY) return result.loss;
  const slopes = new Float64Array(V);
  for (let t = 0; t < T; t++) {
    for (let u = 0; u <= U; u++) {
      const i = t * (U + 1) + u;
      const nan = Number.isNaN(result.loss);
      const [blanks, writes] = nan ? [Number.NaN, Number.NaN] : [result.blankPosterior[i], result.labelPosterior[i]];
      if (blanks + writes === 0) continue;
      compute(t, u);
      for (let k = 0; k < V; k++) slopes[k] = coefficient * (blanks + writes) * Math.exp(logProbs[k]);
      slopes[blank] -= coefficient * blanks;
      if (u < U) slopes[label[u]] -= coefficient * writes;
      spread(joint, hidden, slopes, gradients, frameAt(t), rowAt(u));
    }
  }
  return result.loss;
}

/** From the slopes of one cell's logits to those of the joint, the frame and the row. */
function spread(
  { weight, classes, activation }: Joint,
  hidden: Float64Array,
  slopes: Float64Array,
  gradients: Gradients,
  frame: number,
  row: number,
): void {
  const H = hidden.length;
  const direct = weight.length === 0;
  for (let h = 0; h < H; h++) {
    let sum = direct ? slopes[h] : 0;
    if (!direct) {
      for (let k = 0; k < classes; k++) {
        sum += weight[k * H + h] * slopes[k];
        gradients.weight[k * H + h] += slopes[k] * hidden[h];
      }
    }
    sum *= activation.slope(hidden[h]);
    gradients.encoder[frame + h] += sum;
    gradients.predictor[row + h] += sum;
  }
  if (!direct) for (let k = 0; k < classes; k++) gradients.bias[k] += slopes[k];
}
