import { readFileSync } from "node:fs";
import type { DataSet } from "../data/dataSet.js";
import { dataSets } from "../data/dataSets.js";
import { resolveData } from "../data/resolve.js";
import { outsideSource } from "../data/source.js";
import { type Corpus, groupPairs, type TextPair, toExamples } from "./corpus.js";
import { parsePairs } from "./tsv.js";

interface Language {
  readonly code: string;
  readonly title: string;
  readonly example: string;
  /** Word error rate of the organisers' baseline on the test words, an ensemble of neural transducers. */
  readonly baseline: string;
  /** Letters are taken apart: a Korean letter is a whole syllable, and there are thousands. */
  readonly decomposed?: boolean;
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  hungarian: { code: "hun", title: "Hungarian words", example: "szeretlek", baseline: "1.80 %" },
  french: { code: "fre", title: "French words", example: "bonjour", baseline: "8.50 %" },
  dutch: { code: "dut", title: "Dutch words", example: "gezellig", baseline: "14.70 %" },
  korean: { code: "kor", title: "Korean words", example: "안녕하세요", baseline: "16.30 %", decomposed: true },
};

/** SIGMORPHON 2021, task 1, medium: 8,000 words of a language and how they sound, 1,000 to validate and 1,000 to test. */
export const sigmorphon: Readonly<Record<string, TextPair>> = Object.fromEntries(
  Object.entries(LANGUAGES).map(([name, language]) => [name, pronunciations(name, language)]),
);

function pronunciations(name: string, { code, title, example, baseline, decomposed = false }: Language): TextPair {
  const all = dataSets["sigmorphon2021-g2p"];
  const set: DataSet = { ...all, files: all.files.filter((file) => file.name.startsWith(code)) };
  const split = (word: string) => Array.from(word.normalize(decomposed ? "NFD" : "NFC"));
  const part = (which: string) => {
    const path = resolveData(set, `${code}_${which}.tsv`);
    return toExamples(groupPairs(parsePairs(readFileSync(path, "utf8"), path)), split, (phones) => phones.split(" "));
  };
  return {
    title,
    unit: "phone",
    example,
    published: `${baseline} of words wrong: an ensemble of neural transducers, the baseline of the task's organisers (README of sigmorphon/2021-task1).`,
    source: () => ({ ...outsideSource(set), name, holds: `10,000 ${title} and how they sound` }),
    load: (): Corpus => ({ train: part("train"), validation: part("dev"), test: part("test") }),
    split,
    join: (phones) => phones.join(" "),
  };
}
