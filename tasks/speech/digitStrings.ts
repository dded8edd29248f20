import { Random } from "../../src/index.js";
import { once } from "../once.js";
import { Alphabet } from "../reading/alphabet.js";
import type { Recordings, Utterance } from "./corpus.js";
import { logMel } from "./logMel.js";

export const SAMPLE_RATE = 8000;
export const BANDS = 24;
/** Digits in a string. */
const SHORTEST = 2;
const LONGEST = 5;
/** Seconds of silence before, between and after digits. */
const SILENCE = { least: 0.03, most: 0.25 };
/** How loud silence is, where samples lie in ±1. */
const HISS = 0.001;
const VALIDATION = 150;
const TEST = 400;
/** Streams of the generator: strings of the parts never share one. */
const STREAM = { validation: 2, test: 3, train: 100_000 };

/** One digit, said once. */
export interface SpokenDigit {
  readonly digit: number;
  readonly speaker: string;
  /** 8 kHz, in ±1 */
  readonly samples: Float32Array;
}

export interface DigitParts {
  readonly train: readonly SpokenDigit[];
  readonly validation: readonly SpokenDigit[];
  readonly test: readonly SpokenDigit[];
}

/**
 * Strings of 2 to 5 digits, each of one speaker: recordings joined with silence between them. A part is read, and its strings
 * are joined, when they are asked for.
 */
export function digitStrings(parts: DigitParts): Recordings {
  const learnt = once(() => bySpeaker(parts.train));
  const texts = once(() => fixed(learnt(), 200, STREAM.train).map(({ text }) => text));
  const validation = once(() => fixed(bySpeaker(parts.validation), VALIDATION, STREAM.validation));
  const test = once(() => fixed(bySpeaker(parts.test), TEST, STREAM.test));
  return {
    alphabet: new Alphabet("0123456789"),
    get texts() {
      return texts();
    },
    batches({ batchSize, seed }) {
      return (step) => {
        const random = new Random(seed, STREAM.train + step);
        return Array.from({ length: batchSize }, () => joinDigits(learnt(), random));
      };
    },
    get validation() {
      return validation();
    },
    get test() {
      return test();
    },
  };
}

type Speakers = readonly (readonly SpokenDigit[])[];

function bySpeaker(digits: readonly SpokenDigit[]): Speakers {
  const groups = new Map<string, SpokenDigit[]>();
  for (const one of digits) {
    const own = groups.get(one.speaker);
    if (own === undefined) groups.set(one.speaker, [one]);
    else own.push(one);
  }
  return [...groups.values()];
}

function fixed(speakers: Speakers, count: number, stream: number): Utterance[] {
  const random = new Random(0, stream);
  return Array.from({ length: count }, () => joinDigits(speakers, random));
}

function joinDigits(speakers: Speakers, random: Random): Utterance {
  const own = speakers[random.integer(speakers.length)];
  const digits = Array.from(
    { length: SHORTEST + random.integer(LONGEST - SHORTEST + 1) },
    () => own[random.integer(own.length)],
  );
  const silence = () => Math.round(SAMPLE_RATE * (SILENCE.least + random.uniform() * (SILENCE.most - SILENCE.least)));
  const gaps = Array.from({ length: digits.length + 1 }, silence);
  const length = gaps.reduce((a, b) => a + b, 0) + digits.reduce((sum, { samples }) => sum + samples.length, 0);
  const joined = Float32Array.from({ length }, () => HISS * random.normal());
  let at = 0;
  digits.forEach(({ samples }, n) => {
    at += gaps[n];
    for (let i = 0; i < samples.length; i++) joined[at + i] += samples[i];
    at += samples.length;
  });
  return {
    text: digits.map(({ digit }) => digit).join(""),
    speaker: own[0].speaker,
    spectrum: logMel(joined, SAMPLE_RATE, BANDS),
  };
}
