import { describe, expect, it } from "vitest";
import { always, naiveBayes } from "./baselines.js";
import { bayesTokens, classify } from "./classify.js";
import { firstNames, labelNames, parseNames } from "./firstNames.js";
import { LOSSES } from "./losses.js";
import { report, scoresOf } from "./report.js";
import { parseMessages, spam, splitTexts } from "./spam.js";
import { tokenFeatures, tokensOf } from "./tokens.js";

const texts = (positive: string, negative: string) => [
  ...positive.split("|").map((text) => ({ text, positive: true })),
  ...negative.split("|").map((text) => ({ text, positive: false })),
];

describe("data", () => {
  it("messages are a class, a tab and a text", () => {
    expect(parseMessages("ham\tHi you \r\nspam\tWIN\tnow\n", "x")).toEqual([
      { text: "Hi you", positive: false },
      { text: "WIN\tnow", positive: true },
    ]);
    for (const wrong of ["eggs\tHi", "ham", "ham\t ", "spam Hi"]) {
      expect(() => parseMessages(`ham\tHi\n${wrong}`, "x")).toThrow("line 2 of x");
    }
  });

  it("equal texts are in one part, once", () => {
    const many = Array.from({ length: 50 }, (_, n) => ({ text: `m${n % 40}`, positive: false }));
    const { train, validation, test } = splitTexts(many, { test: 0.2, validation: 0.1 });
    expect([train.length, validation.length, test.length]).toEqual([28, 4, 8]);
    expect(new Set([...train, ...validation, ...test].map(({ text }) => text)).size).toBe(40);
  });

  it("names that both lists have are in neither", () => {
    expect(parseNames("Ann\r\n\n Kim \n")).toEqual(["Ann", "Kim"]);
    expect(labelNames(["Ann", "Kim"], ["Kim", "Bob"])).toEqual(texts("Ann", "Bob"));
    const { train, validation, test } = firstNames.load();
    expect(train.length + validation.length + test.length).toBe(8003);
  });

  it("a message is read by words, numbers and signs, a name by letters", () => {
    expect(tokensOf("Don't WIN £1000!! 4u", spam)).toEqual(["Don't", "WIN", "£", "1000", "!!", "4", "u"]);
    expect(tokensOf("Zoë", firstNames)).toEqual(["z", "o", "ë"]);
    const features = tokenFeatures(spam);
    expect(features("12345")).toEqual(features("54321"));
    expect(features("12345")).not.toEqual(features("1234"));
    expect(features("12345")).toHaveLength(features("win").length);
    expect(tokenFeatures(firstNames)("a")).toEqual([]);
    expect(bayesTokens("Anna", firstNames)).toEqual(["-a", "-na", "-nna"]);
  });
});

describe("baselines", () => {
  const train = texts("win win cash|win now", "see you now|hi you|you");
  const words = (text: string) => text.split(" ");

  it("count", () => {
    expect(always(train)("win")).toBe(false);
    const decide = naiveBayes(train, words);
    expect(["win", "you", "win win you", "nothing known"].map(decide)).toEqual([true, false, true, false]);
  });
});

describe("losses", () => {
  it("all are lower, the further the right class is ahead", () => {
    for (const [name, { compute, targets }] of Object.entries(LOSSES)) {
      const scores = (score: number) => ({ data: Float32Array.of(score), shape: [1, 1, 1], lengths: Int32Array.of(1) });
      const at = (score: number, target: number) => compute(scores(score), [[[target]]]).value;
      expect(at(0.5, targets.positive), name).toBeLessThan(at(-0.5, targets.positive));
      expect(at(-0.5, targets.negative), name).toBeLessThan(at(0.5, targets.negative));
    }
  });
});

describe("the report", () => {
  it("says what is right, caught and blocked", () => {
    const some = texts("a|b", "c|d|e|f");
    const decisions = [true, false, false, false, true, false];
    expect(scoresOf(some, decisions)).toEqual({ accuracy: 4 / 6, caught: 0.5, blocked: 0.25 });
    const always = { name: "always ham", decisions: some.map(() => false) };
    const sampleOf = ({ text }: { text: string }) => ({ drawing: [], truth: text, reading: "" });
    const { table, on, samples, intervals } = report(spam, some, decisions, [always], sampleOf);
    expect(on).toBe("6 unseen messages, 2 of them spam");
    expect(table.slice(1)).toEqual([
      ["the network", "66.67 %", "50.00 %", "25.00 %"],
      ["always ham", "66.67 %", "0.00 %", "0.00 %"],
    ]);
    expect(samples.map(({ truth }) => truth)).toEqual(["a", "c", "b", "e"]);
    expect(intervals?.caught[1]).toBeGreaterThan(0.5);
  });
});

describe("the task", () => {
  const opened = (loss: string, steps: number) =>
    classify.open(classify.configure({ seed: 2, loss, steps, data: "first-names" }));

  it.each(classify.losses)("learns with %s to tell names that it has not seen", (loss) => {
    const task = opened(loss, 300);
    while (task.trainer.taken < task.steps) task.trainer.step(task.batch(task.trainer.taken));
    const { train, validation } = firstNames.load();
    const naive = scoresOf(
      validation,
      validation.map(({ text }) => always(train)(text)),
    );
    expect(task.validate().accuracy).toBeGreaterThan(naive.accuracy + 0.15);
    const { table } = task.evaluate();
    expect(table.map(([name]) => name)).toEqual([
      "decided by",
      "the network",
      "always female",
      "naive Bayes of endings",
    ]);
  });

  it("a resumed run goes on as the whole one", () => {
    const [whole, first, second] = [0, 1, 2].map(() => opened("focalLoss", 20));
    for (let n = 0; n < 6; n++) whole.trainer.step(whole.batch(n));
    for (let n = 0; n < 3; n++) first.trainer.step(first.batch(n));
    second.trainer.restore(first.trainer.state());
    for (let n = 3; n < 6; n++) second.trainer.step(second.batch(n));
    expect(second.trainer.state()).toEqual(whole.trainer.state());
  });

  it("says which class, how likely where the loss estimates that, and what spoke for it", () => {
    const { reading, drawing } = opened("binaryCrossEntropy", 5).predict("Rosalind");
    expect(["female", "male"]).toContain(reading);
    expect(drawing[1]).toMatch(/^\d+\.\d % likely; speaks for it most: /);
    const hinged = opened("hingeLoss", 5);
    expect(hinged.predict("Rosalind").drawing[1]).toMatch(/^score -?\d+\.\d\d; /);
    expect(() => hinged.predict(" ")).toThrow("expected a text");
  });
});
