import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { crossEntropy } from "../losses/crossEntropy.js";
import { meanSquaredError } from "../losses/regression.js";
import { dense } from "../recurrent/dense.js";
import { dropout } from "../recurrent/dropout.js";
import { type Layer, type SequenceBatch, sequential, zeroGrad } from "../recurrent/layer.js";
import { elman, gru, lstm } from "../recurrent/recurrent.js";
import { padSequences, shuffledOrder } from "./batches.js";
import { clipByGlobalNorm, globalNorm } from "./clip.js";
import { adam, adamW, type Optimiser, rmsProp, sgd } from "./optimiser.js";
import { exponentialDecay, inverseSigmoidDecay, linearDecay, stepDecay, warmupCosine } from "./schedule.js";
import { Trainer, type TrainingBatch } from "./trainer.js";
import { truncatedBackpropagation } from "./windows.js";

const grads = (model: Layer) => model.parameters.map(({ grad }) => grad.slice());

function sequences(lengths: readonly number[], seed: number): SequenceBatch {
  const random = new Random(seed);
  return padSequences(
    lengths.map((length) => Float32Array.from({ length: 2 * length }, () => random.normal())),
    2,
  );
}

describe.each([
  ["elman", elman],
  ["gru", gru],
  ["lstm", lstm],
] as const)("truncated backpropagation, %s", (_, make) => {
  const inputs = sequences([7, 4], 1);
  const target = { data: new Float32Array(2 * 7 * 3).fill(0.5), shape: [2, 7, 3] };
  const part = (outputs: SequenceBatch, start: number) => {
    const steps = outputs.shape[1];
    const data = target.data.slice(0, 2 * steps * 3);
    expect(start + steps).toBeLessThanOrEqual(7);
    return meanSquaredError(outputs, { data, shape: [2, steps, 3] }, { lengths: outputs.lengths, reduction: "sum" });
  };

  it("row 67: a window of at least T steps is full backpropagation, bit for bit", () => {
    const model = sequential({ rnn: make({ inputs: 2, hidden: 3, seed: 2 }) });
    const outputs = model.forward(inputs, { training: true });
    model.backward(part(outputs, 0).grad);
    const full = grads(model);
    for (const window of [7, 8, 100]) {
      zeroGrad(model.parameters);
      truncatedBackpropagation(model, inputs, { window, loss: part });
      expect(grads(model)).toEqual(full);
    }
    model.dispose();
  });

  it("row 67: a window of k stops the gradient where a window begins, and only there", () => {
    const layer = make({ inputs: 2, hidden: 3, seed: 2 });
    truncatedBackpropagation(layer, inputs, { window: 3, loss: part });
    const truncated = grads(layer);
    zeroGrad(layer.parameters);
    // by hand: states carried as plain numbers from one window to the next, a fresh backward pass for each
    const carry = new Map();
    for (let start = 0; start < 7; start += 3) {
      const steps = Math.min(3, 7 - start);
      const data = new Float32Array(2 * steps * 2);
      for (let b = 0; b < 2; b++)
        data.set(inputs.data.subarray((b * 7 + start) * 2, (b * 7 + start + steps) * 2), b * steps * 2);
      const lengths = inputs.lengths.map((length) => Math.min(steps, Math.max(0, length - start)));
      const outputs = layer.forward({ data, shape: [2, steps, 2], lengths }, { training: true, carry });
      layer.backward(part(outputs, start).grad);
    }
    expect(grads(layer)).toEqual(truncated);
    zeroGrad(layer.parameters);
    layer.backward(part(layer.forward(inputs, { training: true }), 0).grad);
    expect(grads(layer)).not.toEqual(truncated);
    layer.dispose();
  });
});

