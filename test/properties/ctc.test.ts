import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random, type Tensor } from "../../src/index.js";
import { heap } from "../../src/kernels/memory.js";
import { ctcLoss } from "../../src/losses/ctc.js";
import { alignments, strings } from "../../src/reference/alignments.js";

interface Case {
  readonly T: number;
  readonly V: number;
  readonly blank: number;
  readonly labels: number[];
  readonly data: Float32Array;
}

function drawCase(random: Random, limits: { T: number; V: number; U: number; scale: number }): Case {
  const T = 1 + random.integer(limits.T);
  const V = 1 + random.integer(limits.V);
  const blank = random.integer(V);
  const U = V === 1 ? 0 : random.integer(Math.min(T, limits.U) + 1);
  const labels = Array.from({ length: U }, () => {
    const id = random.integer(V - 1);
    return id >= blank ? id + 1 : id;
  });
  const data = Float32Array.from({ length: T * V }, () => limits.scale * random.normal());
  return { T, V, blank, labels, data };
}

const single = (T: number, V: number, data: Float32Array | Float64Array): Tensor => ({ data, shape: [1, T, V] });
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

/** The loss and posterior by listing every alignment. */
function enumerated({ T, V, blank, labels, data }: Case) {
  const probabilities = Array.from({ length: T }, (_, t) => {
    const weights = Array.from(data.subarray(t * V, (t + 1) * V), Math.exp);
    const Z = weights.reduce((a, b) => a + b);
    return weights.map((w) => w / Z);
  });
  const grad = probabilities.flat();
  const all = alignments(T, V, labels, blank).map((path) => ({
    path,
    p: path.reduce((p, k, t) => p * probabilities[t][k], 1),
  }));
  const total = all.reduce((sum, { p }) => sum + p, 0);
  for (const { path, p } of all) for (let t = 0; t < T; t++) grad[t * V + path[t]] -= p / total;
  return { loss: -Math.log(total), grad: total === 0 ? grad.fill(0) : grad };
}

