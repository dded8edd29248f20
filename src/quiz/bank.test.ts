import { describe, expect, it } from "vitest";
import { SeqlossError } from "../core/errors.js";
import { Random } from "../core/random.js";
import { crossEntropy } from "../losses/crossEntropy.js";
import { ctcLoss } from "../losses/ctc.js";
import { hingeLoss } from "../losses/hinge.js";
import { huberLoss } from "../losses/regression.js";
import { alignments } from "../reference/alignments.js";
import { framesNeeded } from "../reference/ctc.js";
import { lectureProblems } from "../worked/lecture.js";
import { readsAs } from "../worked/readsAs.js";
import { solveAlignments } from "../worked/solveAlignments.js";
import type { AlignmentItem, ChoiceItem, CurveItem, OrderItem, QuizItem, WrongStepItem } from "./item.js";
import { quizTopics } from "./item.js";
import { markAnswer } from "./mark.js";
import { quizItem, quizItems } from "./quizItems.js";
import { choice, order } from "./template.js";
import { pointsIn } from "./words.js";

const items = quizItems();
const ofKind = <Kind extends QuizItem["kind"]>(kind: Kind) =>
  items.filter((item): item is Extract<QuizItem, { kind: Kind }> => item.kind === kind);
const ids = <Item extends { readonly id: string }>(list: readonly Item[]) =>
  list.map((item) => [item.id, item] as const);

const sentences = (text: string) => (text.match(/[.?!](?=\s|$)/g) ?? []).length;

describe("the bank", () => {
  it("begins with the lecture's questions, and has more than 60 besides", () => {
    expect(items.slice(0, 3).map(({ id, answer }) => [id, answer])).toEqual([
      ["self-assessment-1", "lengths"],
      ["self-assessment-2", "prediction"],
      ["self-assessment-3", "regression"],
    ]);
    expect(ofKind("open").map(({ id }) => id)).toEqual([1, 2, 3, 4, 5].map((n) => `terminal-${n}`));
    expect(items.length - 8).toBeGreaterThanOrEqual(60);
  });

  it("has each id and each question once, every topic and level, and each kind several times", () => {
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(new Set(items.map(({ prompt }) => prompt)).size).toBe(items.length);
    expect(new Set(items.map(({ topic }) => topic))).toEqual(new Set(quizTopics));
    expect(new Set(items.map(({ level }) => level))).toEqual(new Set([1, 2, 3]));
    expect(ofKind("alignment").length).toBeGreaterThanOrEqual(3);
    for (const kind of ["choice", "trueFalse", "fillIn", "numeric", "order", "open", "curve", "wrongStep"] as const) {
      expect(ofKind(kind).length, kind).toBeGreaterThanOrEqual(5);
    }
  });

  it.each(ids(items))("%s is well formed", (id, item) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(item.prompt.trim()).toBe(item.prompt);
    expect(item.prompt.length).toBeGreaterThan(15);
    expect(item.reason).toMatch(/[.)]$/);
    expect(sentences(item.reason)).toBeGreaterThanOrEqual(1);
    expect(sentences(item.reason)).toBeLessThanOrEqual(3);
    expect(`${item.prompt}${item.reason}`).not.toMatch(/undefined|\[object|—/);
    if (item.kind === "numeric") expect(`${item.prompt}${item.reason}`).not.toMatch(/NaN|Infinity/);
  });

  it.each(ids(ofKind("choice")))("%s: one option is right, the others say why not", (_, item) => {
    expect(item.options.length).toBeGreaterThanOrEqual(3);
    expect(new Set(item.options.map(({ text }) => text)).size).toBe(item.options.length);
    const right = item.options.flatMap(({ whyNot }, i) => (whyNot === undefined ? [i] : []));
    expect(right).toEqual([item.answer]);
    item.options.forEach(({ whyNot }, i) => {
      if (whyNot !== undefined) expect(whyNot).toMatch(/\w.*[.]$/);
      expect(markAnswer(item, i)).toMatchObject({ right: i === item.answer, ...(whyNot && { whyNot }) });
    });
  });

  it("puts the right option at every place, over seeds", () => {
    for (const { id } of ofKind("choice")) {
      const drawn = Array.from({ length: 40 }, (_, seed) => quizItem(id, seed) as ChoiceItem);
      expect(new Set(drawn.map(({ answer }) => answer)).size, id).toBe(drawn[0].options.length);
      expect(new Set(drawn.map(({ options, answer }) => options[answer].text)).size, id).toBe(1);
    }
  });

  it.each(ids([...ofKind("curve"), ...ofKind("wrongStep")]))("%s: one option is right, at any place", (id) => {
    const drawn = Array.from({ length: 40 }, (_, seed) => quizItem(id, seed) as CurveItem | WrongStepItem);
    expect(new Set(drawn.map(({ answer }) => answer)).size).toBeGreaterThan(2);
    for (const item of drawn) {
      expect(new Set(item.options.map(({ text }) => text)).size).toBe(item.options.length);
      expect(item.options.flatMap(({ whyNot }, i) => (whyNot === undefined ? [i] : []))).toEqual([item.answer]);
      expect(markAnswer(item, item.answer).right).toBe(true);
      expect(markAnswer(item, (item.answer + 1) % item.options.length)).toMatchObject({ right: false });
    }
  });

  it.each(ids(ofKind("alignment")))("%s: any alignment of the label is right, and nothing else", (id) => {
    for (let seed = 0; seed < 10; seed++) {
      const item = quizItem(id, seed) as AlignmentItem;
      const ids = Array.from(item.label, (symbol) => item.symbols.indexOf(symbol));
      const every = alignments(item.frames, item.symbols.length, ids, 0).map((path) =>
        Array.from(path, (k) => item.symbols[k]).join(""),
      );
      expect(every).toContain(item.answer);
      for (const path of every.slice(0, 30)) expect(markAnswer(item, path.toLowerCase()).right).toBe(true);
      expect(markAnswer(item, "-".repeat(item.frames)).whyNot).toBe("It reads as nothing.");
      expect(markAnswer(item, `${item.answer}-`).whyNot).toMatch(/symbols;/);
      expect(markAnswer(item, "?".repeat(item.frames)).whyNot).toContain('"?"');
    }
  });

  it.each(ids(ofKind("order")))("%s: things to order, and their order whatever the seed", (id) => {
    const drawn = Array.from({ length: 20 }, (_, seed) => quizItem(id, seed) as OrderItem);
    const inOrder = drawn.map(({ options, answer }) => answer.map((place) => options[place]).join("|"));
    expect(new Set(inOrder).size).toBe(1);
    expect(new Set(drawn.map(({ options }) => options.join("|"))).size).toBeGreaterThan(1);
    for (const item of drawn) expect(markAnswer(item, item.answer).right).toBe(true);
  });

  it.each(ids(ofKind("fillIn")))("%s: all that it accepts is right, and more than one letter", (_, item) => {
    for (const word of [item.answer, ...item.synonyms, item.answer.toUpperCase(), ` "${item.answer}" `]) {
      expect(markAnswer(item, word).right, word).toBe(true);
    }
    expect(markAnswer(item, `${item.answer} perhaps`).right).toBe(false);
    expect(markAnswer(item, "perhaps").right).toBe(false);
  });

  it.each(ids(ofKind("open")))("%s: its model answer makes every point, and an empty one none", (_, item) => {
    expect(item.points.length).toBeGreaterThanOrEqual(5);
    expect(pointsIn(item, item.answer)).toEqual(item.points.map((_, i) => i));
    expect(pointsIn(item, "")).toEqual([]);
    expect(item.answer.split(" ").length).toBeGreaterThan(80);
  });

  it("has true and false statements in fair numbers", () => {
    const right = ofKind("trueFalse").filter(({ answer }) => answer).length;
    expect(right).toBeGreaterThanOrEqual(4);
    expect(ofKind("trueFalse").length - right).toBeGreaterThanOrEqual(4);
  });
});

