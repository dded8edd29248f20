import { describe, expect, it } from "vitest";
import { cmudict, readDictionary, splitWords } from "./cmudict.js";
import { groupPairs, type TextPair, toExamples } from "./corpus.js";
import { drawAttention } from "./draw.js";
import { report, scores } from "./report.js";
import { candidateRisk, listCandidates } from "./risk.js";
import { joinSentence, splitSentence } from "./tatoeba.js";
import { translate } from "./translate.js";
import { parsePairs } from "./tsv.js";
import { UNKNOWN, Vocabulary } from "./vocabulary.js";

const letters = (text: string) => Array.from(text);

describe("texts", () => {
  it("are pairs with a tab between, several of one source together", () => {
    const pairs = parsePairs("a\tx\nb\ty\na\tz\na\tx\n", "x.tsv");
    expect([...groupPairs(pairs)]).toEqual([
      ["a", ["x", "z"]],
      ["b", ["y"]],
    ]);
    expect(() => parsePairs("a\tx\nalone\n", "x.tsv")).toThrow("line 2 of x.tsv");
    expect(() => parsePairs("a\t \n", "x.tsv")).toThrow("expected two texts with a tab between");
  });

  it("sentences come apart into words and marks, and together again", () => {
    const words = splitSentence("J’ai 2 chats, n'est-ce pas ?");
    expect(words).toEqual(["j'", "ai", "2", "chats", ",", "n'", "est", "-", "ce", "pas", "?"]);
    expect(joinSentence(words)).toBe("j'ai 2 chats, n'est - ce pas ?");
  });

  it("a dictionary's words are in one part with all their pronunciations, without stress", () => {
    const entries = {
      a: "AH0",
      "a(2)": "EY1",
      "'tis": "T IH1 Z",
      b: "B IY1",
      "c.": "S IY1",
      d: "D IY1",
      abcdefghijklm: "AH0",
    };
    const words = readDictionary(entries);
    expect([...words]).toEqual([
      ["a", ["AH", "EY"]],
      ["b", ["B IY"]],
      ["d", ["D IY"]],
    ]);
    const { train, validation, test } = splitWords(words, { train: 1, validation: 1, test: 1 });
    const all = [train, validation, test].flat().map(({ source }) => source.join(""));
    expect(all.sort()).toEqual(["a", "b", "d"]);
  });

  it("become classes, the most frequent first; what is not known is read as unknown", () => {
    const symbols = Vocabulary.of([letters("abcabb"), letters("d")], 2);
    expect(symbols.encode(letters("bad"))).toEqual([3, 4, UNKNOWN]);
    expect(symbols.decode(symbols.encode(letters("bad")))).toEqual(["b", "a", "�"]);
    expect(symbols.size).toBe(5);
  });
});

describe("minimum risk", () => {
  it("lists the truth and what was drawn, each once, and what it costs by the nearest reference", () => {
    const { targets, costs } = listCandidates(
      [1, 2],
      [[1, 2], [1], [3, 3, 3], [1]],
      [
        [1, 2],
        [1, 3],
      ],
    );
    expect(targets).toEqual([[1, 2], [1], [3, 3, 3]]);
    expect(costs).toEqual([0, 0.5, 1]);
  });

  it("has the gradient of the expected cost with respect to logits", () => {
    const lengths = Int32Array.of(2, 2, 1);
    const loss = (outputs: { data: Float64Array; shape: readonly number[] }) =>
      candidateRisk({ ...outputs, lengths } as never, [[0, 2], [1, 2], [2]], [[0, 1], [0.5]], 0.7);
    const data = Float64Array.from({ length: 18 }, (_, i) => Math.sin(3 * i));
    const { grad } = loss({ data, shape: [3, 2, 3] });
    const step = 1e-5;
    for (let i = 0; i < data.length; i++) {
      const at = (x: number) => loss({ data: data.map((y, j) => (j === i ? y + x : y)), shape: [3, 2, 3] }).value;
      expect(grad.data[i]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 6);
    }
  });
});

