import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  ctcBeamSearch,
  ctcWordBeamSearch,
  labelNgram,
  type NgramModel,
  readArpa,
  readLexicon,
  SeqlossError,
  type Spelling,
  wordModel,
} from "../../src/index.js";
import type { LanguageFiles } from "../task.js";
import type { Alphabet } from "./alphabet.js";
import type { Decoder } from "./reader.js";

const SPACE = " ";
/** How models of characters write a space. */
const SPACES = ["|", "<space>", "▁", "_"];
const DEFAULTS = { weight: 0.5, bonus: 1 };

/** A way to read with a language model, and what a report calls it. */
export interface LanguageDecoder {
  readonly name: string;
  readonly decode: Decoder;
}

/**
 * Reads with an ARPA model: of the words of a lexicon; without one of the model's own words, spelled by their characters; or,
 * where those are single characters, of characters.
 *
 * @throws SeqlossError in the name of a file that is malformed, or without a word that the alphabet can write
 */
export function languageDecoder(files: LanguageFiles, alphabet: Alphabet): LanguageDecoder {
  const { lm, lexicon, weight = DEFAULTS.weight, bonus = DEFAULTS.bonus } = files;
  const { tokens } = alphabet;
  const ngram = inTheNameOf(lm, () => readArpa(readText(lm)));
  const words = ngram.words.filter((word) => !/^<.*>$/.test(word));
  if (lexicon === undefined && words.every((word) => Array.from(word).length === 1)) {
    const model = labelNgram(
      ngram,
      tokens.map((token) => (token === SPACE ? spaceOf(ngram) : token)),
    );
    const options = { ...model, languageWeight: weight, labelBonus: bonus };
    return {
      name: `beam search with the characters of ${lm}`,
      decode: (outputs) =>
        ctcBeamSearch(outputs, { ...options, lengths: outputs.lengths }).map(([{ labels }]) => labels),
    };
  }
  const spellings =
    lexicon === undefined
      ? spelled(words, tokens, lm)
      : inTheNameOf(lexicon, () => readLexicon(readText(lexicon), tokens));
  const separator = tokens.indexOf(SPACE);
  const model = inTheNameOf(lexicon ?? lm, () =>
    wordModel({ lexicon: spellings, ngram, ...(separator > 0 && { separator }) }),
  );
  const options = { languageWeight: weight, wordBonus: bonus };
  return {
    name: `beam search with the words of ${lm}`,
    decode: (outputs) =>
      ctcWordBeamSearch(outputs, model, { ...options, lengths: outputs.lengths }).map(([{ labels }]) => labels),
  };
}

const spaceOf = (ngram: NgramModel): string => SPACES.find((word) => ngram.knows(word)) ?? SPACE;

/** Those words that the tokens can write. */
function spelled(words: readonly string[], tokens: readonly string[], from: string): Spelling[] {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const found = words
    .map((word) => ({ word, labels: Array.from(word, (character) => ids.get(character) ?? -1) }))
    .filter(({ labels }) => !labels.includes(-1));
  if (found.length > 0) return found;
  throw new SeqlossError(from, "FORMAT", {
    argument: "its words",
    expected: `some that "${tokens.join("")}" can write`,
    found: words.slice(0, 5),
  });
}

function readText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** What is wrong with a file, by the file's name. */
function inTheNameOf<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SeqlossError)) throw error;
    const { code, argument, expected, found } = error;
    throw new SeqlossError(path, code, { argument, expected, found });
  }
}
