import { createRequire } from "node:module";
import { SeqlossError } from "../../src/index.js";
import { packageFolder, packageSource } from "../data/source.js";
import { once } from "../once.js";
import type { SpeechCorpus } from "./corpus.js";
import { BANDS, type DigitParts, digitStrings, SAMPLE_RATE, type SpokenDigit } from "./digitStrings.js";
import { decodeWav } from "./wav.js";

const PACKAGE = "mespeak";
const WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** What the synthesiser waits between words, in hundredths of a second; silence this long, in seconds, is between words. */
const PAUSE = 40;
const QUIET = 0.25;
/** A sample further from 0 is sound, where samples lie in ±1. */
const LOUD = 0.02;

/** An accent, a voice, how high and how fast it speaks. */
type Voice = readonly [accent: string, variant: string, pitch: number, speed: number];

/** Voices of one part are in no other. */
const VOICES: Readonly<Record<keyof DigitParts, readonly Voice[]>> = {
  train: [
    ["en", "m1", 45, 150],
    ["en-us", "f1", 55, 170],
    ["en-rp", "m3", 35, 140],
    ["en-us", "m7", 50, 190],
    ["en-sc", "f2", 60, 160],
    ["en-n", "m1", 60, 175],
    ["en-wm", "f1", 45, 145],
    ["en", "f2", 70, 180],
    ["en-us", "m2", 50, 155],
    ["en-n", "f1", 50, 165],
    ["en-wm", "m3", 55, 185],
    ["en-rp", "f2", 45, 170],
  ],
  validation: [
    ["en-us", "m4", 40, 165],
    ["en-rp", "f3", 50, 155],
  ],
  test: [
    ["en", "m5", 50, 160],
    ["en-us", "f4", 60, 150],
    ["en-sc", "m6", 40, 175],
    ["en-rp", "f5", 55, 165],
  ],
};

/** The part of the package that is used. */
interface Speaker {
  loadConfig(config: unknown): void;
  loadVoice(voice: unknown): void;
  speak(text: string, options: Readonly<Record<string, unknown>>): ArrayBuffer | undefined;
}

/** Digits said by the synthesiser meSpeak (eSpeak in JavaScript): no person ever said them. */
export const spoken: SpeechCorpus = {
  title: "synthetic strings of four voices that training never heard",
  bands: BANDS,
  sampleRate: SAMPLE_RATE,
  published: "none: the speech is synthetic, said by the synthesiser eSpeak, and far easier than people",
  source: () =>
    packageSource({
      name: "spoken",
      npm: PACKAGE,
      holds: "synthetic digits, said by 18 voices of the synthesiser meSpeak, from npm",
      licence: "GPL (the synthesiser)",
    }),
  load: () => digitStrings(speakDigits()),
};

/** Of each part all digits of all its voices, said once in a process, when they are first asked for. */
const said: Readonly<Record<keyof DigitParts, () => SpokenDigit[]>> = {
  train: once(() => sayPart("train")),
  validation: once(() => sayPart("validation")),
  test: once(() => sayPart("test")),
};

/** @throws DataError (missing) when the package is not installed, as soon as a part is asked for */
export const speakDigits = (): DigitParts => ({
  get train() {
    return said.train();
  },
  get validation() {
    return said.validation();
  },
  get test() {
    return said.test();
  },
});

function sayPart(name: keyof DigitParts): SpokenDigit[] {
  const speaker = synthesiser();
  return VOICES[name].flatMap(([accent, variant, pitch, speed], n) => {
    const options = { voice: `en/${accent}`, variant, pitch, speed, wordgap: PAUSE, rawdata: true };
    const wav = new Uint8Array(speaker.speak(WORDS.join(" "), options) as ArrayBuffer);
    return cutWords(decodeWav(wav, SAMPLE_RATE, PACKAGE)).map((samples, digit) => {
      return { digit, speaker: `${name} ${n}`, samples };
    });
  });
}

/** It cannot be set up twice. It warns on the console where it is loaded outside a browser, which is nothing to worry about. */
const synthesiser = once((): Speaker => {
  const folder = packageFolder(PACKAGE);
  const load = createRequire(import.meta.url);
  const { log, warn } = console;
  console.log = () => {};
  console.warn = () => {};
  try {
    const speaker: Speaker = load(folder);
    speaker.loadConfig(load(`${folder}/src/mespeak_config.json`));
    const accents = new Set(Object.values(VOICES).flatMap((voices) => voices.map(([accent]) => accent)));
    for (const accent of accents) speaker.loadVoice(load(`${folder}/voices/en/${accent}.json`));
    return speaker;
  } finally {
    Object.assign(console, { log, warn });
  }
});

/**
 * The ten words of a voice, without the silence around them. Each voice says all of them in one go: the synthesiser's memory
 * breaks after some sixty calls.
 *
 * @throws SeqlossError (FORMAT) when there are not ten
 */
function cutWords(samples: Float32Array): Float32Array[] {
  const words: Float32Array[] = [];
  let [start, end] = [-1, -1];
  for (let i = 0; i <= samples.length; i++) {
    const over = i === samples.length || (start >= 0 && i - end > QUIET * SAMPLE_RATE);
    if (over && start >= 0) {
      words.push(samples.slice(start, end + 1));
      start = -1;
    }
    if (Math.abs(samples[i]) <= LOUD) continue;
    if (start < 0) start = i;
    end = i;
  }
  if (words.length === WORDS.length) return words;
  throw new SeqlossError("spoken", "FORMAT", {
    argument: `what ${PACKAGE} said`,
    expected: `${WORDS.length} words`,
    found: `${words.length} words`,
  });
}
