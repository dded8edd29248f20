import { adam, bucketedBatches, Random, SeqlossError, sequential, Trainer, warmupCosine } from "../../src/index.js";
import { lossNamed, type OpenTask, sourceNamed, type Task, type TaskConfig } from "../task.js";
import { frequentTags } from "./baseline.js";
import { LOSSES, tagChain } from "./chain.js";
import { wordReader } from "./features.js";
import { tagger } from "./model.js";
import { report, sampleOf, scoresOf } from "./report.js";
import type { TagSource } from "./sentences.js";
import { snips } from "./snips.js";
import { stress } from "./stress.js";
import { treebank } from "./treebank.js";

interface TagConfig extends TaskConfig {
  readonly batchSize: number;
  readonly word: number;
  readonly feature: number;
  readonly hidden: number;
  readonly dropout: number;
  /** A word that came n times in training is hidden at h / (h + n) of its places, so that unknown ones are learnt. */
  readonly hiding: number;
  readonly learningRate: number;
  readonly clip: number;
  readonly averaging: number;
}

const DATA: Readonly<Record<string, TagSource>> = {
  "snips-slots": snips,
  "ud-english-ewt": treebank,
  "cmudict-stress": stress,
};

/** How much there is to train, by data set. */
const SIZES: Readonly<Record<string, Pick<TagConfig, "word" | "hidden" | "steps" | "hiding">>> = {
  "snips-slots": { word: 64, hidden: 96, steps: 2000, hiding: 0.25 },
  "ud-english-ewt": { word: 64, hidden: 96, steps: 2000, hiding: 0.25 },
  "cmudict-stress": { word: 32, hidden: 48, steps: 1500, hiding: 0 },
};

const VALIDATED = 400;
/** Sentences to a batch, when nothing is learnt. */
const READ = 100;
/** Streams of the generator. */
const STREAM = { model: 1, hiding: 1000 };

/**
 * A tag for each word of a sentence: a BiLSTM reads words, their endings and shapes, and scores the tags of each; a linear chain
 * scores which tag follows which, and Viterbi finds the best tagging of the whole. Cross-entropy, the other loss, does without
 * the chain.
 */
export const tag: Task = {
  name: "tag",
  summary: "tag the words of a sentence: slots, parts of speech, or the stress of phones",
  losses: Object.keys(LOSSES),
  scores: {
    slotF1: { unit: "%", better: "more" },
    tagAccuracy: { unit: "%", better: "more" },
    sequenceAccuracy: { unit: "%", better: "more" },
  },
  example: "banana",
  sources: () => Object.values(DATA).map((data) => data.source()),

  configure({ seed, steps, loss = "crfLoss", data }): TagConfig {
    lossNamed("tag", LOSSES, loss);
    const source = sourceNamed("tag", this.sources(), data);
    return {
      task: "tag",
      loss,
      data: source,
      seed,
      ...SIZES[source],
      steps: steps ?? SIZES[source].steps,
      batchSize: 32,
      feature: 16,
      dropout: 0.4,
      learningRate: 5e-3,
      clip: 2,
      averaging: 0.998,
    };
  },

  open: (config) => openTag(config as TagConfig),
};

function openTag(config: TagConfig): OpenTask {
  const { seed, steps, batchSize, hiding, learningRate, clip, averaging } = config;
  const loss = lossNamed("tag", LOSSES, config.loss);
  const source = DATA[config.data];
  const { train, validation, test } = source.load();
  const reader = wordReader(
    train.map(({ words }) => words),
    (word) => source.features(word),
  );
  const tags = [...new Set(train.flatMap((sentence) => sentence.tags))].sort();
  const ids = new Map(tags.map((name, id) => [name, id]));
  const random = new Random(seed, STREAM.model);
  const chain = tagChain(tags.length, loss);
  const { word, feature, hidden, dropout } = config;
  const model = sequential({
    tagger: tagger({ sizes: reader.sizes, tags: tags.length, word, feature, hidden, dropout, random }),
    chain: chain.layer,
  });
  const schedule = warmupCosine({ peak: learningRate, steps, warmup: Math.min(100, Math.ceil(steps / 10)) });
  const optimiser = adam({ learningRate, beta2: 0.99 });
  const trainer = new Trainer({ model, optimiser, schedule, clip, averaging, seed });
  const order = bucketedBatches(
    train.map(({ words }) => words.length),
    { batchSize, seed },
  );
  const tagAll = (sentences: readonly { readonly words: readonly string[] }[]): string[][] =>
    trainer.withAveragedWeights((averaged) => {
      const taggings: string[][] = [];
      for (let start = 0; start < sentences.length; start += READ) {
        const inputs = reader.read(sentences.slice(start, start + READ).map(({ words }) => words));
        const decoded = chain.decode(averaged.forward(inputs, { training: false }));
        for (const tagging of decoded) taggings.push(Array.from(tagging, (id) => tags[id]));
      }
      return taggings;
    });

  return {
    trainer,
    steps,
    validateEvery: 250,
    checkpointEvery: 250,
    batch(step) {
      const sentences = Array.from(order(step), (n) => train[n]);
      const draw = new Random(seed, STREAM.hiding + step);
      const inputs = reader.read(
        sentences.map(({ words }) => words),
        (count) => draw.uniform() < hiding / (hiding + count),
      );
      const targets = sentences.map((sentence) => sentence.tags.map((name) => ids.get(name) as number));
      return [
        {
          inputs,
          loss: (emissions) => chain.loss(emissions, targets),
          evidence: (outputs) => ({
            ...{ loss: config.loss, outputs, targets },
            options: loss === undefined ? { lengths: outputs.lengths } : { ...chain.options(outputs.lengths) },
          }),
        },
      ];
    },
    validate() {
      const some = validation.slice(0, VALIDATED);
      return scoresOf(source, some, tagAll(some));
    },
    evaluate() {
      const naive = frequentTags(train);
      return report(
        source,
        test,
        tagAll(test),
        test.map(({ words }) => naive(words)),
      );
    },
    predict(input) {
      const sentence = source.read(input);
      if (sentence.words.length === 0 || sentence.words[0] === "") {
        throw new SeqlossError("predict", "FORMAT", { argument: "the input", expected: "words to tag", found: input });
      }
      return sampleOf(source, sentence, tagAll([sentence])[0]);
    },
  };
}
