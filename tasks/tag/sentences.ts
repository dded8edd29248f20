import type { DataSource } from "../task.js";

/** Words, or whatever is tagged, and a tag for each. */
export interface Sentence {
  readonly words: readonly string[];
  readonly tags: readonly string[];
}

export interface Corpus {
  readonly train: readonly Sentence[];
  readonly validation: readonly Sentence[];
  readonly test: readonly Sentence[];
}

/** A data set of tagged sentences. */
export interface TagSource {
  source(): DataSource;
  load(): Corpus;
  /** What is tagged: "commands". */
  readonly title: string;
  /** Whether tags mark slots: B-type and I-type inside them, O outside. */
  readonly slots: boolean;
  /** The tag of steps that need none and count in no share. */
  readonly trivial?: string;
  /** What the network reads of a word, besides the word itself: always as many. */
  features(word: string): readonly string[];
  /** A text in words, as a person writes it; with its tags where they are known. */
  read(text: string): { readonly words: readonly string[]; readonly tags?: readonly string[] };
  /** What others report, and where; a sentence each. */
  readonly notes: readonly string[];
}

/** Beginning, endings and shape of a word: what words that were never seen can be told by. */
export const wordFeatures = (word: string): string[] => {
  const letters = word.toLowerCase();
  return [letters.slice(0, 3), letters.slice(-1), letters.slice(-2), letters.slice(-3), shapeOf(word)];
};

/** "McDonald's" → "XxXx'x", "1996" → "d": kinds of characters, each run of one kind once. */
export const shapeOf = (word: string): string =>
  word
    .replace(/\p{Lu}/gu, "X")
    .replace(/\p{L}/gu, (letter) => (letter === "X" ? "X" : "x"))
    .replace(/\d/g, "d")
    .replace(/(.)\1+/gu, "$1");
