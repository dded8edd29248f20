import { existsSync } from "node:fs";
import { bucketedBatches, Random, SeqlossError } from "../../src/index.js";
import { Alphabet } from "../reading/alphabet.js";
import { type Example, openReader, type Reader, type ReaderConfig } from "../reading/reader.js";
import { readingReport, readingRow, readingScores, type ScoreNames } from "../reading/report.js";
import { drawStrokes, spikesUnder } from "../strokes/draw.js";
import { strokeFrames, WIDTH } from "../strokes/frames.js";
import type { Writing } from "../strokes/ink.js";
import { readInkFile } from "../strokes/inkFile.js";
import { lossNamed, type OpenTask } from "../task.js";
import { type Hand, handsOf, joinDigits } from "./joined.js";
import type { DigitStrokes } from "./written.js";

export type StringsConfig = ReaderConfig;

export const STRING_LOSSES = { ctcLoss: true };
const NAMES: ScoreNames = { symbols: "characterErrorRate", texts: "numberErrorRate" };
/** Numbers are written with signs between the digits: 9-408-327-9634, 12/31, 4.50. */
const SYMBOLS = new Alphabet(",-./0123456789");
/** Way of the pen from one place to the next: less than for words, so that 11 has a step between its digits. */
const PACE = 0.15;
const LONGEST = 8;
/** Of each batch, what is really written in one go; the others are joined from single digits of one hand. */
const REAL = 0.5;
/** Joined numbers to validate with, beside the real ones, which are few. */
const VALIDATION = 200;
const STREAM = { validation: 2, predict: 5, train: 1000 };

const PUBLISHED =
  "for these strings none. For single digits, of other splits: clustered dynamic time warping 2.9 % (Bahlmann and Burkhardt 2004), " +
  "hidden Markov models 3.2 % (Hu et al. 2000), SVM with a warping kernel 4.0 % (Bahlmann et al. 2002)";

/** How strings are read unless a run says otherwise. */
export const STRINGS = {
  steps: 3000,
  batchSize: 32,
  hidden: 64,
  layers: 2,
  dropout: 0.2,
  learningRate: 6e-3,
  clip: 5,
  averaging: 0.995,
};

/** A number with what the network sees of it. */
interface Seen extends Example {
  readonly writing: Writing;
  readonly places: Float32Array;
}

/** Numbers as the pen wrote them, read with CTC: real strings, and digits of one hand joined. */
export function openStrings(config: StringsConfig, { isolated, strings }: DigitStrokes): OpenTask {
  lossNamed("numbers", STRING_LOSSES, config.loss);
  const { seed, batchSize } = config;
  const see = (writing: Writing, random?: Random): Seen => ({
    writing,
    text: writing.text,
    ...strokeFrames(writing.strokes, PACE, random),
  });
  const hands = handsOf(isolated.train);
  const join = (from: readonly Hand[], random: Random) =>
    joinDigits(from[random.integer(from.length)], random, 1 + random.integer(LONGEST));
  const real = Math.max(1, Math.round(REAL * batchSize));
  const order = bucketedBatches(
    strings.train.map(({ text }) => text.length),
    { batchSize: real, seed },
  );
  const held = handsOf(isolated.validation);
  const chance = new Random(0, STREAM.validation);
  const validation = [...strings.validation, ...Array.from({ length: VALIDATION }, () => join(held, chance))];
  return openReader(config, {
    alphabet: SYMBOLS,
    width: WIDTH,
    batch(step) {
      const random = new Random(seed, STREAM.train + step);
      const written = Array.from(order(step), (n) => strings.train[n]);
      const joined = Array.from({ length: batchSize - real }, () => join(hands, random));
      return [...written, ...joined].map((writing) => see(writing, random));
    },
    validation: validation.map((writing) => see(writing)),
    scores: (examples, readings) =>
      readingScores(
        NAMES,
        examples.map(({ text }) => text),
        readings,
      ),
    evaluate(reader) {
      const [seen, single] = [strings.test, isolated.test].map((writings) => writings.map((writing) => see(writing)));
      const report = readingReport({
        names: NAMES,
        examples: seen,
        groupOf: ({ text }) => (/^\d+$/.test(text) ? "digits alone" : "with signs"),
        read: [{ name: "greedy", readings: reader.read(seen) }],
        known: strings.train.map(({ text }) => text),
        on: `${seen.length} numbers really written, by ${new Set(strings.test.map(({ writer }) => writer)).size} writers of whom training saw nothing`,
        notes: [
          `Trained on ${strings.train.length} numbers really written and on numbers joined from single digits of one hand. Spaces count for nothing.`,
          `Published, ${PUBLISHED}.`,
        ],
        draw: (example) => draw(example, reader),
      });
      return { ...report, table: [...report.table, readingRow(NAMES, "single digits", single, reader.read(single))] };
    },
    predict(input, reader) {
      const example = see(numberFor(input, handsOf(isolated.test), seed));
      const [reading] = reader.read([example]);
      return { drawing: draw(example, reader), truth: example.text, reading };
    },
  });
}

/** The ink, and under it what the network writes, where it writes it. */
function draw(example: Seen, reader: Reader): string[] {
  const ink = drawStrokes(example.writing.strokes);
  return [...ink, spikesUnder(ink, reader.outputs([example]), example.places, SYMBOLS)];
}

/** A file's strokes; or digits as one of the test's writers writes them. */
function numberFor(input: string, hands: readonly Hand[], seed: number): Writing {
  if (existsSync(input)) return { strokes: readInkFile(input), text: "", writer: "" };
  const able = hands.filter(({ digits }) =>
    Array.from(input).every((digit) => digits.some(({ text }) => text === digit)),
  );
  if (/^\d{1,12}$/.test(input) && able.length > 0) {
    const random = new Random(seed + Number(input), STREAM.predict);
    return joinDigits(able[random.integer(able.length)], random, input);
  }
  throw new SeqlossError("predict", "FORMAT", {
    argument: "the input",
    expected: "a file of strokes (JSON, InkML or SVG), or up to 12 digits to write with unseen handwriting",
    found: input,
  });
}
