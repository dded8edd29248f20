import { SeqlossError } from "../core/errors.js";
import type { Tensor } from "../core/tensor.js";
import { generator, normalParameter, type Seeded } from "./initialise.js";
import { asFloat32, type Layer } from "./layer.js";

export interface EmbeddingOptions extends Seeded {
  /** How many ids there are. */
  readonly tokens: number;
  /** Numbers in the vector of each. */
  readonly size: number;
}

/**
 * A vector for each id, as PyTorch's nn.Embedding: `weight` [tokens, size], initial weights normal. The input holds ids as
 * numbers, [B, T, 1] → [B, T, size]; its gradient is 0.
 *
 * @throws SeqlossError (LABEL) when a real id is not a whole number in 0..tokens-1
 * @example
 * embedding({ tokens: 4, size: 2, seed: 1 }).parameters[0].shape // [4, 2]
 */
export function embedding({ tokens, size, ...seeded }: EmbeddingOptions): Layer {
  const weight = normalParameter("weight", [tokens, size], generator(seeded));
  let ids: Float32Array = new Float32Array(0);
  let lengths: Int32Array = new Int32Array(0);
  let time = 0;
  const eachStep = (visit: (i: number, id: number) => void) =>
    lengths.forEach((length, b) => {
      for (let i = b * time; i < b * time + length; i++) visit(i, ids[i]);
    });
  return {
    parameters: [weight],
    forward(input) {
      const [B, T] = input.shape;
      ids = input.data;
      lengths = input.lengths;
      time = T;
      const data = new Float32Array(B * T * size);
      eachStep((i, id) => {
        if (!Number.isInteger(id) || id < 0 || id >= tokens) {
          throw new SeqlossError("embedding", "LABEL", {
            argument: `ids[${Math.floor(i / T)}][${i % T}]`,
            expected: `an id in 0..${tokens - 1}`,
            found: id,
          });
        }
        data.set(weight.data.subarray(id * size, (id + 1) * size), i * size);
      });
      return { data, shape: [B, T, size], lengths };
    },
    backward(gradOutput: Tensor) {
      const grad = asFloat32(gradOutput);
      eachStep((i, id) => {
        for (let j = 0; j < size; j++) weight.grad[id * size + j] += grad[i * size + j];
      });
      return { data: new Float32Array(ids.length), shape: [lengths.length, time, 1] };
    },
    dispose() {},
  };
}
