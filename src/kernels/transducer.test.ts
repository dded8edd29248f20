import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { transducerLoss } from "../losses/transducer.js";
import { kernelTensors } from "./arena.js";

const random = new Random(1);

interface Sizes {
  readonly B: number;
  readonly T: number;
  readonly U: number;
  readonly V: number;
}

function draw({ B, T, U, V }: Sizes, spread: number) {
  const labels = Array.from({ length: B }, (_, b) =>
    Array.from({ length: b === 0 ? U : random.integer(U + 1) }, () => 1 + random.integer(V - 1)),
  );
  const data = Float32Array.from({ length: B * T * (U + 1) * V }, () => spread * random.normal());
  const lengths = labels.map((_, b) => (b === 0 ? T : random.integer(T + 1)));
  return { data, shape: [B, T, U + 1, V], labels, lengths };
}

/** The kernel on float32 against the reference on the same numbers in float64. */
function compare({ data, shape, labels, ...options }: ReturnType<typeof draw> & { blank?: number }) {
  const fast = transducerLoss({ data, shape }, labels, options);
  const exact = transducerLoss({ data: Float64Array.from(data), shape }, labels, options);
  fast.losses.forEach((loss, b) => {
    // the reference adds logarithms, and knows a loss near 0 to 1e-15
    if (!Number.isFinite(exact.losses[b])) expect(loss).toBe(exact.losses[b]);
    else expect(Math.abs(loss - exact.losses[b])).toBeLessThanOrEqual(1e-6 * exact.losses[b] + 1e-14);
  });
  let worst = 0;
  exact.grad.data.forEach((slope, i) => {
    if (Number.isNaN(slope)) expect(fast.grad.data[i]).toBeNaN();
    else worst = Math.max(worst, Math.abs(fast.grad.data[i] - slope));
  });
  expect(worst).toBeLessThan(5e-6);
  return { fast, exact };
}

