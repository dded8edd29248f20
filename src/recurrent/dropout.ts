import { SeqlossError } from "../core/errors.js";
import type { Random } from "../core/random.js";
import type { Tensor } from "../core/tensor.js";
import { checkInput, type Layer, missingGenerator, readGradient, type SequenceBatch } from "./layer.js";

export interface DropoutOptions {
  /** What is dropped of a sequence is dropped at all its steps (Gal and Ghahramani 2016). Default false. */
  readonly variational?: boolean;
}

/**
 * In training, sets each number to 0 with probability `rate` and divides the others by 1 − rate (Srivastava et al. 2014);
 * otherwise passes its input on. Draws from the context's generator, once for each number of a real step (variational: of a
 * sequence), so that what is dropped does not depend on the padding.
 *
 * @throws SeqlossError when the rate is not in [0, 1), or training has no generator to draw from
 * @example
 * dropout(0.5).forward({ data: new Float32Array(2), shape: [1, 1, 2], lengths: Int32Array.of(1) }).data.length // 2
 */
export function dropout(rate: number, { variational = false }: DropoutOptions = {}): Layer {
  if (!(rate >= 0 && rate < 1)) {
    throw new SeqlossError("dropout", "VALUE", { argument: "rate", expected: "a number in [0, 1)", found: rate });
  }
  let factors: Float32Array | undefined;
  let shape: readonly number[] | undefined;
  return {
    parameters: [],
    structure: { kind: "identity" },
    forward(input, { training = false, random } = {}) {
      checkInput("dropout", input, input.shape[2]);
      shape = input.shape;
      factors = undefined;
      if (!training || rate === 0) return input;
      if (random === undefined) throw missingGenerator("dropout");
      factors = variational ? drawOnce(rate, input, random) : drawFactors(rate, input, random);
      return { ...input, data: scaled(input.data, factors) };
    },
    backward(gradOutput: Tensor) {
      const grad = readGradient("dropout", gradOutput, shape);
      return { data: factors === undefined ? grad : scaled(grad, factors), shape: gradOutput.shape };
    },
    dispose() {},
  };
}

/** 0 or 1 / (1 − rate) for each number of a real step, 0 on padding. */
function drawFactors(rate: number, { shape: [, T, F], lengths, data }: SequenceBatch, random: Random): Float32Array {
  const factors = new Float32Array(data.length);
  lengths.forEach((length, b) => {
    const start = b * T * F;
    for (let i = start; i < start + length * F; i++) factors[i] = random.uniform() < rate ? 0 : 1 / (1 - rate);
  });
  return factors;
}

/** The same for all real steps of a sequence. */
function drawOnce(rate: number, { shape: [, T, F], lengths, data }: SequenceBatch, random: Random): Float32Array {
  const factors = new Float32Array(data.length);
  const mask = new Float32Array(F);
  lengths.forEach((length, b) => {
    for (let j = 0; j < F; j++) mask[j] = random.uniform() < rate ? 0 : 1 / (1 - rate);
    for (let t = 0; t < length; t++) factors.set(mask, (b * T + t) * F);
  });
  return factors;
}

/** A factor of 0 makes 0 of anything, also of a NaN that stands on padding. */
function scaled(data: Float32Array, factors: Float32Array): Float32Array {
  return factors.map((factor, i) => (factor === 0 ? 0 : factor * data[i]));
}
