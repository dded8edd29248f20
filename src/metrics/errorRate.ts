import { SeqlossError } from "../core/errors.js";
import { editDistance, readSymbols, type Symbols } from "./editDistance.js";

/** Edits over a corpus, and how long its references are. */
export interface ErrorRate {
  /** edits / length. It exceeds 1 where insertions abound; 0 for no edits at all, and Infinity for edits of nothing. */
  readonly rate: number;
  /** substitutions + insertions + deletions. */
  readonly edits: number;
  /** How many symbols the references have. */
  readonly length: number;
  readonly substitutions: number;
  readonly insertions: number;
  readonly deletions: number;
  /** The share of hypotheses with at least one error; 0 of none. */
  readonly sequenceRate: number;
}

export interface CharacterErrorRateOptions {
  /** What a character is: a Unicode code point, or a grapheme, what a reader sees as one (`Intl.Segmenter`). Default `codePoint`. */
  readonly unit?: "codePoint" | "grapheme";
}

/**
 * All edits between references and hypotheses, over all symbols of the references: the mean over the corpus weighted by the
 * length of each reference, not a mean of rates.
 *
 * Two empty sequences have the rate 0. Where all references are empty and a hypothesis is not, the rate is Infinity:
 * no reference is long enough to divide by, and the counts say how many symbols were inserted.
 *
 * @param references what should have been read, one sequence for each hypothesis: ids, words, or strings by code point
 * @throws SeqlossError (LENGTH) when there are not as many references as hypotheses
 * @example
 * tokenErrorRate([[1, 2, 3], [4]], [[1, 3], [4]]).rate // 0.25: one deletion among four labels
 */
export function tokenErrorRate(references: readonly Symbols[], hypotheses: readonly Symbols[]): ErrorRate {
  const where = "tokenErrorRate";
  return corpusRate(where, references, hypotheses, (symbols) => readSymbols(where, "a sequence", symbols));
}

/**
 * Character error rate, over one pair of strings or a corpus. Case, punctuation and spaces count as they are: fold what
 * should not count beforehand, and compose accents alike (`normalize("NFC")`). Empty references are as in `tokenErrorRate`.
 *
 * @throws SeqlossError (LENGTH) when there are not as many references as hypotheses, (OPTION) when the unit is unknown
 * @example
 * characterErrorRate("hello", "hallo").rate // 0.2
 */
export function characterErrorRate(
  references: string | readonly string[],
  hypotheses: string | readonly string[],
  options: CharacterErrorRateOptions = {},
): ErrorRate {
  const where = "characterErrorRate";
  const { unit = "codePoint" } = options;
  if (unit !== "codePoint" && unit !== "grapheme") {
    throw new SeqlossError(where, "OPTION", { argument: "unit", expected: '"codePoint" or "grapheme"', found: unit });
  }
  const segmenter = unit === "grapheme" ? new Intl.Segmenter("und", { granularity: "grapheme" }) : undefined;
  const split = (text: string): string[] =>
    segmenter === undefined ? Array.from(text) : Array.from(segmenter.segment(text), ({ segment }) => segment);
  return corpusRate(where, listed(references), listed(hypotheses), split);
}

/**
 * Word error rate, over one pair of strings or a corpus: words are what whitespace separates. Case and punctuation are part
 * of them. Empty references are as in `tokenErrorRate`.
 *
 * @throws SeqlossError (LENGTH) when there are not as many references as hypotheses
 * @example
 * wordErrorRate("the cat sat", "the cat sat down here").rate // 0.6667: two insertions over three words
 */
export function wordErrorRate(
  references: string | readonly string[],
  hypotheses: string | readonly string[],
): ErrorRate {
  return corpusRate("wordErrorRate", listed(references), listed(hypotheses), (text) => text.match(/\S+/gu) ?? []);
}

const listed = (texts: string | readonly string[]): readonly string[] => (typeof texts === "string" ? [texts] : texts);

function corpusRate<Sequence extends Symbols>(
  where: string,
  references: readonly Sequence[],
  hypotheses: readonly Sequence[],
  split: (sequence: Sequence) => ArrayLike<unknown>,
): ErrorRate {
  if (references.length !== hypotheses.length) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "the number of hypotheses",
      expected: `${references.length}, one for each reference`,
      found: hypotheses.length,
    });
  }
  let length = 0;
  let substitutions = 0;
  let insertions = 0;
  let deletions = 0;
  let wrong = 0;
  references.forEach((sequence, i) => {
    const reference = split(sequence);
    const counts = editDistance(reference, split(hypotheses[i]));
    length += reference.length;
    substitutions += counts.substitutions;
    insertions += counts.insertions;
    deletions += counts.deletions;
    if (counts.distance > 0) wrong++;
  });
  const edits = substitutions + insertions + deletions;
  const rate = edits === 0 ? 0 : edits / length;
  const sequenceRate = wrong === 0 ? 0 : wrong / references.length;
  return { rate, edits, length, substitutions, insertions, deletions, sequenceRate };
}
