import { createRequire } from "node:module";
import { Random, SeqlossError } from "../../src/index.js";
import { packageFolder, packageSource } from "../data/source.js";
import { once } from "../once.js";
import type { Corpus, Sentence, TagSource } from "./sentences.js";

const PACKAGE = "cmu-pronouncing-dictionary";
/** The tag of consonants, which bear no stress. */
const NONE = "-";
/** A subset of the dictionary's 123,000 words, so that a network is trained in a minute. */
const SIZES = { test: 1500, validation: 1000, train: 16_000 };
/** Vowels of the shortest word whose stress is a question. */
const VOWELS = 2;

/** English words in phones, each vowel with its stress: 1 primary, 2 secondary, 0 none (CMUdict). */
export const stress: TagSource = {
  title: "words of two and more syllables",
  slots: false,
  trivial: NONE,
  features: () => [],
  notes: ["Consonants have no stress, and count neither as right nor as wrong."],
  source: () =>
    packageSource({
      name: "cmudict-stress",
      npm: PACKAGE,
      holds: "18,500 of CMUdict's English words, in phones with their stress, from npm",
      licence: "ISC",
    }),
  load: once(() => splitDictionary(loadDictionary(), SIZES)),
  /** Phones, or a word of the dictionary. */
  read(text) {
    const known = loadDictionary()[text.trim().toLowerCase()];
    if (known !== undefined) return toSentence(known);
    const words = text.trim().toUpperCase().replace(/\d/g, "").split(/\s+/);
    const phones = new Set(Object.values(loadDictionary()).flatMap((listed) => listed.replace(/\d/g, "").split(" ")));
    const other = words.find((word) => !phones.has(word));
    if (other === undefined) return { words };
    throw new SeqlossError("predict", "FORMAT", {
      argument: "the input",
      expected: "an English word of CMUdict, or phones as it writes them, such as B AH N AE N AH",
      found: text,
    });
  },
};

/** @throws DataError (missing) when the package is not installed */
function loadDictionary(): Readonly<Record<string, string>> {
  const { dictionary } = createRequire(import.meta.url)(packageFolder(PACKAGE));
  return dictionary;
}

/** "B AH0 N AE1 N AH0" → phones, and the stress of each. */
export function toSentence(phones: string): Sentence {
  const listed = phones.split(" ");
  return {
    words: listed.map((phone) => phone.replace(/\d/, "")),
    tags: listed.map((phone) => /\d/.exec(phone)?.[0] ?? NONE),
  };
}

/** Words drawn for each part, always the same ones; phones that differ in stress alone are all in one part. */
export function splitDictionary(dictionary: Readonly<Record<string, string>>, sizes: typeof SIZES): Corpus {
  const byPhones = new Map<string, Sentence>();
  for (const phones of Object.values(dictionary)) {
    const sentence = toSentence(phones);
    const key = sentence.words.join(" ");
    const vowels = sentence.tags.filter((tag) => tag !== NONE).length;
    if (vowels >= VOWELS && !byPhones.has(key)) byPhones.set(key, sentence);
  }
  const all = [...byPhones].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sentence]) => sentence);
  const order = new Random(0).shuffle(Int32Array.from(all.keys()));
  let start = 0;
  const part = (count: number) => {
    start += count;
    return Array.from(order.subarray(start - count, start), (n) => all[n]);
  };
  return { test: part(sizes.test), validation: part(sizes.validation), train: part(sizes.train) };
}
