import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { tensor } from "../core/tensor.js";
import { checkGradient } from "./checkGradient.js";
import { crossEntropy } from "./crossEntropy.js";
import { multiclassHingeLoss } from "./hinge.js";
import { bprLoss, bprMaxLoss, rankingHingeLoss, top1Loss, top1MaxLoss } from "./ranking.js";
import type { RankingOptions } from "./rankingSteps.js";
import type { LossResult } from "./reduction.js";
import { sampledSoftmaxLoss } from "./sampledSoftmax.js";

const INF = Number.POSITIVE_INFINITY;
const list = (data: ArrayLike<number>) => Array.from(data);
const near = (row: readonly number[], digits = 6) => row.map((x) => expect.closeTo(x, digits));
const sigma = (x: number) => 1 / (1 + Math.exp(-x));

type Compute = (
  scores: TensorLike,
  labels: number[] | number[][],
  options?: RankingOptions & Record<string, unknown>,
) => LossResult;

const precisions: [string, (rows: number[][]) => TensorLike][] = [
  ["float64", (rows) => rows],
  ["float32", (rows) => tensor(rows)],
];

/** Every loss, with the options that change its arithmetic. */
const losses: [string, Compute, Record<string, unknown>][] = [
  ["rankingHingeLoss", rankingHingeLoss as Compute, { margin: 2 }],
  ["rankingHingeLoss", rankingHingeLoss as Compute, { rivals: "mean", squared: true }],
  ["rankingHingeLoss", rankingHingeLoss as Compute, { rivals: "max", margin: 3 }],
  ["bprLoss", bprLoss as Compute, {}],
  ["bprLoss", bprLoss as Compute, { rivals: "sum", includeSelf: true }],
  ["bprMaxLoss", bprMaxLoss as Compute, { regularisation: 0 }],
  ["bprMaxLoss", bprMaxLoss as Compute, { regularisation: 1.95 }],
  ["top1Loss", top1Loss as Compute, {}],
  ["top1Loss", top1Loss as Compute, { includeSelf: true }],
  ["top1MaxLoss", top1MaxLoss as Compute, {}],
  ["sampledSoftmaxLoss", sampledSoftmaxLoss as Compute, {}],
];

