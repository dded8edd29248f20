import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkGradient,
  type LossOptions,
  type LossResult,
  lossCatalogue,
  Random,
  type Tensor,
} from "../../src/index.js";

// What every loss with a target at each step has in common, drawn at random.

type Compute = (outputs: Tensor, targets: unknown, options?: LossOptions & Record<string, unknown>) => LossResult;
const loss = (name: string) => lossCatalogue.get(name)?.compute as Compute;

interface Drawn {
  readonly B: number;
  readonly T: number;
  readonly V: number;
  readonly data: Float32Array;
  readonly targets: number[][] | Tensor;
  readonly lengths: number[];
  readonly options: Record<string, unknown>;
}

type Kind = "labels" | "rows" | "numbers" | "signs" | "choices";
const kinds: [string, Kind, (random: Random, V: number) => Record<string, unknown>][] = [
  ["meanSquaredError", "numbers", () => ({})],
  ["meanAbsoluteError", "numbers", () => ({})],
  ["huberLoss", "numbers", (random) => ({ delta: 0.1 + random.uniform() })],
  ["quantileLoss", "numbers", (random) => ({ quantile: 0.1 + 0.8 * random.uniform() })],
  ["binaryCrossEntropy", "choices", (random) => ({ positiveWeight: 0.5 + random.uniform() })],
  ["focalLoss", "choices", (random) => ({ gamma: 3 * random.uniform(), alpha: random.uniform() })],
  ["hingeLoss", "signs", () => ({})],
  ["sequenceHingeLoss", "signs", () => ({ squared: true })],
  ["multiclassHingeLoss", "labels", () => ({ squared: true })],
  ["rankingHingeLoss", "labels", () => ({ rivals: "mean", squared: true })],
  ["bprLoss", "labels", () => ({ includeSelf: true })],
  ["bprMaxLoss", "labels", (random) => ({ regularisation: random.uniform() })],
  ["top1Loss", "labels", () => ({})],
  ["top1MaxLoss", "labels", () => ({})],
  [
    "sampledSoftmaxLoss",
    "labels",
    (random, V) => ({
      negatives: Array.from({ length: 6 }, () => random.integer(V)),
      logQ: Array.from({ length: V }, () => random.normal()),
    }),
  ],
  ["negativeLogLikelihood", "labels", () => ({})],
  ["crossEntropy", "labels", () => ({})],
  [
    "crossEntropy",
    "labels",
    (random, V) => ({ labelSmoothing: 0.3, classWeights: Array.from({ length: V }, () => random.uniform()) }),
  ],
  ["crossEntropy", "rows", () => ({ labelSmoothing: 0.1 })],
  ["categoricalCrossEntropy", "rows", () => ({})],
  ["sequenceCrossEntropy", "labels", () => ({ ignoreIndex: 0 })],
];