describe("what the bank says is so", () => {
  const { hello, deep } = lectureProblems;
  const reason = (id: string) => quizItem(id, 1).reason;
  const key = (id: string) => markAnswer(quizItem(id, 1)).key;

  it("of HELLO: the factors, the product, the sums, what is no alignment, how many alignments there are", () => {
    const [first] = solveAlignments(hello.problem).alignments;
    expect(key("hello-blank")).toContain(first.factors.join(" · "));
    expect(reason("hello-blank")).toContain(String(Number(first.product.toPrecision(6))));
    expect(readsAs("H-E-LL-O", "-")).toBe(quizItem("helo", 1).answer);
    const [nine] = solveAlignments(hello.problem, [9]).complete;
    expect(key("three-of-many")).toContain(String(nine.alignments));
    expect(Object.values(hello.problem.probabilities).reduce((a, b) => a + b)).toBeCloseTo(2.8, 12);
    expect(reason("probabilities-of-a-frame")).toContain("2.8");
    expect(reason("hello-as-written")).toContain("0.00206976");
    expect(solveAlignments(hello.problem).asWritten.sum).toBeCloseTo(0.00206976, 12);
    expect(solveAlignments(deep.problem).validOnly.sum).toBeCloseTo(0.0412776, 12);
  });

  it("of two frames of 0.6 and 0.4", () => {
    const rows = [[0.6, 0.4].map(Math.log), [0.6, 0.4].map(Math.log)];
    const p = (label: number[]) => Math.exp(-ctcLoss([rows], [label]).value);
    expect([p([]), p([1])]).toEqual([expect.closeTo(0.36, 12), expect.closeTo(0.64, 12)]);
    expect(key("greedy-is-not-best")).toMatch(/0\.36.*0\.64/);
  });

  it("of the frames that a label needs: T ≥ U + R, by listing alignments", () => {
    for (const label of [[1], [1, 1], [1, 2], [1, 1, 2], [2, 2, 2]]) {
      const repeats = label.filter((k, u) => k === label[u - 1]).length;
      for (let T = 0; T <= 5; T++) {
        const possible = T === 0 ? label.length === 0 : alignments(T, 3, label, 0).length > 0;
        expect(possible).toBe(T >= label.length + repeats);
      }
      expect(framesNeeded(label)).toBe(label.length + repeats);
    }
    expect(key("feasible-length")).toContain("T ≥ U + R");
  });

  it("of a second softmax, a shift, smoothing, growth of −ln p", () => {
    expect(Math.exp(-crossEntropy([[1, 0]], [0]).value)).toBeCloseTo(0.73, 2);
    expect(crossEntropy([[6, 5, 7]], [0]).value).toBeCloseTo(crossEntropy([[1, 0, 2]], [0]).value, 12);
    expect(quizItem("cross-entropy-shift", 1).answer).toBe(false);
    expect(crossEntropy([[2.944, 0]], [0], { labelSmoothing: 0.1 }).value).toBeGreaterThan(0.19);
    expect(key("confident-mistake")).toContain((-Math.log(0.01) + Math.log(0.1)).toFixed(3));
  });

  it("of hinge and Huber's loss: where they are 0, and 9.5", () => {
    expect([0.2, 1, 3].map((s) => hingeLoss([s], [1]).value)).toEqual([0.8, 0, 0]);
    expect(huberLoss([10], [0]).value).toBe(9.5);
    expect(reason("growth-of-losses")).toContain("9.5");
  });

  it("of squared error through a sigmoid: about 500 times less slope than cross-entropy", () => {
    const p = 0.999;
    expect(p / (2 * p * p * (1 - p))).toBeCloseTo(500, -1);
  });
});

