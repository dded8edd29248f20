import { describe, expect, it } from "vitest";
import { dense, gru, Random, sequential, zeroGrad } from "../../src/index.js";
import { forgetful } from "./forgetful.js";
import { columns, identity, parallel } from "./parallel.js";
import { pool } from "./pool.js";

const random = new Random(4);
const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal());

describe("parallel layers", () => {
  const layer = parallel({
    sums: sequential({ first: columns(0, 2), map: dense({ inputs: 2, outputs: 3, random }) }),
    all: identity(),
    last: columns(3, 1),
  });
  const input = { data: numbers(2 * 3 * 4), shape: [2, 3, 4], lengths: Int32Array.of(3, 2) };

  it("put their outputs side by side, and name their parameters by their own names", () => {
    const out = layer.forward(input);
    expect(out.shape).toEqual([2, 3, 8]);
    expect(Array.from(out.lengths)).toEqual([3, 2]);
    for (const row of [0, 1, 2, 3, 4]) {
      const read = input.data.subarray(4 * row, 4 * row + 4);
      expect(out.data.subarray(8 * row + 3, 8 * row + 7)).toEqual(read);
      expect(out.data[8 * row + 7]).toBe(read[3]);
    }
    expect(layer.parameters.map(({ name }) => name)).toEqual(["sums.map.weight", "sums.map.bias"]);
  });

  it("give the gradient of each other's sum, as differences find it", () => {
    const factors = numbers(2 * 3 * 8);
    const value = (data: Float32Array) => {
      const out = layer.forward({ ...input, data });
      return out.data.reduce((sum, x, i) => (i < 40 ? sum + factors[i] * x : sum), 0);
    };
    value(input.data);
    zeroGrad(layer.parameters);
    const grad = layer.backward({ data: factors, shape: [2, 3, 8] });
    expect(grad.shape).toEqual(input.shape);
    for (let i = 0; i < 20; i++) {
      const moved = (by: number) => value(input.data.map((x, j) => (i === j ? x + by : x)));
      expect(grad.data[i]).toBeCloseTo((moved(0.5) - moved(-0.5)) / 1, 3);
    }
  });

  it("refuse columns that are not there", () => {
    expect(() => columns(3, 2).forward(input)).toThrow("at least 5 numbers in each step");
  });
});

describe("a forgetful layer", () => {
  const rnn = () => gru({ inputs: 2, hidden: 3, seed: 6 });
  const layer = forgetful(rnn());
  const input = { data: numbers(2 * 3 * 2), shape: [2, 3, 2], lengths: Int32Array.of(3, 2) };
  const alone = (b: number, t: number) => {
    const data = input.data.slice((3 * b + t) * 2, (3 * b + t + 1) * 2);
    return rnn().forward({ data, shape: [1, 1, 2], lengths: Int32Array.of(1) }).data;
  };

  it("says of each step what it says of that step alone, whatever it is told to go on from", () => {
    const out = layer.forward(input, { carry: new Map() });
    expect([out.shape, Array.from(out.lengths)]).toEqual([
      [2, 3, 3],
      [3, 2],
    ]);
    for (const [b, t] of [
      [0, 0],
      [0, 2],
      [1, 1],
    ]) {
      expect(out.data.slice((3 * b + t) * 3, (3 * b + t + 1) * 3)).toEqual(alone(b, t));
    }
  });

  it("gives the gradient of a step to that step alone", () => {
    layer.forward(input);
    const { data, shape } = layer.backward({
      data: Float32Array.from({ length: 18 }, (_, i) => Number(i === 4)),
      shape: [2, 3, 3],
    });
    expect(shape).toEqual(input.shape);
    expect(Array.from(data, (x) => x !== 0)).toEqual(Array.from({ length: 12 }, (_, i) => i === 2 || i === 3));
  });
});

describe("pooling", () => {
  it("takes the mean and the largest of the real steps, and sends their gradients back there", () => {
    const layer = pool();
    const data = Float32Array.of(1, 5, 3, 4, Number.NaN, Number.NaN, 0, -1, -2, 7, 8, 0);
    const out = layer.forward({ data, shape: [2, 3, 2], lengths: Int32Array.of(2, 3) });
    expect(out.shape).toEqual([2, 1, 4]);
    expect(Array.from(out.data)).toEqual([2, 4.5, 3, 5, 2, 2, 8, 7]);
    const { data: grad } = layer.backward({ data: Float32Array.of(2, 4, 1, 1, 3, 6, 1, 1), shape: [2, 1, 4] });
    expect(Array.from(grad)).toEqual([1, 3, 2, 2, 0, 0, 1, 2, 1, 3, 2, 2]);
    const none = { data, shape: [2, 3, 2], lengths: Int32Array.of(2, 0) };
    expect(() => layer.forward(none)).toThrow("lengths[1] is 0");
  });
});
