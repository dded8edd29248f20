import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { ctcLoss } from "../losses/ctc.js";
import { alignments } from "../reference/alignments.js";
import { ctcAlignments } from "./ctcAlignments.js";

const zeros = (T: number, V: number) => [Array.from({ length: T }, () => new Array<number>(V).fill(0))];

/** Random frames and a label that fits them. */
const cases = fc
  .record({ T: fc.integer({ min: 1, max: 5 }), V: fc.integer({ min: 2, max: 4 }), seed: fc.nat(1e6) })
  .map(({ T, V, seed }) => {
    const random = new Random(seed);
    const blank = random.integer(V);
    const rows = Array.from({ length: T }, () => Array.from({ length: V }, () => 2 * random.normal()));
    const label = Array.from({ length: random.integer(T + 1) }, () => (blank + 1 + random.integer(V - 1)) % V);
    return { T, V, blank, rows, label };
  });

function listed({
  T,
  V,
  blank,
  rows,
  label,
}: {
  T: number;
  V: number;
  blank: number;
  rows: number[][];
  label: number[];
}) {
  const logProbs = rows.map((row) => {
    const sum = Math.log(row.reduce((total, x) => total + Math.exp(x), 0));
    return row.map((x) => x - sum);
  });
  return alignments(T, V, label, blank)
    .map((path) => ({ path, logProb: path.reduce((sum, k, t) => sum + logProbs[t][k], 0) }))
    .toSorted((a, b) => b.logProb - a.logProb);
}