describe.each(precisions)("ranking losses, %s: numbers with a reason", (_, given) => {
  // The wanted item has score 1, its negatives 2 and 0: the softmax over the negatives is σ(2), σ(−2).
  const scores = [[1, 2, 0]];
  const pairs = [sigma(1) + sigma(4), sigma(-1) + sigma(0)];

  it.each([
    [rankingHingeLoss, {}, 2 + 0, [-1, 1, 0], "1 + 2 − 1; against 0 the margin is met exactly, with slope 0"],
    [rankingHingeLoss, { margin: 2 }, 3 + 1, [-2, 1, 1], "2 + 2 − 1 and 2 + 0 − 1"],
    [rankingHingeLoss, { margin: 2, rivals: "mean" }, 2, [-1, 0.5, 0.5], "half of it"],
    [rankingHingeLoss, { margin: 2, rivals: "max" }, 3, [-1, 1, 0], "the hardest"],
    [rankingHingeLoss, { margin: 2, squared: true }, 9 + 1, [-8, 6, 2], "squares; slopes twice what is missing"],
    [bprLoss, {}, -Math.log(sigma(-1) * sigma(1)) / 2, [-0.5, sigma(1) / 2, sigma(-1) / 2], "d = −1 and 1"],
    [bprLoss, { rivals: "sum" }, -Math.log(sigma(-1) * sigma(1)), [-1, sigma(1), sigma(-1)], "their sum"],
    [
      bprLoss,
      { rivals: "sum", includeSelf: true },
      Math.log(2) - Math.log(sigma(-1) * sigma(1)),
      [-1, sigma(1), sigma(-1)],
      "−ln σ(0) more, and no slope of its own",
    ],
    [
      bprLoss,
      { includeSelf: true },
      (Math.log(2) - Math.log(sigma(-1) * sigma(1))) / 3,
      [-1 / 3, sigma(1) / 3, sigma(-1) / 3],
      "a mean of three",
    ],
    [bprMaxLoss, { negatives: [1] }, -Math.log(sigma(-1)) + 4, [-sigma(1), sigma(1) + 4, 0], "one negative: BPR + 2²"],
    [
      bprMaxLoss,
      { regularisation: 0, negatives: [1, 1] },
      -Math.log(sigma(-1)),
      [-sigma(1), sigma(1), 0],
      "the same negative twice, each weighs ½",
    ],
    [top1Loss, { negatives: [2] }, pairs[1], [-sigma(1) * sigma(-1), 0, sigma(1) * sigma(-1)], "σ(−1) + σ(0)"],
    [top1MaxLoss, { negatives: [2] }, pairs[1], [-sigma(1) * sigma(-1), 0, sigma(1) * sigma(-1)], "one weighs 1"],
    [sampledSoftmaxLoss, { negatives: [1] }, Math.log(1 + Math.E), [-sigma(1), sigma(1), 0], "two items, σ(−1)"],
  ] as [Compute, Record<string, unknown>, number, number[], string][])(
    "%o with %j costs %d, slopes %j: %s",
    (compute, options, value, grad) => {
      const result = compute(given(scores), [0], options);
      expect(result.value).toBeCloseTo(value, 6);
      expect(list(result.grad.data)).toEqual(near(grad));
    },
  );

  it.each([
    [bprMaxLoss, { regularisation: 0 }, -Math.log(sigma(2) * sigma(-1) + sigma(-2) * sigma(1))],
    [bprMaxLoss, {}, -Math.log(sigma(2) * sigma(-1) + sigma(-2) * sigma(1)) + 4 * sigma(2)],
    [top1Loss, {}, (pairs[0] + pairs[1]) / 2],
    [top1Loss, { includeSelf: true }, (pairs[0] + pairs[1] + 0.5) / 3],
    [top1MaxLoss, {}, sigma(2) * pairs[0] + sigma(-2) * pairs[1]],
    [sampledSoftmaxLoss, {}, Math.log(1 + Math.E + 1 / Math.E)],
  ] as [Compute, Record<string, unknown>, number][])("%o with %j is its formula, %d", (compute, options, value) => {
    expect(compute(given(scores), [0], options).value).toBeCloseTo(value, 6);
  });

  it("BPR of a pair 40 apart the wrong way is 40 with slope −1, where ln(σ + 1e-10) would stop at 23", () => {
    const { value, grad } = bprLoss(given([[0, 40]]), [0]);
    expect([value, ...grad.data]).toEqual([40, -1, 1]);
    const won = bprLoss(given([[40, 0]]), [0]);
    expect(won.value / Math.exp(-40)).toBeCloseTo(1, 6);
    expect(won.grad.data[0] / -Math.exp(-40)).toBeCloseTo(1, 6);
  });

  it("a BPR-max that is nearly certain keeps its relative accuracy, in value and slopes", () => {
    const { value, grad } = bprMaxLoss(given([[40, 0, 1]]), [0], { regularisation: 0 });
    const lost = sigma(-1) * Math.exp(-40) + sigma(1) * Math.exp(-39);
    expect(value / lost).toBeCloseTo(1, 6);
    expect(grad.data[0] / -lost).toBeCloseTo(1, 6);
    // ∂/∂r_1 of Σ s_j e^(r_j − r): s_1 e^−40 + s_1 (e^−40 − lost)
    expect(grad.data[1] / (sigma(-1) * (2 * Math.exp(-40) - lost))).toBeCloseTo(1, 5);
  });

  it.each([
    [rankingHingeLoss, {}, 20_001 + 10_001, [-2, 1, 1], "what is missing, margin included"],
    [bprLoss, { rivals: "sum" }, 20_000 + 10_000, [-2, 1, 1], "−ln σ(−d) is d"],
    [bprMaxLoss, { regularisation: 0 }, 20_000 - Math.log(2), [-1, 1, 0], "e^0 e^−2e4 + e^−1e4 e^−1e4"],
    [bprMaxLoss, { regularisation: 0.5 }, 20_000 - Math.log(2) + 0.5e8, [-1, 1 + 1e4, 0], "and half of 1e4²"],
    [top1Loss, {}, (1 + 1 + 1 + 0.5) / 2, [0, 0, 0], "σ(2e4) + σ(1e8), σ(1e4) + σ(0)"],
    [top1MaxLoss, {}, 2, [0, 0, 0], "σ(2e4) + σ(1e8)"],
    [sampledSoftmaxLoss, {}, 20_000, [-1, 1, 0], "the largest, less the wanted"],
  ] as [Compute, Record<string, unknown>, number, number[], string][])(
    "%o with %j of −1e4 against 1e4 and 0 is %d, slopes %j: %s",
    (compute, options, value, grad) => {
      const lost = compute(given([[-1e4, 1e4, 0]]), [0], options);
      expect(lost.value / value).toBeCloseTo(1, 9);
      expect(list(lost.grad.data)).toEqual(near(grad));
      const won = compute(given([[1e4, -1e4, 0]]), [0], { ...options, regularisation: 0 });
      expect(won.value).toBeLessThanOrEqual(1);
      expect(list(won.grad.data)).toEqual(near([0, 0, 0]));
    },
  );

  it("a batch of GRU4Rec: column n is the item that row n wants, the other columns its negatives", () => {
    const batch = [[3, 1, 0], [0, 2, 2], [1, 0, 4]]; // biome-ignore format: rows
    const { losses } = bprLoss(given(batch), [0, 1, 2], { rivals: "sum" });
    const cost = (d: number) => Math.log1p(Math.exp(-d));
    expect(list(losses)).toEqual(near([cost(2) + cost(3), cost(2) + cost(0), cost(3) + cost(4)]));
  });
});

