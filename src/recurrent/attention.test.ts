import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { type Attention, attention } from "./attention.js";
import type { SequenceBatch } from "./layer.js";

/** Padding is NaN: whoever reads it shows it. */
function ragged(lengths: readonly number[], time: number, width: number, seed: number): SequenceBatch {
  const random = new Random(seed);
  const data = Float32Array.from({ length: lengths.length * time * width }, () => random.normal());
  lengths.forEach((length, b) => data.fill(Number.NaN, (b * time + length) * width, (b + 1) * time * width));
  return { data, shape: [lengths.length, time, width], lengths: Int32Array.from(lengths) };
}

/** Luong et al. 2015, eq. 5 to 8, one number at a time. */
function byHand(layer: Attention, queries: SequenceBatch, memory: SequenceBatch, b: number, u: number, from = b) {
  const parameter = (name: string) => layer.parameters.find((one) => one.name === name)?.data;
  const [, U, H] = queries.shape;
  const [, T, M] = memory.shape;
  const W = parameter("keys.weight");
  const combine = parameter("combine.weight") as Float32Array;
  const bias = parameter("combine.bias") as Float32Array;
  const q = Array.from(queries.data.subarray((b * U + u) * H, (b * U + u + 1) * H));
  const steps = Array.from({ length: memory.lengths[from] }, (_, j) =>
    Array.from(memory.data.subarray((from * T + j) * M, (from * T + j + 1) * M)),
  );
  const sum = (numbers: readonly number[]) => numbers.reduce((total, x) => total + x, 0);
  const scores = steps.map((m) =>
    W === undefined ? sum(q.map((x, i) => x * m[i])) : sum(q.flatMap((x, i) => m.map((y, j) => x * W[i * M + j] * y))),
  );
  const total = sum(scores.map(Math.exp));
  const weights = scores.map((score) => Math.exp(score) / total);
  const context = Array.from({ length: M }, (_, i) => sum(steps.map((m, j) => weights[j] * m[i])));
  const joined = [...context, ...q];
  const output = Array.from(bias, (start, o) =>
    Math.tanh(start + sum(joined.map((x, i) => combine[o * joined.length + i] * x))),
  );
  return { weights, output };
}

const cases = [
  { score: "general", queries: 3, memory: 4 },
  { score: "dot", queries: 3, memory: 3 },
] as const;

describe.each(cases)("attention, $score", ({ score, queries: H, memory: M }) => {
  const make = () => attention({ queries: H, memory: M, outputs: 2, score, seed: 1 });
  const queries = ragged([3, 1, 2, 0], 3, H, 2);
  const memory = ragged([4, 2, 0, 3], 5, M, 3);

  it("outputs and weights are the equations', whatever stands on padding", () => {
    const layer = make();
    const outputs = layer.forward(queries, layer.remember(memory));
    const weights = layer.weights();
    expect(outputs.shape).toEqual([4, 3, 2]);
    expect(weights.shape).toEqual([4, 3, 5]);
    queries.lengths.forEach((length, b) => {
      for (let u = 0; u < 3; u++) {
        const expected = u < length ? byHand(layer, queries, memory, b, u) : { weights: [], output: [0, 0] };
        for (let o = 0; o < 2; o++) expect(outputs.data[(b * 3 + u) * 2 + o]).toBeCloseTo(expected.output[o], 5);
        for (let j = 0; j < 5; j++) expect(weights.data[(b * 3 + u) * 5 + j]).toBeCloseTo(expected.weights[j] ?? 0, 5);
      }
    });
  });

  it.each([undefined, [1, 0, 1, 3]])("gradients are those of differences: rows %o", (row) => {
    const layer = make();
    const random = new Random(4);
    const upstream = Float32Array.from({ length: 4 * 3 * 2 }, () => random.normal());
    const value = () =>
      layer.forward(queries, layer.remember(memory), row).data.reduce((sum, x, i) => sum + x * upstream[i], 0);
    value();
    for (const { grad } of layer.parameters) grad.fill(0);
    const grads = layer.backward({ data: upstream, shape: [4, 3, 2] });
    const checked = [
      ...layer.parameters.map(({ name, data, grad }) => ({ name, data, grad })),
      { name: "queries", data: queries.data, grad: grads.queries.data },
      { name: "memory", data: memory.data, grad: grads.memory.data },
    ];
    const h = 1e-2;
    for (const { name, data, grad } of checked) {
      for (let i = 0; i < data.length; i++) {
        if (Number.isNaN(data[i])) {
          expect(grad[i], `${name}[${i}] is padding`).toBe(0);
          continue;
        }
        const kept = data[i];
        data[i] = kept + h;
        const right = value();
        data[i] = kept - h;
        const left = value();
        data[i] = kept;
        const difference = (right - left) / (2 * h);
        expect(Math.abs(difference - grad[i]), `${name}[${i}]`).toBeLessThan(3e-3 * (1 + Math.abs(difference)));
      }
    }
  });

  it("rows read the memory that they are told to", () => {
    const layer = make();
    const two = ragged([1, 1], 1, H, 5);
    const outputs = layer.forward(two, layer.remember(memory), [3, 3]);
    for (const b of [0, 1]) {
      const { output } = byHand(layer, two, memory, b, 0, 3);
      for (let o = 0; o < 2; o++) expect(outputs.data[b * 2 + o]).toBeCloseTo(output[o], 5);
    }
  });
});

describe("attention", () => {
  it("scores to 1e3 give weights that are numbers", () => {
    const layer = attention({ queries: 1, memory: 1, outputs: 1, score: "dot", seed: 1 });
    const batch = (numbers: readonly number[]): SequenceBatch => ({
      data: Float32Array.from(numbers),
      shape: [1, numbers.length, 1],
      lengths: Int32Array.of(numbers.length),
    });
    layer.forward(batch([1000]), layer.remember(batch([1, -1, 1])));
    expect(Array.from(layer.weights().data)).toEqual([0.5, 0, 0.5]);
    const { queries, memory } = layer.backward({ data: Float32Array.of(1), shape: [1, 1, 1] });
    expect([...queries.data, ...memory.data].every(Number.isFinite)).toBe(true);
  });

  it("refuses what cannot be compared", () => {
    expect(() => attention({ queries: 2, memory: 3, outputs: 1, score: "dot" })).toThrow("score");
    const layer = attention({ queries: 2, memory: 3, outputs: 1 });
    expect(() => layer.backward({ data: new Float32Array(1), shape: [1, 1, 1] })).toThrow("one after each call");
    expect(() => layer.remember(ragged([1], 1, 2, 1))).toThrow("[batch, time, 3]");
  });
});
