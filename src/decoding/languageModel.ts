import { SeqlossError } from "../core/errors.js";

/**
 * ln P(next | prefix), at most 0: what is known of the labels apart from the frames, by an n-gram or neural model, a word
 * list, a grammar.
 */
export type LanguageModel = (prefix: readonly number[], next: number) => number;

/** ln P(the labels end here), at most 0. */
export type LabelsModel = (labels: readonly number[]) => number;

/** Probabilities that a model computes may exceed 1 by rounding; this many nats are let pass. */
const ROUNDING = 1e-6;

/** What the model says of `next` after the prefix, checked: that it is at most 0 is what lets the search stop early. */
export function nextLogProbability(model: LanguageModel, prefix: readonly number[], next: number): number {
  return checked(model(prefix, next), () => `languageModel([${prefix.join(", ")}], ${next})`);
}

/** What the model says of an end after the labels, checked. */
export function endLogProbability(finish: LabelsModel | undefined, labels: readonly number[]): number {
  return checked(finish?.(labels) ?? 0, () => `finish([${labels.join(", ")}])`);
}

function checked(logProbability: number, call: () => string): number {
  if (logProbability <= ROUNDING) return logProbability;
  throw new SeqlossError("ctcBeamSearch", "VALUE", {
    argument: call(),
    expected: "a log-probability, at most 0",
    found: logProbability,
  });
}