describe.each(losses)("%s", (name, compute, options) => {
  const rows = [[0.3, -1.2, 0.8, 2.1, -0.4], [1.4, 0.2, -0.7, 0.1, 0.9], [-0.5, 1.1, 0.6, -1.9, 0]]; // biome-ignore format: rows
  const wanted = [2, 0, 4];

  it(`with ${JSON.stringify(options)}: the gradient is the slope, through every score`, () => {
    for (const negatives of [undefined, [0, 3, 4], [[0, 1, 1], [], [2, 4, 3]]]) {
      const given = { ...options, ...(negatives && { negatives }) };
      const check = checkGradient<number[], Record<string, unknown>>(compute, rows, wanted, given);
      expect(check.passed, JSON.stringify(check.worst)).toBe(true);
      expect(check.checked).toBeGreaterThan(10);
    }
  });

  it("float32 scores are computed in float64, and their gradient is float32", () => {
    const fast = compute(tensor(rows), wanted, options);
    const exact = compute({ data: Float64Array.from(tensor(rows).data), shape: [3, 5] }, wanted, options);
    expect(fast.value).toBe(exact.value);
    expect(fast.grad.data).toEqual(Float32Array.from(exact.grad.data));
  });

  it("every other item, listed in any order, is the default; the wanted item in the list is not its own rival", () => {
    const plain = compute(rows, wanted, { ...options, includeSelf: false });
    for (const order of [
      [0, 1, 2, 3, 4],
      [4, 2, 0, 1, 3],
    ]) {
      // biome-ignore format: two orders
      expect(compute(rows, wanted, { ...options, includeSelf: false, negatives: order })).toEqual(plain);
      const each = rows.map((_, n) => order.filter((item) => item !== wanted[n]));
      expect(compute(rows, wanted, { ...options, includeSelf: false, negatives: each })).toEqual(plain);
    }
  });

  it("permuting the items permutes the gradient", () => {
    const order = [3, 1, 4, 0, 2];
    const plain = compute(rows, wanted, options);
    const moved = compute(
      rows.map((row) => order.map((item) => row[item])),
      wanted.map((item) => order.indexOf(item)),
      options,
    );
    expect(moved.value).toBeCloseTo(plain.value, 12);
    const back = rows.flatMap((_, n) => order.map((item) => plain.grad.data[5 * n + item]));
    expect(list(moved.grad.data)).toEqual(near(back, 12));
  });

  it("a masked negative is as if not listed", () => {
    const masked = rows.map((row) => row.map((score, item) => (item === 1 ? -INF : score)));
    expect(compute(masked, wanted, options)).toEqual(compute(rows, wanted, { ...options, negatives: [0, 2, 3, 4] }));
  });

  it("scores of items that are not listed are never read", () => {
    const negatives = [0, 3];
    const dirty = rows.map((row, n) =>
      row.map((score, item) => (negatives.includes(item) || item === wanted[n] ? score : Number.NaN)),
    );
    const { grad, ...rest } = compute(dirty, wanted, { ...options, negatives });
    expect({ grad, ...rest }).toEqual(compute(rows, wanted, { ...options, negatives }));
    expect([grad.data[1], grad.data[4], grad.data[6], grad.data[11]]).toEqual([0, 0, 0, 0]);
  });

  it("a wanted item at -Infinity costs Infinity with a zero gradient, and leaves the other sequences alone", () => {
    const masked = [rows[0].map((score, item) => (item === 2 ? -INF : score)), rows[1]];
    const { losses: found, value, grad } = compute(masked, [2, 0], { ...options, reduction: "none" });
    expect([value, found[0]]).toEqual([INF, INF]);
    expect(list(grad.data.subarray(0, 5))).toEqual([0, 0, 0, 0, 0]);
    expect(list(grad.data.subarray(5))).toEqual(
      list(compute([rows[1]], [0], { ...options, reduction: "none" }).grad.data),
    );
    expect(compute([[-INF]], [0], options).value).toBe(INF);
  });

  it("NaN or +Infinity among the scores makes that sequence NaN, and no other", () => {
    for (const broken of [Number.NaN, INF]) {
      for (const place of [0, 2]) {
        const poisoned = [rows[0].map((score, item) => (item === place ? broken : score)), rows[1]];
        const { losses: found, grad } = compute(poisoned, [2, 0], { ...options, reduction: "none" });
        expect(found[0]).toBeNaN();
        expect(list(grad.data.subarray(0, 5)).every(Number.isNaN)).toBe(true);
        const alone = compute([rows[1]], [0], { ...options, reduction: "none" });
        expect([found[1], ...grad.data.subarray(5)]).toEqual([alone.value, ...alone.grad.data]);
      }
    }
  });

  it("nothing to be ranked against costs 0 with a zero gradient", () => {
    for (const [scores, labels, more] of [
      [[[1, 2]], [0], { negatives: [] }],
      [[[1, 2]], [0], { negatives: [[]] }],
      [[[1, 2]], [0], { negatives: [0], includeSelf: false }],
      [[[1, -INF]], [0], { includeSelf: false }],
      [[[3]], [0], { includeSelf: false }],
    ] as [number[][], number[], RankingOptions][]) {
      const { value, weight, grad } = compute(scores, labels, { ...options, ...more });
      expect([value, weight]).toEqual([0, 1]);
      expect(list(grad.data).every((slope) => slope === 0)).toBe(true);
    }
  });

  it("ragged and padded batches: padding is never read, and lists past it are not either", () => {
    const ragged = [[rows[0], rows[1]], [rows[2]]];
    const labels = [[2, 0], [4]];
    const lists = [[[0, 1], [1, 2, 2]], [[3]]]; // biome-ignore format: by sequence
    const plain = compute(ragged, labels, { ...options, negatives: lists });
    const nan = rows[0].map(() => Number.NaN);
    const padded = compute(tensor64([...rows, nan], [2, 2, 5]), [[2, 0], [4, 77]], { ...options, lengths: [2, 1], negatives: [lists[0], [[3], [99]]] }); // biome-ignore format: one call
    expect(padded).toEqual(plain);
    expect(list(padded.grad.data.subarray(15))).toEqual([0, 0, 0, 0, 0]);
    const apart = ragged.map((steps, b) => compute([steps], [labels[b]], { ...options, negatives: [lists[b]] }));
    expect(apart.map(({ losses: [own] }) => own)).toEqual(list(plain.losses));
  });

  it("ignored steps, weights, reduction, upstream, gradient: false and into", () => {
    const parts = rows.map((row, n) => compute([row], [wanted[n]], options));
    const [a, b, c] = parts.map(({ value }) => value);
    const [, second] = parts.map(({ grad }) => list(grad.data));
    expect(compute(rows, wanted, options).value).toBeCloseTo((a + b + c) / 3, 12);
    expect(compute(rows, wanted, { ...options, reduction: "sum" }).value).toBeCloseTo(a + b + c, 12);
    expect(compute(rows, [2, -1, 4], { ...options, ignoreIndex: -1 }).value).toBeCloseTo((a + c) / 2, 12);
    expect(compute(rows, wanted, { ...options, weights: [1, 3, 0] }).value).toBeCloseTo((a + 3 * b) / 4, 12);
    expect(compute([rows], [wanted], { ...options, weights: [[1, 3, 0]], per: "sequence" }).value).toBeCloseTo(a + 3 * b, 12); // biome-ignore format: one line
    const into = new Float64Array(15).fill(7);
    const upstream = [0, -2, 0];
    const { grad } = compute(tensor64(rows, [3, 5]), wanted, { ...options, reduction: "none", upstream, into });
    expect(grad.data).toBe(into);
    expect(list(into)).toEqual([0, 0, 0, 0, 0, ...second.map((slope) => -2 * slope), 0, 0, 0, 0, 0].map((x) => expect.closeTo(x, 12))); // biome-ignore format: one line
    const valueOnly = compute(rows, wanted, { ...options, gradient: false });
    expect([valueOnly.grad.data.length, valueOnly.value]).toEqual([0, compute(rows, wanted, options).value]);
  });

  it("names itself in what it refuses", () => {
    expect(() => compute([[1, 2]], [2], options)).toThrow(`${name}: labels[0] is 2; expected an id in 0..1.`);
    expect(() => compute([1, 2] as never, [0], options)).toThrow(`${name}: the shape of scores is [2]; expected`);
  });
});

