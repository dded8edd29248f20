import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crfAlignments } from "../alignments/crfAlignments.js";
import { Random } from "../core/random.js";
import { type Nested, tensor } from "../core/tensor.js";
import { viterbiDecode } from "../decoding/viterbi.js";
import { strings } from "../reference/alignments.js";
import { chainScore } from "../reference/chain.js";
import { checkGradient } from "./checkGradient.js";
import { type CrfOptions, crfLoss } from "./crf.js";
import { crossEntropy, sequenceCrossEntropy } from "./crossEntropy.js";
import { type StructuredHingeOptions, structuredHingeLoss } from "./structuredHinge.js";

const minus = Number.NEGATIVE_INFINITY;
const emissions = [
  [
    [1, 0],
    [0, 2],
  ],
];
const shared = {
  transitions: [
    [0.5, -1],
    [0, 1],
  ],
  start: [0.2, 0],
  end: [0, 0.3],
};

/** Random chains with a gold tagging, some transitions forbidden. */
const cases = fc
  .record({
    T: fc.integer({ min: 1, max: 5 }),
    K: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(1e6),
    holes: fc.boolean(),
  })
  .map(({ T, K, seed, holes }) => {
    const random = new Random(seed);
    const row = (size: number) => Array.from({ length: size }, () => 2 * random.normal());
    const transitions = row(K).map(() => row(K).map((x) => (holes && random.uniform() < 0.2 ? minus : x)));
    const rows = Array.from({ length: T }, () => row(K));
    return {
      T,
      K,
      rows,
      options: { transitions, start: row(K), end: row(K) },
      tags: rows.map(() => random.integer(K)),
    };
  });

type Case = typeof cases extends fc.Arbitrary<infer C> ? C : never;

function listed({ T, K, rows, options: { transitions, start, end } }: Case) {
  const chain = { emissions: rows.flat(), steps: T, tags: K, transitions: transitions.flat(), start, end };
  return [...strings(T, K)].map((path) => ({ path, score: chainScore(chain, path) }));
}

const logSum = (scores: number[]) => Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0));

