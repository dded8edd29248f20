import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { BestCandidates } from "./bestCandidates.js";

/** What was kept: [rank, id], in the order in which it lies. */
const kept = ({ rank, id, size }: BestCandidates) => Array.from({ length: size }, (_, i) => [rank[i], id[i]]);

describe("BestCandidates", () => {
  it.each([1, 2, 3, 7, 8, 25, 100, 600])(
    "keeps the best %d of a stream, in order; of equal ranks the lower id",
    (limit) => {
      const best = new BestCandidates(limit);
      for (let seed = 0; seed < 80; seed++) {
        const random = new Random(seed);
        const count = random.integer(12 * limit);
        const ranks = 1 + random.integer(seed % 2 === 0 ? 12 : 1e6);
        const ids = random.shuffle(Array.from({ length: count }, (_, id) => id));
        const offers = ids.map((id) => [random.integer(ranks), id]);
        best.clear();
        for (const [rank, id] of offers) {
          best.offer(rank, id);
          if (random.integer(50) === 0) best.trim();
        }
        const expected = offers.sort(([a, i], [b, j]) => b - a || i - j).slice(0, limit);
        best.trim();
        expect(best.floor).toBe(count < limit ? Number.NEGATIVE_INFINITY : expected[limit - 1][0]);
        expect(kept(best).toSorted(([a, i], [b, j]) => b - a || i - j)).toEqual(expected);
        best.sort();
        expect(kept(best)).toEqual(expected);
      }
    },
  );

  it("keeps nothing of rank -Infinity or NaN, nor below the floor", () => {
    const best = new BestCandidates(2);
    for (const [id, rank] of [Number.NEGATIVE_INFINITY, Number.NaN, -5, -3].entries()) best.offer(rank, id);
    best.trim();
    for (const [id, rank] of [-6, Number.NEGATIVE_INFINITY, Number.NaN].entries()) best.offer(rank, 10 + id);
    expect(kept(best).toSorted()).toEqual([
      [-3, 3],
      [-5, 2],
    ]);
    best.offer(-5, 1); // as good as the worst: the lower id stays
    best.sort();
    expect(kept(best)).toEqual([
      [-3, 3],
      [-5, 1],
    ]);
  });
});
