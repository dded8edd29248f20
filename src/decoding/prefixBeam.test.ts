import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { type Tensor, tensor, zeros } from "../core/tensor.js";
import { collapse, strings } from "../reference/alignments.js";
import type { LanguageModel } from "./languageModel.js";
import { type BeamOptions, ctcBeamSearch } from "./prefixBeam.js";

const INF = Number.POSITIVE_INFINITY;
const logs = (rows: readonly number[][]): number[][] => rows.map((row) => row.map(Math.log));
const coin = [
  logs([
    [0.6, 0.4],
    [0.6, 0.4],
  ]),
];

function randomFrames(seed: number, T: number, V: number, scale = 1): Tensor<Float64Array> {
  const random = new Random(seed);
  return { data: Float64Array.from({ length: T * V }, () => scale * random.normal()), shape: [1, T, V] };
}

/** ln P of each label sequence that the frames can read as, by listing every alignment. */
function exhaustive({ data, shape: [, T, V] }: Tensor, blank: number): Map<string, number> {
  const found = new Map<string, number>();
  const rows = Array.from({ length: T }, (_, t) => {
    const weights = Array.from(data.subarray(t * V, (t + 1) * V), Math.exp);
    const Z = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / Z);
  });
  for (const path of strings(T, V)) {
    const key = collapse(path, blank).join();
    found.set(key, path.reduce((p, k, t) => p * rows[t][k], 1) + (found.get(key) ?? 0));
  }
  return found;
}

describe("ctcBeamSearch", () => {
  it('row 28: the best labelling is "a" (0.64), though the best path reads as nothing (0.36)', () => {
    const [hypotheses] = ctcBeamSearch(coin, { top: 5 });
    expect(hypotheses.map(({ labels }) => labels)).toEqual([[1], []]);
    expect(hypotheses.map(({ logProbability }) => Math.exp(logProbability))).toEqual([
      expect.closeTo(0.64, 12),
      expect.closeTo(0.36, 12),
    ]);
    expect(hypotheses[0].score).toBe(hypotheses[0].logProbability);
  });

  it.each([
    [1, 3, 0],
    [2, 3, 1],
    [3, 3, 2],
    [4, 3, 0],
    [5, 3, 1],
    [5, 2, 1],
    [5, 1, 0],
    [4, 4, 3],
  ])("row 30: T = %d, V = %d, blank = %d: a beam as wide as there are prefixes is exhaustive", (T, V, blank) => {
    const frames = randomFrames(T * 10 + V, T, V);
    const truth = exhaustive(frames, blank);
    const [hypotheses] = ctcBeamSearch(frames, { blank, beamWidth: 1e6, top: 1e6 });
    expect(hypotheses).toHaveLength(truth.size);
    for (const { labels, logProbability } of hypotheses) {
      expect(logProbability).toBeCloseTo(Math.log(truth.get(labels.join()) as number), 11);
    }
    const probabilities = hypotheses.map(({ logProbability }) => logProbability);
    expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
  });

  it("a beam of one keeps the best prefix only, and its probability is a lower bound", () => {
    const [narrow] = ctcBeamSearch(coin, { beamWidth: 1, top: 3 });
    expect(narrow).toHaveLength(1);
    expect(narrow[0].labels).toEqual([]);
    expect(Math.exp(narrow[0].logProbability)).toBeCloseTo(0.36, 12);
  });

  it("a prefix that left the beam and returned is still one prefix", () => {
    // Both (1, 2) and the prefix (1) come and go in a beam of 3: no label may be listed twice.
    for (let seed = 0; seed < 200; seed++) {
      const [hypotheses] = ctcBeamSearch(randomFrames(seed, 12, 4, 2), { beamWidth: 3, top: 3 });
      expect(new Set(hypotheses.map(({ labels }) => labels.join())).size).toBe(hypotheses.length);
    }
  });

  it("finds long labels past the first size of its trie", () => {
    const random = new Random(3);
    const labels = Array.from({ length: 300 }, () => 1 + random.integer(30));
    const path = labels.flatMap((label) => [label, 0]);
    const data = Float32Array.from({ length: path.length * 31 }, (_, i) =>
      path[Math.floor(i / 31)] === i % 31 ? 6 : 0,
    );
    const [[best]] = ctcBeamSearch({ data, shape: [1, path.length, 31] });
    expect(best.labels).toEqual(labels);
  });

  it("equal hypotheses: the shorter first, then the lower ids; stable over calls", () => {
    const order = () => ctcBeamSearch(zeros([1, 2, 3]), { top: 10 })[0].map(({ labels }) => labels);
    expect(order()).toEqual([[1], [2], [], [1, 2], [2, 1]]);
    expect(order()).toEqual(order());
  });

  it("gives each sequence what it gives it alone, and never reads padding", () => {
    const rows = (seed: number) => Array.from(randomFrames(seed, 6, 4).data);
    const data = Float64Array.from([...rows(1), ...rows(2).slice(0, 12), ...new Array<number>(12).fill(Number.NaN)]);
    const together = ctcBeamSearch({ data, shape: [2, 6, 4] }, { lengths: [6, 3], top: 4 });
    expect(together[0]).toEqual(ctcBeamSearch(randomFrames(1, 6, 4), { top: 4 })[0]);
    expect(together[1]).toEqual(ctcBeamSearch({ data: data.slice(24, 36), shape: [1, 3, 4] }, { top: 4 })[0]);
  });

  it("no frames read as nothing, with certainty; NaN touches no other sequence", () => {
    const nothing = [{ labels: [], logProbability: 0, score: 0 }];
    expect(ctcBeamSearch(zeros([1, 3, 2]), { lengths: [0], top: 3 })).toEqual([nothing]);
    const frames = tensor([[[0, Number.NaN]], [[0, 3]]]);
    const [bad, good] = ctcBeamSearch(frames);
    expect(bad).toEqual([{ labels: [], logProbability: Number.NaN, score: Number.NaN }]);
    expect(good[0].labels).toEqual([1]);
  });

  it("classes at -Infinity are never read; where nothing is possible the score says so", () => {
    const frames = [[[-INF, 0, -INF], [-INF, 0, 1]]]; // biome-ignore format: frames
    expect(ctcBeamSearch(frames, { top: 9 })[0].map(({ labels }) => labels)).toEqual([[1, 2], [1]]);
    const dead = ctcBeamSearch([[[-INF, -INF]]], { inputs: "logProbs" });
    expect(dead).toEqual([[{ labels: [], logProbability: -INF, score: -INF }]]);
  });

  it("reads confident frames a thousand nats apart without losing the order", () => {
    const [[best, second]] = ctcBeamSearch([[[0, 2000, 0], [1000, 0, 3000]]], { top: 2 }); // biome-ignore format: frames
    expect(best).toEqual({ labels: [1, 2], logProbability: 0, score: 0 });
    // two alignments read as the second, (0, 2) and (2, 2)
    expect([second.labels, second.logProbability]).toEqual([[2], expect.closeTo(-2000 + Math.log(2), 9)]);
  });
});

