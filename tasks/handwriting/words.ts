import { Alphabet } from "../reading/alphabet.js";
import type { Writing } from "../strokes/ink.js";
import { loadUnipen } from "../strokes/unipen.js";

/** Words that people wrote, in parts that share no writer. */
export interface WrittenWords {
  readonly train: readonly Writing[];
  readonly validation: readonly Writing[];
  readonly test: readonly Writing[];
  /** Of other writers on another tablet; most of the words are not in training. */
  readonly others: readonly Writing[];
}

/** UNIPEN's words: of Stanford's writers, 24 to learn from, 4 to validate and 4 to test; of 32 of Hewlett-Packard's to test. */
export const loadWords = (): WrittenWords => ({
  train: loadUnipen("words-stanford.train"),
  validation: loadUnipen("words-stanford.valid"),
  test: loadUnipen("words-stanford.test"),
  others: loadUnipen("words-hp.test"),
});

export const LETTERS = new Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