describe("the transducer's kernel is the reference", () => {
  it.each([
    [{ B: 3, T: 1, U: 0, V: 2 }],
    [{ B: 3, T: 4, U: 7, V: 3 }],
    [{ B: 5, T: 9, U: 4, V: 5 }],
    [{ B: 2, T: 12, U: 6, V: 29 }],
    [{ B: 2, T: 5, U: 3, V: 131 }],
  ])("on %j, from flat to far apart, ragged", (sizes) => {
    for (const spread of [0, 1, 20, 1000]) compare({ ...draw(sizes, spread), blank: 0 });
  });

  it("over 2,000 frames", () => {
    compare(draw({ B: 1, T: 2000, U: 15, V: 4 }, 1));
    compare(draw({ B: 1, T: 2000, U: 15, V: 4 }, 200));
  });

  it("where the blank is any class", () => {
    const drawn = draw({ B: 2, T: 4, U: 3, V: 5 }, 2);
    compare({ ...drawn, labels: drawn.labels.map((label) => label.map((id) => id - 1)), blank: 4 });
  });

  it("where the network is sure: a loss near 0 is known to 1e-15", () => {
    // both labels at the first frame, then blanks; other paths lead there as well, so that the share is not quite 15
    const shares = [5, 15, 20, 25].map((margin) => {
      const [T, U, V] = [3, 2, 4];
      const data = new Float32Array(T * (U + 1) * V);
      const path = [...[1, 2, 0].map((k, u) => [0, u, k]), [1, U, 0], [2, U, 0]];
      for (const [t, u, k] of path) data[(t * (U + 1) + u) * V + k] = margin;
      const { fast } = compare({ data, shape: [1, T, U + 1, V], labels: [[1, 2]], lengths: [T] });
      return fast.losses[0] / Math.exp(-margin);
    });
    expect(shares[1]).toBeGreaterThan(14);
    expect(shares[1]).toBeLessThan(15);
    expect(shares[2]).toBeCloseTo(shares[1], 3);
    expect(shares[3]).toBeCloseTo(shares[2], 3);
  });

  it("where classes are impossible: -Infinity costs Infinity only if every path needs it", () => {
    const drawn = draw({ B: 4, T: 3, U: 2, V: 4 }, 1);
    const forbidden = drawn.data.map((x) => (random.uniform() < 0.15 ? Number.NEGATIVE_INFINITY : x));
    for (let b = 0; b < 4; b++) compare({ ...drawn, data: forbidden, lengths: [3, 3, 2, 1] });
    const never = new Float32Array(4 * 3 * 3 * 4).fill(Number.NEGATIVE_INFINITY);
    const { fast } = compare({ ...drawn, data: never });
    expect(fast.grad.data.every((slope) => slope === 0)).toBe(true);
  });

  it("where numbers are farther apart than exponents reach", () => {
    const drawn = draw({ B: 1, T: 2, U: 1, V: 3 }, 1);
    compare({ ...drawn, data: drawn.data.map((x) => 1e9 * x) });
  });

  it("and NaN or +Infinity poisons its own sequence alone, padding never", () => {
    for (const poison of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const drawn = draw({ B: 3, T: 3, U: 2, V: 4 }, 1);
      const lengths = [3, 2, 3];
      const labels = [[1, 2], [3], [2, 1]];
      const data = drawn.data.slice();
      data[0] = poison;
      const frame = 3 * 4;
      data.fill(poison, 3 * frame + 2 * 4, 3 * frame + 3 * 4); // row 2 of a sequence with one label
      data.fill(poison, 3 * frame + 2 * frame, 6 * frame); // past its two frames
      const { fast } = compare({ ...drawn, data, labels, lengths });
      expect(fast.losses[0]).toBeNaN();
      expect(fast.losses.slice(1).every(Number.isFinite)).toBe(true);
    }
  });

  it("in groups of frames, each the cache's size, with padding between the rows", () => {
    const drawn = draw({ B: 2, T: 30, U: 12, V: 700 }, 3); // 1 MB a sequence, 36 KB a frame
    const { data, shape, labels } = drawn;
    for (const lengths of [
      [30, 29],
      [1, 15],
      [30, 0],
    ]) {
      // biome-ignore format: one batch each
      const { fast } = compare({ ...drawn, labels: [labels[0], labels[1].slice(0, 5)], lengths });
      const [logits, into] = kernelTensors(shape, 2);
      logits.data.set(data);
      const inPlace = transducerLoss(logits, [labels[0], labels[1].slice(0, 5)], { lengths, into: into.data });
      expect(into.data).toEqual(fast.grad.data);
      expect(inPlace.losses).toEqual(fast.losses);
    }
    const same = data.slice();
    const { grad } = transducerLoss({ data, shape }, labels);
    transducerLoss({ data: same, shape }, labels, { into: same });
    expect(same).toEqual(grad.data);
  });

  it("and writes 0 where next to no path comes by", () => {
    const [T, U, V] = [3, 2, 3];
    const data = new Float32Array(T * (U + 1) * V);
    for (let u = 0; u < U; u++) data[u * V + 1] = 100; // both labels at the first frame
    const { fast } = compare({ data, shape: [1, T, U + 1, V], labels: [[1, 1]], lengths: [T] });
    const row = (t: number, u: number) =>
      Array.from(fast.grad.data.slice((t * (U + 1) + u) * V, (t * (U + 1) + u + 1) * V));
    for (const t of [1, 2]) {
      for (const u of [0, 1]) expect(row(t, u)).toEqual([0, 0, 0]); // e^-100 of the probability
      expect(row(t, 2)).toEqual([-2 / 3, 1 / 3, 1 / 3].map((slope) => expect.closeTo(slope, 6)));
    }
  });

  it("with weights, upstream, no gradient, into, and in place: the same to the bit", () => {
    const drawn = draw({ B: 5, T: 6, U: 3, V: 9 }, 2);
    const { data, shape, labels, lengths } = drawn;
    for (const options of [
      { lengths, weights: [1, 0, -2, 1e-35, 1 / 3] },
      { lengths, upstream: 1e33, reduction: "sum" as const },
    ]) {
      const plain = transducerLoss({ data, shape }, labels, options);
      expect(transducerLoss({ data, shape }, labels, { ...options, gradient: false }).value).toBe(plain.value);
      const [logits, into] = kernelTensors(shape, 2);
      logits.data.set(data);
      into.data.fill(7);
      const inPlace = transducerLoss(logits, labels, { ...options, into: into.data });
      expect(inPlace.grad.data).toBe(into.data);
      expect(Array.from(into.data)).toEqual(Array.from(plain.grad.data));
      expect(Array.from(inPlace.losses)).toEqual(Array.from(plain.losses));
      const exact = transducerLoss({ data: Float64Array.from(data), shape }, labels, options);
      const largest = Math.max(...exact.grad.data.map(Math.abs));
      exact.grad.data.forEach((slope, i) => expect(Math.abs(plain.grad.data[i] - slope)).toBeLessThan(5e-6 * largest));
    }
  });
});
