import { describe, expect, it } from "vitest";
import { slotF1 } from "./slotF1.js";

// Numbers of conlleval and seqeval are compared in test/labelMetrics.test.ts.

const score = (tags: string, predicted: string) => slotF1([tags.split(" ")], [predicted.split(" ")]);

describe("slotF1", () => {
  it.each([
    ["B-a I-a O", "B-a I-a O", [1, 1, 1], "the same"],
    ["B-a I-a O", "I-a I-a O", [1, 1, 1], "IOB1 and IOB2 of one chunk"],
    ["B-a B-a", "B-a I-a", [0, 1, 2], "two chunks read as one"],
    ["B-a I-a", "B-a B-a", [0, 2, 1], "one read as two"],
    ["B-a I-b", "B-a B-b", [2, 2, 2], "another type begins a chunk"],
    ["B-a I-a I-a", "B-a I-a O", [0, 1, 1], "ends too early"],
    ["B-a I-a", "B-b I-b", [0, 1, 1], "the wrong type"],
    ["O I-a O I-a", "O B-a O O", [1, 1, 2], "one of two"],
    ["B I O", "I I O", [1, 1, 1], "no types"],
    ["B-to-city I-to-city", "B-to-city I-to", [0, 2, 1], "a type may have hyphens"],
    ["O O", "O O", [0, 0, 0], "no chunks"],
  ])("%s read as %s: correct, predicted, expected are %j: %s", (tags, predicted, counts) => {
    const { correct, predicted: found, expected, precision, recall, f1 } = score(tags, predicted);
    expect([correct, found, expected]).toEqual(counts);
    expect(precision).toBe(found === 0 ? 0 : correct / found);
    expect(recall).toBe(expected === 0 ? 0 : correct / expected);
    expect(f1).toBeCloseTo(correct === 0 ? 0 : (2 * precision * recall) / (precision + recall), 15);
  });

  it("a chunk ends with its sentence", () => {
    expect(slotF1([["B-a"], ["I-a"]], [["I-a"], ["B-a"]])).toMatchObject({ correct: 2, predicted: 2, expected: 2 });
  });

  it("gives each type of either side, in order, and the share of equal tags", () => {
    const { types, accuracy } = score("B-b O B-a I-a", "B-b B-c B-a O");
    expect(types.map(({ type, correct, predicted, expected }) => [type, correct, predicted, expected])).toEqual([
      ["a", 0, 1, 1],
      ["b", 1, 1, 1],
      ["c", 0, 1, 0],
    ]);
    expect(accuracy).toBe(0.5);
  });

  it("nothing tagged is nothing found", () => {
    expect(slotF1([], [])).toMatchObject({ f1: 0, accuracy: 0, types: [] });
    expect(slotF1([[]], [[]])).toMatchObject({ f1: 0, accuracy: 0 });
  });

  it("gives an interval of F1 where resamples are asked for", () => {
    const tags = Array.from({ length: 200 }, () => ["B-a", "O"]);
    const predicted = tags.map((_, i) => (i % 4 === 0 ? ["O", "O"] : ["B-a", "O"]));
    const { f1, interval } = slotF1(tags, predicted, { resamples: 1000 });
    const [low, high] = interval as [number, number];
    expect(low).toBeLessThan(f1);
    expect(high).toBeGreaterThan(f1);
    expect(high - low).toBeLessThan(0.1);
  });

  it("refuses tags of other schemes, and lists that differ in size", () => {
    for (const tag of ["S-a", "E-a", "O-a", "B-", "b-a", ""]) {
      expect(() => slotF1([["O", tag]], [["O", "O"]]), tag).toThrow(
        /slotF1: tags\[0\]\[1\] is .*; expected O, B-type or I-type/,
      );
    }
    expect(() => slotF1([["O"]], [["X"]])).toThrow("predicted[0][0]");
    expect(() => slotF1([["O"]], [])).toThrow("the size of predicted is 0; expected 1");
    expect(() => slotF1([["O"]], [["O", "O"]])).toThrow("the size of predicted[0] is 2; expected 1");
  });
});
