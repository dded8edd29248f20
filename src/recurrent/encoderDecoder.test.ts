import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import type { Tensor } from "../core/tensor.js";
import { type EncoderDecoderOptions, encoderDecoder, type SequencePairs } from "./encoderDecoder.js";
import { type ForwardContext, type Layer, type SequenceBatch, zeroGrad } from "./layer.js";

/** Ids in 0..4, and NaN on padding. */
function ids(lengths: readonly number[], seed: number): SequenceBatch {
  const random = new Random(seed);
  const time = Math.max(...lengths);
  const data = new Float32Array(lengths.length * time).fill(Number.NaN);
  lengths.forEach((length, b) => {
    for (let t = 0; t < length; t++) data[b * time + t] = random.integer(5);
  });
  return { data, shape: [lengths.length, time], lengths: Int32Array.from(lengths) };
}

const pairs = (): SequencePairs => ({ ...ids([4, 0, 2], 1), target: ids([3, 2, 4], 2) });
const base: EncoderDecoderOptions = { sourceClasses: 5, targetClasses: 5, embedding: 3, hidden: 4, seed: 7 };

const shapes: [string, Partial<EncoderDecoderOptions>][] = [
  ["lstm", {}],
  ["gru, one direction", { cell: "gru", bidirectional: false }],
  ["two layers, tied", { layers: 2, tied: true }],
  ["gru, one embedding for source, target and output", { cell: "gru", tied: true, shared: true }],
];

describe.each(shapes)("encoderDecoder: %s", (_, options) => {
  it("gradients are those of differences", () => {
    const model = encoderDecoder({ ...base, ...options });
    const random = new Random(3);
    const input = pairs();
    const upstream = Float32Array.from({ length: 3 * 4 * 5 }, () => random.normal());
    const value = () => model.forward(input).data.reduce((sum, x, i) => sum + x * upstream[i], 0);
    value();
    zeroGrad(model.parameters);
    model.backward({ data: upstream, shape: [3, 4, 5] });
    const h = 1e-2;
    for (const { name, data, grad } of model.parameters) {
      for (let i = 0; i < data.length; i += Math.ceil(data.length / 12)) {
        const kept = data[i];
        data[i] = kept + h;
        const right = value();
        data[i] = kept - h;
        const left = value();
        data[i] = kept;
        const difference = (right - left) / (2 * h);
        expect(Math.abs(difference - grad[i]), `${name}[${i}]`).toBeLessThan(1e-2 * (1 + Math.abs(difference)));
      }
    }
    model.dispose();
  });

  it("step by step it writes what it writes at once", () => {
    const model = encoderDecoder({ ...base, ...options });
    const input = pairs();
    const { data } = model.forward(input);
    let states = model.encode(input);
    for (let u = 0; u < 4; u++) {
      // the last sequence first: a state stands for itself, wherever it stands
      const open = [2, 1, 0].filter((b) => u < input.target.lengths[b]);
      const stepped = model.step(
        open.map((b) => states[b]),
        open.map((b) => input.target.data[b * 4 + u]),
      );
      open.forEach((b, n) => {
        stepped.logits[n].forEach((x, k) => expect(x).toBeCloseTo(data[(b * 4 + u) * 5 + k], 5));
      });
      states = states.map((state, b) => (open.includes(b) ? stepped.states[open.indexOf(b)] : state));
    }
    model.dispose();
  });
});