describe("ctcBeamSearch: pruning", () => {
  it("without a language model, stopping early changes nothing: wide thresholds equal none", () => {
    const frames = randomFrames(8, 20, 6);
    const plain = ctcBeamSearch(frames, { beamWidth: 8, top: 8 });
    expect(ctcBeamSearch(frames, { beamWidth: 8, top: 8, beamThreshold: 1e3 })).toEqual(plain);
    expect(ctcBeamSearch(frames, { beamWidth: 8, top: 8, maxClasses: 6 })).toEqual(plain);
  });

  it("maxClasses and minimumProbability keep unlikely classes from extending a prefix", () => {
    const frames = [logs([[0.5, 0.3, 0.2]])];
    const read = (options: object) => ctcBeamSearch(frames, { top: 9, ...options })[0].map(({ labels }) => labels);
    expect(read({})).toEqual([[], [1], [2]]);
    expect(read({ maxClasses: 2 })).toEqual([[], [1]]);
    expect(read({ maxClasses: 1 })).toEqual([[]]);
    expect(read({ minimumProbability: 0.25 })).toEqual([[], [1]]);
    expect(read({ minimumProbability: 0.25, maxClasses: 1 })).toEqual([[]]);
    expect(read({ minimumProbability: 0.4, maxClasses: 2 })).toEqual([[]]);
  });

  it("beamThreshold drops prefixes far below the best", () => {
    const frames = [logs([[0.9, 0.09, 0.01]])];
    expect(ctcBeamSearch(frames, { top: 9, beamThreshold: 3 })[0]).toHaveLength(2);
    expect(ctcBeamSearch(frames, { top: 9, beamThreshold: 0 })[0]).toHaveLength(1);
  });
});

