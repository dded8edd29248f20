import { readFileSync } from "node:fs";
import { SeqlossError } from "../../src/index.js";
import { dataSets } from "../data/dataSets.js";
import { resolveData } from "../data/resolve.js";
import { outsideSource } from "../data/source.js";
import { type Sentence, type TagSource, wordFeatures } from "./sentences.js";

const SET = dataSets["snips-slots"];
/** What a line must look like. */
const TAG = /^(O|[BI]-.+)$/;

const words = (line: string) => line.split(/\s+/).filter((word) => word !== "");

/** Commands to a voice assistant, with the slots that a program needs of them (Coucke et al. 2018). */
export const snips: TagSource = {
  title: "commands",
  slots: true,
  features: wordFeatures,
  notes: [
    "Slot F1 on the same split: 88.8 %, slot-gated BLSTM (Goo et al., NAACL 2018); 87.3 %, a joint RNN-LSTM that they compare with, as reported there.",
  ],
  source: () => outsideSource(SET),
  load() {
    const part = (name: string) => {
      const [words, tags] = ["in", "out"].map((end) => resolveData(SET, `${name}.seq.${end}`));
      return parseCommands(readFileSync(words, "utf8"), readFileSync(tags, "utf8"), tags);
    };
    return { train: part("train"), validation: part("valid"), test: part("test") };
  },
  read: (text) => ({ words: words(text.toLowerCase()) }),
};

/**
 * Commands from two files: a line each of words, and of tags.
 *
 * @param from what the tags were read from, for messages
 * @throws SeqlossError (FORMAT) when a word has no tag, or a tag is none
 */
export function parseCommands(wordLines: string, tagLines: string, from: string): Sentence[] {
  const lines = (text: string) => text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const tagged = lines(tagLines);
  return lines(wordLines).map((line, n) => {
    const sentence = { words: words(line), tags: words(tagged[n] ?? "") };
    if (sentence.words.length === sentence.tags.length && sentence.tags.every((tag) => TAG.test(tag))) return sentence;
    throw new SeqlossError("tag", "FORMAT", {
      argument: `line ${n + 1} of ${from}`,
      expected: `${sentence.words.length} tags, O, B-… or I-…`,
      found: tagged[n],
    });
  });
}
