import { describe, expect, it } from "vitest";
import { countNgrams } from "./ngrams.js";

const distinct = (tokens: (string | number)[], order: number) => countNgrams(tokens, order, new Map())[order - 1].size;

describe("countNgrams", () => {
  it("takes no n-gram for another: tokens 1, 12 are not 11, 2", () => {
    const tokens = [...Array(13).keys(), 1, 12, 11, 2];
    expect(distinct(tokens, 2)).toBe(tokens.length - 1);
  });

  it("takes no token for another", () => {
    expect(distinct(["1", 1, "a b", "a", "b"], 1)).toBe(5);
    expect(distinct(["a b", "c", "a", "b c"], 2)).toBe(3);
  });

  it("a text shorter than the order has none of it", () => {
    expect(countNgrams(["a", "b"], 4, new Map()).map(({ size }) => size)).toEqual([2, 1, 0, 0]);
  });
});
