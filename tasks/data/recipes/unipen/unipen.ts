import type { Files, Recipe } from "../../recipe.js";
import { digitSamples } from "./digits.js";
import type { Sample } from "./samples.js";
import { isNeeded, sourcesOf } from "./sources.js";
import { hewlettPackardWords, stanfordWords } from "./words.js";

const COMMIT = "552a4d440bc94bb34710650c0826be7deb986f7c";

/** Pen strokes of words, digits and digit strings, of what UNIPEN holds in many contributors' forms. */
export const unipen: Recipe = {
  originals: [
    {
      name: "train_r01_v07.tar.gz",
      download: `https://codeload.github.com/GreenCappuccino/train_r01_v07/tar.gz/${COMMIT}`,
      bytes: 157_000_000,
      inflated: 700_000_000,
      needs: isNeeded,
      sha256: "d7ae468dba6d60e5bb870b69aaa6a4a646ec9b9d778c670b89eedcb77e270949",
    },
  ],
  convert(originals): Files {
    const sources = sourcesOf(originals);
    const { isolated, strings } = digitSamples(sources);
    return new Map(
      Object.entries({
        ...bySplit("words-stanford", stanfordWords(sources)),
        "words-hp.test": hewlettPackardWords(sources),
        ...bySplit("digits-isolated", isolated),
        ...bySplit("digits-strings", strings),
      }).map(([name, samples]) => [`${name}.jsonl.gz`, Buffer.from(samples.map(lineOf).join(""))]),
    );
  },
};

function bySplit(name: string, samples: readonly Sample[]): Record<string, Sample[]> {
  const of = (split: Sample["split"]) => samples.filter((one) => one.split === split);
  return { [`${name}.train`]: of("train"), [`${name}.valid`]: of("valid"), [`${name}.test`]: of("test") };
}

const lineOf = ({ writer, text, strokes }: Sample) => `${JSON.stringify({ writer, text, strokes })}\n`;
