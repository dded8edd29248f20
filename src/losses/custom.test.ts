import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { jaxGradient, tensorflowGradient } from "./automatic.js";
import { checkGradient } from "./checkGradient.js";
import { combine } from "./combine.js";
import { combineLosses } from "./combineLosses.js";
import { crossEntropy, sequenceCrossEntropy } from "./crossEntropy.js";
import { ctcLoss } from "./ctc.js";
import { customLoss } from "./custom.js";
import type { LossOptions } from "./reduction.js";
import { meanAbsoluteError, meanSquaredError } from "./regression.js";

describe("combineLosses", () => {
  const both = combineLosses([
    [2, meanSquaredError],
    [-0.5, meanAbsoluteError],
  ]);
  const outputs = [
    [3, 1, 0.5],
    [0, -1],
  ];
  const targets = [
    [1, 0, 0],
    [2, 2],
  ];

  it.each<LossOptions>([
    {},
    { reduction: "sum" },
    { reduction: "none", upstream: [2, -1] },
    { per: "sequence", weights: [1, 3] },
    { per: "label", upstream: 0.3 },
  ])("is the weighted sum of values, losses, sums and gradients: %j", (options) => {
    const [a, b] = [meanSquaredError, meanAbsoluteError].map((loss) => loss(outputs, targets, options));
    const { value, losses, grad, sum, weight, terms } = both(outputs, targets, options);
    expect(value).toBeCloseTo(2 * a.value - 0.5 * b.value, 12);
    expect(sum).toBeCloseTo(2 * a.sum - 0.5 * b.sum, 12);
    expect(weight).toBe(a.weight);
    losses.forEach((loss, i) => expect(loss).toBeCloseTo(2 * a.losses[i] - 0.5 * b.losses[i], 12));
    grad.data.forEach((x, i) => expect(x).toBeCloseTo(2 * a.grad.data[i] - 0.5 * b.grad.data[i], 12));
    expect(grad.shape).toEqual(a.grad.shape);
    expect(terms.map(({ coefficient, result }) => [coefficient, result.value])).toEqual([
      [2, a.value],
      [-0.5, b.value],
    ]);
  });

  it("asks a schedule for the step, 0 unless told", () => {
    const loss = combineLosses([[(step) => 1 / (1 + step), meanSquaredError]]);
    expect(loss([[2]], [[0]]).value).toBe(4);
    expect(loss([[2]], [[0]], { step: 3 }).value).toBe(1);
  });

  it("gives each loss its own targets out of an object, and the gradient of differences", () => {
    const loss = combineLosses<number[][][], { frames: number[][]; labels: number[][] }>([
      [0.7, (logits, { labels }, options) => ctcLoss(logits, labels, options)],
      [0.3, (logits, { frames }, options) => sequenceCrossEntropy(logits, frames, options)],
    ]);
    const random = new Random(1);
    const logits = [0, 1].map(() => Array.from({ length: 4 }, () => Array.from({ length: 3 }, () => random.normal())));
    const given = {
      frames: [
        [1, 0, 2, 0],
        [0, 1, 1, 0],
      ],
      labels: [[1, 2], [1]],
    };
    const check = checkGradient(loss as never, logits, given as never, { lengths: [4, 3] } as LossOptions);
    expect(check.passed).toBe(true);
  });

  it("a weight of 0 keeps a broken loss out; one that is Infinity stays Infinity", () => {
    const logits = [[[0, 0]]];
    const impossible = (x: number[][][], y: number[][], o?: LossOptions) => ctcLoss(x, [[...y[0], 1, 1]], o);
    const off = combineLosses<number[][][], number[][]>([
      [1, ctcLoss],
      [0, impossible],
    ]);
    const on = combineLosses<number[][][], number[][]>([
      [1, ctcLoss],
      [0.1, impossible],
    ]);
    expect(off(logits, [[1]]).value).toBeCloseTo(Math.LN2, 12);
    expect(on(logits, [[1]]).value).toBe(Number.POSITIVE_INFINITY);
    expect(on(logits, [[1]]).grad.data.every(Number.isFinite)).toBe(true);
  });

  it("writes into a buffer, computes no gradient when none is asked for, and combines micro-batches exactly", () => {
    const into = new Float64Array(6);
    expect(both(outputs, targets, { into }).grad.data).toBe(into);
    expect(into[0]).not.toBe(0);
    expect(both(outputs, targets, { gradient: false }).grad.data).toHaveLength(0);
    const halves = [0, 1].map((b) => both([outputs[b]], [targets[b]]));
    expect(combine(halves).value).toBe(both(outputs, targets).value);
  });

  it("where means differ, micro-batches count by their sequences", () => {
    const loss = combineLosses<number[][][], number[][]>([
      [1, (x, y, o) => crossEntropy(x, y, { ...o, per: "step" })],
      [1, (x, y, o) => crossEntropy(x, y, { ...o, per: "sequence" })],
    ]);
    const { value, sum, weight } = loss(
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [0, 0],
          [1, 1],
        ],
      ],
      [
        [0, 1],
        [0, 0],
      ],
    );
    expect([weight, sum / weight]).toEqual([2, value]);
  });

  it("refuses no losses, a weight that is no number, and losses of different outputs", () => {
    expect(() => combineLosses([])).toThrow(/at least one \[weight, loss\]/);
    const bad = combineLosses([[() => Number.NaN, meanSquaredError]]);
    expect(() => bad([[1]], [[1]], { step: 7 })).toThrow(
      /the weight of loss 0 at step 7 is NaN; expected a finite number/,
    );
    const other = combineLosses([
      [1, meanSquaredError],
      [1, () => meanSquaredError([[1, 2]], [[1, 2]])],
    ]);
    expect(() => other([[1]], [[1]])).toThrow(/the gradient's shape of loss 1 is "1,2"; expected 1,1, as of loss 0/);
  });
});

