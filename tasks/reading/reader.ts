import {
  adam,
  ctcGreedyDecode,
  ctcLoss,
  dense,
  lstm,
  padSequences,
  Random,
  type SequenceBatch,
  sequential,
  Trainer,
  warmupCosine,
} from "../../src/index.js";
import type {
  EvaluateOptions,
  Evaluation,
  OpenTask,
  PredictOptions,
  Progress,
  Sample,
  Scores,
  TaskBatch,
  TaskConfig,
} from "../task.js";
import type { Alphabet } from "./alphabet.js";

export interface ReaderConfig extends TaskConfig {
  readonly batchSize: number;
  readonly hidden: number;
  readonly layers: number;
  readonly dropout: number;
  readonly learningRate: number;
  readonly clip: number;
  readonly averaging: number;
}

/** What is read, as a network sees it, and what it says. */
export interface Example {
  readonly text: string;
  /** [T, width], row-major */
  readonly frames: Float32Array;
}

/** The labels of each sequence of outputs, the likeliest. */
export type Decoder = (outputs: SequenceBatch) => readonly (readonly number[])[];

/** A trained network, as a report and a prediction use it. */
export interface Reader {
  /** Default greedily: the likeliest class of each frame. */
  read(examples: readonly Example[], decode?: Decoder): string[];
  /** Logits, padded together. */
  outputs(examples: readonly Example[]): SequenceBatch;
}

/** What is to be read: its data as frames, and how its readings are judged. */
export interface ReadingProblem {
  readonly alphabet: Alphabet;
  /** Numbers in each frame. */
  readonly width: number;
  /** The training examples of a step; they depend on the seed and the step alone. */
  batch(step: number): readonly Example[];
  readonly validation: readonly Example[];
  scores(examples: readonly Example[], readings: readonly string[]): Scores;
  evaluate(reader: Reader, options?: EvaluateOptions): Evaluation;
  predict(input: string, reader: Reader, options?: PredictOptions): Sample & { readonly note?: string };
}

/** Examples that go through the network together when it only reads. */
const TOGETHER = 32;
const MODEL_STREAM = 1;
const VALIDATIONS = 16;

export const greedy: Decoder = (outputs) =>
  ctcGreedyDecode(outputs, { lengths: outputs.lengths }).map(({ labels }) => labels);

/** A stack of LSTMs that read from both ends, and a dense layer that writes one symbol or none a frame, trained with CTC. */
export function openReader(config: ReaderConfig, problem: ReadingProblem): OpenTask {
  const { seed, steps, hidden, layers, dropout, learningRate, clip, averaging } = config;
  const { alphabet, width } = problem;
  const random = new Random(seed, MODEL_STREAM);
  const model = sequential({
    rnn: lstm({
      inputs: width,
      hidden,
      layers,
      bidirectional: true,
      dropout,
      variational: true,
      forgetBias: 1,
      random,
    }),
    head: dense({ inputs: 2 * hidden, outputs: alphabet.classes, random }),
  });
  const warmup = Math.min(200, Math.ceil(steps / 10));
  const schedule = warmupCosine({ peak: learningRate, steps, warmup, floor: 1e-6 });
  const optimiser = adam({ learningRate, beta2: 0.99 });
  const trainer = new Trainer({ model, optimiser, schedule, clip, averaging, seed });

  const outputs = (examples: readonly Example[]) =>
    trainer.withAveragedWeights((averaged) =>
      averaged.forward(
        padSequences(
          examples.map(({ frames }) => frames),
          width,
        ),
        { training: false },
      ),
    );
  const readerWith = (progress?: Progress): Reader => ({
    outputs,
    read: (examples, decode = greedy) =>
      chunks(examples).flatMap((some, n, all) => {
        const read = decode(outputs(some)).map((labels) => alphabet.toText(labels));
        progress?.(n + 1, all.length, `${examples.length} examples`);
        return read;
      }),
  });
  const reader = readerWith();

  return {
    trainer,
    steps,
    validateEvery: Math.max(1, Math.round(steps / VALIDATIONS)),
    checkpointEvery: Math.max(1, Math.round(steps / VALIDATIONS)),
    batch: (step) => [ctcBatch(problem, problem.batch(step))],
    validate() {
      const { validation } = problem;
      return problem.scores(validation, reader.read(validation));
    },
    evaluate: (options) => problem.evaluate(readerWith(options?.progress), options),
    predict: (input, options) => problem.predict(input, reader, options),
  };
}

function ctcBatch({ alphabet, width }: ReadingProblem, examples: readonly Example[]): TaskBatch {
  const inputs = padSequences(
    examples.map(({ frames }) => frames),
    width,
  );
  const targets = examples.map(({ text }) => alphabet.toLabels(text));
  return {
    inputs,
    loss: (outputs) => ctcLoss(outputs, targets, { lengths: outputs.lengths }),
    evidence: (outputs) => ({ loss: "ctcLoss", outputs, targets, options: { lengths: outputs.lengths } }),
  };
}

function chunks<T>(list: readonly T[]): (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / TOGETHER) }, (_, n) =>
    list.slice(n * TOGETHER, (n + 1) * TOGETHER),
  );
}
