import { SeqlossError } from "../core/errors.js";

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

type Tokens = readonly (string | number)[];

/**
 * BLEU of hypotheses against references, over the corpus: the geometric mean of clipped n-gram precisions, times the brevity
 * penalty (Papineni et al. 2002). Strings are split at white space; nothing else is changed. With no n-gram of some order in
 * common the score is 0. Of several references, the closest in length counts for the penalty, the shorter in a tie.
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
  if (references.length !== hypotheses.length) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "the size of references",
      expected: `${hypotheses.length}, as many as hypotheses`,
      found: references.length,
    });
  }
  const matched = new Array<number>(maxOrder).fill(0);
  const counted = new Array<number>(maxOrder).fill(0);
  let [length, wanted] = [0, 0];
  hypotheses.forEach((given, i) => {
    const hypothesis = tokensOf(given);
    const listed = references[i];
    const choices = (typeof listed === "string" ? [listed] : listed).map(tokensOf);
    if (choices.length === 0) {
      const details = { argument: `references[${i}]`, expected: "at least one reference", found: [] };
      throw new SeqlossError(where, "LENGTH", details);
    }
    length += hypothesis.length;
    wanted += closestLength(hypothesis.length, choices);
    for (let order = 1; order <= maxOrder; order++) {
      const found = ngrams(hypothesis, order);
      const most = new Map<string, number>();
      for (const choice of choices) {
        for (const [gram, count] of ngrams(choice, order)) most.set(gram, Math.max(most.get(gram) ?? 0, count));
      }
      for (const [gram, count] of found) {
        matched[order - 1] += Math.min(count, most.get(gram) ?? 0);
        counted[order - 1] += count;
      }
    }
  });
  const extra = (order: number) => (smoothing === "addOne" && order > 0 ? 1 : 0);
  const precisions = matched.map((count, order) => {
    const total = counted[order] + extra(order);
    return total === 0 ? 0 : (count + extra(order)) / total;
  });
  const brevityPenalty = length === 0 ? 0 : length < wanted ? Math.exp(1 - wanted / length) : 1;
  const mean = Math.exp(precisions.reduce((sum, p) => sum + Math.log(p), 0) / maxOrder);
  return { score: brevityPenalty * mean, precisions, brevityPenalty };
}

const tokensOf = (given: string | Tokens): Tokens =>
  typeof given === "string" ? given.split(/\s+/).filter((token) => token !== "") : given;

function closestLength(length: number, choices: readonly Tokens[]): number {
  return choices
    .map((choice) => choice.length)
    .reduce((best, other) => {
      const nearer = Math.abs(other - length) - Math.abs(best - length);
      return nearer < 0 || (nearer === 0 && other < best) ? other : best;
    });
}

function ngrams(tokens: Tokens, order: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + order <= tokens.length; i++) {
    const gram = JSON.stringify(tokens.slice(i, i + order));
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}
