/** The value of an earlier step, by its name. */
export type Earlier = (name: string) => number;

/** A mistake that people make, and the value it leads to. */
export interface Slip {
  /** What went wrong, as a sentence. */
  readonly slip: string;
  readonly compute: (earlier: Earlier) => number;
}

/** One step of a solution. */
export interface KeyStep {
  readonly name: string;
  /** How it is computed, in words or symbols. */
  readonly formula: string;
  /** From the values of earlier steps: the right ones, or those of a solution that went wrong before. */
  readonly compute: (earlier: Earlier) => number;
  readonly slips: readonly Slip[];
}

/** What goes wrong with −ln of a probability. */
export function logSlips(probability: (earlier: Earlier) => number): Slip[] {
  return [
    { slip: "log10 was taken instead of ln.", compute: (earlier) => -Math.log10(probability(earlier)) },
    { slip: "log2 was taken instead of ln.", compute: (earlier) => -Math.log2(probability(earlier)) },
    { slip: "The minus sign is missing.", compute: (earlier) => Math.log(probability(earlier)) },
    { slip: "The logarithm is missing: this is the probability.", compute: (earlier) => probability(earlier) },
    { slip: "This is 1 − p, not −ln p.", compute: (earlier) => 1 - probability(earlier) },
  ];
}

/** Sum and mean taken for each other. */
export function meanForSum(names: readonly string[]): Slip {
  return {
    slip: "The mean was taken instead of the sum.",
    compute: (earlier) => total(names, earlier) / names.length,
  };
}

export const total = (names: readonly string[], earlier: Earlier): number =>
  names.reduce((sum, name) => sum + earlier(name), 0);
