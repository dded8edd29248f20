import type { BeamOptions } from "../../src/index.js";
import { trainNgram } from "../language/ngram.js";
import type { Alphabet } from "./alphabet.js";

/** Characters that a probability is estimated from, with the character itself. */
const ORDER = 5;
/** Stands between texts: no class of the network writes it but the blank, which is no symbol. */
const END = 0;

/** What a character n-gram of these texts says of prefixes, as a beam search asks for it. */
export function characterModel(
  texts: readonly string[],
  alphabet: Alphabet,
): Required<Pick<BeamOptions, "languageModel" | "finish">> {
  const ids = Uint8Array.from([END, ...texts.flatMap((text) => [...alphabet.toLabels(text), END])]);
  const ngram = trainNgram(ids, alphabet.classes, ORDER);
  const languageModel = (prefix: readonly number[], next: number): number => {
    const recent = Uint8Array.from([END, ...prefix].slice(-(ORDER - 1)).concat(next));
    return -ngram.surprisals(recent)[recent.length - 1];
  };
  return { languageModel, finish: (labels) => languageModel(labels, END) };
}