describe("ctcLoss against its definition", () => {
  it("equals the sum over all listed alignments: every T ≤ 5, V ≤ 4, U ≤ 4, blank", () => {
    const random = new Random(11);
    let compared = 0;
    for (let T = 1; T <= 5; T++) {
      for (let V = 1; V <= 4; V++) {
        const data = Float32Array.from({ length: T * V }, () => 2 * random.normal());
        for (let blank = 0; blank < V; blank++) {
          for (let U = 0; U <= Math.min(4, T, V === 1 ? 0 : 4); U++) {
            const others = Array.from({ length: V }, (_, k) => k).filter((k) => k !== blank);
            const lists = U === 0 ? [[]] : [...strings(U, others.length)].map((list) => list.map((i) => others[i]));
            for (const labels of lists.filter(() => lists.length < 10 || random.uniform() < 10 / lists.length)) {
              const { loss, grad } = enumerated({ T, V, blank, labels, data });
              const exact = ctcLoss(single(T, V, Float64Array.from(data)), [labels], { blank });
              const fast = ctcLoss(single(T, V, data), [labels], { blank });
              if (loss === Number.POSITIVE_INFINITY) expect([exact.value, fast.value]).toEqual([loss, loss]);
              else {
                expect(Math.abs(exact.value - loss)).toBeLessThan(1e-11);
                expect(Math.abs(fast.value - loss)).toBeLessThan(1e-5 * loss + 1e-12);
              }
              for (let i = 0; i < grad.length; i++) {
                expect(Math.abs(exact.grad.data[i] - grad[i])).toBeLessThan(1e-11);
                expect(Math.abs(fast.grad.data[i] - grad[i])).toBeLessThan(1e-5);
              }
              compared++;
            }
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(400);
  });

  it("row 23: over all labels the probabilities sum to 1", () => {
    const random = new Random(12);
    const T = 4;
    const V = 3;
    const data = Float64Array.from({ length: T * V }, () => random.normal());
    let total = 0;
    for (let U = 0; U <= T; U++) {
      for (const list of strings(U, V - 1)) {
        total += Math.exp(-ctcLoss(single(T, V, data), [list.map((k) => k + 1)]).value);
      }
    }
    expect(total).toBeCloseTo(1, 12);
  });
});

describe("ctcLoss: the kernel against the reference", () => {
  it.each([
    ["small", { T: 10, V: 6, U: 5, scale: 1 }, 300],
    ["small and confident", { T: 10, V: 6, U: 5, scale: 12 }, 300],
    ["middling", { T: 80, V: 40, U: 30, scale: 3 }, 60],
    ["far apart", { T: 60, V: 20, U: 20, scale: 100 }, 60],
    ["farther than exponents reach", { T: 12, V: 5, U: 4, scale: 1e5 }, 60],
  ])("%s: loss within 1e-5 relative, gradient within 1e-5", (_, limits, count) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { T, V, blank, labels, data } = drawCase(new Random(seed), limits);
        const exact = ctcLoss(single(T, V, Float64Array.from(data)), [labels], { blank });
        const fast = ctcLoss(single(T, V, data), [labels], { blank });
        const allowed = Number.isFinite(exact.value) ? 1e-5 * exact.value + 1e-37 : 0;
        if (exact.value !== fast.value) expect(Math.abs(fast.value - exact.value)).toBeLessThanOrEqual(allowed);
        expect(fast.value).toBeGreaterThanOrEqual(0);
        fast.grad.data.forEach((x, i) => {
          expect(Math.abs(x - exact.grad.data[i])).toBeLessThan(1e-5 + 1e-5 * Math.abs(x));
        });
      }),
      { numRuns: count },
    );
  });

  it("agrees on extreme values: equal, masked, subnormal, past float32's exponentials", () => {
    const extremes = [
      0,
      1e-38,
      -1e-38,
      88,
      -88,
      104,
      -104,
      745,
      -745,
      1e4,
      -1e4,
      3e38,
      -3e38,
      Number.NEGATIVE_INFINITY,
    ];
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new Random(seed);
        const { T, V, blank, labels, data } = drawCase(random, { T: 6, V: 5, U: 3, scale: 1 });
        for (let i = 0; i < data.length; i++) data[i] = extremes[random.integer(extremes.length)];
        const exact = ctcLoss(single(T, V, Float64Array.from(data)), [labels], { blank });
        const fast = ctcLoss(single(T, V, data), [labels], { blank });
        if (!Object.is(exact.value, fast.value)) {
          expect(Math.abs(fast.value - exact.value)).toBeLessThanOrEqual(1e-5 * Math.abs(exact.value) + 1e-30);
        }
        fast.grad.data.forEach((x, i) => expect(x).toBeCloseTo(exact.grad.data[i], 4));
      }),
      { numRuns: 400 },
    );
  });

  it.each([1, 20, 200, 1000])(
    "keeps the gradient within 5e-6 over 2,000 frames of logits like ±%i, to ±1,000",
    (scale) => {
      const [T, V, U] = [2000, 29, 300];
      for (let seed = 1; seed <= 3; seed++) {
        const random = new Random(seed);
        const data = Float32Array.from({ length: T * V }, () => Math.max(-1e3, Math.min(1e3, scale * random.normal())));
        const labels = Array.from({ length: U }, () => 1 + random.integer(V - 1));
        const exact = ctcLoss(single(T, V, Float64Array.from(data)), [labels]);
        const fast = ctcLoss(single(T, V, data), [labels]);
        expect(Math.abs(fast.value / exact.value - 1)).toBeLessThan(1e-7);
        let worst = 0;
        for (let i = 0; i < T * V; i++) worst = Math.max(worst, Math.abs(fast.grad.data[i] - exact.grad.data[i]));
        expect(worst).toBeLessThan(5e-6);
      }
    },
  );

  it("takes thousands of calls and a failing one without keeping memory", () => {
    const before = heap().reservedBytes;
    const random = new Random(8);
    for (let i = 0; i < 3000; i++) {
      const { T, V, blank, labels, data } = drawCase(random, { T: 8, V: 6, U: 4, scale: 1 });
      ctcLoss(single(T, V, data), [labels], { blank });
    }
    expect(() => ctcLoss(single(2, 3, new Float32Array(6)), [[0]])).toThrow();
    expect(heap().reservedBytes).toBe(before);
  });
});