describe("crfLoss", () => {
  it("row 43: two steps, two tags, worked by hand", () => {
    const { value, grad, gradTransitions } = crfLoss(emissions, [[0, 1]], shared);
    expect(value).toBeCloseTo(1.323609, 6);
    [-0.614228, 0.614228, 0.141448, -0.141448].forEach((x, i) => expect(grad.data[i]).toBeCloseTo(x, 6));
    [0.119599, -0.733827, 0.021849, 0.592379].forEach((x, i) => expect(gradTransitions.data[i]).toBeCloseTo(x, 6));
    const [{ tags, score }] = viterbiDecode(emissions, shared);
    expect(Array.from(tags)).toEqual([1, 1]);
    expect(score).toBeCloseTo(3.3, 12);
  });

  it("row 44: a forbidden transition has a gradient of exactly 0, and a forbidden tagging costs Infinity", () => {
    const options = {
      ...shared,
      transitions: [
        [0.5, minus],
        [0, 1],
      ],
    };
    const allowed = crfLoss(emissions, [[0, 0]], options);
    expect(allowed.value).toBeCloseTo(1.814127, 6);
    expect(allowed.gradTransitions.data[1]).toBe(0);
    const forbidden = crfLoss(emissions, [[0, 1]], options);
    expect(forbidden.value).toBe(Number.POSITIVE_INFINITY);
    for (const { data } of [forbidden.grad, forbidden.gradTransitions, forbidden.gradStart, forbidden.gradEnd]) {
      expect(Array.from(data).every((x) => x === 0)).toBe(true);
    }
  });

  it("row 45: zeros, four steps of three tags: 81 taggings alike, 4 ln 3", () => {
    expect(crfLoss([new Array<number[]>(4).fill([0, 0, 0])], [[0, 1, 2, 0]]).value).toBeCloseTo(4 * Math.log(3), 12);
  });

  it("row 46: without transitions it is the sum of cross-entropies; one step is one over start + emission + end", () => {
    const rows = [
      [0.3, -1, 2],
      [1, 0, 0.5],
      [-0.7, 0.1, 0.2],
    ];
    const crf = crfLoss([rows], [[2, 0, 1]]);
    const tokens = sequenceCrossEntropy([rows], [[2, 0, 1]]);
    expect(crf.value).toBeCloseTo(tokens.value, 12);
    crf.grad.data.forEach((x, i) => expect(x).toBeCloseTo(tokens.grad.data[i], 12));
    const single = crfLoss([[[1, 0]]], [[1]], shared);
    expect(single.value).toBeCloseTo(crossEntropy([[1.2, 0.3]], [1]).value, 12);
  });

  it("row 47: padding is truncation, the end score is at the last real tag, and a mask has no hole", () => {
    const nan = Number.NaN;
    const padded = [
      [
        [1, 0],
        [0, 2],
        [nan, nan],
      ],
    ];
    const short = crfLoss(emissions, [[0, 1]], shared);
    for (const given of [{ lengths: [2] }, { mask: [[1, 1, 0]] }]) {
      const long = crfLoss(padded, [[0, 1, 9]], { ...shared, ...given });
      expect(long.value).toBe(short.value);
      expect(Array.from(long.grad.data)).toEqual([...short.grad.data, 0, 0]);
      expect(long.gradEnd).toEqual(short.gradEnd);
    }
    expect(() => crfLoss(padded, [[0, 1, 0]], { mask: [[1, 0, 1]] })).toThrow(/mask\[0\]\[2\] is 1; expected 0/);
  });

  it("is −ln of the share of the gold tagging among all, listed one by one", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const all = listed(c);
        const gold = all.find(({ path }) => path.join() === c.tags.join())?.score as number;
        const { value, grad, gradTransitions, gradStart, gradEnd } = crfLoss([c.rows], [c.tags], c.options);
        if (gold === minus) {
          expect(value).toBe(Number.POSITIVE_INFINITY);
          return;
        }
        const logZ = logSum(all.map(({ score }) => score));
        expect(Math.abs(value - (logZ - gold))).toBeLessThan(1e-11 * (1 + value));
        const expected = { steps: new Float64Array(c.T * c.K), pairs: new Float64Array(c.K * c.K) };
        const count = (path: readonly number[], weight: number) => {
          path.forEach((k, t) => {
            expected.steps[t * c.K + k] += weight;
            if (t > 0) expected.pairs[path[t - 1] * c.K + k] += weight;
          });
        };
        for (const { path, score } of all) count(path, Math.exp(score - logZ));
        count(c.tags, -1);
        grad.data.forEach((x, i) => expect(x).toBeCloseTo(expected.steps[i], 10));
        gradTransitions.data.forEach((x, i) => expect(x).toBeCloseTo(expected.pairs[i], 10));
        gradStart.data.forEach((x, k) => expect(x).toBeCloseTo(expected.steps[k], 10));
        gradEnd.data.forEach((x, k) => expect(x).toBeCloseTo(expected.steps[(c.T - 1) * c.K + k], 10));
      }),
    );
  });

  it("has gradients that differences confirm, for every argument", () => {
    const random = new Random(5);
    const numbers = (...shape: number[]): Nested =>
      Array.from({ length: shape[0] }, () => (shape.length === 1 ? random.normal() : numbers(...shape.slice(1))));
    const outputs = numbers(2, 4, 3);
    const tags = [
      [0, 2, 1, 1],
      [2, 0],
    ];
    const options = { transitions: numbers(3, 3), start: numbers(3), end: numbers(3), lengths: [4, 2] };
    expect(checkGradient(crfLoss, outputs, tags, options as CrfOptions).passed).toBe(true);
    for (const key of ["transitions", "start", "end"] as const) {
      const gradKey = `grad${key[0].toUpperCase()}${key.slice(1)}` as "gradStart";
      const of = (given: Nested | { data: unknown }) => {
        const part = Array.isArray(given)
          ? given
          : key === "transitions"
            ? given
            : (given as { data: Float64Array }).data;
        const { value, [gradKey]: grad } = crfLoss(outputs, tags, { ...options, [key]: part } as CrfOptions);
        return { value, grad };
      };
      expect(checkGradient(of as never, options[key], undefined).passed, key).toBe(true);
    }
  });

  it("keeps its relative accuracy where it is nearly certain", () => {
    const { value } = crfLoss(
      [
        [
          [40, 0],
          [40, 0],
        ],
      ],
      [[0, 0]],
    );
    expect(value / (2 * Math.exp(-40))).toBeCloseTo(1, 9);
    expect(crfLoss([[[800, 0]]], [[0]]).value).toBe(0);
  });

  it("does not change when a constant is added to a step, and stays finite at 1e4", () => {
    const moved = crfLoss(
      [
        [
          [1 + 1e4, 1e4],
          [0, 2],
        ],
      ],
      [[0, 1]],
      shared,
    );
    expect(moved.value).toBeCloseTo(1.323609, 6);
    expect(
      crfLoss(
        [
          [
            [1e4, -1e4],
            [1e4, -1e4],
          ],
        ],
        [[1, 1]],
      ).value,
    ).toBeCloseTo(4e4, 6);
  });

  it("keeps NaN in its own sequence", () => {
    const batch = [
      [
        [1, 0],
        [0, 2],
      ],
      [
        [Number.NaN, 0],
        [0, 2],
      ],
    ];
    const { losses, grad } = crfLoss(
      batch,
      [
        [0, 1],
        [0, 1],
      ],
      shared,
    );
    expect(losses[0]).toBeCloseTo(1.323609, 6);
    expect(losses[1]).toBeNaN();
    expect(Array.from(grad.data.slice(0, 4)).every(Number.isFinite)).toBe(true);
    expect(Array.from(grad.data.slice(4)).every(Number.isNaN)).toBe(true);
  });

  it("reduces, weighs, scales and leaves out as every loss does", () => {
    const batch = [
      [
        [1, 0],
        [0, 2],
      ],
      [
        [0.5, 0.1],
        [0, 0],
      ],
    ];
    const tags = [
      [0, 1],
      [1, 1],
    ];
    const lengths = [2, 1];
    const none = crfLoss(batch, tags, { ...shared, lengths, reduction: "none", upstream: [2, -1] });
    const [a, b] = none.losses;
    const ones = crfLoss(batch, tags, { ...shared, lengths, reduction: "sum" });
    expect(ones.value).toBeCloseTo(a + b, 12);
    expect(crfLoss(batch, tags, { ...shared, lengths, per: "step" }).value).toBeCloseTo((a + b) / 3, 12);
    expect(crfLoss(batch, tags, { ...shared, lengths, weights: [3, 0] }).value).toBeCloseTo(a, 12);
    none.grad.data.forEach((x, i) => expect(x).toBeCloseTo(ones.grad.data[i] * (i < 4 ? 2 : -1), 12));
    const into = new Float64Array(8);
    const off = crfLoss(batch, tags, { ...shared, lengths, gradient: false });
    expect([off.grad.data.length, off.gradTransitions.data.length]).toEqual([0, 0]);
    const data = { data: Float64Array.from(batch.flat(2)), shape: [2, 2, 2] };
    expect(crfLoss(data, tags, { ...shared, lengths, into }).grad.data).toBe(into);
    const float = crfLoss(tensor(batch), tags, { ...shared, lengths });
    expect(float.grad.data).toBeInstanceOf(Float32Array);
    expect(float.value).toBeCloseTo((a + b) / 2, 6);
  });

  it("takes a sequence of no steps: nothing to say, no loss", () => {
    const { losses, grad } = crfLoss([[[1, 0]], []], [[0], []], shared);
    expect(losses[1]).toBe(0);
    expect(Array.from(grad.data.slice(2))).toEqual([0, 0]);
  });

  it.each([
    [() => crfLoss([[1, 0]], [0]), /shape of emissions is \[1, 2\]; expected \[batch, steps, tags\]/],
    [() => crfLoss(emissions, [[0, 2]]), /labels\[0\]\[1\] is 2; expected an id in 0..1/],
    [() => crfLoss(emissions, [[0]]), /size of labels\[0\] is 1/],
    [
      () => crfLoss(emissions, [[0, 1]], { transitions: [[0, 0]] }),
      /shape of transitions is \[1, 2\]; expected \[2, 2\]/,
    ],
    [
      () =>
        crfLoss(emissions, [[0, 1]], {
          transitions: [
            [0, Number.NaN],
            [0, 0],
          ],
        }),
      /transitions\[0\]\[1\] is NaN/,
    ],
    [() => crfLoss(emissions, [[0, 1]], { start: [0] }), /size of start is 1; expected 2/],
    [() => crfLoss(emissions, [[0, 1]], { end: [0, Infinity] }), /end\[1\] is Infinity/],
    [() => crfLoss(emissions, [[0, 1]], { mask: [[1, 1]], lengths: [2] }), /mask .* left out where lengths is given/],
    [() => crfLoss(emissions, [[0, 1]], { mask: [[1, 2]] }), /mask\[0\]\[1\] is 2; expected 0 or 1/],
    [() => crfLoss(emissions, [[0, 1]], { weights: [[1, 1]] }), /one weight for each sequence/],
  ])("refuses wrong input %#", (call, message) => {
    expect(call).toThrow(message);
  });
});

