import { describe, expect, it } from "vitest";
import { editAlignment, editDistance } from "./editDistance.js";

describe("editDistance", () => {
  it.each([
    ["", "", 0, 0, 0, 0, "nothing to do"],
    ["", "ab", 2, 0, 2, 0, "all inserted"],
    ["ab", "", 2, 0, 0, 2, "all deleted"],
    ["same", "same", 0, 0, 0, 0, "equal"],
    ["kitten", "sitting", 3, 2, 1, 0, "k→s, e→i, +g"],
    ["sunday", "saturday", 3, 1, 2, 0, "+a, +t, n→r"],
    ["ab", "ba", 2, 2, 0, 0, "two substitutions rather than an insertion and a deletion"],
    ["abc", "bcd", 2, 0, 1, 1, "shifted: two edits, where substituting takes three"],
    ["a👍b", "a👎b", 1, 1, 0, 0, "one code point, though two UTF-16 units that share the first"],
  ])("%j → %j takes %d (%d, %d, %d): %s", (reference, hypothesis, distance, substitutions, insertions, deletions) => {
    const counts = { distance, substitutions, insertions, deletions };
    expect(editDistance(reference, hypothesis)).toEqual(counts);
    expect(editDistance(hypothesis, reference)).toEqual({ ...counts, insertions: deletions, deletions: insertions });
  });

  it("compares ids and words, in lists of any kind", () => {
    expect(editDistance([1, 2, 3], Int32Array.of(1, 3)).deletions).toBe(1);
    expect(editDistance(["the", "cat"], ["the", "hat"]).substitutions).toBe(1);
    expect(editDistance([1], ["1"]).distance).toBe(1);
  });

  it("counts exactly where both sequences are long", () => {
    const a = Array.from({ length: 3000 }, (_, i) => i);
    const b = a.filter((i) => i % 7 !== 0).map((i) => (i % 11 === 0 ? -1 : i));
    const removed = a.filter((i) => i % 7 === 0).length;
    const changed = a.filter((i) => i % 7 !== 0 && i % 11 === 0).length;
    expect(editDistance(a, b)).toEqual({
      distance: removed + changed,
      substitutions: changed,
      insertions: 0,
      deletions: removed,
    });
  });

  it("refuses what is no sequence", () => {
    expect(() => editDistance("a", 3 as never)).toThrow("editDistance: hypothesis is 3; expected a string, or a list");
    expect(() => editAlignment(null as never, "a")).toThrow("editAlignment: reference is null");
  });
});

describe("editAlignment", () => {
  it("lists what was kept, substituted, inserted and deleted, in order", () => {
    expect(editAlignment("cat", "hats")).toEqual([
      { kind: "substitution", reference: 0, hypothesis: 0 },
      { kind: "match", reference: 1, hypothesis: 1 },
      { kind: "match", reference: 2, hypothesis: 2 },
      { kind: "insertion", hypothesis: 3 },
    ]);
    expect(editAlignment(["to", "be", "or"], ["be"])).toEqual([
      { kind: "deletion", reference: 0 },
      { kind: "match", reference: 1, hypothesis: 0 },
      { kind: "deletion", reference: 2 },
    ]);
  });

  it("of equally good ones pairs symbols from the end", () => {
    expect(editAlignment("aab", "ab").map(({ kind }) => kind)).toEqual(["deletion", "match", "match"]);
    expect(editAlignment("", "")).toEqual([]);
  });
});
