import { describe, expect, it } from "vitest";
import { type CorpusChrfOptions, corpusChrf } from "./corpusChrf.js";

// Numbers of sacreBLEU itself are compared in test/textMetrics.test.ts.

describe("corpusChrf", () => {
  it.each([
    ["abc", "abc", {}, 100, "the same, also where it is too short for most orders"],
    ["abc", "xyz", {}, 0, "nothing in common"],
    ["", "abc", {}, 0, "nothing written"],
    ["", "", {}, 0, "nothing wanted either"],
    ["ab", "abcd", { charOrder: 1, beta: 1 }, 200 / 3, "P 1, R 1/2"],
    ["ab", "abcd", { charOrder: 1 }, (100 * 5 * 0.5) / 4.5, "recall counts twice as much"],
    ["a b", "ab", { charOrder: 2 }, 100, "white space does not count"],
    ["a b", "ab", { charOrder: 1, whitespace: true, beta: 1 }, 80, "unless asked for: P 2/3, R 1"],
    ["ÄB", "äb", { charOrder: 2 }, 0, "case counts"],
    ["ÄB", "äb", { charOrder: 2, lowercase: true }, 100, "unless asked not to"],
    ["😀", "😃", { charOrder: 1 }, 0, "a character is a code point: these two share half of theirs in UTF-16"],
    [
      "no.",
      "no",
      { charOrder: 1, wordOrder: 1, beta: 1 },
      100 * (7 / 12 / ((7 / 12 + 1) / 2)),
      "the full stop is a word",
    ],
  ] as [string, string, CorpusChrfOptions, number, string][])("%j against %j with %j is %f: %s", (...row) => {
    const [hypothesis, reference, options, score] = row;
    expect(corpusChrf([hypothesis], [reference], options).score).toBeCloseTo(score, 10);
  });

  it("adds counts up over the corpus, and takes each sentence's best reference", () => {
    const options = { charOrder: 1, beta: 1 };
    expect(corpusChrf(["abcd", "x"], ["abcd", "y"], options).score).toBeCloseTo(80, 10);
    expect(corpusChrf(["abcd", "x"], [["zz", "abcd"], "y"], options).score).toBeCloseTo(80, 10);
  });

  it("gives an interval where resamples are asked for; no sentence scores 0", () => {
    const { interval, score } = corpusChrf(["ab", "cd", "ef"], ["ab", "cx", "yz"], { resamples: 500 });
    expect(interval?.[0]).toBe(0);
    expect(interval?.[1]).toBe(100);
    expect(score).toBeGreaterThan(0);
    expect(corpusChrf([], []).score).toBe(0);
  });

  it("refuses what does not match", () => {
    expect(() => corpusChrf(["a"], [])).toThrow("corpusChrf: the size of references is 0");
    expect(() => corpusChrf(["a"], [1 as never])).toThrow(/references/);
    expect(() => corpusChrf(["a"], ["a"], { charOrder: 0 })).toThrow(
      "charOrder is 0; expected a whole number of at least 1",
    );
    expect(() => corpusChrf(["a"], ["a"], { wordOrder: -1 })).toThrow("wordOrder is -1");
    expect(() => corpusChrf(["a"], ["a"], { beta: 0 })).toThrow("beta is 0");
  });
});