describe("structuredHingeLoss", () => {
  it("row 48: Hamming cost, worked by hand, and the margin met exactly", () => {
    const first = structuredHingeLoss(emissions, [[0, 1]], shared);
    expect(first.value).toBeCloseTo(1.8, 12);
    expect(Array.from(first.competitors[0].tags)).toEqual([1, 1]);
    expect(first.competitors[0]).toMatchObject({
      cost: 1,
      score: expect.closeTo(3.3, 12),
      margin: expect.closeTo(-0.8, 12),
    });
    const second = structuredHingeLoss(emissions, [[1, 1]], shared);
    expect(second.value).toBeCloseTo(0.4, 12);
    expect(Array.from(second.competitors[0].tags)).toEqual([0, 0]);
    const met = structuredHingeLoss([[[1, 0]]], [[0]]);
    expect(met.value).toBe(0);
    expect(Array.from(met.grad.data)).toEqual([0, 0]);
    expect(Array.from(met.competitors[0].tags)).toEqual([0]);
  });

  const hamming = (a: readonly number[], b: readonly number[]) => a.filter((k, t) => k !== b[t]).length;

  it("is the largest score + cost over all taggings, listed one by one, less the gold score", () => {
    const costs = fc.constantFrom("hamming", "weights", "matrix");
    fc.assert(
      fc.property(cases, costs, fc.constantFrom(0, 1, 2.5), (c, kind, costScale) => {
        const matrix = Array.from({ length: c.K }, (_, y) =>
          Array.from({ length: c.K }, (_, k) =>
            y === k ? 0 : kind === "weights" ? 1 + y : kind === "matrix" ? 1 + y + 2 * k : 1,
          ),
        );
        const cost = kind === "hamming" ? "hamming" : kind === "weights" ? matrix.map((_, y) => 1 + y) : matrix;
        const costOf = (path: readonly number[]) =>
          path.reduce((sum, k, t) => sum + matrix[c.tags[t]][k], 0) * costScale;
        const all = listed(c).map(({ path, score }) => ({ path, score, raised: score + costOf(path) }));
        const gold = all.find(({ path }) => path.join() === c.tags.join())?.score as number;
        const result = structuredHingeLoss([c.rows], [c.tags], { ...c.options, cost, costScale });
        if (gold === minus) {
          expect(result.value).toBe(Number.POSITIVE_INFINITY);
          return;
        }
        const most = Math.max(...all.map(({ raised }) => raised));
        expect(result.value).toBeCloseTo(Math.max(most - gold, 0), 10);
        const [{ tags, score, cost: missed, margin }] = result.competitors;
        expect(missed).toBeCloseTo(costOf(Array.from(tags)), 10);
        expect(score + missed - gold).toBeCloseTo(result.value, 10);
        expect(margin).toBeCloseTo(gold - score, 10);
        const slope = Array.from(result.grad.data);
        const wanted = slope.map(
          (_, i) => Number(tags[Math.floor(i / c.K)] === i % c.K) - Number(c.tags[Math.floor(i / c.K)] === i % c.K),
        );
        expect(slope).toEqual(result.value > 0 ? wanted.map((x) => expect.closeTo(x, 12)) : slope.map(() => 0));
      }),
    );
  });

  it("is 0 exactly where every tagging is behind by its distance, and never negative", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { value } = structuredHingeLoss([c.rows], [c.tags], c.options);
        const all = listed(c);
        const gold = all.find(({ path }) => path.join() === c.tags.join())?.score as number;
        const kept = all.every(({ path, score }) => gold - score >= hamming(path, c.tags) - 1e-12);
        expect(value).toBeGreaterThanOrEqual(0);
        if (gold > minus) expect(value < 1e-9).toBe(kept);
      }),
    );
  });

  it("has gradients that differences confirm away from its corners", () => {
    const rows = [
      [
        [0.3, -0.2, 0.9],
        [1.1, 0.4, -0.6],
        [0.2, 0.8, 0.1],
      ],
    ];
    const options = {
      transitions: [
        [0.5, -1, 0.1],
        [0, 1, 0.3],
        [0.2, 0.4, -0.7],
      ],
      start: [0.2, 0, 0.1],
      end: [0, 0.3, 0],
    };
    expect(checkGradient(structuredHingeLoss, rows, [[0, 0, 2]], options as StructuredHingeOptions).passed).toBe(true);
    const of = (transitions: { data: Float64Array; shape: number[] }) => {
      const { value, gradTransitions } = structuredHingeLoss(rows, [[0, 0, 2]], { ...options, transitions });
      return { value, grad: gradTransitions };
    };
    expect(checkGradient(of as never, options.transitions, undefined).passed).toBe(true);
  });

  it("keeps NaN in its own sequence", () => {
    const { losses, grad } = structuredHingeLoss([[[1, 0]], [[Number.NaN, 0]]], [[1], [0]]);
    expect(losses[0]).toBe(2);
    expect(losses[1]).toBeNaN();
    expect(Array.from(grad.data.slice(0, 2))).toEqual([0.5, -0.5]);
  });

  it.each([
    [{ cost: [1] }, /cost is \[1\]; expected "hamming", 2 numbers, or 2 lists of 2/],
    [
      {
        cost: [
          [0, -1],
          [1, 0],
        ],
      },
      /cost\[0\]\[1\] is -1; expected a finite number of at least 0/,
    ],
    [
      {
        cost: [
          [1, 1],
          [1, 0],
        ],
      },
      /cost\[0\]\[0\] is 1; expected 0, the cost of the right tag/,
    ],
    [{ costScale: -1 }, /costScale is -1/],
  ])("refuses %j", (options, message) => {
    expect(() => structuredHingeLoss(emissions, [[0, 1]], options)).toThrow(message);
  });
});

