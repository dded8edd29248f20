import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { BestCandidates } from "./bestCandidates.js";

describe("BestCandidates", () => {
  it.each([1, 2, 3, 7, 8, 25, 100])(
    "keeps the best %d of a stream, in order; of equal ranks the first offered",
    (limit) => {
      const best = new BestCandidates(limit);
      for (let seed = 0; seed < 60; seed++) {
        const random = new Random(seed);
        const offers = Array.from({ length: random.integer(80) }, (_, i) => ({ rank: random.integer(12), slot: i }));
        best.clear();
        for (const { rank, slot } of offers) best.offer(rank, slot, slot % 3);
        const expected = offers.sort((a, b) => b.rank - a.rank || a.slot - b.slot).slice(0, limit);
        expect(best.floor).toBe(expected.length < limit ? Number.NEGATIVE_INFINITY : expected[limit - 1].rank);
        best.sort();
        expect(best.size).toBe(expected.length);
        expect(Array.from(best.rank.subarray(0, best.size))).toEqual(expected.map(({ rank }) => rank));
        expect(Array.from(best.slot.subarray(0, best.size))).toEqual(expected.map(({ slot }) => slot));
        expect(Array.from(best.label.subarray(0, best.size))).toEqual(expected.map(({ slot }) => slot % 3));
      }
    },
  );

  it("keeps nothing of rank -Infinity or NaN", () => {
    const best = new BestCandidates(3);
    for (const rank of [Number.NEGATIVE_INFINITY, Number.NaN, -5]) best.offer(rank, 0, 0);
    expect(Array.from(best.rank.subarray(0, best.size))).toEqual([-5]);
  });
});