const tensor64 = (rows: readonly (readonly number[])[], shape: number[]): Tensor<Float64Array> => ({
  data: Float64Array.from(rows.flat()),
  shape,
});

describe("ranking losses by their definitions", () => {
  interface Drawn {
    readonly scores: number[];
    readonly label: number;
    readonly negatives: number[];
  }
  const drawn = fc.integer({ min: 0, max: 2 ** 31 }).map((seed): Drawn => {
    const random = new Random(seed);
    const items = 2 + random.integer(6);
    const label = random.integer(items);
    const others = Array.from({ length: items }, (_, item) => item).filter((item) => item !== label);
    return {
      scores: Array.from({ length: items }, () => 3 * random.normal()),
      label,
      negatives: Array.from({ length: 1 + random.integer(5) }, () => others[random.integer(others.length)]),
    };
  });
  const property = (check: (given: Drawn) => void) => fc.assert(fc.property(drawn, check), { numRuns: 200 });
  const sum = (terms: readonly number[]) => terms.reduce((a, b) => a + b, 0);

  it("pairs are summed, averaged, or weighted by the softmax over the negatives; duplicates count as listed", () =>
    property(({ scores, label, negatives }) => {
      const value = (compute: Compute, options: object = {}) => compute([scores], [label], { negatives, ...options }).value; // biome-ignore format: one line
      const r = scores[label];
      const n = negatives.map((item) => scores[item]);
      const total = sum(n.map(Math.exp));
      const weighted = (of: (score: number) => number) => sum(n.map((score) => (Math.exp(score) / total) * of(score)));
      const missing = n.map((score) => Math.max(0, 1 - (r - score)));
      const top1 = (score: number) => sigma(score - r) + sigma(score ** 2);
      expect(value(rankingHingeLoss as Compute)).toBeCloseTo(sum(missing), 9);
      expect(value(rankingHingeLoss as Compute, { rivals: "max" })).toBeCloseTo(Math.max(...missing), 9);
      expect(value(bprLoss as Compute)).toBeCloseTo(sum(n.map((score) => -Math.log(sigma(r - score)))) / n.length, 8);
      expect(value(bprMaxLoss as Compute, { regularisation: 0.7 })).toBeCloseTo(
        -Math.log(weighted((score) => sigma(r - score))) + 0.7 * weighted((score) => score ** 2),
        8,
      );
      expect(value(top1Loss as Compute)).toBeCloseTo(sum(n.map(top1)) / n.length, 9);
      expect(value(top1MaxLoss as Compute)).toBeCloseTo(weighted(top1), 9);
      expect(value(sampledSoftmaxLoss as Compute)).toBeCloseTo(-Math.log(Math.exp(r) / (Math.exp(r) + total)), 8);
    }));

  it("a number added to every score changes nothing where only differences count, and the gradient sums to 0", () =>
    property(({ scores, label, negatives }) => {
      const moved = scores.map((score) => score + 1.5);
      for (const [compute, options] of [
        [rankingHingeLoss, {}],
        [bprLoss, {}],
        [bprMaxLoss, { regularisation: 0 }],
        [sampledSoftmaxLoss, { logQ: scores.map((_, item) => item / 3) }],
      ] as [Compute, object][]) {
        const plain = compute([scores], [label], { negatives, ...options });
        expect(compute([moved], [label], { negatives, ...options }).value).toBeCloseTo(plain.value, 9);
        expect(sum(list(plain.grad.data))).toBeCloseTo(0, 12);
      }
    }));

  it("it changes the terms that draw scores to 0, and them alone", () =>
    property(({ scores, label, negatives }) => {
      const by = 1.5;
      const moved = scores.map((score) => score + by);
      const change = (compute: Compute, options: object = {}) =>
        compute([moved], [label], { negatives, ...options }).value -
        compute([scores], [label], { negatives, ...options }).value;
      const n = negatives.map((item) => scores[item]);
      const shares = n.map((score) => Math.exp(score) / sum(n.map(Math.exp)));
      const pull = n.map((score) => sigma((score + by) ** 2) - sigma(score ** 2));
      expect(change(bprMaxLoss as Compute, { regularisation: 0.7 })).toBeCloseTo(
        0.7 * (2 * by * sum(n.map((score, j) => shares[j] * score)) + by ** 2),
        8,
      );
      expect(change(top1Loss as Compute)).toBeCloseTo(sum(pull) / n.length, 9);
      expect(change(top1MaxLoss as Compute)).toBeCloseTo(sum(pull.map((x, j) => shares[j] * x)), 9);
    }));

  it("against every item the pairwise hinge is the multi-class hinge, and the sampled softmax the cross-entropy", () =>
    property(({ scores, label }) => {
      for (const options of [{ margin: 2 }, { rivals: "max", squared: true }] as const) {
        const { value, grad } = rankingHingeLoss([scores], [label], options);
        const multiclass = multiclassHingeLoss([scores], [label], options);
        expect(value).toBeCloseTo(multiclass.value, 9);
        expect(list(grad.data)).toEqual(near(list(multiclass.grad.data), 9));
      }
      const { value, grad } = sampledSoftmaxLoss([scores], [label]);
      const full = crossEntropy([scores], [label]);
      expect(value).toBeCloseTo(full.value, 12);
      expect(list(grad.data)).toEqual(near(list(full.grad.data), 12));
    }));

  it("a wanted item that counts as its only negative costs ln 2 under BPR, ½ under TOP1, each time that it is listed", () => {
    for (const [compute, cost] of [
      [bprLoss, Math.LN2],
      [top1Loss, 0.5],
    ] as const) {
      // biome-ignore format: pairs
      const alone = compute([[3, 1]], [0], { negatives: [0, 0], includeSelf: true, reduction: "sum" });
      expect([alone.value, ...alone.grad.data]).toEqual([cost, 0, 0]);
    }
    expect(bprLoss([[3, 1]], [0], { negatives: [0, 0], includeSelf: true, rivals: "sum" }).value).toBe(2 * Math.LN2);
  });

  it("of equally hard rivals the lowest id is pushed down, in whatever order they are listed", () => {
    const { grad } = rankingHingeLoss([[0, 1, 1, 1]], [0], { rivals: "max", negatives: [3, 1, 2] });
    expect(list(grad.data)).toEqual([-1, 1, 0, 0]);
  });
});