describe("the report", () => {
  const pair = (unit: TextPair["unit"]): TextPair => ({
    ...{ title: "tests", unit, example: "a", published: "Nothing.", split: letters },
    source: () => ({ name: "x", holds: "", found: true, where: "", licence: "" }),
    load: () => ({ train: [], validation: [], test: [] }),
    join: (symbols) => symbols.join(unit === "word" ? " " : ""),
  });
  const examples = toExamples(
    new Map([
      ["ab", ["xy", "xz"]],
      ["cd", ["uvw"]],
    ]),
    letters,
    letters,
  );

  it("counts words wrong, and phones by the nearest reference", () => {
    expect(scores(pair("phone"), examples, [letters("xz"), letters("uw")])).toEqual({
      wordErrorRate: 0.5,
      symbolErrorRate: 1 / 5,
    });
    const { notes, intervals, samples } = report(pair("phone"), examples, [letters("xz"), letters("uw")], () => []);
    expect(notes).toEqual(["most often mistaken: v missed (1 time)", "Published: Nothing."]);
    expect(intervals?.wordErrorRate[0]).toBeLessThan(0.5);
    expect(samples.map(({ truth, reading }) => [truth, reading])).toEqual([
      ["xz", "xz"],
      ["uvw", "uw"],
    ]);
  });

  it("sentences have BLEU and chrF, 1 where every sentence is a reference", () => {
    const long = toExamples(new Map([["a", ["one two three four five"]]]), letters, (text) => text.split(" "));
    const exact = scores(pair("word"), long, ["one two three four five".split(" ")]);
    expect(exact.bleu).toBeCloseTo(1, 10);
    expect(exact.chrf).toBeCloseTo(1, 10);
    expect(exact.symbolErrorRate).toBe(0);
    const less = scores(pair("word"), long, ["one two three four six".split(" ")]);
    expect(less.bleu).toBeLessThan(0.8);
    expect(less.symbolErrorRate).toBeCloseTo(0.2, 10);
  });

  it("draws what each symbol took from the source", () => {
    expect(
      drawAttention(
        ["a", "b"],
        ["x"],
        [
          [1, 0],
          [0, 0.5],
        ],
      ),
    ).toEqual(["    a b", "x   █", "end   ▒"]);
  });
});

describe("the task", () => {
  it.each([
    ["sequenceCrossEntropy", 300, 0.7],
    ["minimumRiskLoss", 120, 0.85],
  ])(
    "learns with %s how words sound, in seconds",
    (loss, steps, least) => {
      const config = translate.configure({ seed: 1, steps, loss, data: "cmudict" });
      const task = translate.open({
        ...config,
        ...{ embedding: 24, hidden: 40, dropout: 0, learningRate: 1e-2, averaging: 0.9 },
      });
      const before = task.validate().symbolErrorRate;
      while (task.trainer.taken < task.steps) task.trainer.step(task.batch(task.trainer.taken));
      const { symbolErrorRate } = task.validate();
      // a schwa for each letter
      const { validation } = cmudict.load();
      const schwas = validation.map(({ source }) => source.map(() => "AH"));
      expect(symbolErrorRate).toBeLessThan(scores(cmudict, validation, schwas).symbolErrorRate);
      expect(symbolErrorRate).toBeLessThan(least);
      expect(symbolErrorRate).toBeLessThan(before);
      const { reading, drawing } = task.predict("lossless");
      expect(drawing).toHaveLength(reading.split(" ").length + 2);
    },
    60_000,
  );

  const small = (changes: Readonly<Record<string, unknown>>) => {
    const config = { ...translate.configure({ seed: 1, steps: 20, data: "cmudict" }), ...changes };
    return translate.open({ ...config, ...{ embedding: 6, hidden: 8, dropout: 0 } });
  };

  it("learns from micro-batches what it learns from the whole batch, however they are cut", () => {
    const [whole, cut] = [1, 5].map((microBatches) => small({ microBatches }));
    expect([whole.batch(0).length, cut.batch(0).length]).toEqual([1, 5]);
    const reports = [whole, cut].map(({ trainer, batch }) => trainer.step(batch(0)));
    expect(reports[1].loss).toBeCloseTo(reports[0].loss, 5);
    expect(reports[1].gradientNorm).toBeCloseTo(reports[0].gradientNorm, 4);
  });

  it("with scheduled sampling is given symbols of its own, and knows less what comes next", () => {
    const [forced, sampled] = [1, 0.5].map((teacherForcing) => small({ teacherForcing }));
    const [given, drawn] = [forced, sampled].map(({ trainer, batch }) => trainer.step(batch(0)).loss);
    expect(drawn).not.toBe(given);
    expect(Number.isFinite(drawn)).toBe(true);
  });

  it("says what it has not seen in training, and refuses what it has seen nothing of", () => {
    const task = small({});
    expect(task.predict("café").note).toBe("not in training, and read as unknown: é");
    expect(task.predict("cafe").note).toBeUndefined();
    for (const text of ["", "日本"]) expect(() => task.predict(text)).toThrow("expected English words of symbols");
  });

  it("refuses a loss and data that it does not have", () => {
    expect(() => translate.configure({ seed: 1, loss: "ctcLoss" })).toThrow("expected sequenceCrossEntropy or");
    expect(() => translate.configure({ seed: 1, data: "klingon" })).toThrow('data is "klingon"');
  });
});