describe("Trainer", () => {
  function setUp(makeOptimiser: () => Optimiser) {
    const random = new Random(5);
    const model = sequential({
      rnn: lstm({ inputs: 2, hidden: 5, layers: 2, dropout: 0.3, random }),
      drop: dropout(0.2),
      head: dense({ inputs: 5, outputs: 3, random }),
    });
    const schedule = warmupCosine({ peak: 0.02, steps: 24, warmup: 4 });
    return new Trainer({ model, optimiser: makeOptimiser(), schedule, clip: 1, seed: 9, averaging: 0.9 });
  }
  function batch(step: number): TrainingBatch[] {
    const order = shuffledOrder(10, 3);
    return [0, 1].map((part) => {
      const inputs = sequences([3 + (order(2 * step + part) % 4), 2], step * 2 + part);
      const labels = Array.from(inputs.lengths, (length, b) => Array.from({ length }, (_, t) => (t + b) % 3));
      return { inputs, loss: (outputs) => crossEntropy(outputs, labels, { lengths: outputs.lengths }) };
    });
  }

  it.each([
    ["sgd", () => sgd({ learningRate: 0.1, momentum: 0.9 })],
    ["rmsProp", () => rmsProp({ learningRate: 0.01, momentum: 0.5 })],
    ["adam", () => adam({ learningRate: 0.01 })],
    ["adamW", () => adamW({ learningRate: 0.01 })],
  ])("row 69: 12 steps, saved, loaded, 12 steps are 24 steps, bit for bit (%s)", (_, makeOptimiser) => {
    const straight = setUp(makeOptimiser);
    const reports = Array.from({ length: 24 }, (_, step) => straight.step(batch(step)));
    const before = setUp(makeOptimiser);
    for (let step = 0; step < 12; step++) before.step(batch(step));
    const saved = structuredClone(before.state());
    const after = setUp(makeOptimiser);
    after.restore(saved);
    expect(after.taken).toBe(12);
    const resumed = Array.from({ length: 12 }, (_, n) => after.step(batch(12 + n)));
    expect(resumed).toEqual(reports.slice(12));
    expect(after.state()).toEqual(straight.state());
  });

  it("micro-batches of unequal size add up to the batch", () => {
    const inputs = sequences([5, 3, 1], 4);
    const labels = [[0, 1, 2, 0, 1], [2, 2, 2], [1]]; // biome-ignore format: one list a sequence
    const make = () =>
      new Trainer({ model: dense({ inputs: 2, outputs: 3, seed: 1 }), optimiser: sgd({ learningRate: 1 }) });
    const one = (b: number): TrainingBatch => ({
      inputs: padSequences([inputs.data.slice(b * 10, b * 10 + 2 * labels[b].length)], 2),
      loss: (outputs) => crossEntropy(outputs, [labels[b]], { lengths: outputs.lengths }),
    });
    const [whole, parts] = [make(), make()];
    const a = whole.step([{ inputs, loss: (outputs) => crossEntropy(outputs, labels, { lengths: outputs.lengths }) }]);
    const b = parts.step([one(0), one(1), one(2)]);
    expect(b.loss).toBeCloseTo(a.loss, 6);
    expect(b.gradientNorm).toBeCloseTo(a.gradientNorm, 6);
    whole.model.parameters.forEach(({ data }, p) => {
      data.forEach((x, i) => expect(parts.model.parameters[p].data[i]).toBeCloseTo(x, 6));
    });
  });

  it("skips a step whose gradient is not finite, and goes on unharmed", () => {
    const model = dense({ inputs: 2, outputs: 2, seed: 1 });
    const trainer = new Trainer({ model, optimiser: adam({ learningRate: 0.1 }) });
    const weights = model.parameters.map(({ data }) => data.slice());
    const poisoned = { data: Float32Array.of(Number.NaN, 1), shape: [1, 1, 2], lengths: Int32Array.of(1) };
    const loss = (outputs: SequenceBatch) => crossEntropy(outputs, [[1]]);
    expect(trainer.step([{ inputs: poisoned, loss }])).toMatchObject({ skipped: true, step: 1 });
    expect(model.parameters.map(({ data }) => data)).toEqual(weights);
    const inputs = padSequences([Float32Array.of(1, 1)], 2);
    expect(trainer.step([{ inputs, loss }]).skipped).toBe(false);
    expect(trainer.state().skipped).toBe(1);
  });

  it("evaluates with averaged weights, and puts the trained ones back", () => {
    const trainer = setUp(() => adam({ learningRate: 0.01 }));
    for (let step = 0; step < 5; step++) trainer.step(batch(step));
    const { weights, average } = trainer.state();
    const seen = trainer.withAveragedWeights((model) => model.parameters.map(({ data }) => data.slice()));
    expect(seen).toEqual([...average.values()]);
    expect(seen).not.toEqual([...weights.values()]);
    expect(trainer.model.parameters.map(({ data }) => data)).toEqual([...weights.values()]);
  });
});

describe("clipping, schedules, orders", () => {
  it("scales down to the norm, and leaves what is smaller or not finite", () => {
    const parameter = (grad: number[]) => ({
      name: "w",
      shape: [2],
      data: new Float32Array(2),
      grad: Float32Array.from(grad),
    });
    const [large, small, broken] = [parameter([3, 4]), parameter([0.3, 0.4]), parameter([Number.NaN, 1])];
    expect(clipByGlobalNorm([large], 1)).toBe(5);
    expect(globalNorm([large])).toBeCloseTo(1, 6);
    expect(Array.from(large.grad)).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)]);
    clipByGlobalNorm([small], 1);
    expect(Array.from(small.grad)).toEqual(Array.from(Float32Array.of(0.3, 0.4)));
    expect(clipByGlobalNorm([broken], 1)).toBeNaN();
    expect(broken.grad[1]).toBe(1);
  });

  it("schedules start, peak and end where they say", () => {
    const rate = warmupCosine({ peak: 2, steps: 100, warmup: 10, floor: 0.5 });
    expect([0, 9, 10, 55, 100, 1000].map(rate)).toEqual([0.2, 2, 2, 1.25, 0.5, 0.5].map((x) => expect.closeTo(x, 12)));
    expect([0, 10, 20].map(exponentialDecay({ rate: 1, factor: 0.5, every: 10 }))).toEqual([1, 0.5, 0.25]);
    expect([0, 9, 10].map(stepDecay({ rate: 1, factor: 0.5, every: 10 }))).toEqual([1, 1, 0.5]);
    expect([0, 4, 8, 9].map(linearDecay({ start: 1, end: 0, steps: 8 }))).toEqual([1, 0.5, 0, 0]);
    const k = 10;
    for (const step of [0, 1, 30, 1e5]) {
      expect(inverseSigmoidDecay(k)(step)).toBeCloseTo(step > 1e4 ? 0 : k / (k + Math.exp(step / k)), 12);
    }
  });

  it("an order is a permutation in each epoch, another in the next, the same whenever asked", () => {
    const order = shuffledOrder(20, 1);
    const epoch = (n: number) => Array.from({ length: 20 }, (_, i) => order(20 * n + i));
    const [first, second] = [epoch(0), epoch(1)];
    expect(first.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(second).not.toEqual(first);
    expect(epoch(0)).toEqual(first);
  });

  it("refuses sequences that are no whole number of steps, and options out of range", () => {
    expect(() => padSequences([new Float32Array(3)], 2)).toThrow(
      "the size of sequences[0] is 3; expected a multiple of 2",
    );
    expect(() => sgd({ learningRate: -1 })).toThrow("learningRate is -1");
    expect(() => adam({ learningRate: 1, beta1: 1 })).toThrow("beta1 is 1");
    expect(() => sgd({ learningRate: 1, momentum: 1.5 })).toThrow("momentum is 1.5");
  });
});