describe("what ranking losses refuse", () => {
  it.each([
    [rankingHingeLoss, { margin: 0 }, "VALUE", "rankingHingeLoss: margin is 0; expected a finite number above 0."],
    [rankingHingeLoss, { rivals: "all" }, "OPTION", 'rivals is "all"; expected "sum" or "mean" or "max".'],
    [rankingHingeLoss, { squared: "no" }, "OPTION", 'squared is "no"; expected true or false.'],
    [bprLoss, { rivals: "max" }, "OPTION", 'rivals is "max"; expected "mean" or "sum".'],
    [bprLoss, { includeSelf: 1 }, "OPTION", "includeSelf is 1; expected true or false."],
    [top1Loss, { includeSelf: "false" }, "OPTION", 'top1Loss: includeSelf is "false"; expected true or false.'],
    [bprMaxLoss, { regularisation: -1 }, "VALUE", "regularisation is -1; expected a finite number of at least 0."],
    [bprMaxLoss, { regularisation: INF }, "VALUE", "regularisation is Infinity; expected a finite number"],
    [bprMaxLoss, { regularisation: Number.NaN }, "VALUE", "regularisation is NaN; expected a finite number"],
  ] as unknown as [Compute, Record<string, unknown>, string, string][])(
    "%o with %o: %s",
    (compute, options, code, message) => {
      // biome-ignore format: one line
      const run = () => compute([[1, 2]], [0], options);
      expect(run).toThrow(message);
      expect(run).toThrow(expect.objectContaining({ code }));
    },
  );
});
