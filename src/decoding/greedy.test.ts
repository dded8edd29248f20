import { describe, expect, it } from "vitest";
import { tensor, zeros } from "../core/tensor.js";
import { ctcGreedyDecode } from "./greedy.js";
import { ctcBeamSearch } from "./prefixBeam.js";

/** Frames that are all but certain of one class each. */
const certain = (path: readonly number[], classes: number): number[][] =>
  path.map((best) => Array.from({ length: classes }, (_, k) => (k === best ? 20 : 0)));

const probabilities = (rows: readonly number[][]): number[][] => rows.map((row) => row.map(Math.log));

describe("ctcGreedyDecode", () => {
  it("row 28: the best path is two blanks, p = 0.36, and reads as nothing", () => {
    const logProbs = [
      probabilities([
        [0.6, 0.4],
        [0.6, 0.4],
      ]),
    ];
    for (const inputs of ["logits", "logProbs"] as const) {
      const [{ labels, score, spans }] = ctcGreedyDecode(logProbs, { inputs });
      expect(labels).toEqual([]);
      expect(spans).toEqual([]);
      expect(Math.exp(score)).toBeCloseTo(0.36, 12);
    }
  });

  it("row 29: AA_AA reads as AA, greedily and by beam", () => {
    const frames = [certain([1, 1, 0, 1, 1], 3)];
    expect(ctcGreedyDecode(frames)[0].labels).toEqual([1, 1]);
    expect(ctcBeamSearch(frames)[0][0].labels).toEqual([1, 1]);
  });

  it("row 32: tokens of several characters keep their order", () => {
    const tokens = ["", "sch", "u", "le"];
    const frames = [certain([1, 1, 0, 2, 3, 3, 0, 1], 4)];
    const text = (labels: readonly number[]) => labels.map((id) => tokens[id]).join("");
    expect(text(ctcGreedyDecode(frames)[0].labels)).toBe("schulesch");
    expect(text(ctcBeamSearch(frames)[0][0].labels)).toBe("schulesch");
  });

  it("says where each label was read, and how surely", () => {
    const rows = [
      [0.1, 0.9, 0],
      [0.2, 0.8, 0],
      [0.5, 0.2, 0.3],
      [0.3, 0.6, 0.1],
      [0.1, 0.2, 0.7],
    ];
    const [{ labels, spans, score }] = ctcGreedyDecode([probabilities(rows)], { inputs: "logProbs" });
    expect(labels).toEqual([1, 1, 2]);
    expect(spans).toEqual([
      { label: 1, start: 0, end: 2, score: expect.closeTo(Math.log(0.72), 12) },
      { label: 1, start: 3, end: 4, score: expect.closeTo(Math.log(0.6), 12) },
      { label: 2, start: 4, end: 5, score: expect.closeTo(Math.log(0.7), 12) },
    ]);
    expect(score).toBeCloseTo(Math.log(0.72 * 0.5 * 0.6 * 0.7), 12);
  });

  it.each([
    [0, [1]],
    [1, [0]],
    [2, [0, 1]],
  ])("with the blank %d, ties going to the lowest id", (blank, labels) => {
    const frames = [
      [
        [1, 1, 0],
        [0, 1, 1],
        [0, 1, 1],
      ],
    ];
    expect(ctcGreedyDecode(frames, { blank })[0].labels).toEqual(labels);
  });

  it("never reads padding, and gives each sequence what it gives it alone", () => {
    const long = certain([1, 0, 2, 2], 3);
    const padded = [...certain([2, 1], 3), [Number.NaN, 9, 9], [9, Number.NaN, 9]];
    const readings = ctcGreedyDecode(tensor([long, padded]), { lengths: [4, 2] });
    expect(readings[0]).toEqual(ctcGreedyDecode(tensor([long]))[0]);
    expect(readings[1]).toEqual(ctcGreedyDecode(tensor([certain([2, 1], 3)]))[0]);
    expect(ctcGreedyDecode([certain([2, 1], 3), long]).map(({ labels }) => labels)).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });

  it("no frames read as nothing, with certainty", () => {
    expect(ctcGreedyDecode(zeros([1, 4, 3]), { lengths: [0] })).toEqual([{ labels: [], score: 0, spans: [] }]);
    expect(ctcGreedyDecode(zeros([0, 4, 3]))).toEqual([]);
  });

  it.each([["logits"], ["logProbs"]] as const)(
    "NaN or +Infinity among %s makes that sequence's score NaN, and no other's",
    (inputs) => {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const frames = tensor([[[0, -1], [-1, 0]], [[-1, 0], [0, bad]], [[-1, 0], [-1, 0]]]); // biome-ignore format: frames
        const readings = ctcGreedyDecode(frames, { inputs });
        expect(readings.map(({ labels }) => labels)).toEqual([[1], [], [1]]);
        expect(readings.map(({ score }) => Number.isNaN(score))).toEqual([false, true, false]);
      }
    },
  );

  it("refuses what it cannot read", () => {
    expect(() => ctcGreedyDecode(zeros([2, 3]))).toThrow(
      "ctcGreedyDecode: the shape of logits is [2, 3]; expected [batch, frames, classes]",
    );
    expect(() => ctcGreedyDecode(zeros([1, 2, 3]), { blank: 3 })).toThrow("blank is 3; expected a class in 0..2");
    expect(() => ctcGreedyDecode(zeros([1, 2, 3]), { lengths: [3] })).toThrow("lengths[0] is 3");
    expect(() => ctcGreedyDecode(zeros([1, 2, 3]), { inputs: "scores" as never })).toThrow(
      'inputs is "scores"; expected "logits" or "logProbs"',
    );
  });
});
