import { describe, expect, it } from "vitest";
import { dense, Random, sequential } from "../../src/index.js";
import { frequentTags } from "./baseline.js";
import { LOSSES, tagChain } from "./chain.js";
import { bracketSlots, drawTags } from "./draw.js";
import { UNKNOWN, wordReader } from "./features.js";
import { report, scoresOf } from "./report.js";
import { shapeOf, wordFeatures } from "./sentences.js";
import { parseCommands, snips } from "./snips.js";
import { splitDictionary, stress, toSentence } from "./stress.js";
import { tag } from "./tag.js";
import { parseTreebank, splitWords, treebank } from "./treebank.js";

const sentence = (words: string, tags: string) => ({ words: words.split(" "), tags: tags.split(" ") });

describe("data", () => {
  it("commands are lines of words and lines of tags", () => {
    const commands = parseCommands("play abba \nstop\n", "O B-artist \r\nO\n", "x.out");
    expect(commands).toEqual([sentence("play abba", "O B-artist"), sentence("stop", "O")]);
    for (const wrong of ["O B-artist", "O B-artist\nO O", "O B-artist\nB", "O B-artist\nS-x"]) {
      expect(() => parseCommands("play abba\nstop", wrong, "x.out")).toThrow("line 2 of x.out");
    }
  });

  it("a treebank is a word and a tag a line, an empty line after a sentence", () => {
    const sentences = parseTreebank("It\tPRON\nis\tAUX\n\n\nSo\tADV\n", "x.tsv");
    expect(sentences).toEqual([sentence("It is", "PRON AUX"), sentence("So", "ADV")]);
    expect(() => parseTreebank("It\tPRON\nis\n", "x.tsv")).toThrow("line 2 of x.tsv");
    expect(splitWords("She doesn't say \"Ann's here\", (1.5 km).")).toEqual([
      "She",
      "does",
      "n't",
      "say",
      '"',
      "Ann",
      "'s",
      "here",
      '",',
      "(",
      "1.5",
      "km",
      ").",
    ]);
  });

  it("a dictionary is phones and the stress of vowels; the same phones are in one part", () => {
    expect(toSentence("B AH0 N AE1")).toEqual(sentence("B AH N AE", "- 0 - 1"));
    const dictionary = {
      a: "AH0 B AE1",
      b: "AH1 B AE0",
      cat: "K AE1 T",
      d: "AE1 D OW0",
      e: "IY1 D OW0",
      f: "IY0 K OW1",
    };
    const parts = splitDictionary(dictionary, { test: 1, validation: 1, train: 9 });
    const phones = [parts.train, parts.validation, parts.test].flat().map(({ words }) => words.join(" "));
    expect(phones.sort()).toEqual(["AE D OW", "AH B AE", "IY D OW", "IY K OW"]);
    expect(parts.test).toHaveLength(1);
    expect(stress.read("banana").tags).toEqual(["-", "0", "-", "1", "-", "0"]);
    expect(stress.read("z ih1 b ah")).toEqual({ words: ["Z", "IH", "B", "AH"] });
  });
});

describe("features", () => {
  it("tell words by beginning, ending and shape", () => {
    expect(wordFeatures("Going")).toEqual(["goi", "g", "ng", "ing", "Xx"]);
    expect([shapeOf("McDonald's"), shapeOf("1996"), shapeOf("xX"), shapeOf("É9!!")]).toEqual([
      "XxXx'x",
      "d",
      "xX",
      "Xd!",
    ]);
  });

  it("know what came twice in training, whatever its case, and hide what they are told to", () => {
    const reader = wordReader(
      [
        ["The", "cat"],
        ["the", "dog"],
      ],
      (word) => [word.slice(-1)],
    );
    expect(reader.sizes).toEqual([2, 2]);
    const { data, shape } = reader.read([["THE", "cat", "cow"], ["e"]]);
    expect(shape).toEqual([2, 3, 2]);
    expect(Array.from(data)).toEqual([1, 0, UNKNOWN, 0, UNKNOWN, 0, UNKNOWN, 1, 0, 0, 0, 0]);
    const seen: number[] = [];
    reader.read([["the", "cat"]], (count) => seen.push(count) > 0);
    expect(seen).toEqual([2, 1]);
  });
});

describe("the chain", () => {
  it.each(["crfLoss", "structuredHingeLoss"])("carries the gradients of its shared scores, %s", (name) => {
    const chain = tagChain(3, LOSSES[name]);
    const random = new Random(3);
    for (const { data } of chain.layer.parameters) for (let i = 0; i < data.length; i++) data[i] = random.normal();
    const inputs = {
      data: Float32Array.from({ length: 16 }, () => random.normal()),
      shape: [2, 4, 2],
      lengths: Int32Array.of(4, 2),
    };
    const model = sequential({ map: dense({ inputs: 2, outputs: 3, random }), chain: chain.layer });
    const tags = [
      [0, 2, 1, 1],
      [2, 0],
    ];
    const value = () => chain.loss(model.forward(inputs), tags).value;
    const { grad, weight } = chain.loss(model.forward(inputs), tags);
    for (const parameter of model.parameters) parameter.grad.fill(0);
    model.backward({ data: grad.data.map((x) => x * weight), shape: grad.shape });
    expect(model.parameters.map((parameter) => parameter.name)).toContain("chain.transitions");
    for (const { data, grad: found } of model.parameters) {
      const before = data.slice();
      for (let i = 0; i < data.length; i++) {
        const at = (by: number) => {
          data[i] = before[i] + by;
          const result = value();
          data[i] = before[i];
          return result;
        };
        expect(found[i] / weight).toBeCloseTo((at(1e-2) - at(-1e-2)) / 2e-2, 2);
      }
    }
  });

  it("decodes what the transitions make of the emissions; cross-entropy has none to learn", () => {
    const chain = tagChain(2, LOSSES.crfLoss);
    const emissions = { data: Float32Array.of(1, 0, 0, 0.5), shape: [1, 2, 2], lengths: Int32Array.of(2) };
    expect(Array.from(chain.decode(emissions)[0])).toEqual([0, 1]);
    chain.layer.parameters[0].data[0] = 2;
    expect(Array.from(chain.decode(emissions)[0])).toEqual([0, 0]);
    expect(tagChain(2, undefined).layer.parameters).toEqual([]);
  });
});

