import type { Template } from "./template.js";

const data = `import { Random } from "seqloss";

/** Numbers in each step, and classes, 0 to CLASSES - 1. */
export const WIDTH = 2;
export const CLASSES = 3;

/** A sequence, step after step, [steps, WIDTH] in one list; and the class of all of it. */
export interface Example {
  readonly steps: Float32Array;
  readonly label: number;
}

/**
 * Put your own data here: readings of sensors, words as numbers, events. These are made up: waves of three speeds, of any
 * length and phase, in noise.
 */
export function drawExamples(count: number, seed: number): Example[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const label = random.integer(CLASSES);
    const phase = 2 * Math.PI * random.uniform();
    const length = 20 + random.integer(20);
    const steps = Float32Array.from({ length: length * WIDTH }, (_, i) => {
      const angle = phase + 0.25 * (label + 1) * Math.floor(i / WIDTH);
      return (i % WIDTH === 0 ? Math.sin(angle) : Math.cos(angle)) + 0.3 * random.normal();
    });
    return { steps, label };
  });
}
`;

const model = `import {
  adam,
  crossEntropy,
  dense,
  encodeSafetensors,
  gru,
  type Layer,
  padSequences,
  Random,
  sequential,
  Trainer,
} from "seqloss";
import { CLASSES, drawExamples, type Example, WIDTH } from "./data.js";

const HIDDEN = 24;
const BATCH = 16;
/** A step of this label has none. */
const UNLABELLED = -1;

/** A GRU, and scores of every class at each step: those of the last one, which has seen all, count. */
export function buildModel(seed: number): Layer {
  const random = new Random(seed);
  return sequential({
    rnn: gru({ inputs: WIDTH, hidden: HIDDEN, random }),
    head: dense({ inputs: HIDDEN, outputs: CLASSES, random }),
  });
}

/** The examples padded to one length; padding is never read. */
const inputsOf = (examples: readonly Example[]) =>
  padSequences(
    examples.map(({ steps }) => steps),
    WIDTH,
  );

export function train(model: Layer, steps: number, onStep: (step: number, loss: number) => void = () => {}): void {
  const trainer = new Trainer({ model, optimiser: adam({ learningRate: 0.01 }), clip: 1 });
  for (let step = 1; step <= steps; step++) {
    const examples = drawExamples(BATCH, step);
    const inputs = inputsOf(examples);
    const labels = examples.map(({ label }, b) =>
      Array.from({ length: inputs.lengths[b] }, (_, t) => (t === inputs.lengths[b] - 1 ? label : UNLABELLED)),
    );
    const { loss } = trainer.step([
      {
        inputs,
        loss: (outputs) => crossEntropy(outputs, labels, { lengths: outputs.lengths, ignoreIndex: UNLABELLED }),
      },
    ]);
    onStep(step, loss);
  }
}

/** The likeliest class of each example. */
export function classify(model: Layer, examples: readonly Example[]): number[] {
  const { data, shape, lengths } = model.forward(inputsOf(examples), { training: false });
  return examples.map((_, b) => {
    const last = (b * shape[1] + lengths[b] - 1) * CLASSES;
    const scores = Array.from(data.subarray(last, last + CLASSES));
    return scores.indexOf(Math.max(...scores));
  });
}

/** The share of examples that are put into a wrong class. */
export function errorRate(model: Layer, examples: readonly Example[]): number {
  const classes = classify(model, examples);
  return examples.filter(({ label }, n) => label !== classes[n]).length / examples.length;
}

/** The weights, as PyTorch reads them too. */
export const weights = (model: Layer): Uint8Array =>
  encodeSafetensors(new Map(model.parameters.map(({ name, data, shape }) => [name, { data, shape }])));
`;

const main = `import { writeFileSync } from "node:fs";
import { drawExamples } from "./data.js";
import { buildModel, errorRate, train, weights } from "./model.js";

const STEPS = 150;
const unseen = drawExamples(200, 1_000_000);

const model = buildModel(1);
console.log("classes wrong before training:", (100 * errorRate(model, unseen)).toFixed(1), "%");
train(model, STEPS, (step, loss) => {
  if (step % 25 === 0) console.log("step", step, "loss", loss.toFixed(3));
});
console.log("classes wrong after training: ", (100 * errorRate(model, unseen)).toFixed(1), "%");
writeFileSync("model.safetensors", weights(model));
console.log("weights in model.safetensors");
`;

const test = `import assert from "node:assert/strict";
import { test } from "node:test";
import { CLASSES, drawExamples, WIDTH } from "../src/data.js";
import { buildModel, errorRate, train } from "../src/model.js";

test("examples are whole steps of a class", () => {
  for (const { steps, label } of drawExamples(50, 3)) {
    assert.ok(steps.length > 0 && steps.length % WIDTH === 0);
    assert.ok(Number.isInteger(label) && label >= 0 && label < CLASSES);
  }
});

test("training makes the errors fewer", () => {
  const model = buildModel(2);
  const unseen = drawExamples(100, 1_000_001);
  const before = errorRate(model, unseen);
  train(model, 80);
  const after = errorRate(model, unseen);
  assert.ok(after < before / 2, before + " to " + after);
});
`;

export const classify: Template = {
  summary: "one class for a whole sequence: a GRU trained with the cross-entropy of its last step",
  files: { "src/data.ts": data, "src/model.ts": model, "src/main.ts": main, "test/model.test.ts": test },
};