describe("ctcBeamSearch: language model", () => {
  const frames = randomFrames(21, 4, 3);
  /** P(1 | …) = 0.7 and P(2 | …) = 0.2 after a 1, the other way round otherwise; P(end) = 0.1. */
  const model: LanguageModel = (prefix, next) => Math.log((prefix.at(-1) === 1) === (next === 1) ? 0.7 : 0.2);
  const finish = () => Math.log(0.1);
  const byModel = (labels: readonly number[]) =>
    labels.reduce((sum, next, u) => sum + model(labels.slice(0, u), next), Math.log(0.1));

  it.each([
    [1, 0],
    [0.5, 0.8],
    [2, -0.3],
    [0, 1.5],
  ])(
    "languageWeight %d, labelBonus %d: the score is the sum of its three parts, over every label",
    (languageWeight, labelBonus) => {
      const truth = exhaustive(frames, 0);
      const options = { languageModel: model, finish, languageWeight, labelBonus, beamWidth: 1000, top: 1000 };
      const [hypotheses] = ctcBeamSearch(frames, options);
      expect(hypotheses).toHaveLength(truth.size);
      for (const { labels, logProbability, score } of hypotheses) {
        expect(logProbability).toBeCloseTo(Math.log(truth.get(labels.join()) as number), 11);
        expect(score).toBeCloseTo(logProbability + languageWeight * byModel(labels) + labelBonus * labels.length, 11);
      }
      const scores = hypotheses.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    },
  );

  it("a word list: what it forbids is never read", () => {
    const words = [[1, 2], [2, 2, 1]]; // biome-ignore format: words
    const starts = (prefix: readonly number[]) => words.some((word) => prefix.every((label, u) => word[u] === label));
    const languageModel: LanguageModel = (prefix, next) => (starts([...prefix, next]) ? 0 : -INF);
    const finish = (labels: readonly number[]) => (words.some((word) => word.join() === labels.join()) ? 0 : -INF);
    for (let seed = 0; seed < 50; seed++) {
      const [[best]] = ctcBeamSearch(randomFrames(seed, 5, 3), { languageModel, finish });
      expect(words.map((word) => word.join())).toContain(best.labels.join());
    }
  });

  it("is asked once for a prefix and a label, however often they meet", () => {
    const asked: string[] = [];
    const counting: LanguageModel = (prefix, next) => {
      asked.push([...prefix, next].join());
      return -1;
    };
    ctcBeamSearch(randomFrames(5, 30, 4), { languageModel: counting, beamWidth: 4 });
    expect(asked.length).toBeGreaterThan(30);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it("refuses an answer that is no log-probability, by the question", () => {
    const ask = (options: BeamOptions) => () => ctcBeamSearch(coin, options);
    expect(ask({ languageModel: () => 0.5 })).toThrow(
      "ctcBeamSearch: languageModel([], 1) is 0.5; expected a log-probability, at most 0.",
    );
    expect(ask({ languageModel: () => Number.NaN })).toThrow("languageModel([], 1) is NaN");
    expect(ask({ finish: () => 1 })).toThrow("finish([1]) is 1");
  });
});

describe("ctcBeamSearch: options", () => {
  it.each([
    [{ beamWidth: 0 }, "beamWidth is 0; expected a whole number of at least 1"],
    [{ beamWidth: 2.5 }, "beamWidth is 2.5"],
    [{ top: 0 }, "top is 0"],
    [{ maxClasses: -1 }, "maxClasses is -1"],
    [{ minimumProbability: 1.5 }, "minimumProbability is 1.5; expected a number in [0, 1]"],
    [{ beamThreshold: Number.NaN }, "beamThreshold is NaN"],
    [{ languageWeight: -1 }, "languageWeight is -1; expected a finite number of at least 0"],
    [{ labelBonus: INF }, "labelBonus is Infinity; expected a finite number"],
    [{ blank: 2 }, "blank is 2; expected a class in 0..1"],
  ])("refuses %j", (options, message) => {
    expect(() => ctcBeamSearch(coin, options)).toThrow(`ctcBeamSearch: ${message}`);
  });
});
