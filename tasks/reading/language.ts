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
 * where those are single characters, of characters. With a lexicon alone all of its words are alike; they stand between spaces,
 * or, where the alphabet has no space, a reading is one word.
 *
 * @throws SeqlossError in the name of a file that is malformed, or without a word that the alphabet can write
 */
export function languageDecoder(files: LanguageFiles, alphabet: Alphabet): LanguageDecoder {
  const { lm, lexicon, weight = DEFAULTS.weight, bonus = DEFAULTS.bonus } = files;
  const { tokens } = alphabet;
  if (lm === undefined) {
    if (lexicon === undefined) {
      throw new SeqlossError("language", "OPTION", { argument: "lm", expected: "a model or a lexicon", found: lm });
    }
    const spellings = inTheNameOf(lexicon, () => readLexicon(readText(lexicon), tokens));
    const decode = inTheNameOf(lexicon, () => lexiconDecoder(spellings, alphabet, bonus));
    return { name: `beam search with the words of ${lexicon}`, decode };
  }
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

/** Reads words of a lexicon, all alike, as `languageDecoder` does with a lexicon alone. */
export function lexiconDecoder(lexicon: readonly Spelling[], { tokens }: Alphabet, bonus = DEFAULTS.bonus): Decoder {
  const separator = tokens.indexOf(SPACE);
  const model =
    separator > 0
      ? wordModel({ lexicon, separator })
      : wordModel({ lexicon, ngram: oneOf(lexicon.map(({ word }) => word)) });
  return (outputs) =>
    ctcWordBeamSearch(outputs, model, { wordBonus: bonus, lengths: outputs.lengths }).map(([{ labels }]) => labels);
}

/** A bigram after which exactly one word comes, each as likely as the others. */
function oneOf(list: readonly string[]): NgramModel {
  const words = [...new Set(list)];
  const never = -99;
  const share = -Math.log10(words.length);
  const lines = [
    ...[
      "\\data\\",
      `ngram 1=${words.length + 2}`,
      `ngram 2=${words.length}`,
      "\\1-grams:",
      `${never} <s> 0`,
      `${never} </s>`,
    ],
    ...words.map((word) => `${share} ${word} ${never}`),
    ...["\\2-grams:", ...words.map((word) => `0 ${word} </s>`), "\\end\\"],
  ];
  return readArpa(lines.join("\n"));
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
