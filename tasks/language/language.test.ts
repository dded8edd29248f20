import { describe, expect, it } from "vitest";
import { adam, dense, embedding, lstm, Random, sequential, Trainer } from "../../src/index.js";
import { draw, generate } from "./generate.js";
import { language } from "./language.js";
import { LOSSES } from "./losses.js";
import { trainNgram } from "./ngram.js";
import { ngramNats, report, scoresOf } from "./report.js";
import { streaming } from "./streaming.js";
import { surprisalBlocks } from "./surprisal.js";
import { loadCorpus, toCorpus, toIds } from "./text.js";
import { streamWindow } from "./windows.js";

const VERSE = "the quick brown fox jumps over the lazy dog; ";
const configure = (steps: number, loss?: string) => language.configure({ seed: 2, steps, loss, data: "moby-dick" });

const tinyModel = (characters: number, seed = 1) => {
  const random = new Random(seed);
  return sequential({
    embedding: embedding({ tokens: characters, size: 8, random }),
    rnn: lstm({ inputs: 8, hidden: 12, random }),
    head: dense({ inputs: 12, outputs: characters, random }),
  });
};

describe("the text", () => {
  it("is split in order, its characters numbered by their codes", () => {
    const { characters, train, heldOut } = toCorpus("abcabcabcd");
    expect(characters).toEqual(["a", "b", "c", "d"]);
    expect([train.length, [...heldOut]]).toEqual([9, [3]]);
    expect([...toIds("cab", characters)]).toEqual([2, 0, 1]);
    expect(() => toIds("cat", characters)).toThrow('the character "t"');
    expect(() => toCorpus("a")).toThrow("expected at least 2 characters");
  });

  it("is read side by side, each window going on where the one before ended", () => {
    const ids = Uint8Array.from({ length: 41 }, (_, n) => n);
    const [first, second, again] = [0, 1, 2].map((step) => streamWindow(ids, 2, 10, step));
    expect([...first.inputs.data.subarray(10)]).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    expect(first.next[1]).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    expect(second.inputs.data[0]).toBe(10);
    expect(again).toEqual(first);
  });
});

describe("n-grams", () => {
  it("of order 1 by hand: (count + kinds / V) / (total + kinds)", () => {
    const [a, b] = trainNgram(Uint8Array.of(0, 0, 1), 2, 1).surprisals(Uint8Array.of(0, 1));
    expect(a).toBeCloseTo(-Math.log((2 + 2 * 0.5) / (3 + 2)), 12);
    expect(b).toBeCloseTo(-Math.log((1 + 2 * 0.5) / (3 + 2)), 12);
  });

  it("are distributions: what may follow sums to 1", () => {
    const model = trainNgram(toIds("abracadabra", ["a", "b", "c", "d", "r"]), 5, 3);
    const sum = [0, 1, 2, 3, 4].reduce(
      (total, next) => total + Math.exp(-model.surprisals(Uint8Array.of(0, 1, next))[2]),
      0,
    );
    expect(sum).toBeCloseTo(1, 12);
  });

  it("longer contexts predict a text that repeats better", () => {
    const corpus = toCorpus(VERSE.repeat(20));
    expect(ngramNats(corpus, 4)).toBeLessThan(0.3 * ngramNats(corpus, 1));
  });
});

describe("losses", () => {
  it("negativeLogLikelihood of log-probabilities is crossEntropy, with its gradient", () => {
    const random = new Random(3);
    const data = Float32Array.from({ length: 2 * 3 * 4 }, () => 4 * random.normal());
    const logits = { data, shape: [2, 3, 4], lengths: Int32Array.of(3, 3) };
    const next = [
      [0, 1, 2],
      [3, 3, 0],
    ];
    const [one, other] = [LOSSES.crossEntropy(logits, next), LOSSES.negativeLogLikelihood(logits, next)];
    expect(other.value).toBeCloseTo(one.value, 5);
    one.grad.data.forEach((g, i) => expect(other.grad.data[i]).toBeCloseTo(g, 5));
  });
});

describe("surprisal", () => {
  it("counts every character but the first once, and is the mean of one reading from the beginning", () => {
    const ids = toCorpus(VERSE.repeat(8)).train;
    const model = tinyModel(28);
    const blocks = surprisalBlocks(model, ids);
    expect(blocks.reduce((sum, { characters }) => sum + characters, 0)).toBe(ids.length - 1);
    const inputs = { data: Float32Array.from(ids.subarray(0, -1)), shape: [1, ids.length - 1, 1] };
    const whole = LOSSES.crossEntropy(model.forward({ ...inputs, lengths: Int32Array.of(ids.length - 1) }), [
      [...ids.subarray(1)],
    ]);
    expect(scoresOf(blocks).natsPerCharacter).toBeCloseTo(whole.value, 2);
  });
});

