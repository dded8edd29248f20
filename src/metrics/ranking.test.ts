import { describe, expect, it } from "vitest";
import { tensor } from "../core/tensor.js";
import { mrrAt, rankingMetrics, recallAt } from "./ranking.js";

// Ranks by GRU4Rec's formulas are compared in test/labelMetrics.test.ts.

describe("rankingMetrics", () => {
  it.each([
    ["last", [4, 1, 2]],
    ["first", [1, 1, 2]],
    ["middle", [2.5, 1, 2]],
  ] as const)("ties count as stated: %s", (ties, expected) => {
    const scores = [[5, 5, 5, 5], [9, 1, 2, 3], [1, 0, 3, -1]]; // biome-ignore format: one row a step
    for (const given of [scores, tensor(scores)]) {
      expect(Array.from(rankingMetrics(given, [1, 0, 0], { ties }).ranks)).toEqual(expected);
    }
  });

  it("by default a tie does not help: a model that scores all items alike earns nothing", () => {
    const scores = tensor([new Array(100).fill(0)]);
    expect(rankingMetrics(scores, [0])).toMatchObject({ recall: 0, mrr: 0 });
  });

  it("NaN is never found, and an item that scores NaN is ahead", () => {
    const { ranks, recall, mrr } = rankingMetrics([[Number.NaN, 1], [Number.NaN, 1], [1, Number.NaN]], [0, 1, 0]); // biome-ignore format: steps
    expect(Array.from(ranks)).toEqual([Number.POSITIVE_INFINITY, 2, 2]);
    expect(recall).toBeCloseTo(2 / 3, 15);
    expect(mrr).toBeCloseTo(1 / 3, 15);
  });

  it("infinite scores are ranked as numbers are", () => {
    const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    expect(Array.from(rankingMetrics([[low, 0, low], [high, 0, high]], [0, 0]).ranks)).toEqual([3, 2]); // biome-ignore format: steps
  });

  it("leaves out ignored steps and padding, which is never read", () => {
    const scores = tensor([
      [[1, 2, 3], [3, 2, 1]],
      [[2, 3, 1], [Number.NaN, Number.NaN, Number.NaN]],
    ]); // biome-ignore format: one row a step
    const { ranks } = rankingMetrics(scores, [[1, -1], [0]], { lengths: [2, 1], ignoreIndex: -1 });
    expect(Array.from(ranks)).toEqual([2, 2]);
    expect(rankingMetrics([[1, 2]], [-1], { ignoreIndex: -1 })).toMatchObject({ recall: 0, mrr: 0 });
  });

  it("ranks of batches put end to end give the metrics of all", () => {
    const scores = [[1, 2, 3], [3, 1, 2], [2, 1, 3], [1, 3, 2]]; // biome-ignore format: one row a step
    const targets = [2, 1, 0, 0];
    const all = rankingMetrics(scores, targets, { k: 2 });
    const ranks = [0, 2].flatMap((i) =>
      Array.from(rankingMetrics(scores.slice(i, i + 2), targets.slice(i, i + 2)).ranks),
    );
    expect([recallAt(ranks, 2), mrrAt(ranks, 2)]).toEqual([all.recall, all.mrr]);
  });

  it("counts the k-th, not the next", () => {
    expect(recallAt([20, 21], 20)).toBe(0.5);
    expect(mrrAt([20, 21], 20)).toBe(1 / 40);
    expect(recallAt([], 1)).toBe(0);
    expect(mrrAt([], 1)).toBe(0);
  });

  it("refuses ids out of range, a k below 1 and unknown ties", () => {
    expect(() => rankingMetrics([[1, 2]], [2])).toThrow("rankingMetrics: labels[0] is 2; expected an id in 0..1");
    expect(() => rankingMetrics([[1, 2]], [1], { k: 0 })).toThrow("rankingMetrics: k is 0");
    expect(() => recallAt([1], 1.5)).toThrow("recallAt: k is 1.5");
    expect(() => mrrAt([1], -1)).toThrow("mrrAt: k is -1");
    expect(() => rankingMetrics([[1]], [0], { ties: "random" as never })).toThrow('ties is "random"');
  });
});
