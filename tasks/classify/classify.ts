import {
  adam,
  bucketedBatches,
  dense,
  dropout,
  embedding,
  gru,
  type Layer,
  Random,
  SeqlossError,
  sequential,
  Trainer,
  warmupCosine,
} from "../../src/index.js";
import { columns, parallel } from "../layers/parallel.js";
import { pool } from "../layers/pool.js";
import { UNKNOWN, wordReader } from "../tag/features.js";
import { lossNamed, type OpenTask, type Sample, sourceNamed, type Task, type TaskConfig } from "../task.js";
import { always, naiveBayes } from "./baselines.js";
import { firstNames } from "./firstNames.js";
import { LOSSES } from "./losses.js";
import { report, scoresOf } from "./report.js";
import { spam } from "./spam.js";
import type { LabelledText, TextSource } from "./texts.js";
import { tokenFeatures, tokensOf } from "./tokens.js";

interface ClassifyConfig extends TaskConfig {
  readonly batchSize: number;
  readonly vector: number;
  readonly feature: number;
  readonly hidden: number;
  readonly dropout: number;
  /** A token that came n times in training is hidden at h / (h + n) of its places, so that unknown ones are learnt. */
  readonly hiding: number;
  readonly learningRate: number;
  readonly clip: number;
  readonly averaging: number;
}

const DATA: Readonly<Record<string, TextSource>> = { "sms-spam": spam, "first-names": firstNames };

/** How much there is to train, by data set. */
const SIZES: Readonly<Record<string, Pick<ClassifyConfig, "vector" | "hidden" | "hiding" | "dropout" | "steps">>> = {
  "sms-spam": { vector: 32, hidden: 48, hiding: 1, dropout: 0.5, steps: 800 },
  "first-names": { vector: 24, hidden: 64, hiding: 0, dropout: 0.3, steps: 1500 },
};

/** Texts to a batch, when nothing is learnt. */
const READ = 100;
/** Tokens that `predict` names. */
const MOVERS = 4;
/** Streams of the generator. */
const STREAM = { model: 1, hiding: 1000 };

/**
 * One decision for a text: a GRU reads it from both ends, the mean and the largest of its states say what it is. Messages are
 * read by words, numbers and signs, names by letters.
 */
export const classify: Task = {
  name: "classify",
  summary: "tell spam from other messages, or names of women from names of men",
  losses: Object.keys(LOSSES),
  scores: {
    accuracy: { unit: "%", better: "more" },
    caught: { unit: "%", better: "more" },
    blocked: { unit: "%", better: "less" },
  },
  example: "Rosalind",
  sources: () => Object.values(DATA).map((data) => data.source()),

  configure({ seed, steps, loss = "binaryCrossEntropy", data }): ClassifyConfig {
    lossNamed("classify", LOSSES, loss);
    const source = sourceNamed("classify", this.sources(), data);
    return {
      task: "classify",
      loss,
      data: source,
      seed,
      ...SIZES[source],
      steps: steps ?? SIZES[source].steps,
      batchSize: 32,
      feature: 8,
      learningRate: 3e-3,
      clip: 2,
      averaging: 0.995,
    };
  },

  open: (config) => openClassify(config as ClassifyConfig),
};

