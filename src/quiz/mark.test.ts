import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeqlossError } from "../core/errors.js";
import type { ChoiceItem, FillInItem, NumericItem, OpenItem, OrderItem, TrueFalseItem } from "./item.js";
import { markAnswer } from "./mark.js";
import { quizItem } from "./quizItems.js";
import { pointsIn } from "./words.js";

const head = { id: "x", topic: "tokens", level: 1, prompt: "x?", reason: "Because." } as const;
const number = (answer: number, tolerance: number): NumericItem => ({
  ...head,
  kind: "numeric",
  answer,
  tolerance,
  given: {},
  slips: [{ value: 0.301, why: "This is −log₁₀." }],
});
const ln2 = number(Math.LN2, 0.005 * Math.LN2);
const count = number(12, 0);
const word = (answer: string, synonyms: readonly string[] = [], exact = false): FillInItem => ({
  ...head,
  kind: "fillIn",
  answer,
  synonyms,
  exact,
});
const options: ChoiceItem = {
  ...head,
  kind: "choice",
  options: [{ text: "one", whyNot: "Too few." }, { text: "two" }, { text: "three", whyNot: "Too many." }],
  answer: 1,
};
const sorted: OrderItem = { ...head, kind: "order", options: ["last", "first", "middle"], answer: [1, 2, 0] };
const truth: TrueFalseItem = { ...head, kind: "trueFalse", answer: false };
const open: OpenItem = {
  ...head,
  kind: "open",
  answer: "A model answer.",
  points: [
    { idea: "sum", words: ["sum"] },
    { idea: "log", words: ["log", "−ln"] },
    { idea: "blank", words: ["blank"] },
    { idea: "dp", words: ["dynamic programming"] },
  ],
};

