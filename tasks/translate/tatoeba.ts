import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { dataSets } from "../data/dataSets.js";
import { resolveData } from "../data/resolve.js";
import { outsideSource } from "../data/source.js";
import { groupPairs, type TextPair, toExamples } from "./corpus.js";
import { parsePairs } from "./tsv.js";

const SET = dataSets["tatoeba-eng-fra"];

/** Words with their elided forms ("j'", "n'"), numbers, and marks one by one, in small letters. */
export function splitSentence(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replace(/[’ʼ]/g, "'")
      .match(/[\p{L}\p{M}\p{N}]+'?|[^\s\p{L}\p{M}\p{N}]/gu) ?? []
  );
}

/** Words with spaces between, marks where French and English readers expect none. */
export const joinSentence = (words: readonly string[]): string =>
  words
    .join(" ")
    .replace(/' /g, "'")
    .replace(/ ([.,])/g, "$1");

/** Tatoeba: short English sentences and what they may be in French. */
export const tatoeba: TextPair = {
  title: "English sentences",
  unit: "word",
  example: "I am very happy.",
  source: () => ({ ...outsideSource(SET), name: "tatoeba" }),
  load() {
    const part = (which: string) => {
      const path = resolveData(SET, `eng-fra.${which}.tsv.gz`);
      const text = gunzipSync(readFileSync(path)).toString("utf8");
      return toExamples(groupPairs(parsePairs(text, path)), splitSentence, splitSentence);
    };
    return { train: part("train"), validation: part("dev"), test: part("test") };
  },
  split: splitSentence,
  join: joinSentence,
};
