import type { Tensor } from "../core/tensor.js";
import { type Attended, type AttentionRows, attend, attendBackward } from "../reference/attention.js";
import { dense } from "./dense.js";
import { generator, type Seeded } from "./initialise.js";
import {
  checkChoice,
  checkCounts,
  checkInput,
  joinParameters,
  type Layer,
  type Parameter,
  readGradient,
  type SequenceBatch,
} from "./layer.js";

export interface AttentionOptions extends Seeded {
  /** Numbers in each query: a decoder's state. */
  readonly queries: number;
  /** Numbers in each step of the memory: an encoder's output. */
  readonly memory: number;
  /** Numbers in each output. */
  readonly outputs: number;
  /** qᵀ W m, or qᵀ m where both have one size. Default "general". */
  readonly score?: "general" | "dot";
}

/** A memory as attention reads it, computed once for all queries. */
export interface Memory {
  readonly keys: SequenceBatch;
  readonly values: SequenceBatch;
}

/** Queries that attend to a memory of their own sequence. */
export interface Attention {
  readonly parameters: readonly Parameter[];
  /** [B, T, memory] → what queries are compared with. */
  remember(memory: SequenceBatch): Memory;
  /**
   * [B, U, queries] → [B, U, outputs]. `row` says which sequence of the memory each sequence of queries reads, where that is
   * not the one in its own place.
   */
  forward(queries: SequenceBatch, memory: Memory, row?: ArrayLike<number>): SequenceBatch;
  /** How much each query took from each step of the memory in the last forward pass: [B, U, T], 0 on padding. */
  weights(): Tensor<Float32Array>;
  /** Once after each forward pass: gradients with respect to its queries and its memory. */
  backward(gradOutput: Tensor): { queries: Tensor<Float32Array>; memory: Tensor<Float32Array> };
  dispose(): void;
}

interface Pass {
  readonly queries: SequenceBatch;
  readonly memory: Memory;
  readonly row: ArrayLike<number> | undefined;
  readonly outputs: SequenceBatch;
  readonly attended: readonly Attended[];
}

/**
 * Global attention (Luong et al. 2015, section 3.1): each query q is compared with every step m of a memory, a = softmax of the
 * scores, c = Σ a m, and the output is tanh(W [c; q] + b), eq. 5 with a bias. A sequence without memory has c = 0. The score's
 * weight is `keys.weight` [queries, memory], the output's `combine.weight` [outputs, memory + queries].
 *
 * @throws SeqlossError when a size is no whole number above 0 (VALUE), or the score is "dot" and the sizes differ (OPTION)
 * @example
 * const layer = attention({ queries: 2, memory: 2, outputs: 3, seed: 1 })
 * const steps = { data: Float32Array.of(1, 0, 0, 1), shape: [1, 2, 2], lengths: Int32Array.of(2) }
 * const query = { data: Float32Array.of(1, 1), shape: [1, 1, 2], lengths: Int32Array.of(1) }
 * layer.forward(query, layer.remember(steps)).shape // [1, 1, 3]
 */
