import { SeqlossError } from "../core/errors.js";
import { bleuRow, readBleuRow } from "./bleuCounts.js";
import { sumRows } from "./bootstrap.js";
import type { Token } from "./ngrams.js";
import { listReferences } from "./references.js";

export interface BleuOptions {
  /** The longest n-grams counted. Default 4. */
  readonly maxOrder?: number;
  /** `addOne`: one is added to the counts of orders above 1, for single sentences (Lin and Och 2004). Default `none`. */
  readonly smoothing?: "none" | "addOne";
}

export interface Bleu {
  /** In [0, 1]. */
  readonly score: number;
  /** The clipped precision of each order. */
  readonly precisions: readonly number[];
  /** e^(1 − r/c) where the hypotheses are shorter than the references, otherwise 1. */
  readonly brevityPenalty: number;
}

type Tokens = readonly Token[];

/**
 * BLEU of hypotheses against references, over the corpus: the geometric mean of clipped n-gram precisions, times the brevity
 * penalty (Papineni et al. 2002). Strings are split at white space; nothing else is changed. With no n-gram of some order in
 * common the score is 0. Of several references, the closest in length counts for the penalty, the shorter in a tie.
 * For scores to publish, with sacreBLEU's tokens and smoothing, see `corpusBleu`.
 *
 * @param hypotheses strings, or lists of tokens
 * @param references for each hypothesis one reference, or a list of them
 * @throws SeqlossError when there are not as many of both (LENGTH), a reference is missing (LENGTH), or an option is out of range (VALUE)
 * @example
 * bleu(["the cat sat on the mat"], [["the cat is on the mat"]], { maxOrder: 2 }).score // 0.7071 = √(5/6 · 3/5)
 */
export function bleu(
  hypotheses: readonly (string | Tokens)[],
  references: readonly (string | readonly (string | Tokens)[])[],
  { maxOrder = 4, smoothing = "none" }: BleuOptions = {},
): Bleu {
  const where = "bleu";
  if (!Number.isInteger(maxOrder) || maxOrder < 1) {
    throw new SeqlossError(where, "VALUE", {
      argument: "maxOrder",
      expected: "a whole number above 0",
      found: maxOrder,
    });
  }
  if (smoothing !== "none" && smoothing !== "addOne") {
    throw new SeqlossError(where, "OPTION", {
      argument: "smoothing",
      expected: '"none" or "addOne"',
      found: smoothing,
    });
  }
  const choices = listReferences<string | Tokens>(where, hypotheses.length, references);
  const none = new Array<number>(2 + 2 * maxOrder).fill(0);
  const rows = hypotheses.map((given, i) => bleuRow(tokensOf(given), choices[i].map(tokensOf), maxOrder));
  const { length, referenceLength, matched, counted } = readBleuRow(sumRows([none, ...rows]));
  const extra = (order: number) => (smoothing === "addOne" && order > 0 ? 1 : 0);
  const precisions = matched.map((count, order) => {
    const total = counted[order] + extra(order);
    return total === 0 ? 0 : (count + extra(order)) / total;
  });
  const brevityPenalty = length === 0 ? 0 : length < referenceLength ? Math.exp(1 - referenceLength / length) : 1;
  const mean = Math.exp(precisions.reduce((sum, p) => sum + Math.log(p), 0) / maxOrder);
  return { score: brevityPenalty * mean, precisions, brevityPenalty };
}

const tokensOf = (given: string | Tokens): Tokens =>
  typeof given === "string" ? given.split(/\s+/).filter((token) => token !== "") : given;
