import { describe, expect, it } from "vitest";
import { corpusBleu, sentenceBleu } from "./corpusBleu.js";

// Numbers of sacreBLEU itself are compared in test/textMetrics.test.ts.

describe("corpusBleu", () => {
  it("counts a repeated word only as often as a reference has it: the 2/7 of Papineni et al.", () => {
    const references = [["the cat is on the mat", "there is a cat on the mat"]];
    const { precisions, score } = corpusBleu(["the the the the the the the"], references, { smoothing: "none" });
    expect(precisions[0]).toBeCloseTo(200 / 7, 12);
    expect(score).toBe(0);
  });

  it.each([
    [{ smoothing: "exp" }, [50, 100 / 6, 12.5, 12.5]], // 2/4, 1/(2·3), 1/(4·2), 1/(8·1)
    [{ smoothing: "floor" }, [50, 10 / 3, 5, 10]],
    [{ smoothing: "floor", smoothingValue: 0.5 }, [50, 50 / 3, 25, 50]],
    [{ smoothing: "add-k" }, [50, 25, 100 / 3, 50]],
    [{ smoothing: "none" }, [50, 0, 0, 0]],
  ] as const)("%j: two words of four, no pair in common", (options, expected) => {
    const { precisions } = corpusBleu(["a x b y"], ["a z b w"], options);
    expected.forEach((percent, n) => expect(precisions[n]).toBeCloseTo(percent, 10));
  });

  it("adds counts up over the corpus, and takes the length of the closest reference", () => {
    const { hypothesisLength, referenceLength, brevityPenalty } = corpusBleu(
      ["a b c", "d e"],
      [["a b", "a b c d"], "d e f g"],
    );
    expect([hypothesisLength, referenceLength]).toEqual([5, 6]);
    expect(brevityPenalty).toBeCloseTo(Math.exp(1 - 6 / 5), 12);
  });

  it("nothing written, or no sentence at all, scores 0", () => {
    expect(corpusBleu([""], ["a"])).toMatchObject({ score: 0, brevityPenalty: 0, hypothesisLength: 0 });
    expect(corpusBleu([""], [""])).toMatchObject({ score: 0, brevityPenalty: 1 });
    expect(corpusBleu([], [])).toMatchObject({ score: 0, precisions: [0, 0, 0, 0] });
    expect(sentenceBleu("", "").score).toBe(0);
  });

  it("signs with what changes the score", () => {
    const options = { tokeniser: "char", smoothing: "floor", lowercase: true, effectiveOrder: true } as const;
    const { signature } = corpusBleu(["a", "b"], ["a", ["b", "c"]], options);
    expect(signature).toBe("BLEU|nrefs:var|case:lc|eff:yes|tok:char|smooth:floor[0.10]");
  });

  it("gives an interval around the score where resamples are asked for, the same each time", () => {
    const references = Array.from({ length: 60 }, (_, i) => `the ${i % 7} boats of river ${i} pass the old bridge`);
    const hypotheses = references.map((text, i) => (i % 3 === 0 ? text.replace("boats of", "ships on") : text));
    const { score, interval } = corpusBleu(hypotheses, references, { resamples: 200 });
    const [low, high] = interval as [number, number];
    expect(low).toBeLessThan(score);
    expect(high).toBeGreaterThan(score);
    expect(high).toBeLessThan(100);
    expect(corpusBleu(hypotheses, references, { resamples: 200 }).interval).toEqual(interval);
    expect(corpusBleu(hypotheses, references).interval).toBeUndefined();
  });

  it("refuses what does not match", () => {
    expect(() => corpusBleu(["a"], [])).toThrow("corpusBleu: the size of references is 0; expected 1");
    expect(() => corpusBleu(["a"], [[]])).toThrow("references[0] is []; expected at least one reference");
    expect(() => corpusBleu([["a"] as never], ["a"])).toThrow("hypotheses[0] is");
    expect(() => corpusBleu(["a"], [["b", null as never]])).toThrow("references[0][1] is null; expected a string");
    expect(() => corpusBleu(["a"], ["a"], { tokeniser: "intl" as never })).toThrow(
      'tokeniser is "intl"; expected "13a", "none" or "char"',
    );
    expect(() => sentenceBleu("a", "a", { smoothing: "toString" as never })).toThrow(
      'sentenceBleu: smoothing is "toSt',
    );
    expect(() => corpusBleu(["a"], ["a"], { smoothing: "floor", smoothingValue: -1 })).toThrow("smoothingValue is -1");
    expect(() => corpusBleu([], [], { resamples: 10 })).toThrow("the size of rows is 0");
    expect(() => corpusBleu(["a"], ["a"], { resamples: 1.5 })).toThrow("resamples is 1.5");
  });
});