describe("ctcAlignments", () => {
  it.each([
    [3, 4, [1, 2], 5, "C(3+2, 4)"],
    [3, 3, [1, 1], 1, "1, blank, 1"],
    [2, 3, [1, 1], 0, "a blank does not fit between"],
    [2, 3, [], 1, "blanks only"],
    [0, 3, [], 1, "nothing reads as nothing"],
    [0, 3, [1], 0, "no frame for the label"],
    [10, 3, [1, 2, 1], 1716, "C(13, 6)"],
    [100, 3, [1, 2], 4249575, "C(102, 4)"],
  ])("%i frames, %i classes, %j: %i alignments, for %s", (T, V, label, count) => {
    const [set] = ctcAlignments(T === 0 ? { data: new Float64Array(0), shape: [1, 0, V] } : zeros(T, V), [label]);
    expect(set.count).toBe(BigInt(count));
    expect(set.best(3)).toHaveLength(Math.min(count, 3));
    expect(set.entropy).toBeCloseTo(count === 0 ? 0 : Math.log(count), 9);
  });

  it("agrees with a list of every alignment: count, sum, shares, order, entropy, occupancy, emissions", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const paths = listed(c);
        const [set] = ctcAlignments([c.rows], [c.label], { blank: c.blank });
        expect(set.count).toBe(BigInt(paths.length));
        if (paths.length === 0) {
          expect(set.logProb).toBe(Number.NEGATIVE_INFINITY);
          return;
        }
        const total = Math.log(paths.reduce((sum, { logProb }) => sum + Math.exp(logProb), 0));
        expect(set.logProb).toBeCloseTo(total, 10);
        const best = set.best(paths.length + 1);
        expect(best.map(({ path }) => Array.from(path))).toEqual(paths.map(({ path }) => path));
        best.forEach(({ share }, i) => expect(share).toBeCloseTo(Math.exp(paths[i].logProb - total), 10));
        const entropy = best.reduce((sum, { share }) => sum - share * Math.log(share), 0);
        expect(set.entropy).toBeCloseTo(entropy, 9);
        const occupancy = new Float64Array(c.T * c.V);
        for (const { path, share } of best) path.forEach((k, t) => (occupancy[t * c.V + k] += share));
        occupancy.forEach((mass, i) => expect(set.occupancy[i]).toBeCloseTo(mass, 10));
        const firsts = best.map(({ path, share }) => ({
          share,
          at: [...path.keys()].filter((t) => path[t] !== c.blank && path[t] !== path[t - 1]),
        }));
        c.label.forEach((_, u) => {
          const mean = firsts.reduce((sum, { share, at }) => sum + share * at[u], 0);
          const variance = firsts.reduce((sum, { share, at }) => sum + share * (at[u] - mean) ** 2, 0);
          expect(set.emissions[u].mean).toBeCloseTo(mean, 9);
          expect(set.emissions[u].deviation).toBeCloseTo(Math.sqrt(variance), 5);
        });
      }),
    );
  });

  it("gives the loss's second derivatives, for logits, log-probabilities and scores", () => {
    fc.assert(
      fc.property(cases, fc.constantFrom("logits", "logProbs", "scores"), fc.nat(1e6), (c, inputs, seed) => {
        const random = new Random(seed);
        const direction = Float64Array.from({ length: c.T * c.V }, () => random.normal());
        const options = { blank: c.blank, inputs } as const;
        const [set] = ctcAlignments([c.rows], [c.label], options);
        const found = set.hessianVector(direction);
        const gradient = (by: number) => {
          const moved = c.rows.map((row, t) => row.map((x, k) => x + by * direction[t * c.V + k]));
          return ctcLoss([moved], [c.label], options).grad.data;
        };
        const h = 1e-5;
        const [right, left] = [gradient(h), gradient(-h)];
        found.forEach((x, i) => expect(x).toBeCloseTo((right[i] - left[i]) / (2 * h), 6));
      }),
    );
  });

  it("draws alignments as often as their shares say", () => {
    const rows = [
      [0.5, 1, -1],
      [0, 0.3, 0.2],
      [1, -0.5, 0.8],
    ];
    const [set] = ctcAlignments([rows], [[1, 2]]);
    const draws = 20000;
    const counts = new Map<string, number>();
    for (const path of set.sample(draws, new Random(7))) counts.set(String(path), (counts.get(String(path)) ?? 0) + 1);
    for (const { path, share } of set.best(5)) {
      const error = Math.sqrt((share * (1 - share)) / draws);
      expect(Math.abs((counts.get(String(path)) ?? 0) / draws - share)).toBeLessThan(4 * error);
    }
  });

  it("lists equally likely alignments in one order, and the same one in every run", () => {
    const paths = () =>
      ctcAlignments(zeros(3, 3), [[1, 2]])[0]
        .best(5)
        .map(({ path }) => String(path));
    expect(new Set(paths()).size).toBe(5);
    expect(paths()).toEqual(paths());
  });

  it("never reads padding, and keeps a masked class out", () => {
    const nan = Number.NaN;
    const minus = Number.NEGATIVE_INFINITY;
    const [short, masked] = ctcAlignments(
      [
        [
          [0, 0, 0],
          [0, 0, 0],
          [nan, nan, nan],
        ],
        [
          [0, minus, 0],
          [0, 0, 0],
          [0, minus, 0],
        ],
      ],
      [[1], [1]],
      { lengths: [2, 3] },
    );
    expect(short.count).toBe(3n);
    expect(masked.count).toBe(1n);
    expect(Array.from(masked.occupancy).every(Number.isFinite)).toBe(true);
    expect(masked.hessianVector(new Array(9).fill(1)).every((x) => Math.abs(x) < 1e-12)).toBe(true);
  });

  it.each([
    [() => ctcAlignments([[[0, Number.NaN]]], [[1]]), /number 0 of a sequence's scores is NaN; expected a finite/],
    [() => ctcAlignments(zeros(2, 3), [[0]]), /labels\[0\]\[0\] is 0; expected an id in 0..2 other than the blank 0/],
    [() => ctcAlignments(zeros(2, 3), [[1]], { blank: 3 }), /blank is 3; expected a class in 0..2/],
    [() => ctcAlignments(zeros(2, 3), [[1]], { inputs: "probs" as never }), /inputs is "probs"/],
    [() => ctcAlignments([[0, 0]], [[1]]), /shape of logits/],
    [() => ctcAlignments(zeros(2, 3), [[1]])[0].best(0), /k is 0/],
    [() => ctcAlignments(zeros(2, 3), [[1, 1]])[0].sample(1, new Random(1)), /number of alignments is 0/],
    [() => ctcAlignments(zeros(2, 3), [[1]])[0].hessianVector([1]), /size of direction is 1; expected 6/],
  ])("refuses wrong input %#", (call, message) => {
    expect(call).toThrow(message);
  });
});

describe("the trellis", () => {
  it("has forward and backward sums that meet in the probability at every frame", () => {
    const random = new Random(5);
    const logits = [Array.from({ length: 7 }, () => Array.from({ length: 4 }, () => random.normal()))];
    const [set] = ctcAlignments(logits, [[1, 1, 3]]);
    const { alpha, beta, moves } = set.trellis();
    const S = 7;
    for (let t = 0; t < 7; t++) {
      let sum = 0;
      for (let s = 0; s < S; s++) sum += Math.exp(alpha[1 + t * S + s] + beta[1 + t * S + s] - set.logProb);
      expect(sum).toBeCloseTo(1, 12);
      const shares = moves.filter((move) => move.time === t && move.symbol >= 0).map(({ share }) => share);
      expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
  });
});
