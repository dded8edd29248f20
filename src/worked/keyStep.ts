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

const LEFT_UNDIVIDED = "The sum was given; the mean was asked for.";

/** The last two steps of a mean: the sum of the terms, and the loss. */
export function sumAndMean(names: readonly string[]): KeyStep[] {
  return [
    {
      name: "sum",
      formula: names.join(" + "),
      compute: (earlier) => total(names, earlier),
      slips: [meanForSum(names)],
    },
    {
      name: "loss",
      formula: `sum / ${names.length}`,
      compute: (earlier) => earlier("sum") / names.length,
      slips: [
        { slip: LEFT_UNDIVIDED, compute: (earlier) => earlier("sum") },
        {
          slip: "It was divided by n − 1; the mean divides by n.",
          compute: (earlier) => earlier("sum") / (names.length - 1),
        },
        { slip: "The root of the mean was taken.", compute: (earlier) => Math.sqrt(earlier("sum") / names.length) },
      ],
    },
  ];
}

/** A number in a formula, in brackets where it is negative. */
export const bracketed = (x: number): string => (x < 0 ? `(${x})` : String(x));
