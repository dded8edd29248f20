import { bucketedBatches, ctcBeamSearch, Random, type Spelling } from "../../src/index.js";
import { characterModel } from "../reading/characterModel.js";
import { languageDecoder, lexiconDecoder } from "../reading/language.js";
import { type Decoder, type Example, openReader, type Reader, type ReaderConfig } from "../reading/reader.js";
import { type Reading, readingReport, readingRow, readingScores, type ScoreNames } from "../reading/report.js";
import { drawStrokes, spikesUnder } from "../strokes/draw.js";
import { strokeFrames, WIDTH } from "../strokes/frames.js";
import type { Writing } from "../strokes/ink.js";
import { unipenSource } from "../strokes/unipen.js";
import { lossNamed, type OpenTask, sourceNamed, type Task } from "../task.js";
import { hideSteps } from "./hide.js";
import { inkInput } from "./input.js";
import { LETTERS, loadWords, type WrittenWords } from "./words.js";

const LOSSES = { ctcLoss: true };
const NAMES: ScoreNames = { symbols: "characterErrorRate", texts: "wordErrorRate" };
const AUGMENT_STREAM = 1000;
/** Way of the pen from one place to the next, where small letters are 1 high. */
const PACE = 0.3;
/** Batches among which words are sorted by length. */
const POOL = 20;
/** Words of the validation part that are read while training goes on; the part has two thousand. */
const VALIDATION = 500;
/** What the 5-gram counts beside the network, and what each letter is given for it. */
const BEAM = { languageWeight: 0.5, labelBonus: 1 };

const PUBLISHED =
  "of other writers, words and splits: NPen++ 98.0 % of words right with a dictionary of 1,000, 91.4 % with 20,000 (Manke et al. 1995); " +
  "BLSTM and CTC on IAM-OnDB's lines, character error 11.5 % (Graves et al. 2009). None for these parts of UNIPEN";

/** A word with what the network sees of it. */
interface Seen extends Example {
  readonly writing: Writing;
  readonly places: Float32Array;
}

/**
 * On-line handwriting recognition: a stack of LSTMs follows the pen from both ends, and CTC finds out where in the ink each letter
 * is. No letter is cut out, for training or reading: cursive words cannot be cut before they are read.
 */
export const handwriting: Task = {
  name: "handwriting",
  summary: "read words from the pen's strokes",
  losses: Object.keys(LOSSES),
  scores: {
    characterErrorRate: { unit: "%", better: "less" },
    wordErrorRate: { unit: "%", better: "less" },
  },
  example: "7",
  takesLanguage: true,

  sources: () => [unipenSource()],

  configure({ seed, steps = 9000, loss = "ctcLoss", data }): ReaderConfig {
    lossNamed("handwriting", LOSSES, loss);
    return {
      task: "handwriting",
      loss,
      data: sourceNamed("handwriting", this.sources(), data),
      seed,
      steps,
      batchSize: 32,
      hidden: 128,
      layers: 2,
      dropout: 0.3,
      learningRate: 8e-3,
      clip: 5,
      averaging: 0.998,
    };
  },

  open(config) {
    sourceNamed("handwriting", this.sources(), config.data as string);
    return openWords(config as ReaderConfig, loadWords());
  },
};

/** The task on these words. */
export function openWords(config: ReaderConfig, { train, validation, test, others }: WrittenWords): OpenTask {
  lossNamed("handwriting", LOSSES, config.loss);
  const { seed } = config;
  const see = (writing: Writing): Seen => ({
    writing,
    text: writing.text,
    ...strokeFrames(writing.strokes, PACE),
  });
  const learn = ({ strokes, text }: Writing, random: Random): Example => ({
    text,
    frames: hideSteps(strokeFrames(strokes, PACE, random).frames, random),
  });
  const lengths = train.map(({ strokes, text }) => strokeFrames(strokes, PACE).places.length + text.length);
  const order = bucketedBatches(lengths, { ...config, pool: POOL });
  const every = Math.max(1, Math.floor(validation.length / VALIDATION));
  const held = validation.filter((_, n) => n % every === 0).map(see);
  const words = [...new Set(train.map(({ text }) => text))].sort();
  return openReader(config, {
    alphabet: LETTERS,
    width: WIDTH,
    batch(step) {
      const random = new Random(seed, AUGMENT_STREAM + step);
      return Array.from(order(step), (n) => learn(train[n], random));
    },
    validation: held,
    scores: (examples, readings) =>
      readingScores(
        NAMES,
        examples.map(({ text }) => text),
        readings,
      ),
    evaluate(reader, { language } = {}) {
      const model = characterModel(words, LETTERS);
      const likely: Decoder = (outputs) =>
        ctcBeamSearch(outputs, { ...model, ...BEAM, lengths: outputs.lengths }).map(([{ labels }]) => labels);
      const oneOf = (list: readonly string[]) => lexiconDecoder(spelled(list), LETTERS);
      const [seen, elsewhere] = [test, others].map((writings) => writings.map(see));
      const read: [Reading, ...Reading[]] = [
        { name: "greedy", readings: reader.read(seen) },
        { name: "beam search with a 5-gram of letters", readings: reader.read(seen, likely) },
        { name: `one of the ${words.length} words of training`, readings: reader.read(seen, oneOf(words)) },
      ];
      if (language !== undefined) {
        const { name, decode } = languageDecoder(language, LETTERS);
        read.unshift({ name, readings: reader.read(seen, decode) });
      }
      const report = readingReport({
        names: NAMES,
        examples: seen,
        groupOf: ({ writing }) => writing.writer,
        read,
        known: train.map(({ text }) => text),
        on: `${seen.length} words of ${writersOf(test)} writers of whom training saw nothing`,
        notes: [
          `${shareOf(test, words)} of these words were also written, by others, in training; of those of the other tablet ${shareOf(others, words)}.`,
          "The 5-gram is of the different words of training.",
          `Published, ${PUBLISHED}`,
        ],
        draw: (example) => draw(example, reader),
      });
      const all = [...new Set([...words, ...others.map(({ text }) => text)])];
      const row = (name: string, readings: readonly string[]) =>
        readingRow(NAMES, `other tablet, ${name}`, elsewhere, readings);
      return {
        ...report,
        table: [
          ...report.table,
          row("greedy", reader.read(elsewhere)),
          row("beam search with the 5-gram", reader.read(elsewhere, likely)),
          row(`one of ${all.length} words, its own too`, reader.read(elsewhere, oneOf(all))),
        ],
      };
    },
    predict(input, reader, { language } = {}) {
      const example = see(inkInput(input, [...test, ...others]));
      const decode = language === undefined ? undefined : languageDecoder(language, LETTERS).decode;
      const [reading] = reader.read([example], decode);
      return { drawing: draw(example, reader), truth: example.text, reading };
    },
  });
}

const spelled = (words: readonly string[]): Spelling[] =>
  words.map((word) => ({ word, labels: LETTERS.toLabels(word) }));

const writersOf = (writings: readonly Writing[]) => new Set(writings.map(({ writer }) => writer)).size;

/** "99.8 %" */
function shareOf(writings: readonly Writing[], words: readonly string[]): string {
  const known = new Set(words);
  return `${((100 * writings.filter(({ text }) => known.has(text)).length) / writings.length).toFixed(1)} %`;
}

/** The ink, and under it what the network writes, where it writes it. */
function draw(example: Seen, reader: Reader): string[] {
  const ink = drawStrokes(example.writing.strokes);
  return [...ink, spikesUnder(ink, reader.outputs([example]), example.places, LETTERS)];
}
