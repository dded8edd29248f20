import { describe, expect, it } from "vitest";
import { tensor, zeros } from "../core/tensor.js";
import { ctcAlign } from "./forcedAlignment.js";

const INF = Number.POSITIVE_INFINITY;

describe("ctcAlign", () => {
  it("row 27: two alignments tie at 0; (1, 0, 2) is chosen before (1, 1, 2), every time", () => {
    const logProbs = [[[-1, 0, -1], [0, 0, -1], [-1, -1, 0]]]; // biome-ignore format: one row a frame
    for (let again = 0; again < 3; again++) {
      const [{ score, path }] = ctcAlign(logProbs, [[1, 2]], { inputs: "logProbs" });
      expect(score).toBe(0);
      expect(Array.from(path)).toEqual([1, 0, 2]);
    }
  });

  it("row 27: of alignments that all tie, labels come as early as they can", () => {
    const paths = [[1], [1, 2], [1, 1], []].map((label) => Array.from(ctcAlign(zeros([1, 4, 3]), [label])[0].path));
    expect(paths).toEqual([
      [1, 0, 0, 0],
      [1, 2, 0, 0],
      [1, 0, 1, 0],
      [0, 0, 0, 0],
    ]);
  });

  it.each([0, 1, 2, 3])("row 31: the blank may be %d", (blank) => {
    const others = [0, 1, 2, 3].filter((k) => k !== blank);
    const path = [others[0], blank, others[0], others[2], others[2]];
    const frames = path.map((best) => Array.from({ length: 4 }, (_, k) => (k === best ? 9 : 0)));
    const [alignment] = ctcAlign([frames], [[others[0], others[0], others[2]]], { blank });
    expect(Array.from(alignment.path)).toEqual(path);
    expect(alignment.spans.map(({ label, start, end }) => [label, start, end])).toEqual([
      [others[0], 0, 1],
      [others[0], 2, 3],
      [others[2], 3, 5],
    ]);
  });

  it("row 31: a label may need every frame: its symbols, and a blank between repeats", () => {
    const tight = [1, 1, 2, 2, 2];
    const [{ path, score }] = ctcAlign(zeros([1, 8, 3]), [tight]);
    expect(Array.from(path)).toEqual([1, 0, 1, 2, 0, 2, 0, 2]);
    expect(score).toBeCloseTo(-8 * Math.log(3), 12);
  });

  it("row 31: too few frames are refused, by frames, labels and repeats", () => {
    const align = () => ctcAlign(zeros([2, 7, 3]), [[1], [1, 1, 2, 2, 2]], { lengths: [7, 6] });
    expect(align).toThrow(
      "ctcAlign: the number of frames of sequence 1 is 6; expected at least 8, for 5 labels of which 3 repeat their neighbour.",
    );
    expect(() => ctcAlign(zeros([1, 1, 3]), [[1, 2]])).toThrow("is 1; expected at least 2, for 2 labels of which 0");
  });

  it("gives each label its frames and the probability over them", () => {
    const rows = [
      [0.1, 0.9, 0],
      [0.2, 0.8, 0],
      [0.5, 0.2, 0.3],
      [0.1, 0.2, 0.7],
    ];
    const [{ spans, score, path }] = ctcAlign([rows.map((row) => row.map(Math.log))], [[1, 2]]);
    expect(Array.from(path)).toEqual([1, 1, 0, 2]);
    expect(spans).toEqual([
      { label: 1, start: 0, end: 2, score: expect.closeTo(Math.log(0.72), 12) },
      { label: 2, start: 3, end: 4, score: expect.closeTo(Math.log(0.7), 12) },
    ]);
    expect(score).toBeCloseTo(Math.log(0.72 * 0.5 * 0.7), 12);
  });

  it("takes packed and padded labels, and gives each sequence what it gives it alone", () => {
    const frames = tensor([
      [[0, 2, 1], [3, 0, 0], [0, 1, 2]],
      [[1, 0, 4], [Number.NaN, 0, 0], [0, 0, Number.NaN]],
    ]); // biome-ignore format: one row a frame
    const lengths = [3, 1];
    const ragged = ctcAlign(frames, [[1, 2], [2]], { lengths });
    expect(ctcAlign(frames, Int32Array.of(1, 2, 2), { lengths, labelLengths: [2, 1] })).toEqual(ragged);
    expect(ctcAlign(frames, [1, 2, 2, -1], { lengths, labelLengths: [2, 1] })).toEqual(ragged);
    expect(ctcAlign({ data: frames.data.subarray(9, 12), shape: [1, 1, 3] }, [[2]])[0]).toEqual(ragged[1]);
    expect(Array.from(ragged[1].path)).toEqual([2]);
  });

  it("no frames fit the empty label, with certainty", () => {
    const [{ score, path, spans }] = ctcAlign(zeros([1, 3, 2]), [[]], { lengths: [0] });
    expect({ score, frames: path.length, spans }).toEqual({ score: 0, frames: 0, spans: [] });
  });

  it("a label that the frames exclude has score -Infinity and no path", () => {
    const [{ score, path, spans }] = ctcAlign([[[0, -INF], [0, -INF]]], [[1]]); // biome-ignore format: frames
    expect({ score, frames: path.length, spans }).toEqual({ score: -INF, frames: 0, spans: [] });
    const around = ctcAlign([[[0, -INF], [0, 0], [0, -INF]]], [[1]]); // biome-ignore format: frames
    expect(Array.from(around[0].path)).toEqual([0, 1, 0]);
  });

  it("NaN in a frame makes that sequence's score NaN, and no other's", () => {
    const frames = tensor([[[0, 1], [Number.NaN, 0]], [[0, 1], [1, 0]]]); // biome-ignore format: frames
    const [bad, good] = ctcAlign(frames, [[1], [1]]);
    expect({ score: bad.score, frames: bad.path.length }).toEqual({ score: Number.NaN, frames: 0 });
    expect(Array.from(good.path)).toEqual([1, 0]);
  });

  it("refuses a blank among the labels, and ids out of range", () => {
    expect(() => ctcAlign(zeros([1, 3, 3]), [[1, 0]])).toThrow("labels[0][1] is 0");
    expect(() => ctcAlign(zeros([1, 3, 3]), [[3]])).toThrow("labels[0][0] is 3; expected an id in 0..2");
    expect(() => ctcAlign(zeros([1, 3, 3]), [[1], [1]])).toThrow("the size of labels is 2; expected 1");
  });
});
