import { toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import type { TensorLike } from "../core/tensor.js";
import { checkGradient, type Difference, type GradientCheckOptions } from "./checkGradient.js";
import { type LossFunction, type LossOptions, planReduction, readSequenceWeights } from "./reduction.js";
import { gradientBuffer, lossesBuffer, lossResult } from "./result.js";

/** The real steps of one sequence: [T] or [T, …], in float64. */
export interface SequenceOutputs {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

/** The loss of one sequence, and its gradient: a number for each of its outputs. */
export type SequenceLoss<Target> = (
  outputs: SequenceOutputs,
  target: Target,
) => { readonly value: number; readonly grad: ArrayLike<number> };

export interface CustomLossOptions {
  /** What errors call the loss. Default `customLoss`. */
  readonly name?: string;
  /**
   * The first gradient that is wanted is compared with central differences, as `checkGradient` does, and an error thrown where
   * they disagree. False leaves that out: for gradients by automatic differentiation, most of all in float32. Default true.
   */
  readonly check?: boolean | GradientCheckOptions;
}

/**
 * A loss of your own, with all that the others have: batches, lengths, weights, reductions, `into`, `upstream`. Write the loss
 * of one sequence and its gradient; padding is never handed over. The gradient comes by hand, and is checked; or from
 * `tensorflowGradient` or `jaxGradient`.
 *
 * @param sequenceLoss value and gradient of one sequence, given its own target
 * @returns a loss of outputs [B, T, …] and B targets; a mean is per sequence unless said otherwise
 * @throws SeqlossError, when called: targets or gradients of a wrong size (LENGTH), a gradient that differences contradict
 *   (VALUE)
 * @example
 * const square = customLoss(({ data }, target) => ({ value: (data[0] - target) ** 2, grad: [2 * (data[0] - target)] }));
 * square([[3]], [1]).value // 4
 */
export function customLoss<Target>(
  sequenceLoss: SequenceLoss<Target>,
  { name = "customLoss", check = true }: CustomLossOptions = {},
): LossFunction<TensorLike, ArrayLike<Target>> {
  let unchecked = check !== false;
  return (outputs, targets, options: LossOptions = {}) => {
    const lengths = options.lengths;
    const batch = toBatch(outputs, { where: name, argument: "outputs", classes: false }, lengths);
    if (targets.length !== batch.batch) {
      const expected = `${batch.batch}, one for each sequence`;
      throw new SeqlossError(name, "LENGTH", { argument: "the number of targets", expected, found: targets.length });
    }
    const weights = readSequenceWeights(name, options.weights, batch);
    const counts = { steps: batch.lengths, labels: batch.lengths };
    const reduction = planReduction(name, options, batch.batch, options.per ?? "sequence", counts, weights);
    const data = gradientBuffer(name, options, batch.data);
    const inner = batch.shape.slice(2);
    const losses = lossesBuffer(name, options, batch.batch);
    const sequenceOf = (b: number) => {
      const start = b * batch.time * batch.width;
      const real = Float64Array.from(batch.data.subarray(start, start + batch.lengths[b] * batch.width));
      const sequence = { data: real, shape: [batch.lengths[b], ...inner] };
      const { value, grad } = sequenceLoss(sequence, targets[b]);
      if (data.length === 0 || reduction.coefficients[b] === 0) return value;
      checkSize(name, b, grad, real.length);
      if (unchecked && real.length > 0 && Number.isFinite(value)) {
        unchecked = !compare(name, sequenceLoss, sequence, targets[b], check === true ? {} : (check as object), b);
      }
      for (let i = 0; i < real.length; i++) data[start + i] = reduction.coefficients[b] * grad[i];
      return value;
    };
    for (let b = 0; b < losses.length; b++) losses[b] = sequenceOf(b);
    return lossResult(options, reduction, losses, data, batch.shape);
  };
}

function checkSize(where: string, b: number, grad: ArrayLike<number>, expected: number): void {
  if (grad.length === expected) return;
  throw new SeqlossError(where, "LENGTH", {
    argument: `the size of the gradient of sequence ${b}`,
    expected: `${expected}, a number for each real output`,
    found: grad.length,
  });
}

/** Compares with differences; false where corners left nothing to compare. */
function compare<Target>(
  where: string,
  sequenceLoss: SequenceLoss<Target>,
  outputs: SequenceOutputs,
  target: Target,
  options: GradientCheckOptions,
  b: number,
): boolean {
  const { passed, checked, worst } = checkGradient(
    (point) => {
      const { value, grad } = sequenceLoss({ data: Float64Array.from(point.data), shape: point.shape }, target);
      return { value, grad: { data: Float64Array.from(grad), shape: point.shape } };
    },
    outputs,
    undefined,
    {},
    options,
  );
  if (!passed) {
    const { index, analytic, numeric } = worst as Difference;
    throw new SeqlossError(where, "VALUE", {
      argument:
        index.length > 0 ? `the gradient of sequence ${b} at [${index.join(", ")}]` : `the gradient of sequence ${b}`,
      expected: `${numeric}, as differences of the loss give`,
      found: analytic,
      advice: "One of the two is wrong: the loss, or the gradient that is written beside it.",
    });
  }
  return checked > 0;
}
