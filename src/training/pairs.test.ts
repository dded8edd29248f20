import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { sequenceBeamSearch } from "../decoding/sequenceBeam.js";
import { sequenceCrossEntropy } from "../losses/crossEntropy.js";
import { type EncoderDecoderOptions, encoderDecoder } from "../recurrent/encoderDecoder.js";
import { bucketedBatches } from "./buckets.js";
import { adam } from "./optimiser.js";
import { pairSequences } from "./pairs.js";
import { linearDecay } from "./schedule.js";
import { Trainer } from "./trainer.js";

const START = 0;
const END = 1;
const CLASSES = 6;
const STEPS = 300;

/** Lists of the ids 2 to 5, to be written backwards. */
function wordList(count: number, seed: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + random.integer(5) }, () => 2 + random.integer(CLASSES - 2)),
  );
}

function trainReverser(options: Partial<EncoderDecoderOptions>, teacherForcing: (step: number) => number) {
  const model = encoderDecoder({
    ...{ sourceClasses: CLASSES, targetClasses: CLASSES, embedding: 16, hidden: 32, seed: 1 },
    ...options,
  });
  const words = wordList(400, 2);
  const batch = bucketedBatches(
    words.map(({ length }) => length),
    { batchSize: 20, seed: 3 },
  );
  const trainer = new Trainer({ model, optimiser: adam({ learningRate: 0.01 }), clip: 1 });
  for (let step = 0; step < STEPS; step++) {
    const chosen = Array.from(batch(step), (n) => words[n]);
    const { inputs, labels } = pairSequences(
      chosen,
      chosen.map((word) => word.toReversed()),
      { start: START, end: END },
    );
    const given = { ...inputs, teacherForcing: teacherForcing(step) };
    trainer.step([
      {
        inputs: given,
        loss: (outputs) => sequenceCrossEntropy(outputs, labels, { lengths: outputs.lengths, per: "label" }),
      },
    ]);
  }
  const unseen = wordList(100, 4).filter((word) => !words.some((other) => other.join() === word.join()));
  const { inputs } = pairSequences(unseen, unseen, { start: START, end: END });
  const found = sequenceBeamSearch(model, model.encode(inputs), { start: START, end: END, maxLength: 8, width: 3 });
  const right = unseen.filter((word, n) => found[n][0].tokens.join() === word.toReversed().join());
  model.dispose();
  return { right: right.length, of: unseen.length };
}

describe("an encoder-decoder, trained", () => {
  it.each([
    ["lstm", {}, () => 1],
    [
      "gru, tied, one embedding, variational dropout",
      { cell: "gru", tied: true, shared: true, dropout: 0.1, variational: true },
      () => 1,
    ],
    ["scheduled sampling", {}, linearDecay({ start: 1, end: 0.5, steps: STEPS })],
  ] as const)("writes unseen lists backwards: %s", (_, options, teacherForcing) => {
    const { right, of } = trainReverser(options, teacherForcing);
    expect(of).toBeGreaterThan(30); // lists long enough not to be in the training set
    expect(right / of).toBeGreaterThan(0.75);
  });
});

describe("pairSequences", () => {
  it("starts what is given, ends what is wanted, and pads both", () => {
    const { inputs, labels } = pairSequences([[2, 3], [4]], [[5], [2, 3, 4]], { start: START, end: END });
    expect(inputs.shape).toEqual([2, 2]);
    expect(inputs.lengths).toEqual(Int32Array.of(2, 1));
    expect(inputs.target.shape).toEqual([2, 4]);
    expect([...inputs.target.data]).toEqual([0, 5, 0, 0, 0, 2, 3, 4]);
    expect(inputs.target.lengths).toEqual(Int32Array.of(2, 4));
    expect(labels).toEqual([
      [5, 1],
      [2, 3, 4, 1],
    ]);
    expect(() => pairSequences([[2]], [], { start: 0, end: 1 })).toThrow("the size of targets is 0");
  });
});

describe("bucketedBatches", () => {
  const random = new Random(9);
  const lengths = Array.from({ length: 103 }, () => 1 + random.integer(40));
  const options = { batchSize: 10, seed: 5, pool: 3 };

  it("takes every example once an epoch, in other batches each", () => {
    const batch = bucketedBatches(lengths, options);
    const epochs = [0, 1].map((epoch) => Array.from({ length: 11 }, (_, n) => [...batch(epoch * 11 + n)]));
    for (const batches of epochs) {
      expect(batches.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()]);
      expect(batches.map(({ length }) => length).sort((a, b) => a - b)).toEqual([3, ...new Array(10).fill(10)]);
    }
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it("the batch of a step is the same whenever and in whatever order it is asked for", () => {
    const [straight, jumping] = [bucketedBatches(lengths, options), bucketedBatches(lengths, options)];
    const batches = Array.from({ length: 40 }, (_, step) => straight(step).slice());
    for (const step of [39, 2, 25, 25, 0]) expect(jumping(step)).toEqual(batches[step]);
    expect(bucketedBatches(lengths, { ...options, seed: 6 })(0)).not.toEqual(batches[0]);
  });

  it("pads less than batches without order, and least with one pool", () => {
    const padding = (pool: number) => {
      const batch = bucketedBatches(lengths, { ...options, pool });
      let padded = 0;
      for (let step = 0; step < 11; step++) {
        const inside = Array.from(batch(step), (n) => lengths[n]);
        padded += inside.reduce((sum, length) => sum + Math.max(...inside) - length, 0);
      }
      return padded;
    };
    expect(padding(3)).toBeLessThan(padding(1) / 2);
    expect(padding(11)).toBeLessThan(padding(3));
  });

  it("refuses what it cannot cut", () => {
    expect(() => bucketedBatches([], options)).toThrow("the number of lengths is 0");
    expect(() => bucketedBatches([1], { ...options, batchSize: 0 })).toThrow("batchSize is 0");
  });
});