describe("row 23: what must not, and what must, change the loss", () => {
  const limits = { T: 12, V: 6, U: 5, scale: 2 };
  const property = (check: (given: Case, compute: (change: Partial<Case>) => ReturnType<typeof ctcLoss>) => void) =>
    fc.assert(
      fc.property(seeds, (seed) => {
        const given = drawCase(new Random(seed), limits);
        check(given, (change) => {
          const { T, V, blank, labels, data } = { ...given, ...change };
          return ctcLoss(single(T, V, Float64Array.from(data)), [labels], { blank });
        });
      }),
      { numRuns: 100 },
    );

  it("each frame's gradient sums to 0", () =>
    property(({ T, V }, compute) => {
      const { grad } = compute({});
      for (let t = 0; t < T; t++) {
        const sum = Array.from(grad.data.subarray(t * V, (t + 1) * V)).reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(0, 12);
      }
    }));

  it("adding a number to a frame changes nothing", () =>
    property(({ V, data }, compute) => {
      const moved = Float32Array.from(data, (x, i) => (i < V ? Math.fround(x) + 1024 : x));
      const exact = compute({ data: moved.map((x, i) => (i < V ? x - 1024 : x)) });
      const shifted = compute({ data: moved });
      if (Number.isFinite(exact.value)) expect(shifted.value).toBeCloseTo(exact.value, 9);
      else expect(shifted.value).toBe(exact.value);
    }));

  it("frames and label reversed together: the same loss, the gradient reversed", () =>
    property(({ T, V, labels, data }, compute) => {
      const backwards = (x: ArrayLike<number>) =>
        Float64Array.from({ length: T * V }, (_, i) => x[(T - 1 - Math.floor(i / V)) * V + (i % V)]);
      const forward = compute({});
      const reversed = compute({ data: Float32Array.from(backwards(data)), labels: labels.toReversed() });
      if (Number.isFinite(forward.value)) expect(reversed.value).toBeCloseTo(forward.value, 10);
      backwards(reversed.grad.data).forEach((x, i) => expect(x).toBeCloseTo(forward.grad.data[i], 10));
    }));

  it("classes permuted: the same loss, the gradient permuted", () =>
    property(({ T, V, blank, labels, data }, compute) => {
      const order = Array.from({ length: V }, (_, k) => (k + 1) % V);
      const permuted = new Float32Array(T * V);
      for (let i = 0; i < T * V; i++) permuted[i - (i % V) + order[i % V]] = data[i];
      const plain = compute({});
      const moved = compute({ data: permuted, blank: order[blank], labels: labels.map((k) => order[k]) });
      if (Number.isFinite(plain.value)) expect(moved.value).toBeCloseTo(plain.value, 10);
      plain.grad.data.forEach((x, i) => expect(moved.grad.data[i - (i % V) + order[i % V]]).toBeCloseTo(x, 10));
    }));

  it("a frame that is certainly blank changes nothing", () =>
    property(({ T, V, blank, data }, compute) => {
      const certain = new Float32Array(V).fill(-100);
      certain[blank] = 0;
      const before = compute({});
      const after = compute({ T: T + 1, data: Float32Array.from([...data, ...certain]) });
      if (Number.isFinite(before.value))
        expect(Math.abs(after.value - before.value)).toBeLessThan(1e-12 * (1 + before.value));
    }));

  it("the gradient is the slope: central differences", () =>
    property(({ T, V, labels, blank, data }, compute) => {
      const { value, grad } = compute({});
      if (!Number.isFinite(value)) return;
      const h = 1e-5;
      for (let i = 0; i < T * V; i++) {
        const at = (x: number) => {
          const moved = Float64Array.from(data);
          moved[i] += x;
          return ctcLoss(single(T, V, moved), [labels], { blank }).value;
        };
        expect((at(h) - at(-h)) / (2 * h)).toBeCloseTo(grad.data[i], 7);
      }
    }));
});
