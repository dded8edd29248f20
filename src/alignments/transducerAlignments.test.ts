import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { transducerLoss } from "../losses/transducer.js";
import { transducerAlignments } from "./transducerAlignments.js";

const cases = fc
  .record({ T: fc.integer({ min: 1, max: 4 }), U: fc.integer({ min: 0, max: 3 }), seed: fc.nat(1e6) })
  .map(({ T, U, seed }) => {
    const random = new Random(seed);
    const V = 3;
    const logits = Array.from({ length: T }, () =>
      Array.from({ length: U + 1 }, () => Array.from({ length: V }, () => random.normal())),
    );
    return { T, U, V, logits, label: Array.from({ length: U }, () => 1 + random.integer(V - 1)) };
  });

const binomial = (n: number, k: number): number => (k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k);

/** Every path with its log-probability and the frame of each label. */
function listed(logits: number[][][], label: readonly number[]) {
  const found: { path: number[]; at: number[]; logProb: number }[] = [];
  const go = (t: number, path: number[], at: number[], logProb: number) => {
    if (t === logits.length) {
      if (at.length === label.length) found.push({ path, at, logProb });
      return;
    }
    const row = logits[t][at.length];
    const sum = Math.log(row.reduce((total, x) => total + Math.exp(x), 0));
    if (at.length < label.length) {
      const k = label[at.length];
      go(t, [...path, k], [...at, t], logProb + row[k] - sum);
    }
    go(t + 1, [...path, 0], at, logProb + row[0] - sum);
  };
  go(0, [], [], 0);
  return found.toSorted((a, b) => b.logProb - a.logProb);
}

describe("transducerAlignments", () => {
  it("agrees with a list of every path: C(T+U−1, U) of them, their shares, entropy and emission frames", () => {
    fc.assert(
      fc.property(cases, ({ T, U, logits, label }) => {
        const paths = listed(logits, label);
        const [set] = transducerAlignments([logits], [label]);
        expect(set.count).toBe(BigInt(Math.round(binomial(T + U - 1, U))));
        const total = Math.log(paths.reduce((sum, { logProb }) => sum + Math.exp(logProb), 0));
        expect(set.logProb).toBeCloseTo(total, 10);
        const best = set.best(paths.length + 1);
        expect(best.map(({ path }) => Array.from(path))).toEqual(paths.map(({ path }) => path));
        const entropy = best.reduce((sum, { share }) => sum - share * Math.log(share), 0);
        expect(set.entropy).toBeCloseTo(entropy, 9);
        label.forEach((_, u) => {
          const mean = paths.reduce((sum, { at, logProb }) => sum + Math.exp(logProb - total) * at[u], 0);
          expect(set.emissions[u].mean).toBeCloseTo(mean, 9);
        });
      }),
    );
  });

  it("gives the loss's second derivatives", () => {
    fc.assert(
      fc.property(cases, fc.nat(1e6), ({ U, V, logits, label }, seed) => {
        const random = new Random(seed);
        const direction = Float64Array.from({ length: logits.length * (U + 1) * V }, () => random.normal());
        const [set] = transducerAlignments([logits], [label]);
        const found = set.hessianVector(direction);
        const gradient = (by: number) => {
          let i = 0;
          const moved = logits.map((frame) => frame.map((row) => row.map((x) => x + by * direction[i++])));
          return transducerLoss([moved], [label]).grad.data;
        };
        const h = 1e-5;
        const [right, left] = [gradient(h), gradient(-h)];
        found.forEach((x, i) => expect(x).toBeCloseTo((right[i] - left[i]) / (2 * h), 6));
      }),
      { numRuns: 40 },
    );
  });

  it("takes the real part of each sequence", () => {
    const nan = [Number.NaN, Number.NaN];
    const zero = [0, 0];
    const [short, long] = transducerAlignments(
      [
        [
          [zero, nan],
          [nan, nan],
        ],
        [
          [zero, zero],
          [zero, zero],
        ],
      ],
      [[], [1]],
      { lengths: [1, 2] },
    );
    expect([short.count, long.count]).toEqual([1n, 2n]);
  });
});
