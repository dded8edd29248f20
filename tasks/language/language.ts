import {
  adam,
  dense,
  dropout,
  embedding,
  gru,
  lstm,
  Random,
  SeqlossError,
  sequential,
  Trainer,
  warmupCosine,
} from "../../src/index.js";
import {
  lossNamed,
  type OpenTask,
  type PredictOptions,
  type Sample,
  sourceNamed,
  type Task,
  type TaskConfig,
} from "../task.js";
import { generate } from "./generate.js";
import { LOSSES } from "./losses.js";
import { type Published, report, scoresOf } from "./report.js";
import { streaming } from "./streaming.js";
import { surprisalBlocks } from "./surprisal.js";
import { loadCorpus, sources, toIds } from "./text.js";
import { streamWindow } from "./windows.js";

interface LanguageConfig extends TaskConfig {
  readonly cell: "lstm" | "gru";
  readonly streams: number;
  /** Characters that gradients flow back over. */
  readonly window: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly dropout: number;
  readonly learningRate: number;
  readonly clip: number;
  readonly averaging: number;
}

/** How much there is to train, by data set. The book's network is smaller: it should take minutes. */
const SIZES: Readonly<Record<string, { readonly hidden: number; readonly steps: number }>> = {
  tinyshakespeare: { hidden: 320, steps: 2400 },
  "moby-dick": { hidden: 216, steps: 2000 },
};

/** Of the same text, split alike (README of nanoGPT). */
const PUBLISHED: Readonly<Record<string, readonly Published[]>> = {
  tinyshakespeare: [
    { model: "GPT, 6 layers, 3 minutes on an A100 (nanoGPT README)", nats: 1.4697 },
    { model: "GPT, 4 layers, 3 minutes on a CPU (nanoGPT README)", nats: 1.88 },
  ],
};

const STREAM = { model: 1 };
/** Of the held-out text, what is looked at while training. */
const VALIDATION = 20_000;
/** What samples are begun with, and how much is written. */
const PROMPT = 100;
const WRITTEN = 300;
const TEMPERATURE = 0.8;

/**
 * The next character of a text, given all before it: an embedding, an LSTM read by truncated backpropagation through time (its
 * state goes on from step to step), and the softmax over all characters. The score is the mean −ln p of held-out characters.
 */
export const language: Task = {
  name: "language",
  summary: "predict the next character of a text",
  losses: Object.keys(LOSSES),
  scores: {
    natsPerCharacter: { unit: "nats", better: "less" },
    perplexity: { unit: "", better: "less" },
  },
  example: '"To be, or not to be"',
  draws: true,
  sources,

  configure({ seed, steps, loss = "crossEntropy", data }): LanguageConfig {
    lossNamed("language", LOSSES, loss);
    const source = sourceNamed("language", sources(), data);
    const size = SIZES[source];
    return {
      task: "language",
      loss,
      data: source,
      seed,
      steps: steps ?? size.steps,
      cell: "lstm",
      streams: 32,
      window: 100,
      embedding: 32,
      hidden: size.hidden,
      dropout: 0.1,
      learningRate: 5e-3,
      clip: 1,
      averaging: 0.99,
    };
  },

  open: (config) => openLanguage(config as LanguageConfig),
};

function openLanguage(config: LanguageConfig): OpenTask {
  const { seed, steps, streams, window, hidden, learningRate, clip, averaging } = config;
  const loss = lossNamed("language", LOSSES, config.loss);
  const corpus = loadCorpus(config.data);
  const { characters, train, heldOut } = corpus;
  const random = new Random(seed, STREAM.model);
  const recurrent = { inputs: config.embedding, hidden, random };
  const rnn = streaming(config.cell === "gru" ? gru(recurrent) : lstm({ ...recurrent, forgetBias: 1 }));
  const model = sequential({
    embedding: embedding({ tokens: characters.length, size: config.embedding, random }),
    rnn: rnn.layer,
    dropout: dropout(config.dropout),
    head: dense({ inputs: hidden, outputs: characters.length, random }),
  });
  const schedule = warmupCosine({ peak: learningRate, steps, warmup: Math.min(100, Math.ceil(steps / 10)) });
  const optimiser = rnn.keepIn(adam({ learningRate, beta2: 0.99 }));
  const trainer = new Trainer({ model, optimiser, schedule, clip, averaging, seed });
  const textOf = (ids: ArrayLike<number>) => Array.from(ids, (id) => characters[id]).join("");

  const continued = (
    prompt: Uint8Array,
    { temperature = TEMPERATURE, seed: drawn = seed }: PredictOptions,
  ): Sample => ({
    drawing: [],
    truth: textOf(prompt),
    reading: trainer.withAveragedWeights((averaged) =>
      textOf(generate(averaged, prompt, { count: WRITTEN, temperature, seed: drawn })),
    ),
    texts: { truth: "given", reading: "goes on" },
  });

  return {
    trainer,
    steps,
    validateEvery: 200,
    checkpointEvery: 200,
    batch(step) {
      const { inputs, next } = streamWindow(train, streams, window, step);
      return [
        {
          inputs,
          loss: (outputs) => loss(outputs, next),
          evidence: (outputs) => ({ loss: "crossEntropy", outputs, targets: next, options: {} }),
        },
      ];
    },
    validate: () =>
      trainer.withAveragedWeights((averaged) => scoresOf(surprisalBlocks(averaged, heldOut.subarray(0, VALIDATION)))),
    evaluate({ progress } = {}) {
      const blocks = trainer.withAveragedWeights((averaged) => surprisalBlocks(averaged, heldOut, progress));
      const samples = [continued(heldOut.subarray(0, PROMPT), {})];
      return report({ corpus, blocks, published: PUBLISHED[config.data] ?? [], samples });
    },
    predict(input, options = {}) {
      if (input === "") {
        throw new SeqlossError("predict", "FORMAT", {
          argument: "the input",
          expected: "a text to go on with",
          found: input,
        });
      }
      return continued(toIds(input, characters), options);
    },
  };
}