describe("quizItems and quizItem", () => {
  it("are the same for the same seed, whatever else is asked", () => {
    const quiz = quizItems({ count: 12, seed: 9 });
    expect(quizItems({ count: 12, seed: 9 })).toEqual(quiz);
    expect(quizItems({ count: 12, seed: 10 })).not.toEqual(quiz);
    for (const item of quiz) expect(quizItem(item.id, 9)).toEqual(item);
    expect(quiz.map(({ level }) => level)).toEqual(quiz.map(({ level }) => level).toSorted());
    expect(new Set(quiz.map(({ id }) => id)).size).toBe(12);
  });

  it("select by topic, level and kind, and give fewer where there are fewer", () => {
    const chosen = quizItems({ topic: "ctc", level: 3, kind: "numeric" });
    expect(chosen.length).toBeGreaterThan(1);
    for (const item of chosen) expect(item).toMatchObject({ topic: "ctc", level: 3, kind: "numeric" });
    expect(quizItems({ topic: "ranking", count: 1000 }).length).toBe(quizItems({ topic: "ranking" }).length);
  });

  it("survive JSON", () => {
    expect(JSON.parse(JSON.stringify(items))).toEqual(items);
  });

  it.each([
    [() => quizItem("no-such", 1), "OPTION", /"no-such"; expected the id of an item/],
    [() => quizItem("nats", -1), "VALUE", /seed is -1/],
    [() => quizItem("nats", 0.5), "VALUE", /seed is 0.5/],
    [() => quizItems({ topic: "cats" as never }), "OPTION", /topic is "cats"; expected one of lecture, /],
    [() => quizItems({ level: 4 as never }), "OPTION", /level is 4; expected one of 1, 2, 3/],
    [() => quizItems({ kind: "essay" as never }), "OPTION", /kind is "essay"/],
    [() => quizItems({ count: 0 }), "VALUE", /count is 0; expected a whole number above 0/],
    [() => quizItems({ seed: Number.NaN }), "VALUE", /seed is NaN/],
  ])("refuse what is wrong: %s", (act, code, message) => {
    expect(act).toThrow(SeqlossError);
    expect(act).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});

describe("templates", () => {
  const heading = { id: "x", topic: "ctc", level: 1, prompt: "x?", reason: "x." } as const;

  it("keep the right option right, and the steps in order, through every shuffle", () => {
    const one = choice({ ...heading, right: "r", wrong: [{ text: "w", whyNot: "not." }] });
    const sorted = order({ ...heading, steps: ["1", "2", "3", "4"] });
    for (let seed = 0; seed < 30; seed++) {
      const drawn = one.draw(new Random(seed)) as ChoiceItem;
      expect(drawn.options[drawn.answer]).toEqual({ text: "r" });
      const { options, answer } = sorted.draw(new Random(seed)) as OrderItem;
      expect(answer.map((place) => options[place])).toEqual(["1", "2", "3", "4"]);
    }
  });
});
