import { createRequire } from "node:module";
import { Random } from "../../src/index.js";
import { packageFolder, packageSource } from "../data/source.js";
import { once } from "../once.js";
import { type Corpus, groupPairs, type TextPair, toExamples } from "./corpus.js";

const PACKAGE = "cmu-pronouncing-dictionary";
/** A subset of the 123,000 words, so that a network is trained in minutes. */
const SIZES = { train: 40_000, validation: 1000, test: 1000 };
const LONGEST = 12;

const split = (word: string) => Array.from(word.toLowerCase());

/** CMUdict: English words and how Americans say them, some of them in several ways; stress is left out. */
export const cmudict: TextPair = {
  title: "English words",
  unit: "phone",
  example: "lossless",
  source: () =>
    packageSource({
      name: "cmudict",
      npm: PACKAGE,
      holds: "42,000 of CMUdict's English words and how they sound, from npm",
      licence: "ISC",
    }),
  load: once(() => splitWords(readDictionary(loadDictionary()), SIZES)),
  split,
  join: (phones) => phones.join(" "),
};

/** @throws DataError (missing) when the package is not installed */
function loadDictionary(): Readonly<Record<string, string>> {
  const { dictionary } = createRequire(import.meta.url)(packageFolder(PACKAGE));
  return dictionary;
}

/** Words of letters and apostrophes, and their pronunciations without stress: "a(2)" is another one of "a". */
export function readDictionary(dictionary: Readonly<Record<string, string>>): Map<string, string[]> {
  const pairs = Object.entries(dictionary).map(
    ([entry, phones]) => [entry.replace(/\(\d+\)$/, ""), phones.replace(/\d/g, "")] as const,
  );
  const words = pairs.filter(([word]) => word.length <= LONGEST && /^[a-z][a-z']*$/.test(word));
  return groupPairs(words);
}

/** Words drawn for each part, always the same ones; each word with all its pronunciations is in one part. */
export function splitWords(
  words: ReadonlyMap<string, readonly string[]>,
  { train, validation, test }: typeof SIZES,
): Corpus {
  const list = [...words].sort(([a], [b]) => (a < b ? -1 : 1));
  const order = new Random(0).shuffle(Int32Array.from(list.keys()));
  const part = (start: number, count: number) =>
    toExamples(new Map(Array.from(order.subarray(start, start + count), (n) => list[n])), split, (phones) =>
      phones.split(" "),
    );
  return {
    test: part(0, test),
    validation: part(test, validation),
    train: part(test + validation, train),
  };
}
