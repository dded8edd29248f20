import { wordFeatures } from "../tag/sentences.js";
import type { TextSource } from "./texts.js";

/** No message is read beyond this. */
const LONGEST = 200;
const NUMBER = /^\d{3,}$/;

/** What the network reads one after another: words, numbers and signs of a message, or the letters of a name. */
export function tokensOf(text: string, { words }: Pick<TextSource, "words">): string[] {
  const tokens = words
    ? (text.match(/\p{L}+(?:['’]\p{L}+)*|\d+|[^\s\p{L}\d]+/gu) ?? [])
    : Array.from(text.toLowerCase());
  return tokens.slice(0, LONGEST);
}

/** What it reads of each besides: of words beginning, ending and shape, of numbers how long they are. */
export const tokenFeatures = ({ words }: Pick<TextSource, "words">): ((token: string) => readonly string[]) =>
  words
    ? (token) => (NUMBER.test(token) ? NUMBERS.map((kind) => `${kind}${token.length}`) : wordFeatures(token))
    : () => [];

/** As many as a word has features. */
const NUMBERS = wordFeatures("").map(() => "digits");
