import { SeqlossError } from "../core/errors.js";
import { bootstrapInterval, type ScoreInterval, sumRows } from "./bootstrap.js";
import { countNgrams, type NgramCounts, sharedNgrams, type Token } from "./ngrams.js";
import { checkTexts, listReferences, referenceCount } from "./references.js";
import { splitCharacters, splitWords } from "./textTokens.js";

export interface CorpusChrfOptions {
  /** The longest n-grams of characters. Default 6. */
  readonly charOrder?: number;
  /** The longest n-grams of words: 0 for chrF, 2 for chrF++. Default 0. */
  readonly wordOrder?: number;
  /** Recall counts β times as much as precision. Default 2. */
  readonly beta?: number;
  /** Lower case on both sides. Default false. */
  readonly lowercase?: boolean;
  /** White space counts among the characters. Default false. */
  readonly whitespace?: boolean;
  /** From so many resamples (at least 1) an interval is given; see `bootstrapInterval`. Default 0, none. */
  readonly resamples?: number;
}

export interface CorpusChrf {
  /** In [0, 100]. */
  readonly score: number;
  /** How it was computed, to be published with the score: sacreBLEU's signature, less the version of that program. */
  readonly signature: string;
  /** 95 % interval from sentences drawn with replacement, where resamples were asked for. */
  readonly interval?: ScoreInterval;
}

/**
 * chrF, the F-score of character n-grams (Popović 2015), or with `wordOrder: 2` chrF++, of word n-grams too (Popović 2017), as
 * sacreBLEU 2 computes them:
 *
 *     score = 100 · (1 + β²) P R / (β² P + R)
 *
 * P is the mean, over the orders of which both sides have n-grams, of the share of the hypotheses' n-grams that the references
 * have too; R of the references' that the hypotheses have. Counts are added up over the corpus first. Of several references
 * of a sentence the one with the best F-score counts, the first in a tie. No n-gram in common scores 0. Words are what white
 * space separates, less one mark of ASCII punctuation at the end, or where there is none one at the beginning, which is a word of its own.
 *
 * @param hypotheses what was written, a string each
 * @param references for each hypothesis one reference, or a list of them, which may differ in size
 * @throws SeqlossError when there are not as many of both or a reference is missing (LENGTH), or something is not a string or
 *   an option is out of range (VALUE)
 * @example
 * corpusChrf(["the cat"], ["the hat"], { charOrder: 2 }).score // 71.6667: P and R are (5/6 + 3/5) / 2
 * corpusChrf(["the cat"], ["the hat"], { wordOrder: 2 }).signature // "chrF2++|nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no"
 */
export function corpusChrf(
  hypotheses: readonly string[],
  references: readonly (string | readonly string[])[],
  options: CorpusChrfOptions = {},
): CorpusChrf {
  const where = "corpusChrf";
  const { charOrder = 6, wordOrder = 0, beta = 2, lowercase = false, whitespace = false, resamples = 0 } = options;
  checkOrder(where, "charOrder", charOrder, 1);
  checkOrder(where, "wordOrder", wordOrder, 0);
  if (!(beta > 0 && beta < Number.POSITIVE_INFINITY)) {
    throw new SeqlossError(where, "VALUE", { argument: "beta", expected: "a finite number above 0", found: beta });
  }
  const choices = listReferences<string>(where, hypotheses.length, references);
  checkTexts(where, hypotheses, choices);
  const rows = hypotheses.map((hypothesis, i) => {
    const numbers = new Map<Token, number>();
    const grams = (text: string): NgramCounts => {
      const cased = lowercase ? text.toLowerCase() : text;
      const characters = whitespace ? Array.from(cased) : splitCharacters(cased);
      const words = wordOrder === 0 ? [] : cutPunctuation(cased);
      return [...countNgrams(characters, charOrder, numbers), ...countNgrams(words, wordOrder, numbers)];
    };
    return bestRow(grams(hypothesis), choices[i].map(grams), beta);
  });
  const signature = [
    `chrF${beta}${"+".repeat(wordOrder)}`,
    `nrefs:${referenceCount(choices)}`,
    `case:${lowercase ? "lc" : "mixed"}`,
    "eff:yes",
    `nc:${charOrder}`,
    `nw:${wordOrder}`,
    `space:${whitespace ? "yes" : "no"}`,
  ].join("|");
  const score = (totals: ArrayLike<number>) => 100 * fScore(totals, beta);
  const result = { score: score(sumRows(rows)), signature };
  return resamples === 0 ? result : { ...result, interval: bootstrapInterval(rows, score, { resamples }) };
}

/** Three counts of each order, of the hypothesis, of the reference and of both, against the reference that fits best. */
function bestRow(hypothesis: NgramCounts, references: readonly NgramCounts[], beta: number): number[] {
  const rows = references.map((reference) =>
    hypothesis.flatMap((found, n) => {
      const wanted = sum(reference[n].values());
      return [wanted === 0 ? 0 : sum(found.values()), wanted, sharedNgrams(found, reference[n])];
    }),
  );
  return rows.reduce((best, row) => (fScore(row, beta) > fScore(best, beta) ? row : best));
}

function fScore(counts: ArrayLike<number>, beta: number): number {
  let [precision, recall, orders] = [0, 0, 0];
  for (let k = 0; k < counts.length; k += 3) {
    const [found, wanted, shared] = [counts[k], counts[k + 1], counts[k + 2]];
    if (found === 0 || wanted === 0) continue;
    precision += shared / found;
    recall += shared / wanted;
    orders++;
  }
  if (precision === 0) return 0;
  precision /= orders;
  recall /= orders;
  return ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
}

const PUNCTUATION = /[!-/:-@[-`{-~]/u;

/** "(Well, yes!) no" is the words "(Well", ",", "yes!", ")" and "no". */
function cutPunctuation(text: string): string[] {
  return splitWords(text).flatMap((word) => {
    if (word.length === 1) return [word];
    const last = word.slice(-1);
    if (PUNCTUATION.test(last)) return [word.slice(0, -1), last];
    return PUNCTUATION.test(word[0]) ? [word[0], word.slice(1)] : [word];
  });
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const x of numbers) total += x;
  return total;
}

function checkOrder(where: string, argument: string, found: number, least: number): void {
  if (Number.isInteger(found) && found >= least) return;
  throw new SeqlossError(where, "VALUE", { argument, expected: `a whole number of at least ${least}`, found });
}