function openClassify(config: ClassifyConfig): OpenTask {
  const { seed, steps, batchSize, hiding, learningRate, clip, averaging } = config;
  const loss = lossNamed("classify", LOSSES, config.loss);
  const source = DATA[config.data];
  const { train, validation, test } = source.load();
  const split = (text: string) => tokensOf(text, source);
  const tokens = train.map(({ text }) => split(text));
  const reader = wordReader(tokens, tokenFeatures(source));
  const model = classifier(reader.sizes, config);
  const schedule = warmupCosine({ peak: learningRate, steps, warmup: Math.min(100, Math.ceil(steps / 10)) });
  const optimiser = adam({ learningRate, beta2: 0.99 });
  const trainer = new Trainer({ model, optimiser, schedule, clip, averaging, seed });
  const order = bucketedBatches(
    tokens.map(({ length }) => length),
    { batchSize, seed },
  );
  const scoreAll = (texts: readonly (readonly string[])[]): number[] =>
    trainer.withAveragedWeights((averaged) => {
      const scores: number[] = [];
      for (let start = 0; start < texts.length; start += READ) {
        const inputs = reader.read(texts.slice(start, start + READ));
        scores.push(...averaged.forward(inputs, { training: false }).data);
      }
      return scores;
    });
  const decideAll = (texts: readonly LabelledText[]) =>
    scoreAll(texts.map(({ text }) => split(text))).map((score) => score > 0);
  const nameOf = (positive: boolean) => source.classes[positive ? "positive" : "negative"];

  const describe = (text: string, truth: string): Sample => {
    const read = split(text);
    const [score, ...without] = scoreAll([read, ...hideEach(read)]);
    const moved = without.map((other) => (score - other) * Math.sign(score));
    const most = [...read.keys()].filter((t) => moved[t] > 0).sort((a, b) => moved[b] - moved[a]);
    const certain = loss.probabilities
      ? `${(100 / (1 + Math.exp(-Math.abs(score)))).toFixed(1)} % likely`
      : `score ${score.toFixed(2)}`;
    const movers = most.slice(0, MOVERS).map((t) => `${read[t]} (${moved[t].toFixed(1)})`);
    return {
      drawing: [text, `${certain}; speaks for it most: ${movers.join(", ") || "nothing"}`],
      truth,
      reading: nameOf(score > 0),
      quantities: { truth: "is", reading: "classified as" },
    };
  };

  return {
    trainer,
    steps,
    validateEvery: 100,
    checkpointEvery: 250,
    batch(step) {
      const chosen = Array.from(order(step));
      const draw = new Random(seed, STREAM.hiding + step);
      const inputs = reader.read(
        chosen.map((n) => tokens[n]),
        (count) => draw.uniform() < hiding / (hiding + count),
      );
      const { positive, negative } = loss.targets;
      const targets = chosen.map((n) => [[train[n].positive ? positive : negative]]);
      return [
        {
          inputs,
          loss: (scores) => loss.compute(scores, targets),
          evidence: (outputs) => ({ loss: config.loss, outputs, targets, options: {} }),
        },
      ];
    },
    validate: () => scoresOf(validation, decideAll(validation)),
    evaluate() {
      const bayes = naiveBayes(train, (text) => bayesTokens(text, source));
      const baselines = [
        { name: `always ${nameOf(always(train)(""))}`, decide: always(train) },
        { name: source.words ? "naive Bayes of words" : "naive Bayes of endings", decide: bayes },
      ].map(({ name, decide }) => ({ name, decisions: test.map(({ text }) => decide(text)) }));
      return report(source, test, decideAll(test), baselines, ({ text, positive }) => describe(text, nameOf(positive)));
    },
    predict(input) {
      const text = input.trim();
      if (split(text).length > 0) return describe(text, "");
      throw new SeqlossError("predict", "FORMAT", { argument: "the input", expected: "a text", found: input });
    },
  };
}

/** Words, or the last one, two and three letters of a name. */
export const bayesTokens = (text: string, source: TextSource): string[] =>
  source.words
    ? tokensOf(text.toLowerCase(), source)
    : [1, 2, 3].map((letters) => `-${text.toLowerCase().slice(-letters)}`);

/** The tokens with each of them in turn made one that was never seen. */
const hideEach = (tokens: readonly string[]): string[][] =>
  tokens.map((_, hidden) => tokens.map((token, t) => (t === hidden ? NEVER_SEEN : token)));

/** No text has it: it is read as `UNKNOWN`. */
const NEVER_SEEN = `\u0000${UNKNOWN}`;

function classifier(sizes: readonly number[], { seed, vector, feature, hidden, ...rest }: ClassifyConfig): Layer {
  const random = new Random(seed, STREAM.model);
  const widths = sizes.map((_, n) => (n === 0 ? vector : feature));
  const vectors = sizes.map((tokens, n): [string, Layer] => {
    const read = embedding({ tokens, size: widths[n], deviation: 0.5, random });
    return [n === 0 ? "token" : `feature${n}`, sequential({ id: columns(n, 1), vector: read })];
  });
  const inputs = widths.reduce((a, b) => a + b, 0);
  return sequential({
    read: parallel(Object.fromEntries(vectors)),
    dropped: dropout(rest.dropout),
    rnn: gru({ inputs, hidden, bidirectional: true, random }),
    pool: pool(),
    dropout: dropout(rest.dropout),
    head: dense({ inputs: 4 * hidden, outputs: 1, random }),
  });
}
