import { SeqlossError } from "../core/errors.js";
import { editDistance } from "./editDistance.js";

export interface ErrorRate {
  /**
   * Edits divided by the items of all references. Above 1 where insertions abound; 0 for nothing read as nothing; Infinity where
   * something was read and the references hold nothing.
   */
  readonly rate: number;
  readonly edits: number;
  /** Items of all references. */
  readonly length: number;
  readonly substitutions: number;
  readonly insertions: number;
  readonly deletions: number;
  /** The share of hypotheses with at least one error. */
  readonly sequenceRate: number;
}

/**
 * Error rate over a corpus of token sequences: all edits over all reference tokens, so that long sequences weigh more.
 *
 * @throws SeqlossError (LENGTH) when there are not as many hypotheses as references
 * @example
 * tokenErrorRate([[1, 2, 3], [4]], [[1, 3], [4]]).rate // 0.25
 */
export function tokenErrorRate<Item>(
  references: readonly ArrayLike<Item>[],
  hypotheses: readonly ArrayLike<Item>[],
): ErrorRate {
  if (references.length !== hypotheses.length) {
    throw new SeqlossError("errorRate", "LENGTH", {
      argument: "the number of hypotheses",
      expected: `${references.length}, one for each reference`,
      found: hypotheses.length,
    });
  }
  const total = { edits: 0, length: 0, substitutions: 0, insertions: 0, deletions: 0 };
  let wrong = 0;
  references.forEach((reference, n) => {
    const { distance, substitutions, insertions, deletions } = editDistance(reference, hypotheses[n]);
    total.edits += distance;
    total.length += reference.length;
    total.substitutions += substitutions;
    total.insertions += insertions;
    total.deletions += deletions;
    if (distance > 0) wrong++;
  });
  const rate = total.edits === 0 ? 0 : total.edits / total.length;
  return { rate, ...total, sequenceRate: references.length === 0 ? 0 : wrong / references.length };
}

/**
 * Character error rate. Characters are Unicode code points.
 * @example
 * characterErrorRate(["hello"], ["hallo"]).rate // 0.2
 */
export function characterErrorRate(references: readonly string[], hypotheses: readonly string[]): ErrorRate {
  const characters = (text: string) => Array.from(text);
  return tokenErrorRate(references.map(characters), hypotheses.map(characters));
}

/**
 * Word error rate. Words are what white space separates.
 * @example
 * wordErrorRate(["the cat sat"], ["the cat sat down"]).rate // 0.3333
 */
export function wordErrorRate(references: readonly string[], hypotheses: readonly string[]): ErrorRate {
  const words = (text: string) => text.split(/\s+/u).filter((word) => word !== "");
  return tokenErrorRate(references.map(words), hypotheses.map(words));
}