function draw(seed: number, kind: Kind, settings: (random: Random, V: number) => Record<string, unknown>): Drawn {
  const random = new Random(seed);
  const [B, T, V] = [1 + random.integer(4), 1 + random.integer(5), [1, 2, 3, 4, 5, 7, 8, 33, 64][random.integer(9)]];
  const scale = [0.5, 3, 20][random.integer(3)];
  const data = Float32Array.from({ length: B * T * V }, () => scale * random.normal());
  const each = (value: () => number) => ({ data: Float32Array.from({ length: B * T * V }, value), shape: [B, T, V] });
  const row = () => {
    const weights = Array.from({ length: V }, () => (random.uniform() < 0.3 ? 0 : random.uniform()));
    const sum = weights.reduce((a, b) => a + b, 0);
    return sum === 0 ? weights.map((_, k) => Number(k === 0)) : weights.map((w) => w / sum);
  };
  const targets = {
    labels: () => Array.from({ length: B }, () => Array.from({ length: T }, () => random.integer(V))),
    rows: () => ({ data: Float64Array.from(Array.from({ length: B * T }, row).flat()), shape: [B, T, V] }),
    numbers: () => each(() => random.normal()),
    signs: () => each(() => 2 * random.integer(2) - 1),
    choices: () => each(() => [0, 1, random.uniform()][random.integer(3)]),
  }[kind]();
  const lengths = Array.from({ length: B }, () => random.integer(T + 1));
  return { B, T, V, data, targets, lengths, options: settings(random, V) };
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const close = (x: number, y: number) => Object.is(x, y) || Math.abs(x - y) <= 1e-5 * Math.abs(y) + 1e-6;

describe.each(kinds)("%s with %s", (name, kind, settings) => {
  const compute = loss(name);
  const property = (check: (given: Drawn) => void, numRuns = 60) =>
    fc.assert(
      fc.property(seeds, (seed) => check(draw(seed, kind, settings))),
      { numRuns },
    );

  it("float32 agrees with float64, on ragged batches", () =>
    property(({ B, T, V, data, targets, lengths, options }) => {
      const shape = [B, T, V];
      const fast = compute({ data, shape }, targets, { ...options, lengths });
      const exact = compute({ data: Float64Array.from(data), shape }, targets, { ...options, lengths });
      expect(close(fast.value, exact.value), `${fast.value} for ${exact.value}`).toBe(true);
      fast.grad.data.forEach((x, i) => {
        if (!(Math.abs(x - exact.grad.data[i]) < 1e-5 + 1e-5 * Math.abs(x)))
          expect.fail(`grad[${i}]: ${x} for ${exact.grad.data[i]}`);
      });
    }));

  it("the gradient is the slope", () =>
    property(({ B, T, V, data, targets, lengths, options }) => {
      const check = checkGradient(
        compute,
        { data, shape: [B, T, V] },
        targets,
        { ...options, lengths },
        { tolerance: 1e-5 },
      );
      expect(check.passed, JSON.stringify(check.worst)).toBe(true);
    }, 25));

  it("padding is never read, and gets no gradient", () =>
    property(({ B, T, V, data, targets, lengths, options }) => {
      const shape = [B, T, V];
      const clean = compute({ data, shape }, targets, { ...options, lengths });
      const dirty = data.slice();
      const real = (i: number) => Math.floor(i / V) % T < lengths[Math.floor(i / (T * V))];
      for (let i = 0; i < dirty.length; i++) if (!real(i)) dirty[i] = Number.NaN;
      const poisoned = compute({ data: dirty, shape }, targets, { ...options, lengths });
      expect(poisoned).toEqual(clean);
      clean.grad.data.forEach((x, i) => {
        if (!real(i)) expect(x).toBe(0);
      });
    }));

  it("a sequence alone gives the bits it gives in the batch", () =>
    property(({ B, T, V, data, targets, options }) => {
      const batch = compute({ data, shape: [B, T, V] }, targets, { ...options, reduction: "none" });
      const size = T * V;
      for (let b = 0; b < B; b++) {
        const own = Array.isArray(targets)
          ? [targets[b]]
          : { data: targets.data.slice(b * size, (b + 1) * size), shape: [1, T, V] };
        const single = { data: data.slice(b * size, (b + 1) * size), shape: [1, T, V] };
        const alone = compute(single, own, { ...options, reduction: "none" });
        expect(alone.losses[0]).toBe(batch.losses[b]);
        expect(alone.grad.data).toEqual(batch.grad.data.slice(b * size, (b + 1) * size));
      }
    }));

  it("an upstream gradient multiplies, also 0 and negative", () =>
    property(({ B, T, V, data, targets, options }) => {
      const given = { data: Float64Array.from(data), shape: [B, T, V] };
      const one = compute(given, targets, { ...options, reduction: "none" });
      const upstream = Array.from({ length: B }, (_, b) => [2, 0, -1.5][b % 3]);
      const many = compute(given, targets, { ...options, reduction: "none", upstream });
      many.grad.data.forEach((x, i) => {
        expect(x).toBeCloseTo(upstream[Math.floor(i / (T * V))] * one.grad.data[i], 9);
      });
    }));
});

describe("losses with a softmax", () => {
  it.each(["crossEntropy", "sequenceCrossEntropy"])(
    "%s: rows of the gradient sum to 0; adding a number to a row changes nothing",
    (name) => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const { B, T, V, data, targets } = draw(seed, "labels", () => ({}));
          const shape = [B, T, V];
          const plain = loss(name)({ data: Float64Array.from(data), shape }, targets);
          const moved = loss(name)({ data: Float64Array.from(data, (x, i) => x + Math.floor(i / V)), shape }, targets);
          expect(moved.value).toBeCloseTo(plain.value, 9);
          for (let i = 0; i < B * T; i++) {
            expect(Array.from(plain.grad.data.subarray(i * V, (i + 1) * V)).reduce((a, b) => a + b, 0)).toBeCloseTo(
              0,
              12,
            );
          }
        }),
      );
    },
  );
});
