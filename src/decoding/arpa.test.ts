import { describe, expect, it } from "vitest";
import { readArpa } from "./arpa.js";
import { labelNgram } from "./labelNgram.js";

/** As KenLM's lmplz writes a trigram model: tabs, no back-off weight where the order ends or a text does. */
const TRIGRAMS = `\\data\\
ngram 1=5
ngram 2=4
ngram 3=2

\\1-grams:
-1.0	<unk>	0
0	<s>	-0.3
-0.9	</s>	0
-0.7	the	-0.2
-0.8	cat	-0.1

\\2-grams:
-0.4	<s> the	-0.25
-0.3	the cat	-0.15
-0.6	cat </s>	0
-0.9	cat the	0

\\3-grams:
-0.1	<s> the cat
-0.2	the cat </s>

\\end\\
`;

const log10 = (text: string, sentence: string) =>
  readArpa(text).logProbability(sentence.split(" ").filter(Boolean)) / Math.LN10;

describe("readArpa", () => {
  it.each([
    ["the cat", -0.4 - 0.1 - 0.2, "all of it is listed"],
    ["cat", -0.3 - 0.8 - 0.6, "cat backs off from <s>; the end does not, <s> cat being no context"],
    ["", -0.3 - 0.9, "the end alone backs off from <s>"],
    ["the the", -0.4 - 0.25 - 0.2 - 0.7 - 0.2 - 0.9, "twice from <s> the, once more from the"],
    ["dog", -0.3 - 1, "an unknown word, and then the end", -0.9],
    ["the cat the", -0.4 - 0.1 - 0.15 - 0.9 - 0.2 - 0.9, "back to cat the; the end after cat the"],
  ])('"%s"', (sentence, expected, _, more = 0) => {
    expect(log10(TRIGRAMS, sentence)).toBeCloseTo(expected + more, 12);
  });

  it("does not mind what is before and after, other line ends, spaces for tabs, capitals, or whole numbers", () => {
    const other = `made by hand\n\n${TRIGRAMS.replaceAll("\t", "  ").replaceAll("\n", " \r\n")}\nnotes`;
    expect(log10(other.replace("\\data\\", "\\DATA\\"), "the cat the")).toBe(log10(TRIGRAMS, "the cat the"));
  });

  it("has no unknown word where there is no <unk>, and no end where there is no </s>", () => {
    const model = readArpa("\\data\\\nngram 1=1\n\\1-grams:\n-0.5 a\n\\end\\");
    expect(model.logProbability(["a", "b"])).toBe(Number.NEGATIVE_INFINITY);
    expect(model.logProbability(["a", "a"])).toBeCloseTo(-Math.LN10, 12);
    expect([model.knows("a"), model.knows("b")]).toEqual([true, false]);
  });

  it("reads -inf and exponents, and backs off with weights above 0", () => {
    const text = "\\data\\\nngram 1=3\nngram 2=1\n\\1-grams:\n-2 a 0.5\n-inf b\n-5e-1 c\n\\2-grams:\n-1 a a\n\\end\\";
    expect(log10(text, "a c")).toBeCloseTo(-2 + 0.5 - 0.5, 12);
    expect(log10(text, "b")).toBe(Number.NEGATIVE_INFINITY);
  });

  it.each([
    ["nothing", "", /the text after line 0 is "the end"; expected \\data\\/],
    ["no counts", "\\data\\\n\\1-grams:\n\\end\\", /line 2 is .*expected "ngram 1="/],
    ["counts out of order", "\\data\\\nngram 2=1", /line 2 .*expected "ngram 1="/],
    ["a count that is none", "\\data\\\nngram 1=x", /line 2/],
    [
      "a later order",
      `\\data\\\n${Array.from({ length: 17 }, (_, n) => `ngram ${n + 1}=0\n`).join("")}`,
      /line 18 .*expected \\1-grams/,
    ],
    ["fewer than counted", TRIGRAMS.replace("1=5", "1=6"), /line 13 is .*expected 1-gram 6 of the 6/],
    ["more than counted", TRIGRAMS.replace("1=5", "1=4"), /line 11 is .*expected \\2-grams:/],
    ["no end", TRIGRAMS.replace("\\end\\", ""), /the text after line \d+ is "the end"; expected \\end\\/],
    ["a probability above 1", TRIGRAMS.replace("-0.8\tcat", "0.8\tcat"), /line 11 .*at most 0/],
    ["a word too few", TRIGRAMS.replace("-0.9\tcat the\t0", "-0.9\tcat"), /line 17 .*2 words/],
    ["a word too many", TRIGRAMS.replace("<s> the cat", "<s> the cat the the"), /line 20 .*3 words/],
    ["a number that is none", TRIGRAMS.replace("-0.8", "-0,8"), /a number where "-0,8" stands/],
    ["NaN", TRIGRAMS.replace("-0.8", "nan"), /a number where "nan" stands/],
    ["a word that is no 1-gram", TRIGRAMS.replace("cat the\t", "cat dog\t"), /"dog" is none/],
    ["a 1-gram twice", TRIGRAMS.replace("-0.8\tcat", "-0.8\tthe"), /each 1-gram once/],
  ])("refuses %s, and says where", (_, text, message) => {
    expect(() => readArpa(text)).toThrow(message);
    expect(() => readArpa(text)).toThrow(/^readArpa: /);
  });
});

describe("labelNgram", () => {
  it("refuses a class that has no token", () => {
    const { languageModel } = labelNgram(readArpa(TRIGRAMS), ["", "the"]);
    expect(() => languageModel([], 2)).toThrow("labelNgram: a class of the outputs is 2; expected a class in 0..1");
  });
});
