import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { type Recipe, textOf } from "../recipe.js";

const ORIGINAL = "fra-eng.zip";
const PAIRS = "fra.txt";
const PAIRS_BYTES = 10009515;
/** Tokens of the pairs that are kept, at least and at most. */
const TOKENS = { english: [2, 8], french: [2, 10] } as const;
const LETTER = "[\\p{L}\\p{Nl}\\p{No}]";
/** A word up to its apostrophe, words joined by hyphens, digits, or one other sign. */
const TOKEN = new RegExp(`${LETTER}+['’](?=${LETTER})|${LETTER}+(?:-${LETTER}+)*|\\p{Nd}+|[^\\p{L}\\p{N}\\s_]`, "gu");

/** Short pairs of English and French sentences, split so that no English sentence is in two parts. */
export const tatoeba: Recipe = {
  originals: [
    {
      name: ORIGINAL,
      bytes: 2951390,
      sha256: "16c4f7d0df9e7c5e6c54cdb0447f3f4a18a55052ff5e2e0b27dd4a06c0e49d04",
      download:
        "https://raw.githubusercontent.com/genimind/seq2seq/4f3f8eb0adde54fcc8b89394336b002e7961244c/fra-eng.zip",
    },
  ],
  convert(originals) {
    const zip = originals.get(ORIGINAL) as Uint8Array;
    const unpacked = unzipSync(zip, {
      filter: ({ name, originalSize }) => name === PAIRS && originalSize === PAIRS_BYTES,
    });
    const parts = splitPairs(textOf(new Map(Object.entries(unpacked)), PAIRS));
    return new Map(
      Object.entries(parts).map(([part, pairs]) => [
        `eng-fra.${part}.tsv.gz`,
        Buffer.from(pairs.map((pair) => `${pair}\n`).join("")),
      ]),
    );
  },
};

/** The short ones of lines "English<tab>French", by part. */
export function splitPairs(text: string): Record<"train" | "dev" | "test", string[]> {
  const parts = { train: [] as string[], dev: [] as string[], test: [] as string[] };
  for (const pair of text.split("\n")) {
    const [english, french = ""] = pair.split("\t");
    if (isWithin(english, TOKENS.english) && isWithin(french, TOKENS.french)) parts[partOf(english)].push(pair);
  }
  return parts;
}

function isWithin(sentence: string, [least, most]: readonly [number, number]): boolean {
  const { length } = sentence.match(TOKEN) ?? [];
  return length >= least && length <= most;
}

/** Of a hundred English sentences, three are for testing and two for development, by their SHA-1. */
function partOf(english: string): "train" | "dev" | "test" {
  const hundredth = Number(BigInt(`0x${createHash("sha1").update(english).digest("hex")}`) % 100n);
  if (hundredth < 3) return "test";
  return hundredth < 5 ? "dev" : "train";
}
