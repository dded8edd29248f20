import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { lossCatalogue } from "../losses/catalogue/catalogue.js";
import { combineLosses } from "../losses/combineLosses.js";
import { customLoss } from "../losses/custom.js";
import { chooseLoss } from "./chooseLoss.js";
import { type TaskFacts, targetKinds } from "./facts.js";
import { inspectTargets } from "./inspectTargets.js";

const best = (facts: TaskFacts) => chooseLoss(facts)[0].loss;

describe("chooseLoss", () => {
  it.each<[TaskFacts, string, string]>([
    [{ targets: "numbers" }, "meanSquaredError", "the lecture's rule for regression"],
    [{ targets: "numbers", outliers: 0.003 }, "meanSquaredError", "as many as a normal distribution has"],
    [{ targets: "numbers", outliers: 0.05 }, "huberLoss", "outliers, counted linearly"],
    [{ targets: "numbers", asymmetric: 4 }, "quantileLoss", "4 to 1 is the 0.8 quantile"],
    [{ targets: "numbers", asymmetric: 1, outliers: 0 }, "meanSquaredError", "1 to 1 is symmetric"],
    [{ targets: "binary" }, "binaryCrossEntropy", "probabilities"],
    [{ targets: "binary", majority: 0.97 }, "focalLoss", "the easy ones drown the rest"],
    [{ targets: "signs", margin: true }, "hingeLoss", "the lecture's rule for separable classes"],
    [{ targets: "classes" }, "crossEntropy", "the lecture's rule for classes"],
    [{ targets: "classes", logProbs: true }, "negativeLogLikelihood", "what it takes"],
    [{ targets: "classes", margin: true }, "multiclassHingeLoss", "decisions only"],
    [{ targets: "classes", classes: 50_000 }, "sampledSoftmaxLoss", "the whole softmax is dear"],
    [{ targets: "classes", perStep: true, neighbours: 0.4 }, "crfLoss", "neighbours tell"],
    [{ targets: "soft" }, "categoricalCrossEntropy", "distributions"],
    [{ targets: "tags" }, "crfLoss", "neighbours"],
    [{ targets: "tags", margin: true }, "structuredHingeLoss", "decisions only"],
    [{ targets: "tags", neighbours: 0.02 }, "sequenceCrossEntropy", "neighbours tell nothing"],
    [{ targets: "labels", alignment: "unknown", length: "shorter" }, "ctcLoss", "the lecture's rule for speech"],
    [{ targets: "labels", length: "free" }, "transducerLoss", "labels longer than inputs"],
    [{ targets: "labels", streaming: true }, "transducerLoss", "output while input comes"],
    [{ targets: "labels", reordered: true }, "sequenceCrossEntropy", "the lecture's rule for translation"],
    [{ targets: "labels", alignment: "known" }, "sequenceCrossEntropy", "a class for each frame"],
    [{ targets: "ranking" }, "bprMaxLoss", "GRU4Rec's choice"],
    [{ targets: "ranking", classes: 100_000 }, "sampledSoftmaxLoss", "the whole softmax is dear"],
    [{ targets: "ranking", margin: true }, "rankingHingeLoss", "the lecture's rule for recommendation"],
    [{ targets: "rewards", delayed: true }, "policyGradientLoss", "the lecture's rule for games"],
    [{ targets: "rewards", candidates: true }, "minimumRiskLoss", "nothing to sample"],
    [{ targets: "rewards", metric: true }, "selfCriticalLoss", "a reward for whole outputs"],
    [{ targets: "tags", several: true }, "combineLosses", "the lecture's rule for several losses"],
    [{ targets: "numbers", custom: true }, "customLoss", "the lecture's rule for knowledge of the domain"],
  ])("%j → %s: %s", (facts, loss) => {
    expect(best(facts)).toBe(loss);
  });

  /** Facts of every kind, each known or not. */
  const facts = fc.record(
    {
      targets: fc.constantFrom(...targetKinds),
      perStep: fc.boolean(),
      alignment: fc.constantFrom("known", "unknown"),
      length: fc.constantFrom("equal", "shorter", "free"),
      reordered: fc.boolean(),
      tooLong: fc.constantFrom(0, 0.2, 1),
      outliers: fc.constantFrom(0, 0.01, 0.5),
      spread: fc.constantFrom(0, 2),
      asymmetric: fc.constantFrom(true, false, 0.5, 9),
      majority: fc.constantFrom(0.4, 0.95, 1),
      classes: fc.constantFrom(2, 30, 50_000),
      noise: fc.boolean(),
      margin: fc.boolean(),
      logProbs: fc.boolean(),
      neighbours: fc.constantFrom(0, 0.3),
      streaming: fc.boolean(),
      metric: fc.boolean(),
      candidates: fc.boolean(),
      delayed: fc.boolean(),
      several: fc.boolean(),
      custom: fc.boolean(),
    },
    { requiredKeys: ["targets"] },
  ) as fc.Arbitrary<TaskFacts>;

  it("names losses and options that exist, in order, with reasons; every loss of the catalogue among them", () => {
    const named = new Set<string>();
    fc.assert(
      fc.property(facts, (known) => {
        const choices = chooseLoss(known);
        expect(choices.length).toBeGreaterThan(1);
        expect(new Set(choices.map(({ loss }) => loss)).size).toBe(choices.length);
        choices.forEach(({ loss, options, score, reasons, cautions }, i) => {
          named.add(loss);
          if (loss === combineLosses.name || loss === customLoss.name) return;
          const entry = lossCatalogue.get(loss);
          expect(entry, loss).toBeDefined();
          for (const option of Object.keys(options)) expect(entry?.options, `${loss} ${option}`).toContain(option);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(i === 0 ? 1 : choices[i - 1].score);
          expect(reasons.length).toBeGreaterThan(0);
          for (const sentence of [...reasons, ...cautions]) {
            expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
            expect(sentence).not.toMatch(/undefined|NaN/);
          }
        });
      }),
      { numRuns: 1000 },
    );
    const all = [...lossCatalogue.keys(), combineLosses.name, customLoss.name];
    expect(all.filter((name) => !named.has(name))).toEqual([]);
  });

  it("options to begin with are taken by the loss", () => {
    const [quantile] = chooseLoss({ targets: "numbers", asymmetric: 3 });
    expect(quantile.options).toEqual({ quantile: 0.75 });
    const huber = chooseLoss({ targets: "numbers", outliers: 0.1, spread: 2 })[0];
    expect(huber.options).toEqual({ delta: 2.69 });
    for (const { loss, options } of [quantile, huber]) {
      expect(lossCatalogue.get(loss)?.compute([[1, 2]], [[0, 0]], options).value).toBeGreaterThan(0);
    }
    const weighed = chooseLoss({ targets: "binary", majority: 0.95 }).find(({ loss }) => loss === "binaryCrossEntropy");
    expect(weighed?.options).toEqual({ positiveWeight: 19 });
  });

  it("says the numbers that decided", () => {
    expect(chooseLoss({ targets: "numbers", outliers: 0.031 })[0].reasons[0]).toContain("3.1 %");
    const [, ...others] = chooseLoss({ targets: "labels", tooLong: 0.25, length: "free" });
    expect(others.find(({ loss }) => loss === "ctcLoss")?.cautions[0]).toContain("25 % of the labels do not fit");
  });

  it.each([
    [{ targets: "words" }, /targets is "words"; expected one of numbers, binary/],
    [{ targets: "numbers", outliers: 3 }, /outliers is 3; expected a share in \[0, 1\]/],
    [{ targets: "classes", classes: 0 }, /classes is 0; expected a whole number/],
    [{ targets: "numbers", asymmetric: -1 }, /asymmetric is -1/],
    [{ targets: "numbers", asymmetric: "3" }, /asymmetric is "3"; expected true, false, or a number above 0/],
    [{ targets: "numbers", spread: -1 }, /spread is -1; expected a number of at least 0/],
    [{ targets: "numbers", outliers: "0.1" }, /outliers is "0.1"; expected a share/],
    [{ targets: "numbers", outlier: 0.1 }, /the name of a fact is "outlier"; expected one of targets/],
    [{ targets: "labels", alignment: "knwon" }, /alignment is "knwon"; expected known or unknown/],
    [{ targets: "labels", length: "longer" }, /length is "longer"; expected equal or shorter or free/],
    [{ targets: "classes", noise: "no" }, /noise is "no"; expected true or false/],
    [null, /facts is null; expected an object/],
    [undefined, /facts is undefined; expected an object/],
  ])("refuses %j", (facts, message) => {
    expect(() => chooseLoss(facts as TaskFacts)).toThrow(message);
  });
});

