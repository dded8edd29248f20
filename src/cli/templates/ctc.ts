import type { Template } from "./template.js";

const data = `import { Random } from "seqloss";

/** Numbers in each frame, and symbols that can be read. Class 0 is CTC's blank, so the labels are 1 to SYMBOLS. */
export const WIDTH = 6;
export const SYMBOLS = 5;

/** What is read, frame after frame, [frames, WIDTH] in one list; and what it says, without saying where. */
export interface Example {
  readonly frames: Float32Array;
  readonly labels: readonly number[];
}

/**
 * Put your own data here: features of sound, columns of an image, readings of a sensor. These are made up: each symbol is a
 * pattern that lasts two to four noisy frames, with a pause after it.
 */
export function drawExamples(count: number, seed: number): Example[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const labels = Array.from({ length: 2 + random.integer(4) }, () => 1 + random.integer(SYMBOLS));
    const frames: number[] = [];
    const add = (symbol: number, times: number) => {
      for (let n = 0; n < times * WIDTH; n++) frames.push((n % WIDTH === symbol ? 1 : 0) + 0.3 * random.normal());
    };
    for (const label of labels) {
      add(label, 2 + random.integer(3));
      add(0, 1 + random.integer(2));
    }
    return { frames: Float32Array.from(frames), labels };
  });
}
`;

const model = `import {
  adam,
  ctcGreedyDecode,
  ctcLoss,
  dense,
  encodeSafetensors,
  type Layer,
  lstm,
  padSequences,
  Random,
  sequential,
  tokenErrorRate,
  Trainer,
} from "seqloss";
import { drawExamples, type Example, SYMBOLS, WIDTH } from "./data.js";

const HIDDEN = 32;
const BATCH = 16;

/** An LSTM that reads from both ends, and scores of the blank and every symbol at each frame. */
export function buildModel(seed: number): Layer {
  const random = new Random(seed);
  return sequential({
    rnn: lstm({ inputs: WIDTH, hidden: HIDDEN, bidirectional: true, random }),
    head: dense({ inputs: 2 * HIDDEN, outputs: 1 + SYMBOLS, random }),
  });
}

/** The examples padded to one length; padding is never read. */
const inputsOf = (examples: readonly Example[]) =>
  padSequences(
    examples.map(({ frames }) => frames),
    WIDTH,
  );

export function train(model: Layer, steps: number, onStep: (step: number, loss: number) => void = () => {}): void {
  const trainer = new Trainer({ model, optimiser: adam({ learningRate: 0.01 }), clip: 5 });
  for (let step = 1; step <= steps; step++) {
    const examples = drawExamples(BATCH, step);
    const labels = examples.map((example) => example.labels);
    const { loss } = trainer.step([
      { inputs: inputsOf(examples), loss: (outputs) => ctcLoss(outputs, labels, { lengths: outputs.lengths }) },
    ]);
    onStep(step, loss);
  }
}

/** The labels that the model reads. */
export function read(model: Layer, examples: readonly Example[]): number[][] {
  const outputs = model.forward(inputsOf(examples), { training: false });
  return ctcGreedyDecode(outputs, { lengths: outputs.lengths }).map(({ labels }) => [...labels]);
}

/** The share of labels that are read wrongly, missed or too many. */
export const errorRate = (model: Layer, examples: readonly Example[]): number =>
  tokenErrorRate(
    examples.map(({ labels }) => labels),
    read(model, examples),
  ).rate;

/** The weights, as PyTorch reads them too. */
export const weights = (model: Layer): Uint8Array =>
  encodeSafetensors(new Map(model.parameters.map(({ name, data, shape }) => [name, { data, shape }])));
`;

const main = `import { writeFileSync } from "node:fs";
import { drawExamples } from "./data.js";
import { buildModel, errorRate, read, train, weights } from "./model.js";

const STEPS = 150;
const unseen = drawExamples(100, 1_000_000);

const model = buildModel(1);
console.log("labels wrong before training:", (100 * errorRate(model, unseen)).toFixed(1), "%");
train(model, STEPS, (step, loss) => {
  if (step % 25 === 0) console.log("step", step, "loss", loss.toFixed(3));
});
console.log("labels wrong after training: ", (100 * errorRate(model, unseen)).toFixed(1), "%");
console.log("an example:", unseen[0].labels.join(" "), "read as", read(model, unseen.slice(0, 1))[0].join(" "));
writeFileSync("model.safetensors", weights(model));
console.log("weights in model.safetensors");
`;

const test = `import assert from "node:assert/strict";
import { test } from "node:test";
import { drawExamples, SYMBOLS, WIDTH } from "../src/data.js";
import { buildModel, errorRate, train } from "../src/model.js";

test("examples are whole frames, with labels that are classes and fit in them", () => {
  for (const { frames, labels } of drawExamples(50, 3)) {
    assert.equal(frames.length % WIDTH, 0);
    assert.ok(labels.every((label) => label >= 1 && label <= SYMBOLS));
    const repeats = labels.filter((label, u) => label === labels[u - 1]).length;
    assert.ok(frames.length / WIDTH >= labels.length + repeats);
  }
});

test("training makes the loss fall", () => {
  const losses: number[] = [];
  const model = buildModel(2);
  const unseen = drawExamples(20, 1_000_001);
  const before = errorRate(model, unseen);
  train(model, 60, (_, loss) => losses.push(loss));
  assert.ok(losses[59] < losses[0] / 2, losses[0] + " to " + losses[59]);
  assert.ok(errorRate(model, unseen) < before);
});
`;

export const ctc: Template = {
  summary: "labels without positions, as in speech, handwriting and digits in a row: an LSTM trained with CTC",
  files: { "src/data.ts": data, "src/model.ts": model, "src/main.ts": main, "test/model.test.ts": test },
};