describe("streaming", () => {
  const batch = (n: number) => ({
    data: Float32Array.of(n % 5, (n + 1) % 5),
    shape: [1, 2, 1],
    lengths: Int32Array.of(2),
  });
  const build = () => {
    const random = new Random(1);
    const rnn = streaming(lstm({ inputs: 4, hidden: 6, random }));
    const model = sequential({
      embedding: embedding({ tokens: 5, size: 4, random }),
      rnn: rnn.layer,
      head: dense({ inputs: 6, outputs: 5, random }),
    });
    return new Trainer({ model, optimiser: rnn.keepIn(adam({ learningRate: 0.01 })), seed: 1 });
  };
  const step = (trainer: Trainer, n: number) =>
    trainer.step([{ inputs: batch(n), loss: (outputs) => LOSSES.crossEntropy(outputs, [[1, 2]]) }]);

  it("goes on in training from where the step before ended, and not outside", () => {
    const layer = streaming(lstm({ inputs: 1, hidden: 3, random: new Random(1) })).layer;
    const inputs = batch(1);
    const fresh = layer.forward(inputs).data;
    const first = layer.forward(inputs, { training: true }).data;
    const second = layer.forward(inputs, { training: true }).data;
    expect(first).toEqual(fresh);
    expect(second).not.toEqual(fresh);
    expect(layer.forward(inputs).data).toEqual(fresh);
  });

  it("is saved with the optimiser: a restored run goes on bit for bit", () => {
    const whole = build();
    for (let n = 0; n < 6; n++) step(whole, n);
    const begun = build();
    for (let n = 0; n < 3; n++) step(begun, n);
    const restored = build();
    restored.restore(structuredClone(begun.state()));
    for (let n = 3; n < 6; n++) step(restored, n);
    expect(restored.state()).toEqual(whole.state());
  });

  it("now and then a row begins anew, so that a reader may begin anywhere", () => {
    const rnn = streaming(lstm({ inputs: 1, hidden: 1, random: new Random(1) })).layer;
    const rows = 400;
    const many = { data: new Float32Array(rows).fill(1), shape: [rows, 1, 1], lengths: new Int32Array(rows).fill(1) };
    const random = new Random(5);
    const [fresh] = rnn.forward(many, { training: true, random }).data;
    const again = rnn.forward(many, { training: true, random }).data.filter((x) => x === fresh).length;
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThan(30);
  });
});

describe("writing", () => {
  it("draws by the softmax, and takes the likeliest at temperature 0", () => {
    const random = new Random(1);
    const logits = [0, Math.log(3), Number.NEGATIVE_INFINITY];
    const drawn = Array.from({ length: 4000 }, () => draw(logits, 1, random));
    expect(drawn.filter((id) => id === 1).length / 4000).toBeCloseTo(0.75, 1);
    expect(drawn).not.toContain(2);
    expect(draw(logits, 0, random)).toBe(1);
  });

  it("goes on with a text: as many characters as asked, the same from the same seed", () => {
    const model = tinyModel(5);
    const prompt = Uint8Array.of(1, 2, 3);
    const write = (seed: number) => generate(model, prompt, { count: 20, temperature: 1, seed });
    expect(write(1)).toHaveLength(20);
    expect(write(1)).toEqual(write(1));
    expect(write(1)).not.toEqual(write(2));
  });
});

describe("the task", () => {
  it.each(language.losses)("learns with %s more of the book than a 1-gram knows, in seconds", (loss) => {
    const task = language.open({ ...configure(150, loss), hidden: 48, streams: 16, window: 50 });
    while (task.trainer.taken < task.steps) task.trainer.step(task.batch(task.trainer.taken));
    const { natsPerCharacter } = task.validate();
    expect(natsPerCharacter).toBeLessThan(0.9 * ngramNats(loadCorpus("moby-dick"), 1));
    const { reading, truth, texts } = task.predict("Call me", { seed: 4 });
    expect([reading.length, truth, texts]).toEqual([300, "Call me", { truth: "given", reading: "goes on" }]);
    expect(task.predict("Call me", { seed: 4 }).reading).toBe(reading);
    expect(() => task.predict("")).toThrow("expected a text to go on with");
    expect(() => task.predict("東")).toThrow('the character "東"');
  });

  it("reports beside n-grams and what others have, with intervals over blocks", () => {
    const corpus = toCorpus(VERSE.repeat(20));
    const blocks = [
      { nats: 100, characters: 100 },
      { nats: 300, characters: 100 },
    ];
    const published = [{ model: "another", nats: 1.5 }];
    const { scores, intervals, table, on } = report({ corpus, blocks, published, samples: [] });
    expect(scores).toEqual({ natsPerCharacter: 2, perplexity: Math.exp(2) });
    expect(intervals?.natsPerCharacter).toEqual([1, 3]);
    expect(table.map(([name]) => name).slice(1)).toEqual([
      "this network",
      ...[1, 3, 5].map((n) => `${n}-gram (Witten-Bell), same split`),
      "another",
    ]);
    expect(on).toBe("200 characters not trained on");
  });
});
