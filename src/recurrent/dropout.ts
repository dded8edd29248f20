import { SeqlossError } from "../core/errors.js";
import type { Tensor } from "../core/tensor.js";
import { asFloat32, type Layer } from "./layer.js";

/**
 * In training, sets each number to 0 with probability `rate` and divides the others by 1 − rate (Srivastava et al. 2014);
 * otherwise passes its input on. Draws from the context's generator.
 *
 * @throws SeqlossError when the rate is not in [0, 1), or training has no generator to draw from
 * @example
 * dropout(0.5).forward({ data: new Float32Array(2), shape: [1, 1, 2], lengths: Int32Array.of(1) }, { training: false }).data.length // 2
 */
export function dropout(rate: number): Layer {
  if (!(rate >= 0 && rate < 1)) {
    throw new SeqlossError("dropout", "VALUE", { argument: "rate", expected: "a number in [0, 1)", found: rate });
  }
  let factors: Float32Array | undefined;
  const scaled = (data: Float32Array) =>
    factors === undefined ? data : data.map((x, i) => x * (factors as Float32Array)[i]);
  return {
    parameters: [],
    forward(input, { training, random }) {
      factors = undefined;
      if (!training || rate === 0) return input;
      if (random === undefined) {
        throw new SeqlossError("dropout", "OPTION", {
          argument: "random",
          expected: "a generator in the forward context",
          found: random,
          advice: "Pass { training: true, random: new Random(seed) }.",
        });
      }
      factors = input.data.map(() => (random.uniform() < rate ? 0 : 1 / (1 - rate)));
      return { ...input, data: scaled(input.data) };
    },
    backward: (grad: Tensor) => ({ data: scaled(asFloat32(grad)), shape: grad.shape }),
    dispose() {},
  };
}
