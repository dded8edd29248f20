import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { alignments, collapse, strings } from "../reference/alignments.js";
import { ctcAlign } from "./forcedAlignment.js";
import { ctcGreedyDecode } from "./greedy.js";
import { ctcBeamSearch } from "./prefixBeam.js";

const logs = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map(Math.log));
const random = new Random(9);
const drawRows = (T: number, V: number, scale = 2) =>
  Array.from({ length: T }, () => Array.from({ length: V }, () => scale * random.normal()));

/** ln softmax, by hand. */
function logProbabilities(rows: readonly (readonly number[])[]): number[][] {
  return rows.map((row) => {
    const logZ = Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));
    return row.map((x) => x - logZ);
  });
}

/** Every label with its probability, by listing all strings. */
function exhaustive(rows: readonly (readonly number[])[], blank: number): Map<string, number> {
  const p = logProbabilities(rows);
  const mass = new Map<string, number>();
  for (const path of strings(rows.length, rows[0].length)) {
    const label = collapse(path, blank).join();
    const own = Math.exp(path.reduce((sum, k, t) => sum + p[t][k], 0));
    mass.set(label, (mass.get(label) ?? 0) + own);
  }
  return mass;
}

describe("greedy decoding and beam search", () => {
  it("row 28: the likeliest alignment is all blank, the likeliest label is not", () => {
    const rows = logs([[0.6, 0.4], [0.6, 0.4]]); // biome-ignore format: frames
    const [greedy] = ctcGreedyDecode([rows]);
    expect(greedy).toMatchObject({ labels: [], score: expect.closeTo(Math.log(0.36), 12) });
    const [readings] = ctcBeamSearch([rows], { top: 2 });
    expect(readings).toMatchObject([
      { labels: [1], score: expect.closeTo(Math.log(0.64), 12) },
      { labels: [], score: expect.closeTo(Math.log(0.36), 12) },
    ]);
  });

  it("row 29: A A blank A A reads as A A, greedily and by beam", () => {
    const rows = [1, 1, 0, 1, 1].map((k) => (k === 1 ? [0, 9] : [9, 0]));
    expect(ctcGreedyDecode([rows])[0]).toMatchObject({ labels: [1, 1], spans: [{ start: 0, end: 2 }, { start: 3, end: 5 }] }); // biome-ignore format: spans
    expect(ctcBeamSearch([rows])[0][0].labels).toEqual([1, 1]);
  });

  it("row 30: a beam that holds every prefix is exhaustive: T ≤ 5, V ≤ 4, any blank", () => {
    for (let T = 1; T <= 5; T++) {
      for (let V = 2; V <= 4; V++) {
        const rows = drawRows(T, V);
        const blank = random.integer(V);
        const all = exhaustive(rows, blank);
        const [readings] = ctcBeamSearch([rows], { blank, beamWidth: 5000, top: 5000 });
        expect(readings.length).toBe(all.size);
        for (const { labels, score } of readings)
          expect(Math.exp(score)).toBeCloseTo(all.get(labels.join()) as number, 12);
        const scores = readings.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }
    }
  });

  it("a narrow beam never claims more than a label's whole probability", () => {
    for (let n = 0; n < 30; n++) {
      const rows = drawRows(5, 3);
      const all = exhaustive(rows, 0);
      for (const { labels, score } of ctcBeamSearch([rows], { beamWidth: 2, top: 2 })[0]) {
        expect(Math.exp(score)).toBeLessThanOrEqual((all.get(labels.join()) as number) + 1e-12);
      }
    }
  });

  it("row 32: labels keep their order, whatever they stand for", () => {
    const tokens = ["", "ab", "a", "b"];
    const rows = [1, 0, 3, 2].map((k) => tokens.map((_, j) => (j === k ? 9 : 0)));
    const read = ({ labels }: { labels: number[] }) => labels.map((k) => tokens[k]).join("");
    expect(read(ctcGreedyDecode([rows])[0])).toBe("abba");
    expect(read(ctcBeamSearch([rows])[0][0])).toBe("abba");
  });

  it("a language model and a bonus for each label change the order", () => {
    const rows = logs([[0.5, 0.25, 0.25], [0.2, 0.4, 0.4]]); // biome-ignore format: frames
    const likes2 = (_: readonly number[], next: number) => (next === 2 ? 0 : -5);
    expect(ctcBeamSearch([rows], { languageModel: likes2 })[0][0].labels).toEqual([2]);
    expect(ctcBeamSearch([rows], { labelBonus: 5 })[0][0].labels.length).toBe(2);
  });

  it("reads only real frames, and a sequence without any as the empty label", () => {
    const rows = [[[0, 9], [0, 9], [0, 9]], [[Number.NaN, 1], [1, 1], [1, 1]]]; // biome-ignore format: frames
    expect(ctcGreedyDecode(rows, { lengths: [1, 0] }).map(({ labels, score }) => [labels, score < 0])).toEqual([
      [[1], true],
      [[], false],
    ]);
    expect(ctcBeamSearch(rows, { lengths: [1, 0] })[1]).toEqual([{ labels: [], score: 0 }]);
  });
});

describe("forced alignment", () => {
  it("row 27: the best score is 0, by one of two paths; a tie goes to the nearest state", () => {
    const rows = [[-1, 0, -1], [0, 0, -1], [-1, -1, 0]]; // biome-ignore format: frames
    const [{ score, path }] = ctcAlign([rows], [[1, 2]], { inputs: "logProbs" });
    expect(score).toBe(0);
    expect(Array.from(path)).toEqual([1, 0, 2]);
  });

  it("equals the best listed alignment, and its path reads as the label", () => {
    for (let n = 0; n < 60; n++) {
      const V = 3;
      const rows = drawRows(5, V);
      const blank = random.integer(V);
      const others = [0, 1, 2].filter((k) => k !== blank);
      const label = Array.from({ length: random.integer(4) }, () => others[random.integer(2)]);
      const listed = alignments(5, V, label, blank);
      if (listed.length === 0) continue;
      const p = logProbabilities(rows);
      const best = Math.max(...listed.map((path) => path.reduce((sum, k, t) => sum + p[t][k], 0)));
      const [{ score, path, spans }] = ctcAlign([rows], [label], { blank });
      expect(score).toBeCloseTo(best, 12);
      expect(collapse(path, blank)).toEqual(label);
      expect(spans.map((span) => span.label)).toEqual(label);
      for (const { label: k, start, end } of spans)
        expect(Array.from(path.subarray(start, end)).every((x) => x === k)).toBe(true);
    }
  });

  it("row 31: fits exactly when frames are labels and repeats, with any blank", () => {
    const rows = drawRows(4, 4);
    const [{ path }] = ctcAlign([rows], [[1, 1, 0]], { blank: 3 });
    expect(Array.from(path)).toEqual([1, 3, 1, 0]);
  });

  it("row 31: too short names frames, labels and repeats", () => {
    expect(() => ctcAlign([drawRows(3, 4)], [[1, 1, 2]])).toThrow(
      "the frames of sequence 0 is 3; expected at least 4, for 3 labels and 1 blanks between equal neighbours",
    );
  });

  it("an impossible label has the score -Infinity", () => {
    const [{ score }] = ctcAlign([[[0, Number.NEGATIVE_INFINITY], [0, Number.NEGATIVE_INFINITY]]], [[1]]); // biome-ignore format: frames
    expect(score).toBe(Number.NEGATIVE_INFINITY);
  });
});