describe("drawing", () => {
  it("aligns words and tags, and names the right tag where it is another", () => {
    expect(drawTags(["It", "rains"], ["PRON", "VERB"])).toEqual(["It    rains", "PRON  VERB"]);
    expect(drawTags(["It", "rains"], ["PRON", "NOUN"], ["PRON", "VERB"])[2]).toBe("      (VERB)");
    const long = drawTags(new Array(60).fill("word"), new Array(60).fill("X"));
    expect(Math.max(...long.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(long).toHaveLength(8);
  });

  it("puts slots into brackets", () => {
    const words = "play the beatles abba on spotify".split(" ");
    expect(bracketSlots(words, ["O", "B-artist", "I-artist", "B-artist", "O", "B-service"])).toBe(
      "play [artist the beatles] [artist abba] on [service spotify]",
    );
    expect(bracketSlots(words.slice(0, 2), ["I-x", "O"])).toBe("[x play] the");
  });
});

describe("baseline and report", () => {
  const train = [sentence("a b a", "O B-x O"), sentence("b a c", "B-x B-y O")];

  it("takes each word's most frequent tag, and of unknown words that of all", () => {
    expect(frequentTags(train)(["b", "a", "z"])).toEqual(["B-x", "O", "O"]);
  });

  it("scores slots, tags and whole sentences, without what is trivial", () => {
    const truth = [sentence("a b", "O B-x"), sentence("c", "O")];
    expect(scoresOf(snips, truth, [["O", "O"], ["O"]])).toEqual({
      slotF1: 0,
      tagAccuracy: 2 / 3,
      sequenceAccuracy: 0.5,
    });
    expect(scoresOf(stress, [sentence("B AH", "- 0")], [["-", "1"]])).toEqual({ tagAccuracy: 0, sequenceAccuracy: 0 });
    const evaluation = report(snips, truth, [["O", "B-x"], ["O"]], [["O", "O"], ["O"]]);
    expect(evaluation.table.at(-1)).toEqual(["all", "1", "100.0", "100.0", "100.0", "0.0"]);
    expect(evaluation.notes?.[0]).toBe(
      "Each word's most frequent tag: slot F1 0.00 %, tag accuracy 66.67 %, whole sequences right 50.00 %.",
    );
    const { table } = report(treebank, truth, [["O", "O"], ["O"]], [["B-x", "B-x"], ["O"]]);
    expect(table.slice(1)).toEqual([
      ["O", "2", "100.00", "50.00"],
      ["B-x", "1", "0.00", "100.00"],
      ["all", "3", "66.67", "66.67"],
    ]);
  });
});

describe("the task", () => {
  const opened = (loss: string, steps: number) =>
    tag.open(tag.configure({ seed: 2, loss, steps, data: "cmudict-stress" }));

  it.each(tag.losses)("learns with %s to stress words better than phone by phone", (loss) => {
    const task = opened(loss, 250);
    while (task.trainer.taken < task.steps) task.trainer.step(task.batch(task.trainer.taken));
    const { train, validation } = stress.load();
    const naive = frequentTags(train);
    const { tagAccuracy, sequenceAccuracy } = task.validate();
    const other = scoresOf(
      stress,
      validation,
      validation.map(({ words }) => naive(words)),
    );
    expect(tagAccuracy).toBeGreaterThan(other.tagAccuracy + 0.05);
    expect(sequenceAccuracy).toBeGreaterThan(other.sequenceAccuracy + 0.05);
  });

  it("a resumed run goes on as the whole one, transitions included", () => {
    const [whole, first, second] = [0, 1, 2].map(() => opened("crfLoss", 20));
    for (let n = 0; n < 6; n++) whole.trainer.step(whole.batch(n));
    for (let n = 0; n < 3; n++) first.trainer.step(first.batch(n));
    second.trainer.restore(first.trainer.state());
    for (let n = 3; n < 6; n++) second.trainer.step(second.batch(n));
    expect(second.trainer.state()).toEqual(whole.trainer.state());
    expect(
      whole.trainer
        .state()
        .weights.get("chain.transitions")
        ?.some((x) => x !== 0),
    ).toBe(true);
  });

  it("tags what it is given", () => {
    const task = opened("crfLoss", 5);
    const { reading, truth, drawing } = task.predict("banana");
    expect(truth).toBe("- 0 - 1 - 0");
    expect(reading.split(" ")).toHaveLength(6);
    expect(drawing[0].split(/ +/)).toEqual(["B", "AH", "N", "AE", "N", "AH"]);
    for (const text of [" ", "xx"])
      expect(() => task.predict(text)).toThrow("expected an English word of CMUdict, or phones");
  });
});
