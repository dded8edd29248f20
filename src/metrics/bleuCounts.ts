import { countNgrams, mostOfEach, sharedNgrams, type Token } from "./ngrams.js";

/** What BLEU adds up over sentences. */
export interface BleuCounts {
  /** Tokens of the hypotheses. */
  readonly length: number;
  /** Tokens of the references, of each sentence's the one that is closest in length. */
  readonly referenceLength: number;
  /** N-grams of each order that a reference has too, at most as often as it has them. */
  readonly matched: readonly number[];
  /** N-grams of each order in the hypotheses. */
  readonly counted: readonly number[];
}

/** One sentence's counts as one row: length, reference length, matched of each order, counted of each order. */
export function bleuRow(
  hypothesis: readonly Token[],
  references: readonly (readonly Token[])[],
  maxOrder: number,
): number[] {
  const { length } = hypothesis;
  const numbers = new Map<Token, number>();
  const found = countNgrams(hypothesis, maxOrder, numbers);
  const wanted = mostOfEach(references.map((reference) => countNgrams(reference, maxOrder, numbers)));
  const matched = found.map((counts, n) => sharedNgrams(counts, wanted[n]));
  const counted = found.map((_, n) => Math.max(0, length - n));
  return [length, closestLength(length, references), ...matched, ...counted];
}

/** The counts that a row, or a sum of rows, stands for. */
export function readBleuRow(row: ArrayLike<number>): BleuCounts {
  const [length, referenceLength, ...grams] = Array.from(row);
  const maxOrder = grams.length / 2;
  return { length, referenceLength, matched: grams.slice(0, maxOrder), counted: grams.slice(maxOrder) };
}

/** The length of the closest reference, the shorter in a tie. */
function closestLength(length: number, references: readonly (readonly Token[])[]): number {
  return references
    .map((reference) => reference.length)
    .reduce((best, other) => {
      const nearer = Math.abs(other - length) - Math.abs(best - length);
      return nearer < 0 || (nearer === 0 && other < best) ? other : best;
    });
}
