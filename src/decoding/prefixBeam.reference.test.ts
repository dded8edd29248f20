import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logSoftmax } from "../core/numeric.js";
import { Random } from "../core/random.js";
import { prefixBeam } from "../reference/prefixBeam.js";
import { type BeamOptions, ctcBeamSearch } from "./prefixBeam.js";

const INF = Number.POSITIVE_INFINITY;

interface Case {
  readonly rows: readonly Float64Array[];
  readonly blank: number;
  readonly width: number;
}

/** Log-probabilities [T][V]: of an untrained model, of a sure one, of one that excludes classes. */
function drawCase(seed: number): Case {
  const random = new Random(seed);
  const T = 1 + random.integer(40);
  const V = 1 + random.integer(9);
  const blank = random.integer(V);
  const scale = [0.1, 1, 5, 200][random.integer(4)];
  const forBlank = [0, 6][random.integer(2)];
  const excluded = [0, 0.1][random.integer(2)];
  const rows = Array.from({ length: T }, () => {
    const logits = Array.from({ length: V }, (_, k) => scale * random.normal() + (k === blank ? forBlank : 0));
    return logSoftmax(logits.map((x, k) => (k !== blank && random.uniform() < excluded ? -INF : x)));
  });
  return { rows, blank, width: [1, 2, 3, 8, 30, 300][random.integer(6)] };
}

const flat = (rows: readonly Float64Array[]) => ({
  data: Float64Array.from(rows.flatMap((row) => Array.from(row))),
  shape: [1, rows.length, rows[0].length],
});

function expectSame({ rows, blank, width }: Case, options: BeamOptions, settings: object): void {
  const search = { blank, beamWidth: width, top: width, inputs: "logProbs", ...options } as const;
  const [found] = ctcBeamSearch(flat(rows), search);
  const expected = prefixBeam(rows, { blank, width, ...settings });
  expect(found.map(({ labels }) => labels)).toEqual(expected.map(({ labels }) => labels));
  found.forEach(({ score }, i) => expect(score).toBeCloseTo(expected[i].score, 9));
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe("ctcBeamSearch against the reference", () => {
  it("keeps the same prefixes in the same order, with the same scores", () => {
    fc.assert(
      fc.property(seeds, (seed) => expectSame(drawCase(seed), {}, {})),
      { numRuns: 150, seed: 1 },
    );
  });

  it("whatever prunes: classes, probabilities, a threshold", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new Random(seed, 1);
        const maxClasses = 1 + random.integer(6);
        const minimumProbability = [0, 0.01, 0.2][random.integer(3)];
        const beamThreshold = [INF, 10, 2][random.integer(3)];
        const lowest = (row: Float64Array) =>
          Math.max(Math.log(minimumProbability), row.toSorted().at(-maxClasses) ?? -INF);
        const settings = { lowest, threshold: beamThreshold };
        expectSame(drawCase(seed), { maxClasses, minimumProbability, beamThreshold }, settings);
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  it("with a language model, a weight and a bonus for labels", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new Random(seed, 2);
        const table = Array.from({ length: 100 }, () => (random.uniform() < 0.1 ? -INF : -3 * random.uniform()));
        const languageModel = (prefix: readonly number[], next: number) => table[(prefix.at(-1) ?? 9) * 10 + next];
        const [languageWeight, labelBonus] = [0.1 + random.uniform(), 2 * random.normal()];
        const bonus = (labels: readonly number[]) =>
          labels.reduce(
            (sum, next, u) => sum + languageWeight * languageModel(labels.slice(0, u), next) + labelBonus,
            0,
          );
        expectSame(drawCase(seed), { languageModel, languageWeight, labelBonus }, { bonus });
        const alone = (labels: readonly number[]) => labelBonus * labels.length;
        expectSame(drawCase(seed), { labelBonus }, { bonus: alone });
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it("of equal scores keeps a prefix of the frame before, then the lowest id, then after the better prefix", () => {
    for (let seed = 0; seed < 150; seed++) {
      const random = new Random(seed);
      const V = 2 + random.integer(30);
      // no blank, whole numbers, two frames: nothing is added but whole numbers, so that scores tie to the bit
      const rows = [0, 1].map(() => Float64Array.from({ length: V }, (_, k) => (k === 0 ? -INF : -random.integer(3))));
      for (const width of [1, 2, 3, 5, 8]) {
        const [found] = ctcBeamSearch(flat(rows), { inputs: "logProbs", beamWidth: width, top: width });
        const expected = prefixBeam(rows, { blank: 0, width });
        expect(new Set(found.map(({ labels }) => labels.join()))).toEqual(
          new Set(expected.map(({ labels }) => labels.join())),
        );
      }
    }
  });
});
