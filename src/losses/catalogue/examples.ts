import type { Random } from "../../core/random.js";

// Random cases: two sequences of four steps, three classes where there are any.

export const SEQUENCES = 2;
export const STEPS = 4;
export const CLASSES = 3;

/** A number for each step of each sequence. */
export const eachStep = (draw: () => number): number[][] =>
  Array.from({ length: SEQUENCES }, () => Array.from({ length: STEPS }, draw));

/** Normal numbers, one for each class of each step. */
export const classScores = (random: Random): number[][][] =>
  Array.from({ length: SEQUENCES }, () =>
    Array.from({ length: STEPS }, () => Array.from({ length: CLASSES }, () => random.normal())),
  );

/** A class for each step. */
export const classLabels = (random: Random): number[][] => eachStep(() => random.integer(CLASSES));

/** A score and a side, -1 or 1, for each step. */
export const signedExample = (random: Random) => ({
  outputs: eachStep(() => random.normal()),
  targets: eachStep(() => 2 * random.integer(2) - 1),
  options: {},
});