export function attention(options: AttentionOptions): Attention {
  const { queries: H, memory: M, outputs, score = "general" } = options;
  checkCounts("attention", { queries: H, memory: M, outputs });
  checkChoice("attention", "score", score, H === M ? ["general", "dot"] : ["general"]);
  const random = generator(options);
  const keys = score === "general" ? dense({ inputs: M, outputs: H, bias: false, random }) : undefined;
  const combine = dense({ inputs: M + H, outputs, random });
  const parts: Record<string, Layer> = keys === undefined ? { combine } : { keys, combine };
  let pass: Pass | undefined;
  return {
    parameters: joinParameters(parts),
    remember(memory) {
      checkInput("attention", memory, M);
      return { keys: keys?.forward(memory) ?? memory, values: memory };
    },
    forward(queries, memory, row) {
      checkInput("attention", queries, H);
      const attended = eachRows(queries, memory, row).map((rows) => attend(rows));
      const outputs = squash(combine.forward(joinContexts(queries, attended, M)));
      pass = { queries, memory, row, outputs, attended };
      return outputs;
    },
    weights() {
      const { queries, memory, attended } = pass as Pass;
      const [B, U] = queries.shape;
      const T = memory.values.shape[1];
      const data = new Float32Array(B * U * T);
      attended.forEach(({ weights }, b) => {
        const own = weights.length / Math.max(1, queries.lengths[b]);
        for (let u = 0; u < queries.lengths[b]; u++) {
          data.set(weights.subarray(u * own, (u + 1) * own), (b * U + u) * T);
        }
      });
      return { data, shape: [B, U, T] };
    },
    backward(gradOutput) {
      const grad = readGradient("attention", gradOutput, pass?.outputs.shape);
      const { queries, memory, row, outputs, attended } = pass as Pass;
      pass = undefined;
      const gradSum = grad.map((g, i) => g * (1 - outputs.data[i] ** 2));
      const gradJoined = combine.backward({ data: gradSum, shape: outputs.shape }).data;
      const [B, U] = queries.shape;
      const T = memory.values.shape[1];
      const gradQueries = new Float32Array(B * U * H);
      const gradKeys = new Float32Array(memory.keys.data.length);
      const gradValues = new Float32Array(memory.values.data.length);
      eachRows(queries, memory, row).forEach((rows, b) => {
        const parted = separate(gradJoined, b * U, queries.lengths[b], M, H);
        const grads = attendBackward(rows, attended[b].weights, parted.contexts);
        const from = row?.[b] ?? b;
        add(gradQueries, b * U * H, parted.queries);
        add(gradQueries, b * U * H, grads.queries);
        add(gradKeys, from * T * H, grads.keys);
        add(gradValues, from * T * M, grads.values);
      });
      const throughKeys =
        keys === undefined ? gradKeys : keys.backward({ data: gradKeys, shape: memory.keys.shape }).data;
      return {
        queries: { data: gradQueries, shape: queries.shape },
        memory: { data: gradValues.map((g, i) => g + throughKeys[i]), shape: memory.values.shape },
      };
    },
    dispose() {
      for (const layer of Object.values(parts)) layer.dispose();
      pass = undefined;
    },
  };
}

/** The real rows of each sequence, and of the memory that it reads. */
function eachRows(queries: SequenceBatch, { keys, values }: Memory, row?: ArrayLike<number>): AttentionRows[] {
  return Array.from(queries.lengths, (_, b) => {
    const from = row?.[b] ?? b;
    return {
      hidden: queries.shape[2],
      queries: realRows(queries, b),
      keys: realRows(keys, from),
      values: realRows(values, from),
    };
  });
}

function realRows({ data, shape: [, T, width], lengths }: SequenceBatch, b: number): Float32Array {
  return data.subarray(b * T * width, (b * T + lengths[b]) * width);
}

/** [c; q] of each query, B × U × (M + H). */
function joinContexts(queries: SequenceBatch, attended: readonly Attended[], M: number): SequenceBatch {
  const { data, lengths } = queries;
  const [B, U, H] = queries.shape;
  const width = M + H;
  const joined = new Float32Array(B * U * width);
  attended.forEach(({ contexts }, b) => {
    for (let u = 0; u < lengths[b]; u++) {
      const at = (b * U + u) * width;
      joined.set(contexts.subarray(u * M, (u + 1) * M), at);
      joined.set(data.subarray((b * U + u) * H, (b * U + u + 1) * H), at + M);
    }
  });
  return { data: joined, shape: [B, U, width], lengths };
}

/** The reverse, of `count` steps from step `first` on. */
function separate(joined: Float32Array, first: number, count: number, M: number, H: number) {
  const contexts = new Float32Array(count * M);
  const queries = new Float32Array(count * H);
  for (let u = 0; u < count; u++) {
    const at = (first + u) * (M + H);
    contexts.set(joined.subarray(at, at + M), u * M);
    queries.set(joined.subarray(at + M, at + M + H), u * H);
  }
  return { contexts, queries };
}

function add(to: Float32Array, start: number, added: Float32Array): void {
  for (let i = 0; i < added.length; i++) to[start + i] += added[i];
}

const squash = (batch: SequenceBatch): SequenceBatch => ({ ...batch, data: batch.data.map(Math.tanh) });
