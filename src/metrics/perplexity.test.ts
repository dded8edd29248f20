import { describe, expect, it } from "vitest";
import { combine } from "../losses/combine.js";
import { crossEntropy } from "../losses/crossEntropy.js";
import { perplexity } from "./perplexity.js";

describe("perplexity", () => {
  it.each([
    [0, 1, "certain"],
    [Math.log(50), 50, "a uniform guess among 50"],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, "a label thought impossible"],
  ])("of %d is %d: %s", (mean, expected) => {
    expect(perplexity(mean)).toBeCloseTo(expected, 11);
    expect(perplexity({ sum: 3 * mean, weight: 3 })).toBeCloseTo(expected, 11);
  });

  it("of combined losses is that of all their steps together", () => {
    const long = crossEntropy([[[0, 0], [0, 0], [0, 0]]], [[0, 1, 0]]); // biome-ignore format: one row a step
    const short = crossEntropy([[0, 0, 0, 0, 0, 0, 0, 0]], [7]);
    expect(perplexity(combine([long, short]))).toBeCloseTo((2 ** 3 * 8) ** (1 / 4), 12);
  });

  it("over nothing is 1, as the mean over nothing is 0", () => {
    expect(perplexity({ sum: 0, weight: 0 })).toBe(1);
    expect(perplexity(crossEntropy([[0, 0]], [-1], { ignoreIndex: -1 }))).toBe(1);
  });

  it("refuses a negative weight", () => {
    expect(() => perplexity({ sum: 1, weight: -1 })).toThrow("perplexity: the weight of the loss is -1");
  });
});
