import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accuracy } from "./accuracy.js";
import { editDistance } from "./editDistance.js";
import { characterErrorRate, tokenErrorRate, wordErrorRate } from "./errorRate.js";
import { perplexity } from "./perplexity.js";

/** By the definition, without remembering anything. */
function recursive(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const [x, ...rest] = a;
  const [y, ...others] = b;
  const kept = recursive(rest, others) + (x === y ? 0 : 1);
  return Math.min(kept, recursive(rest, b) + 1, recursive(a, others) + 1);
}

const words = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 6 });

describe("editDistance", () => {
  it("equals its definition, and its edits lead from one to the other", () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const { distance, substitutions, insertions, deletions, edits } = editDistance(a, b);
        expect(distance).toBe(recursive(a, b));
        expect(substitutions + insertions + deletions).toBe(distance);
        let [i, j] = [0, 0];
        for (const edit of edits) {
          if (edit === "match") expect(a[i]).toBe(b[j]);
          if (edit !== "insertion") i++;
          if (edit !== "deletion") j++;
        }
        expect([i, j]).toEqual([a.length, b.length]);
      }),
    );
  });

  it("is a metric", () => {
    const d = (a: number[], b: number[]) => editDistance(a, b).distance;
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        expect(d(a, a)).toBe(0);
        expect(d(a, b)).toBe(d(b, a));
        expect(d(a, c)).toBeLessThanOrEqual(d(a, b) + d(b, c));
      }),
    );
  });
});

describe("error rates", () => {
  it.each([
    [[""], [""], 0, "nothing read as nothing"],
    [[""], ["a"], Number.POSITIVE_INFINITY, "something read as nothing has no rate"],
    [["a b"], ["a b"], 0, "identical"],
    [["a"], ["a b c"], 2, "insertions may exceed 1"],
    [["a b c"], [""], 1, "everything deleted"],
    [["the  cat\tsat"], ["the cat sat"], 0, "any white space separates"],
  ])("row 33: words %j read as %j: %d (%s)", (references, hypotheses, rate) => {
    expect(wordErrorRate(references, hypotheses).rate).toBe(rate);
  });

  it("counts code points, not halves of them", () => {
    expect(characterErrorRate(["a𝄞b"], ["ab"])).toMatchObject({ edits: 1, length: 3, deletions: 1 });
  });

  it("is the mean over sequences weighted by their lengths, and counts sequences with an error", () => {
    const result = tokenErrorRate([[1, 2, 3, 4], [5], []], [[1, 2, 3, 4], [6], []]);
    expect(result).toMatchObject({ rate: 0.2, sequenceRate: 1 / 3, substitutions: 1 });
    expect(() => tokenErrorRate([[1]], [])).toThrow("the number of hypotheses is 0; expected 1");
  });
});

describe("accuracy and perplexity", () => {
  const scores = [[[0, 2, 1], [3, 0, 0]], [[1, 1, 0], [9, 9, 9]]]; // biome-ignore format: frames

  it("counts real steps whose label is likeliest, ties to the lowest id", () => {
    expect(accuracy(scores, [[1, 2], [1, 0]], { lengths: [2, 1] })).toEqual({ rate: 1 / 3, right: 1, counted: 3, sequenceRate: 0 }); // biome-ignore format: one line
    expect(accuracy(scores, [[1, 0], [1, 0]], { lengths: [2, 1], top: 2 })).toMatchObject({ rate: 1, sequenceRate: 1 }); // biome-ignore format: one line
  });

  it("leaves the ignored id out; over nothing it is 0", () => {
    expect(accuracy(scores, [[-1, 0], [-1, -1]], { ignoreIndex: -1 })).toMatchObject({ rate: 1, counted: 1 }); // biome-ignore format: one line
    expect(accuracy(scores, [[-1, -1], [-1, -1]], { ignoreIndex: -1 }).rate).toBe(0); // biome-ignore format: one line
  });

  it("perplexity of even odds is their number", () => {
    expect(perplexity(Math.log(8))).toBeCloseTo(8, 12);
    expect(perplexity({ sum: 0, weight: 0 })).toBe(1);
  });
});
