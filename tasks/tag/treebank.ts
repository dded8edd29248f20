import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { SeqlossError } from "../../src/index.js";
import { dataSets } from "../data/dataSets.js";
import { resolveData } from "../data/resolve.js";
import { outsideSource } from "../data/source.js";
import { type Sentence, type TagSource, wordFeatures } from "./sentences.js";

const SET = dataSets["ud-english-ewt"];

/** English of the web with parts of speech, the universal ones (Silveira et al. 2014). */
export const treebank: TagSource = {
  title: "sentences",
  slots: false,
  features: wordFeatures,
  notes: [
    "UPOS accuracy on English EWT by models that were pretrained on far more text: 96.94 %, spaCy's transformer on UD 2.5; 97.2 %, BERT, as reported.",
  ],
  source: () => outsideSource(SET),
  load() {
    const part = (name: string) => {
      const path = resolveData(SET, `en_ewt-upos.${name}.tsv.gz`);
      return parseTreebank(gunzipSync(readFileSync(path)).toString("utf8"), path);
    };
    return { train: part("train"), validation: part("dev"), test: part("test") };
  },
  read: (text) => ({ words: splitWords(text) }),
};

/**
 * Sentences from lines "word<tab>tag", an empty one after each sentence.
 *
 * @param from what it was read from, for messages
 * @throws SeqlossError (FORMAT) when a line is something else
 */
export function parseTreebank(text: string, from: string): Sentence[] {
  const sentences: { words: string[]; tags: string[] }[] = [];
  let open: (typeof sentences)[number] | undefined;
  text.split(/\r?\n/).forEach((line, n) => {
    if (line === "") {
      open = undefined;
      return;
    }
    const [word, tag, ...more] = line.split("\t");
    if (!word || !tag || more.length > 0) {
      throw new SeqlossError("tag", "FORMAT", {
        argument: `line ${n + 1} of ${from}`,
        expected: "a word and its tag with a tab between",
        found: line,
      });
    }
    if (open === undefined) {
      open = { words: [], tags: [] };
      sentences.push(open);
    }
    open.words.push(word);
    open.tags.push(tag);
  });
  return sentences;
}

/** Words as the treebank has them: punctuation on its own, "doesn't" as does n't, "Ann's" as Ann 's. */
export const splitWords = (text: string): string[] =>
  text
    .replace(/(\p{L})(n['’]t)\b/giu, "$1 $2")
    .replace(/(\p{L})(['’](?:s|m|d|re|ve|ll))\b/giu, "$1 $2")
    .replace(/([.,!?;:()"“”…]+)(?=\s|$)|(?<=^|\s)([("“]+)/gu, " $& ")
    .split(/\s+/)
    .filter((word) => word !== "");
