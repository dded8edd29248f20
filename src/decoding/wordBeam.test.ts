import { describe, expect, it } from "vitest";
import { readArpa } from "./arpa.js";
import { readLexicon } from "./lexicon.js";
import { ctcWordBeamSearch, type WordBeamOptions } from "./wordBeam.js";
import { wordModel } from "./wordModel.js";

const TOKENS = ["", " ", "a", "c", "e", "h", "t"];
const label = (token: string) => TOKENS.indexOf(token);

/** Frames that say these tokens, each with that much certainty; "" is the blank. */
const says = (...tokens: readonly (readonly [string, number])[]) => [
  tokens.map(([token, logit]) => TOKENS.map((_, k) => (k === label(token) ? logit : 0))),
];

const ngram = readArpa(
  "\\data\\\nngram 1=6\nngram 2=3\n\n\\1-grams:\n-1 <unk>\n-9 <s>\t-0.1\n-0.5 </s>\n-0.4 the\t-0.6\n-0.6 cat\t-0.2\n-0.7 hat\n\n" +
    "\\2-grams:\n-0.2 <s> the\n-0.3 the cat\n-1.9 the hat\n\n\\end\\",
);
const lexicon = readLexicon("the\ncat\nhat\nheat h e a t", TOKENS);

describe("ctcWordBeamSearch", () => {
  const theCatOrHat = says(["t", 6], ["h", 6], ["e", 6], [" ", 6], ["h", 1.2], ["c", 1], ["a", 6], ["t", 6]);

  it("reads what the frames leave open as the language model has it", () => {
    const read = (options: WordBeamOptions) => {
      const model = wordModel({ lexicon, ngram, separator: label(" ") });
      return ctcWordBeamSearch(theCatOrHat, model, options)[0][0];
    };
    expect(read({ languageWeight: 0 }).words).toEqual(["the", "hat"]);
    expect(read({}).words).toEqual(["the", "cat"]);
    const { score, logProbability, labels } = read({ wordBonus: 2 });
    expect(score).toBeCloseTo(logProbability + (-0.2 - 0.3 - 0.2 - 0.5) * Math.LN10 + 4, 9);
    expect(labels.map((k) => TOKENS[k]).join("")).toBe("the cat");
  });

  it("reads words without a separator, by the best way to cut them", () => {
    const model = wordModel({ lexicon, ngram });
    const [[best]] = ctcWordBeamSearch(says(["t", 9], ["h", 9], ["e", 9], ["c", 9], ["a", 9], ["t", 9]), model);
    expect(best.words).toEqual(["the", "cat"]);
  });

  it("tells words that are written alike apart by the language model", () => {
    const spoken = readLexicon("the t h e\ncat c a t\nhat c a t", TOKENS);
    const model = wordModel({ lexicon: spoken, ngram, separator: label(" ") });
    expect(ctcWordBeamSearch(theCatOrHat, model)[0][0].words).toEqual(["the", "cat"]);
    const alone = says(["c", 6], ["a", 6], ["t", 6]);
    // 1-grams decide, with what it costs to end after each: cat -0.6 - 0.2, hat -0.7
    expect(ctcWordBeamSearch(alone, model)[0][0].words).toEqual(["hat"]);
  });

  it("gives a word that the model does not know what <unk> has, and the bonus", () => {
    const model = wordModel({ lexicon, ngram, separator: label(" ") });
    const heat = says(["h", 9], ["e", 9], ["a", 9], ["t", 9]);
    const [[plain]] = ctcWordBeamSearch(heat, model);
    const [[less]] = ctcWordBeamSearch(heat, model, { unknownBonus: -2 });
    expect(plain.words).toEqual(["heat"]);
    expect(plain.score - plain.logProbability).toBeCloseTo((-0.1 - 1 - 0.5) * Math.LN10, 9);
    expect(less.score).toBeCloseTo(plain.score - 2, 9);
  });

  it("reads each sequence as alone; nothing in no frames, nothing certain in NaN, nothing possible where no word fits", () => {
    const model = wordModel({ lexicon, separator: label(" ") });
    const [frames] = theCatOrHat;
    const poisoned = frames.map((row, t) => (t === 3 ? row.map(() => Number.NaN) : row));
    const [first, second, empty] = ctcWordBeamSearch([frames, poisoned, frames], model, { lengths: [8, 8, 0] });
    expect(first[0].words).toEqual(["the", "hat"]);
    expect(second).toEqual([{ labels: [], words: [], logProbability: Number.NaN, score: Number.NaN }]);
    expect(empty).toEqual([{ labels: [], words: [], logProbability: 0, score: 0 }]);
    const sure = [[[0, 1].map((p) => Math.log(p)).concat(new Array(5).fill(Number.NEGATIVE_INFINITY))]].flat();
    const [[none]] = ctcWordBeamSearch([sure], model, { inputs: "logProbs" });
    expect(none).toEqual({
      labels: [],
      words: [],
      logProbability: Number.NEGATIVE_INFINITY,
      score: Number.NEGATIVE_INFINITY,
    });
  });

  it.each([
    [{ languageWeight: -1 }, "languageWeight is -1; expected a finite number of at least 0"],
    [{ wordBonus: Number.NaN }, "wordBonus is NaN"],
    [{ unknownBonus: Number.NEGATIVE_INFINITY }, "unknownBonus is -Infinity"],
    [{ beamWidth: 0 }, "beamWidth is 0"],
    [{ blank: 2 }, "a label of the lexicon is 2; expected a class in 0..6 that is not the blank, 2"],
  ])("refuses %j", (options, message) => {
    const model = wordModel({ lexicon });
    expect(() => ctcWordBeamSearch(theCatOrHat, model, options)).toThrow(`ctcWordBeamSearch: ${message}`);
  });
});

describe("wordModel", () => {
  it("refuses a lexicon without words, a word without labels, the separator inside one", () => {
    expect(() => wordModel({ lexicon: [] })).toThrow('wordModel: the lexicon is "empty"; expected at least one word');
    expect(() => wordModel({ lexicon: [{ word: "a", labels: [] }] })).toThrow('the labels of "a", at least one');
    expect(() => wordModel({ lexicon, separator: label("a") })).toThrow("lexicon[1].labels[1] is 2; expected a class");
    expect(() => wordModel({ lexicon, separator: -1 })).toThrow("separator is -1");
  });
});

describe("readLexicon", () => {
  it("reads several spellings, tabs and Windows' line ends, and passes over empty lines", () => {
    expect(readLexicon("ache\ta c h e\r\n\r\nache a c\r\n", TOKENS)).toEqual([
      { word: "ache", labels: [2, 3, 5, 4] },
      { word: "ache", labels: [2, 3] },
    ]);
  });

  it("names the line of a token that is none", () => {
    expect(() => readLexicon("the\ndog", TOKENS)).toThrow('readLexicon: a token of "dog" at line 2 is "d"');
  });
});
