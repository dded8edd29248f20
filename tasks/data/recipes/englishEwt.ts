import { type Original, type Recipe, textOf } from "../recipe.js";

const HOME =
  "https://raw.githubusercontent.com/UniversalDependencies/UD_English-EWT/15d613d8447b3478787d4c278730a1e48a945efb";
const PARTS: readonly (readonly [string, number, string])[] = [
  ["train", 14203025, "3fb78e2b55482c8ee00caa653af436c88c9e5bc9a73ce26e4ae3ddc79d2b7e7b"],
  ["dev", 1805545, "531a54ff90d6ab12201c5a50c3e78e6ddac4de69abc4bce5d275d3cd29efe2b6"],
  ["test", 1804515, "e266e515a0a7547657ed3d90d9ba46487d6bd251f27ad4269d4e8a427c8555cd"],
];
const nameOf = (part: string) => `en_ewt-ud-${part}.conllu`;

/** Words and their universal parts of speech, of a treebank in CoNLL-U. */
export const englishEwt: Recipe = {
  originals: PARTS.map(([part, bytes, sha256]): Original => {
    const name = nameOf(part);
    return { name, bytes, sha256, download: `${HOME}/${name}` };
  }),
  convert: (originals) =>
    new Map(
      PARTS.map(([part]) => [`en_ewt-upos.${part}.tsv.gz`, Buffer.from(wordsAndTags(textOf(originals, nameOf(part))))]),
    ),
};

/**
 * Lines "FORM<tab>UPOS" of CoNLL-U, an empty one after each sentence; only of words that are numbered 1, 2, 3, so that neither
 * a token of several words nor a word that is not written comes along.
 */
export function wordsAndTags(conllu: string): string {
  return conllu
    .split("\n")
    .filter((line) => line === "" || /^\d+\t/.test(line))
    .map((line) => {
      const [, form, , tag] = line.split("\t");
      return line === "" ? "" : `${form}\t${tag}`;
    })
    .join("\n");
}