describe("markAnswer", () => {
  it.each(["0.693", ".693", "0.6931", "0.69", "6.93e-1", "+0.693", " 0.693 ", "0.6931471805599453", "0.695", Math.LN2])(
    "takes %s for ln 2 to three digits",
    (answer) => expect(markAnswer(ln2, answer)).toMatchObject({ right: true, score: 1, reason: "Because." }),
  );

  it.each(["0.7", "0.68", "0.697", "-0.693", "−0.693", "69.3", "0", 0.7])("and %s not", (answer) => {
    expect(markAnswer(ln2, answer)).toMatchObject({ right: false, score: 0, key: "0.693147" });
  });

  it("knows slips, a turned sign, and what is near", () => {
    expect(markAnswer(ln2, "0.301").whyNot).toBe("This is −log₁₀.");
    expect(markAnswer(ln2, "-.693").whyNot).toBe("The sign is turned round.");
    expect(markAnswer(ln2, "0.70").whyNot).toMatch(/^Near/);
    expect(markAnswer(ln2, "5")).not.toHaveProperty("whyNot");
  });

  it("says each of two slips that lead to the same number, and neither of them for the right one", () => {
    const item = { ...ln2, slips: [...ln2.slips, { value: 0.301, why: "Or this." }] };
    expect(markAnswer(item, 0.301).whyNot).toBe("This is −log₁₀. Or: Or this.");
    expect(markAnswer(item, "0.693")).not.toHaveProperty("whyNot");
  });

  it("counts exactly", () => {
    for (const answer of ["12", "12.0", "1.2e1", 12]) expect(markAnswer(count, answer).right).toBe(true);
    for (const answer of ["11", "13", "12.5", "-12", 12.0001]) expect(markAnswer(count, answer).right).toBe(false);
  });

  it("takes what is within the tolerance, and nothing else", () => {
    const key = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(key, fc.double({ min: -3, max: 3, noNaN: true }), (answer, off) => {
        fc.pre(Math.abs(Math.abs(off) - 1) > 1e-6);
        const tolerance = 0.005 * answer;
        expect(markAnswer(number(answer, tolerance), String(answer + off * tolerance)).right).toBe(Math.abs(off) < 1);
      }),
    );
  });

  it.each([
    [word("lengths"), ["length", "Lengths", " LENGTH. ", "the lengths", "“lengths”"], ["lenght", "lengthy", "width"]],
    [word("class"), ["classes", "class", "a class"], ["clas", "clause"]],
    [word("rate"), ["rates", "Rate"], ["rat", "rats", "rated"]],
    [word("category"), ["categories"], ["categoric"]],
    [
      word("forward-backward"),
      ["forward backward", "Forward–Backward"],
      ["forwardbackward", "backward forward", "forward"],
    ],
    [word("nats", ["natural units"]), ["nat", "natural unit"], ["natural", "units", "gnats"]],
    [word("HELO", [], true), ["helo", "HELO.", '"HELO"'], ["HELOS", "HELLO", "H E L O"]],
    [word("loss"), ["losses"], ["los"]],
  ])("takes synonyms, plurals and any case of %o", (item, right, wrong) => {
    for (const answer of right) expect(markAnswer(item, answer).right, answer).toBe(true);
    for (const answer of wrong) expect(markAnswer(item, answer).right, answer).toBe(false);
  });

  it("takes an option by letter, place or text", () => {
    for (const answer of ["b", "B", "b)", "(b)", " b. ", 1, "two"])
      expect(markAnswer(options, answer).right).toBe(true);
    expect(markAnswer(options, "a")).toMatchObject({ right: false, key: "b) two", whyNot: "Too few." });
    expect(markAnswer(options, 2)).toMatchObject({ right: false, whyNot: "Too many." });
  });

  it("takes true and false as they are said", () => {
    for (const answer of ["false", "F", "no", "n", false]) expect(markAnswer(truth, answer).right).toBe(true);
    for (const answer of ["TRUE", "t", "yes", true]) expect(markAnswer(truth, answer).right).toBe(false);
  });

  it("takes an order by letters or places, and names the first that is wrong", () => {
    for (const answer of ["b c a", "bca", "B, C, A", "b > c > a", [1, 2, 0]]) {
      expect(markAnswer(sorted, answer).right).toBe(true);
    }
    expect(markAnswer(sorted, "b a c")).toMatchObject({
      right: false,
      key: "b c a: first; middle; last",
      whyNot: "Place 2 should be: middle.",
    });
  });

  it("takes the points that are met as their number or their places", () => {
    expect(markAnswer(open, "3")).toMatchObject({ score: 0.75, right: false, key: "A model answer." });
    expect(markAnswer(open, [0, 2]).score).toBe(0.5);
    expect([0, 4].map((met) => markAnswer(open, met).score)).toEqual([0, 1]);
  });

  it("without an answer says what it is", () => {
    expect(markAnswer(options)).toEqual({ score: 0, right: false, answered: false, key: "b) two", reason: "Because." });
    expect(markAnswer(options, "b").answered).toBe(true);
  });

  it.each([
    [ln2, "0,693", /expected a number such as 0\.25\. The decimal mark is a point/],
    [ln2, "ln 2", /Digits only/],
    [ln2, "1/3", /expected a number/],
    [ln2, "0.693 nats", /expected a number/],
    [ln2, "", /answer is ""/],
    [ln2, "Infinity", /expected a number/],
    [ln2, Number.NaN, /answer is NaN/],
    [ln2, true, /answer is true/],
    [count, "twelve", /expected a whole number such as 12/],
    [options, "d", /expected a letter from a to c, or a place in 0\.\.2/],
    [options, 3, /answer is 3/],
    [options, "1", /expected a letter/],
    [options, "ab", /expected a letter/],
    [truth, "perhaps", /expected true or false/],
    [truth, 0, /expected true or false/],
    [sorted, "b c", /expected each of the letters a to c once, such as c b a/],
    [sorted, "b c c", /once/],
    [sorted, "1 2 0", /once/],
    [sorted, [0, 1, 3], /once/],
    [open, "5", /expected how many of the 4 points are met/],
    [open, "two", /how many/],
    [open, [0, 0], /how many/],
    [open, -1, /how many/],
    [word("x"), "  ", /expected a word/],
    [word("x"), true, /expected a word/],
  ])("refuses rather than guesses: %o, %j", (item, answer, message) => {
    const act = () => markAnswer(item, answer);
    expect(act).toThrow(SeqlossError);
    expect(act).toThrow(message);
    expect(act).toThrow(expect.objectContaining({ code: "FORMAT" }));
  });
});

describe("pointsIn", () => {
  it("finds the beginnings of words, whatever their case, and not their insides", () => {
    expect(pointsIn(open, "The SUMS of it")).toEqual([0]);
    expect(pointsIn(open, "we assume an analogue")).toEqual([]);
    expect(pointsIn(open, "−ln by dynamic programming, with blanks")).toEqual([1, 2, 3]);
  });

  it("reads the lecture's questions", () => {
    const item = quizItem("terminal-4", 1) as OpenItem;
    expect(pointsIn(item, "The reward is delayed; a baseline helps.")).toEqual([0, 4]);
  });
});
