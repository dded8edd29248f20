import { describe, expect, it } from "vitest";
import { characterErrorRate, tokenErrorRate, wordErrorRate } from "./errorRate.js";

describe("error rates", () => {
  it.each([
    ["nothing read as nothing", "", "", 0, 0],
    ["identical", "the cat", "the cat", 0, 2],
    ["an insertion into nothing", "", "a", Number.POSITIVE_INFINITY, 0],
    ["everything deleted", "the cat", "", 1, 2],
    ["insertions may exceed 1", "cat", "the black cat sat", 3, 1],
    ["one of two substituted", "the cat", "the hat", 0.5, 2],
  ])("row 33: word error rate, %s", (_, reference, hypothesis, rate, length) => {
    expect(wordErrorRate(reference, hypothesis)).toMatchObject({ rate, length });
  });

  it.each([
    ["", "", 0],
    ["", "a", Number.POSITIVE_INFINITY],
    ["abc", "abc", 0],
    ["ab", "abxyz", 1.5],
  ])("row 33: character error rate of %j read as %j is %d", (reference, hypothesis, rate) => {
    expect(characterErrorRate(reference, hypothesis).rate).toBe(rate);
  });

  it("row 33: an empty reference in a corpus adds its insertions, and divides nothing by zero", () => {
    expect(wordErrorRate(["", "a b c d"], ["x", "a b c d"])).toEqual({
      rate: 0.25,
      edits: 1,
      length: 4,
      substitutions: 0,
      insertions: 1,
      deletions: 0,
      sequenceRate: 0.5,
    });
    expect(wordErrorRate([], []).rate).toBe(0);
  });

  it("a corpus counts all edits over all symbols, not the mean of the rates", () => {
    const references = [[1], [1, 2, 3, 4, 5, 6, 7, 8, 9]];
    const hypotheses = [[2], [1, 2, 3, 4, 5, 6, 7, 8, 9]];
    expect(tokenErrorRate(references, hypotheses).rate).toBe(0.1);
  });

  it("words are what any whitespace separates; case and punctuation are part of them", () => {
    expect(wordErrorRate("  one\ttwo\n three\u00a0four ", "one two three four")).toMatchObject({ rate: 0, length: 4 });
    expect(wordErrorRate("Yes.", "yes").rate).toBe(1);
  });

  it("characters are code points, or graphemes where asked", () => {
    const flag = "🇮🇹"; // two code points, one character to a reader
    expect(characterErrorRate(`a${flag}`, "a")).toMatchObject({ edits: 2, length: 3 });
    expect(characterErrorRate(`a${flag}`, "a", { unit: "grapheme" })).toMatchObject({ edits: 1, length: 2 });
    expect(tokenErrorRate([`a${flag}`], ["a"])).toMatchObject({ edits: 2, length: 3 });
  });

  it("refuses unequal numbers of sequences, and an unknown unit", () => {
    expect(() => wordErrorRate(["a", "b"], ["a"])).toThrow(
      "wordErrorRate: the number of hypotheses is 1; expected 2, one for each reference.",
    );
    expect(() => tokenErrorRate([], [[1]])).toThrow("tokenErrorRate: the number of hypotheses is 1; expected 0");
    expect(() => characterErrorRate("a", "a", { unit: "byte" as never })).toThrow('unit is "byte"');
  });
});
