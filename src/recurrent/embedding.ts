import { checkLengths } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { type Tensor, zeros } from "../core/tensor.js";
import { generator, normalParameter, type Seeded } from "./initialise.js";
import { checkCounts, checkShared, type Layer, type Parameter, readGradient, type SequenceBatch } from "./layer.js";

export interface EmbeddingOptions extends Seeded {
  /** How many ids there are. */
  readonly tokens: number;
  /** Numbers in the vector of each. */
  readonly size: number;
  /** Of the initial weights. Default 1, as PyTorch's; less where the weight is an output's as well. */
  readonly deviation?: number;
  /** A weight [tokens, size] of another layer that this one shares. Default one of its own. */
  readonly weight?: Parameter;
}

/**
 * A vector for each id, as PyTorch's nn.Embedding: `weight` [tokens, size], initial weights normal. The input holds ids as
 * numbers, [B, T] or [B, T, 1] → [B, T, size]; its gradient is 0.
 *
 * @throws SeqlossError (LABEL) when a real id is not a whole number in 0..tokens-1
 * @example
 * embedding({ tokens: 4, size: 2, seed: 1 }).parameters[0].shape // [4, 2]
 */
export function embedding({ tokens, size, deviation = 1, weight: shared, ...seeded }: EmbeddingOptions): Layer {
  checkCounts("embedding", { tokens, size });
  if (shared !== undefined) checkShared("embedding", shared, [tokens, size]);
  const weight = shared ?? normalParameter("weight", [tokens, size], generator(seeded), deviation);
  let read: SequenceBatch | undefined;
  return {
    parameters: [weight],
    structure: { kind: "embedding", weight },
    forward(input) {
      checkIds(input);
      const [B, T] = input.shape;
      const data = new Float32Array(B * T * size);
      eachStep(input, (i, id) => {
        if (!Number.isInteger(id) || id < 0 || id >= tokens) {
          throw new SeqlossError("embedding", "LABEL", {
            argument: `ids[${Math.floor(i / T)}][${i % T}]`,
            expected: `an id in 0..${tokens - 1}`,
            found: id,
          });
        }
        data.set(weight.data.subarray(id * size, (id + 1) * size), i * size);
      });
      read = input;
      return { data, shape: [B, T, size], lengths: input.lengths };
    },
    backward(gradOutput: Tensor) {
      const shape = read && [read.shape[0], read.shape[1], size];
      const grad = readGradient("embedding", gradOutput, shape);
      const ids = read as SequenceBatch;
      eachStep(ids, (i, id) => {
        for (let j = 0; j < size; j++) weight.grad[id * size + j] += grad[i * size + j];
      });
      return zeros(ids.shape);
    },
    dispose() {},
  };
}

function eachStep({ data, shape: [, T], lengths }: SequenceBatch, visit: (i: number, id: number) => void): void {
  lengths.forEach((length, b) => {
    for (let i = b * T; i < b * T + length; i++) visit(i, data[i]);
  });
}

function checkIds({ data, shape, lengths }: SequenceBatch): void {
  const [B, T, F = 1] = shape;
  if ((shape.length !== 2 && shape.length !== 3) || F !== 1 || data.length !== B * T) {
    throw new SeqlossError("embedding", "SHAPE", {
      argument: "the shape of its input",
      expected: "[batch, time] or [batch, time, 1], filled with ids",
      found: shape,
    });
  }
  checkLengths("embedding", "lengths", lengths, B, T);
}