/** Σ_t c (x − y)², dearer by `over` where the forecast is too high; plus how rough the forecast is. */
const asymmetric = (over: number, smooth: number) =>
  customLoss(({ data }, target: readonly number[]) => {
    let value = 0;
    const grad = new Float64Array(data.length);
    data.forEach((x, t) => {
      const c = x > target[t] ? over : 1;
      value += c * (x - target[t]) ** 2;
      grad[t] += 2 * c * (x - target[t]);
      if (t === 0) return;
      value += smooth * (x - data[t - 1]) ** 2;
      grad[t] += 2 * smooth * (x - data[t - 1]);
      grad[t - 1] -= 2 * smooth * (x - data[t - 1]);
    });
    return { value, grad };
  });

describe("customLoss", () => {
  it("is the loss that is written, for each sequence's real steps", () => {
    const loss = asymmetric(3, 0.5);
    const { value, losses, grad } = loss(
      [
        [2, 0, Number.NaN],
        [1, 1, 1],
      ],
      [
        [1, 1],
        [1, 1, 1],
      ],
      { lengths: [2, 3] },
    );
    expect(Array.from(losses)).toEqual([3 + 1 + 0.5 * 4, 0]);
    expect(value).toBe(3);
    expect(Array.from(grad.data)).toEqual([(6 + 2) / 2, (-2 - 2) / 2, 0, 0, 0, 0]);
  });

  it("equals the library's own where it says the same, under every option, padded and weighted", () => {
    const mine = customLoss(
      ({ data }, target: readonly number[]) => ({
        value: data.reduce((sum, x, t) => sum + (x - target[t]) ** 2, 0),
        grad: data.map((x, t) => 2 * (x - target[t])),
      }),
      { name: "mine" },
    );
    const options = fc.record({
      reduction: fc.constantFrom("mean", "sum", "none"),
      per: fc.constantFrom("sequence", "step", "label"),
      weights: fc.constantFrom([1, 1], [0, 2], [1.5, -1]),
      lengths: fc.constantFrom([3, 3], [0, 3], [2, 1]),
      upstream: fc.constantFrom(1, -2),
    });
    fc.assert(
      fc.property(fc.nat(1e6), options, (seed, given) => {
        const random = new Random(seed);
        const draw = () => [0, 1].map(() => Array.from({ length: 3 }, () => random.normal()));
        const [outputs, targets] = [draw(), draw()];
        const a = mine(outputs, targets, given as LossOptions);
        const b = meanSquaredError(outputs, targets, given as LossOptions);
        expect(a.value).toBeCloseTo(b.value, 10);
        expect(a.weight).toBe(b.weight);
        a.grad.data.forEach((x, i) => expect(x).toBeCloseTo(b.grad.data[i], 10));
      }),
    );
  });

  it("hands over steps of several numbers in their shape, and trains float32 outputs", () => {
    const shapes: (readonly number[])[] = [];
    const loss = customLoss(({ data, shape }) => {
      shapes.push(shape);
      return { value: data[0], grad: data.map((_, i) => (i === 0 ? 1 : 0)) };
    });
    const { grad } = loss({ data: new Float32Array(12), shape: [2, 3, 2] }, [0, 0], {
      lengths: [3, 1],
      reduction: "sum",
    });
    expect(shapes[0]).toEqual([3, 2]);
    expect(shapes.at(-1)).toEqual([1, 2]);
    expect(grad.data).toBeInstanceOf(Float32Array);
    expect(Array.from(grad.data)).toEqual([1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  });

  const wrong = (check?: boolean | { tolerance: number }) =>
    customLoss(({ data }) => ({ value: data[0] ** 2 + data[1], grad: [data[0], 1] }), {
      name: "halved",
      ...(check !== undefined && { check }),
    });

  it("compares the first gradient with differences, and says where it is wrong", () => {
    expect(() => wrong()([[3, 1]], [0])).toThrow(
      /halved: the gradient of sequence 0 at \[0\] is 3; expected 5\.99\d*|6\.0\d*, as differences of the loss give/,
    );
    expect(wrong(false)([[3, 1]], [0]).grad.data[0]).toBe(3);
    expect(wrong({ tolerance: 1 })([[3, 1]], [0]).grad.data[0]).toBe(3);
    expect(wrong()([[3, 1]], [0], { gradient: false }).value).toBe(10);
  });

  it("checks once, and only where there is something to check", () => {
    let calls = 0;
    const loss = customLoss(({ data }) => {
      calls++;
      return { value: Math.max(data[0], 0), grad: [Number(data[0] > 0)] };
    });
    loss([[0]], [0]); // a corner: nothing to compare
    const atCorner = calls;
    loss([[1]], [0]);
    expect(calls).toBeGreaterThan(atCorner + 1);
    const checked = calls;
    loss([[1]], [0]);
    expect(calls).toBe(checked + 1);
  });

  it("refuses too few targets and a gradient of another size", () => {
    const loss = customLoss(() => ({ value: 1, grad: [1] }), { name: "short" });
    expect(() => loss([[1, 2]], [])).toThrow(/short: the number of targets is 0; expected 1/);
    expect(() => loss([[1, 2]], [0])).toThrow(/size of the gradient of sequence 0 is 1; expected 2/);
  });
});

describe("by automatic differentiation", () => {
  beforeAll(async () => {
    await tf.setBackend("cpu");
  });
  const outputs = [
    [1.5, 2, -0.5],
    [0.5, 1, 1],
  ];
  const targets = [
    [1, 1, 1],
    [0, 0, 0],
  ];
  const options = { lengths: [3, 2], weights: [1, 2] };
  const byHand = meanSquaredError(outputs, targets, { ...options, per: "sequence" });

  it("TensorFlow.js gives the gradient that is known, and leaks no tensor", () => {
    const loss = customLoss(
      tensorflowGradient(tf, (x: tf.Tensor, target: number[]) =>
        tf.sum(tf.squaredDifference(x, tf.tensor1d(target.slice(0, x.shape[0])))),
      ),
      { check: { step: 1e-2, tolerance: 1e-2 } },
    );
    const before = tf.memory().numTensors;
    const { value, grad } = loss(outputs, targets, options);
    expect(value).toBeCloseTo(byHand.value, 5);
    grad.data.forEach((x, i) => expect(x).toBeCloseTo(byHand.grad.data[i], 5));
    expect(tf.memory().numTensors).toBe(before);
  });

  it("jax-js does", () => {
    const np = jax.numpy;
    const loss = customLoss(
      jaxGradient(jax, (x: jax.Array, target: number[]) =>
        np.sum(np.square(x.sub(np.array(target.slice(0, x.shape[0]))))),
      ),
      { check: false },
    );
    const { value, grad } = loss(outputs, targets, options);
    expect(value).toBeCloseTo(byHand.value, 5);
    grad.data.forEach((x, i) => expect(x).toBeCloseTo(byHand.grad.data[i], 5));
  });
});