describe("encoderDecoder", () => {
  it("a sequence gives the same alone as in a batch", () => {
    const model = encoderDecoder(base);
    const input = pairs();
    const together = model.forward(input).data;
    const alone = model.forward({
      data: input.data.slice(8, 10),
      shape: [1, 2],
      lengths: Int32Array.of(2),
      target: { data: input.target.data.slice(8, 12), shape: [1, 4], lengths: Int32Array.of(4) },
    }).data;
    alone.forEach((x, i) => expect(x).toBeCloseTo(together[2 * 4 * 5 + i], 5));
  });

  it("shared weights are listed once, and in the names' order", () => {
    const names = (options: Partial<EncoderDecoderOptions>) =>
      encoderDecoder({ ...base, ...options })
        .parameters.map(({ name }) => name)
        .filter((name) => /embedding|head/.test(name));
    expect(names({})).toEqual([
      "encoder.embedding.weight",
      "targets.embedding.weight",
      "output.head.weight",
      "output.head.bias",
    ]);
    expect(names({ tied: true })).toEqual(["encoder.embedding.weight", "targets.embedding.weight", "output.head.bias"]);
    expect(names({ tied: true, shared: true })).toEqual(["encoder.embedding.weight", "output.head.bias"]);
    expect(() => encoderDecoder({ ...base, shared: true, targetClasses: 6 })).toThrow("targetClasses is 6");
  });

  it("weights of attention are shares of the real source", () => {
    const model = encoderDecoder(base);
    const attention = new Map<Layer, Tensor<Float32Array>>();
    model.forward(pairs(), { attention });
    const { data, shape } = attention.get(model) as Tensor<Float32Array>;
    expect(shape).toEqual([3, 4, 4]);
    const sums = Array.from({ length: 12 }, (_, i) => data.subarray(i * 4, (i + 1) * 4).reduce((sum, x) => sum + x, 0));
    [1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1].forEach((sum, i) => expect(sums[i]).toBeCloseTo(sum, 5));
  });

  it("drops only in training", () => {
    const model = encoderDecoder({ ...base, layers: 2, dropout: 0.5, variational: true });
    const training: ForwardContext = { training: true, random: new Random(1) };
    const first = model.forward(pairs()).data;
    expect(model.forward(pairs()).data).toEqual(first);
    const dropped = model.forward(pairs(), training).data;
    expect(dropped).not.toEqual(first);
    expect(model.forward(pairs(), training).data).not.toEqual(dropped);
  });

  it("refuses what is no pair, a probability that is none, and states of different sources", () => {
    const model = encoderDecoder(base);
    const input = pairs();
    expect(() => model.forward(ids([1, 1], 1) as SequencePairs)).toThrow("the target of its input");
    expect(() => model.forward({ ...input, target: ids([1], 1) })).toThrow("3 sequences");
    expect(() => model.forward({ ...input, teacherForcing: 1.5 })).toThrow("teacherForcing is 1.5");
    const states = [model.encode(input)[0], model.encode(input)[0]];
    expect(() => model.step(states, [0, 0])).toThrow("one call of encode");
    expect(() => model.forward({ ...input, teacherForcing: 0.5 }, { training: true })).toThrow("random");
  });
});

describe("scheduled sampling", () => {
  const forward = (teacherForcing: number, training: boolean, seed = 1) =>
    encoderDecoder(base).forward({ ...pairs(), teacherForcing }, { training, random: new Random(seed) }).data;

  it("with the true tokens alone, or outside training, is teacher forcing", () => {
    const forced = forward(1, true);
    expect(forward(1, false)).toEqual(forced);
    expect(forward(0.2, false)).toEqual(forced);
    expect(forward(0.2, true)).not.toEqual(forced);
    expect(forward(0.2, true, 2)).not.toEqual(forward(0.2, true, 1));
  });

  it("the first step, which no step is before, is always told the start", () => {
    const [forced, free] = [forward(1, true), forward(0, true)];
    for (const b of [0, 1, 2]) {
      const first = b * 4 * 5;
      expect(free.subarray(first, first + 5)).toEqual(forced.subarray(first, first + 5));
    }
  });

  it("goes back through what was given in the second pass", () => {
    // a model that is sure of class 3 draws it; so pass two is teacher forcing on 3, 3, 3
    const model = encoderDecoder(base);
    const bias = model.parameters.find(({ name }) => name === "output.head.bias");
    bias?.data.set([0, 0, 0, 100, 0]);
    const input = pairs();
    const upstream = { data: new Float32Array(60).fill(1).map((_, i) => (i % 7) - 3), shape: [3, 4, 5] };
    const drawn = model.forward({ ...input, teacherForcing: 0 }, { training: true, random: new Random(1) }).data;
    zeroGrad(model.parameters);
    model.backward(upstream);
    const grads = model.parameters.map(({ grad }) => grad.slice());
    const told = input.target.data.map((id, i) => (i % 4 === 0 || Number.isNaN(id) ? id : 3));
    expect(model.forward({ ...input, target: { ...input.target, data: told } }).data).toEqual(drawn);
    zeroGrad(model.parameters);
    model.backward(upstream);
    model.parameters.forEach(({ grad }, n) => expect(grad).toEqual(grads[n]));
  });
});
