import { describe, expect, it } from "vitest";
import { tensor } from "../core/tensor.js";
import type { Negatives } from "./negatives.js";
import { bprLoss } from "./ranking.js";

const rows = [[1, 2, 0], [0, 3, 1]]; // biome-ignore format: rows
const list = (data: ArrayLike<number>) => Array.from(data);

describe("lists of negatives", () => {
  it("a shared list, plain or typed, serves every step of either shape", () => {
    const shared = bprLoss(rows, [0, 1], { negatives: [2, 1] });
    expect(bprLoss(rows, [0, 1], { negatives: Int32Array.of(1, 2) })).toEqual(shared);
    const timed = bprLoss([rows], [[0, 1]], { negatives: [2, 1] });
    expect(list(timed.grad.data)).toEqual(list(shared.grad.data));
  });

  it("a list for each step, of its own length: [N][…] for scores [N, V], [B][T][…] for [B, T, V]", () => {
    const flat = bprLoss(rows, [0, 1], { negatives: [[1], [0, 2]], reduction: "none" });
    const cost = (d: number) => Math.log1p(Math.exp(-d));
    expect(flat.losses[0]).toBeCloseTo(cost(-1), 12);
    expect(flat.losses[1]).toBeCloseTo((cost(3) + cost(2)) / 2, 12);
    const timed = bprLoss([rows], [[0, 1]], { negatives: [[Int32Array.of(1), [0, 2]]] });
    expect(timed.losses[0]).toBeCloseTo(flat.value, 12);
    const sequences = bprLoss([[rows[0]], [rows[1]]], [[0], [1]], { negatives: [[[1]], [[0, 2]]], reduction: "none" });
    expect(sequences.losses).toEqual(flat.losses);
  });

  it("sequences without steps need no lists, and a batch of none takes an empty one", () => {
    const { losses } = bprLoss([[rows[0]], []], [[0], []], { negatives: [[[1]], []] });
    expect(losses[1]).toBe(0);
    expect(bprLoss(rows, [0, 99], { negatives: [[1], [99]], lengths: [1, 0] }).losses[1]).toBe(0);
    expect(bprLoss(tensor([], [0, 1, 3]), [], { negatives: [] }).value).toBe(0);
  });

  it.each([
    [rows, [0, 3], "LABEL", "bprLoss: negatives[1] is 3; expected an id in 0..2."],
    [rows, [-1], "LABEL", "negatives[0] is -1; expected an id in 0..2."],
    [rows, [0.5], "LABEL", "negatives[0] is 0.5; expected an id in 0..2."],
    [rows, [Number.NaN], "LABEL", "negatives[0] is NaN"],
    [rows, [[0], [1, 7]], "LABEL", "negatives[1][1] is 7; expected an id in 0..2."],
    [rows, [["0"], [1]], "LABEL", 'negatives[0][0] is "0"; expected an id in 0..2.'],
    [rows, [[[0]], [[1]]], "LABEL", "negatives[0][0] is [0]; expected an id in 0..2."],
    [rows, 2, "SHAPE", "negatives is 2; expected a list of item ids. Negatives are one list of item ids for all steps"],
    [rows, null, "SHAPE", "negatives is null; expected a list of item ids."],
    [rows, [[0], 1], "SHAPE", "negatives[1] is 1; expected a list of item ids."],
    [rows, [[0]], "LENGTH", "the size of negatives is 1; expected 2, one for each sequence."],
    [[rows], [[0, 1]], "SHAPE", "negatives[0][0] is 0; expected a list of item ids."],
    [[rows], [[[0]]], "LENGTH", "the size of negatives[0] is 1; expected at least 2, one list for each real step."],
    [[rows], [[[0], [1, 4]]], "LABEL", "negatives[0][1][1] is 4; expected an id in 0..2."],
  ] as [number[][], unknown, string, string][])(
    "for scores %j, %j is refused: %s",
    (scores, negatives, code, message) => {
      const run = () => bprLoss(scores, [0, 1], { negatives: negatives as Negatives });
      expect(run).toThrow(message);
      expect(run).toThrow(expect.objectContaining({ code, name: "SeqlossError" }));
    },
  );
});