describe("viterbiDecode and crfAlignments", () => {
  it("find the best taggings of all, listed one by one, with their probabilities", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const all = listed(c)
          .filter(({ score }) => score > minus)
          .toSorted((a, b) => b.score - a.score);
        const [{ tags, score, logProb }] = viterbiDecode([c.rows], c.options);
        const [set] = crfAlignments([c.rows], c.options);
        expect(set.count).toBe(BigInt(all.length));
        if (all.length === 0) {
          expect([tags.length, score]).toEqual([0, minus]);
          return;
        }
        const logZ = logSum(all.map((one) => one.score));
        expect(score).toBeCloseTo(all[0].score, 10);
        expect(logProb).toBeCloseTo(score - logZ, 10);
        const best = set.best(5);
        expect(best.map(({ path }) => path.join())).toEqual(all.slice(0, 5).map(({ path }) => path.join()));
        best.forEach(({ share }, i) => expect(share).toBeCloseTo(Math.exp(all[i].score - logZ), 10));
        expect(set.logProb).toBeCloseTo(logZ, 10);
        const { grad, gradTransitions } = crfLoss([c.rows], [Array.from(best[0].path)], c.options);
        set.occupancy.forEach((x, i) => {
          expect(x).toBeCloseTo(grad.data[i] + Number(best[0].path[Math.floor(i / c.K)] === i % c.K), 10);
        });
        expect(set.transitionOccupancy.reduce((sum, x) => sum + x, 0)).toBeCloseTo(c.T - 1, 10);
        expect(Array.from(gradTransitions.data).reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 10);
      }),
    );
  });

  it("settles ties by the lowest tag at the last step where they differ", () => {
    expect(Array.from(viterbiDecode([new Array(3).fill([0, 0, 0])])[0].tags)).toEqual([0, 0, 0]);
    expect(
      Array.from(
        viterbiDecode(
          [
            [
              [0, 1],
              [1, 0],
            ],
          ],
          {
            transitions: [
              [0, 0],
              [-1, 0],
            ],
          },
        )[0].tags,
      ),
    ).toEqual([0, 0]);
  });

  it("give the second derivatives of crfLoss, over emissions and over all scores", () => {
    fc.assert(
      fc.property(cases, fc.nat(1e6), (c, seed) => {
        fc.pre(c.options.transitions.flat().every(Number.isFinite));
        const random = new Random(seed);
        const size = c.T * c.K;
        const sizes = [size, c.K * c.K, c.K, c.K];
        const direction = Array.from({ length: sizes.reduce((a, b) => a + b) }, () => random.normal());
        const gradient = (by: number, all: boolean) => {
          let place = 0;
          const move = (x: number) => x + (all || place < size ? by * direction[place] : 0) * (++place > 0 ? 1 : 0);
          const rows = c.rows.map((row) => row.map(move));
          const options = {
            transitions: c.options.transitions.map((row) => row.map(move)),
            start: c.options.start.map(move),
            end: c.options.end.map(move),
          };
          const { grad, gradTransitions, gradStart, gradEnd } = crfLoss([rows], [c.tags], options);
          return [grad, gradTransitions, gradStart, gradEnd].flatMap(({ data }) => Array.from(data));
        };
        const [set] = crfAlignments([c.rows], c.options);
        const h = 1e-5;
        for (const all of [true, false]) {
          const [right, left] = [gradient(h, all), gradient(-h, all)];
          const found = set.hessianVector(all ? direction : direction.slice(0, size));
          found.forEach((x, i) => expect(x).toBeCloseTo((right[i] - left[i]) / (2 * h), 6));
        }
      }),
    );
  });
});
