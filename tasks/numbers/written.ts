import type { Writing } from "../strokes/ink.js";
import { loadUnipen } from "../strokes/unipen.js";

export interface Parts {
  readonly train: readonly Writing[];
  readonly validation: readonly Writing[];
  readonly test: readonly Writing[];
}

/** Digits and strings of them as pen strokes; the parts of both together share no writer. */
export interface DigitStrokes {
  readonly isolated: Parts;
  readonly strings: Parts;
}

/** UNIPEN's digits; in the strings there is no space, which is no ink. */
export function loadDigitStrokes(): DigitStrokes {
  const load = (kind: string): Parts => {
    const part = (name: string) =>
      loadUnipen(`${kind}.${name}`).map((writing) => ({ ...writing, text: writing.text.replaceAll(" ", "") }));
    return { train: part("train"), validation: part("valid"), test: part("test") };
  };
  return { isolated: load("digits-isolated"), strings: load("digits-strings") };
}
