import { ctcBeamSearch, Random } from "../../src/index.js";
import { once } from "../once.js";
import { characterModel } from "../reading/characterModel.js";
import { languageDecoder } from "../reading/language.js";
import { type Decoder, type Example, openReader, type ReaderConfig } from "../reading/reader.js";
import { type Reading, readingReport, readingScores, type ScoreNames } from "../reading/report.js";
import { lossNamed, type OpenTask, sourceNamed, type Task } from "../task.js";
import { an4 } from "./an4.js";
import type { SpeechCorpus, Utterance } from "./corpus.js";
import { drawSpeech } from "./draw.js";
import { toSteps, widthOf } from "./features.js";
import { fsdd } from "./fsdd.js";
import { hearInput } from "./input.js";

import { spoken } from "./spoken.js";

const CORPORA: Readonly<Record<string, SpeechCorpus>> = { an4, fsdd, spoken };
const LOSSES = { ctcLoss: true };
const AUGMENT_STREAM = 1000;

/** What the language model counts beside the network, and what each symbol is given for it; tried on the validation part. */
const WEIGHTS = [
  { languageWeight: 0.3, labelBonus: 0.5 },
  { languageWeight: 0.5, labelBonus: 1 },
  { languageWeight: 0.7, labelBonus: 1 },
  { languageWeight: 0.9, labelBonus: 1.5 },
];

/** How the network and its training fit each data set. */
const PROFILES: Readonly<Record<string, Pick<ReaderConfig, "steps" | "hidden" | "layers" | "dropout" | "batchSize">>> =
  {
    an4: { steps: 2800, hidden: 128, layers: 2, dropout: 0.3, batchSize: 16 },
    fsdd: { steps: 1500, hidden: 64, layers: 2, dropout: 0.2, batchSize: 24 },
    spoken: { steps: 800, hidden: 64, layers: 1, dropout: 0, batchSize: 16 },
  };
const NAMES: ScoreNames = { symbols: "characterErrorRate", words: "wordErrorRate", texts: "utteranceErrorRate" };

/** An utterance with what the network sees of it. */
interface Heard extends Example {
  readonly utterance: Utterance;
}

/**
 * Speech recognition: a stack of LSTMs hears an utterance from both ends, three frames at a time, and CTC finds out when each
 * character is said. No pronunciations, no phones: letters are learnt from transcripts alone.
 */
export const speech: Task = {
  name: "speech",
  summary: "write down what is said",
  losses: Object.keys(LOSSES),
  scores: {
    characterErrorRate: { unit: "%", better: "less" },
    wordErrorRate: { unit: "%", better: "less" },
    utteranceErrorRate: { unit: "%", better: "less" },
  },
  example: "7",
  takesLanguage: true,

  sources: () => Object.values(CORPORA).map((corpus) => corpus.source()),

  configure({ seed, steps, loss = "ctcLoss", data }): ReaderConfig {
    lossNamed("speech", LOSSES, loss);
    const name = sourceNamed("speech", this.sources(), data);
    const profile = PROFILES[name];
    return {
      task: "speech",
      loss,
      data: name,
      seed,
      ...profile,
      steps: steps ?? profile.steps,
      learningRate: 4e-3,
      clip: 5,
      averaging: 0.995,
    };
  },

  open: (config) => openSpeech(config as ReaderConfig),
};

function openSpeech(config: ReaderConfig): OpenTask {
  lossNamed("speech", LOSSES, config.loss);
  const corpus = CORPORA[sourceNamed("speech", speech.sources(), config.data)];
  const recordings = corpus.load();
  const { alphabet } = recordings;
  const { seed } = config;
  const next = recordings.batches(config);
  const hear = (utterance: Utterance): Heard => ({
    utterance,
    text: utterance.text,
    frames: toSteps(utterance.spectrum, corpus),
  });
  const held = once(() => recordings.validation.map(hear));
  return openReader(config, {
    alphabet,
    width: widthOf(corpus),
    batch(step) {
      const random = new Random(seed, AUGMENT_STREAM + step);
      return next(step).map(({ text, spectrum }) => ({ text, frames: toSteps(spectrum, corpus, random) }));
    },
    get validation() {
      return held();
    },
    scores: (examples, readings) =>
      readingScores(
        NAMES,
        examples.map(({ text }) => text),
        readings,
      ),
    evaluate(reader, { language } = {}) {
      const given = language === undefined ? undefined : languageDecoder(language, alphabet);
      const heard = recordings.test.map(hear);
      const { texts } = recordings;
      const known = new Set(texts);
      const model = characterModel(texts, alphabet);
      const decoders = WEIGHTS.map((weights): Decoder => {
        return (outputs) =>
          ctcBeamSearch(outputs, { ...model, ...weights, lengths: outputs.lengths }).map(([{ labels }]) => labels);
      });
      const truths = held().map(({ text }) => text);
      const tried = decoders.map(
        (decode) => readingScores(NAMES, truths, reader.read(held(), decode)).characterErrorRate,
      );
      const best = tried.indexOf(Math.min(...tried));
      const { languageWeight, labelBonus } = WEIGHTS[best];
      const alone: [Reading, Reading] = [
        { name: "greedy", readings: reader.read(heard) },
        { name: "beam search with a character 5-gram", readings: reader.read(heard, decoders[best]) },
      ];
      return readingReport({
        names: NAMES,
        examples: heard,
        read:
          given === undefined ? alone : [{ name: given.name, readings: reader.read(heard, given.decode) }, ...alone],
        known: texts,
        on: `${heard.length} ${corpus.title}`,
        notes: [
          `The 5-gram is of the training transcripts, its weight (${languageWeight}) and the bonus of a character (${labelBonus}) chosen on the validation part; the scores are those ${given === undefined ? "without it" : `of the ${given.name}`}.`,
          `${heard.filter(({ text }) => known.has(text)).length} of the ${heard.length} were also said, by others, in training.`,
          `Published: ${corpus.published}`,
        ],
        draw: (example) => drawSpeech(example.utterance.spectrum, reader.outputs([example]), alphabet),
      });
    },
    predict(input, reader, { language } = {}) {
      const example = hear(hearInput(input, corpus, () => recordings.test));
      const decode = language === undefined ? undefined : languageDecoder(language, alphabet).decode;
      const [reading] = reader.read([example], decode);
      return {
        drawing: drawSpeech(example.utterance.spectrum, reader.outputs([example]), alphabet),
        truth: example.text,
        reading,
      };
    },
  });
}