describe("inspectTargets", () => {
  const random = new Random(4);
  const normal = Array.from({ length: 500 }, () => random.normal());
  /** Tags that stay what they are nine times of ten. */
  const sticky = Array.from({ length: 30 }, () => {
    let tag = 0;
    return Array.from({ length: 40 }, () => {
      if (random.uniform() < 0.1) tag = random.integer(4);
      return tag;
    });
  });
  const independent = Array.from({ length: 30 }, () => Array.from({ length: 40 }, () => random.integer(4)));

  it.each<[string, Parameters<typeof inspectTargets>[0], Partial<TaskFacts>, string]>([
    ["numbers", normal, { targets: "numbers", perStep: false }, "meanSquaredError"],
    [
      "numbers with wild ones",
      [...normal, ...Array.from({ length: 30 }, () => 40)],
      { targets: "numbers" },
      "huberLoss",
    ],
    ["yes and no", [0, 1, 1, 0], { targets: "binary", majority: 0.5 }, "binaryCrossEntropy"],
    [
      "rare yeses",
      Array.from({ length: 50 }, (_, i) => Number(i === 7)),
      { targets: "binary", majority: 0.98 },
      "focalLoss",
    ],
    ["sides", [[1, -1, 1]], { targets: "signs", perStep: true }, "hingeLoss"],
    ["ids", [3, 0, 2, 1, 1], { targets: "classes", classes: 4, perStep: false }, "crossEntropy"],
    [
      "words that repeat",
      Array.from({ length: 40 }, (_, i) => ["spam", "ham"][i % 2]),
      { targets: "classes", classes: 2 },
      "crossEntropy",
    ],
    [
      "one-hot rows",
      {
        targets: [
          [0, 1, 0],
          [1, 0, 0],
        ],
      },
      { targets: "soft", classes: 3 },
      "categoricalCrossEntropy",
    ],
    [
      "soft steps",
      [
        [
          [0.5, 0.5],
          [0.1, 0.9],
        ],
      ],
      { targets: "soft", perStep: true },
      "categoricalCrossEntropy",
    ],
    ["tags that stick", sticky, { targets: "tags", perStep: true }, "crfLoss"],
    ["steps that do not", independent, { targets: "classes", perStep: true }, "crossEntropy"],
    [
      "texts",
      { targets: ["hello", "deep"], inputLengths: [30, 20] },
      { targets: "labels", length: "shorter", tooLong: 0 },
      "ctcLoss",
    ],
    [
      "ids of labels",
      {
        labels: [[1, 2], [3]],
        inputs: [
          [0, 0, 0],
          [0, 0],
        ],
      },
      { targets: "labels", length: "shorter" },
      "ctcLoss",
    ],
    [
      "texts as long as their inputs",
      { targets: ["aa", "ab"], inputLengths: [2, 2] },
      { targets: "classes", length: "equal" },
      "crossEntropy",
    ],
    [
      "labels too long",
      { targets: ["hello", "hey"], inputLengths: [4, 9] },
      { targets: "labels", length: "free", tooLong: 0.5 },
      "transducerLoss",
    ],
    ["sessions", { sessions: [["a", "b"], ["c"]] }, { targets: "ranking", classes: 3 }, "bprMaxLoss"],
    [
      "rewards at the end",
      {
        rewards: [
          [0, 0, 1],
          [0, -1],
        ],
      },
      { targets: "rewards", delayed: true },
      "policyGradientLoss",
    ],
    ["one reward each", { rewards: [[1], [0.5]] }, { targets: "rewards", metric: true }, "selfCriticalLoss"],
  ])("%s", (_, data, expected, loss) => {
    const { facts, seen } = inspectTargets(data);
    expect(facts).toMatchObject(expected);
    expect(seen.length).toBeGreaterThan(0);
    expect(best(facts)).toBe(loss);
  });

  it("most numbers the same: the spread is 1.2533 times the mean distance, and what is far stays far", () => {
    const bursts = [...Array.from({ length: 90 }, () => 0.5), ...Array.from({ length: 10 }, () => 100.5)];
    const { facts } = inspectTargets(bursts);
    // the median distance is 0, the mean one 10 · 100 / 100
    expect(facts.spread).toBeCloseTo(12.533, 10);
    expect(facts.outliers).toBe(0.1);
    expect(best(facts)).toBe("huberLoss");
    expect(inspectTargets([0.5, 0.5, 0.5]).facts).toMatchObject({ outliers: 0, spread: 0 });
  });

  it("counts are ids unless they are said to be numbers", () => {
    const counts = [3, 4, 5, 6, 5, 4, 3, 7, 8, 9, 2];
    const ids = inspectTargets(counts);
    expect(ids.facts.targets).toBe("classes");
    expect(ids.seen.at(-1)).toContain("taken as ids");
    // the median is 5; distances 0 0 1 1 1 2 2 2 3 3 4 have the median 2
    const amounts = inspectTargets(counts, "numbers").facts;
    expect(amounts).toEqual({ targets: "numbers", perStep: false, outliers: 0, spread: 2 * 1.4826 });
    expect(() => inspectTargets(["spam", "ham"], "numbers")).toThrow(/targets is "spam"; expected numbers/);
  });

  it("measures how much neighbours tell: nothing by chance, all of it where one follows from the other", () => {
    expect(inspectTargets(independent).facts.neighbours).toBeLessThan(0.01);
    const strict = Array.from({ length: 10 }, () => Array.from({ length: 40 }, (_, t) => t % 3));
    expect(inspectTargets(strict).facts.neighbours).toBeGreaterThan(0.97);
    // a tag stays with probability 0.9 + 0.1 / 4: 1 − H(y_t | y_t−1) / ln 4
    const stay = 0.925;
    const rest = 0.075 / 3;
    const exact = 1 + (stay * Math.log(stay) + 3 * rest * Math.log(rest)) / Math.log(4);
    expect(inspectTargets(sticky).facts.neighbours).toBeCloseTo(exact, 1);
  });

  it.each<[string, unknown, RegExp]>([
    ["nothing", [], /targets is \[\]; expected at least one target/],
    ["no targets", { inputs: [] }, /expected a list of targets, or an object with targets/],
    ["a mixture", [[1, "a"]], /targets is \["number", "string"\]; expected numbers or words, not both/],
    ["an object within", [[{}]], /targets\[0\]\[0\] is an Object; expected a finite number or a word/],
    ["NaN", [[Number.NaN]], /targets\[0\]\[0\] is NaN/],
    ["lists beside numbers", [[1], 2], /targets\[1\] is 2; expected a list/],
    [
      "lengths that do not go with them",
      { targets: ["a"], inputLengths: [1, 2] },
      /inputLengths is "a list of 2"; expected 1/,
    ],
    ["null", null, /data is null; expected a list of targets/],
    ["two kinds at once", { targets: [1, 0], labels: ["a"] }, /data is \["targets", "labels"\]; expected only one of/],
    [
      "what it would pass over",
      { targets: ["ab"], lengths: [9] },
      /a name in data is "lengths"; expected only targets/,
    ],
    ["words as rewards", { rewards: [["x"]] }, /rewards is "x"; expected numbers/],
  ])("refuses %s", (_, data, message) => {
    expect(() => inspectTargets(data as [])).toThrow(message);
  });
});
