import { describe, expect, it } from "vitest";
import { type BleuOptions, bleu } from "./bleu.js";

describe("bleu", () => {
  it("counts a repeated word only as often as a reference has it: the 2/7 of Papineni et al.", () => {
    const { precisions } = bleu(
      ["the the the the the the the"],
      [["the cat is on the mat", "there is a cat on the mat"]],
    );
    expect(precisions[0]).toBeCloseTo(2 / 7, 12);
    expect(precisions[1]).toBe(0);
  });

  it("multiplies by e^(1 − r/c) where hypotheses are short", () => {
    const { brevityPenalty, score } = bleu(["a b c d"], [["a b c d e f"]]);
    expect(brevityPenalty).toBeCloseTo(Math.exp(1 - 6 / 4), 12);
    expect(score).toBeCloseTo(brevityPenalty, 12);
  });

  it("pools counts over the corpus instead of averaging sentences", () => {
    const { precisions } = bleu(["a b", "a b c d e f"], [["a x"], ["a b c d e f"]], { maxOrder: 1 });
    expect(precisions[0]).toBeCloseTo(7 / 8, 12);
  });

  it("compares with the reference that is closest in length, the shorter in a tie", () => {
    expect(bleu(["a b c"], [["a b", "a b c d"]], { maxOrder: 1 }).brevityPenalty).toBe(1);
    expect(bleu(["a b c"], [["a b c d", "a b c d e"]], { maxOrder: 1 }).brevityPenalty).toBeCloseTo(
      Math.exp(-1 / 3),
      12,
    );
  });

  it.each([
    [["a b c d e"], [["a b c d e"]], {}, 1, "the same"],
    [["x y z w"], [["a b c d"]], {}, 0, "nothing in common"],
    [[""], [["a"]], {}, 0, "nothing said"],
    [
      ["a b c"],
      [["a b d"]],
      { smoothing: "addOne", maxOrder: 2 },
      Math.sqrt((2 / 3) * (2 / 3)),
      "2/3 and (1 + 1) / (2 + 1)",
    ],
  ] as [string[], string[][], BleuOptions, number, string][])(
    "%j against %j with %j is %f: %s",
    (hypotheses, references, options, score) => {
      expect(bleu(hypotheses, references, options).score).toBeCloseTo(score, 12);
    },
  );

  it("takes tokens as they are, and single references", () => {
    expect(bleu([[1, 2, 3, 4]], [[[1, 2, 3, 4]]]).score).toBe(1);
    expect(bleu(["a b c d"], ["a b c d"]).score).toBe(1);
  });

  it("refuses what does not match", () => {
    expect(() => bleu(["a"], [])).toThrow(/size of references is 0; expected 1/);
    expect(() => bleu(["a"], [[]])).toThrow(/references\[0\]/);
    expect(() => bleu(["a"], ["a"], { maxOrder: 0 })).toThrow(/maxOrder is 0/);
    expect(() => bleu(["a"], ["a"], { smoothing: "some" as never })).toThrow(/smoothing is "some"/);
  });
});
