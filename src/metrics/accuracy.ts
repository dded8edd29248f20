import { toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { type LabelsFor, NO_LABEL, stepLabels } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";
import type { Symbols } from "./editDistance.js";

/** How many of what was counted are right. */
export interface Share {
  /** right / counted; 0 where nothing was counted. */
  readonly rate: number;
  readonly right: number;
  readonly counted: number;
}

/** The share of steps, and of sequences. */
export interface Accuracy extends Share {
  /** The share of sequences of which every counted step is right; 0 of none. */
  readonly sequenceRate: number;
}

export interface AccuracyOptions {
  /** The id of steps that are left out. Default none. */
  readonly ignoreIndex?: number;
  /** A step is right when its label is among this many likeliest classes. Default 1. */
  readonly top?: number;
  /** The real steps of each sequence; default the whole time axis. Padding past them is never read. */
  readonly lengths?: ArrayLike<number>;
}

/**
 * The share of steps whose label is the likeliest class, or among the `top` likeliest. Of equal outputs the lowest id is the
 * likeliest; NaN is never right.
 *
 * @param outputs [B, T, V], or [N, V]: logits, probabilities or whatever grows with them
 * @param labels ids in 0..V-1, ragged `number[][]` or flat
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), an id is out of range (LABEL), or `top` is (VALUE)
 * @example
 * accuracy([[0, 2, 1], [3, 1, 2]], [1, 2]).rate // 0.5
 * accuracy([[0, 2, 1], [3, 1, 2]], [1, 2], { top: 2 }).rate // 1
 */
export function accuracy<Scores extends TensorLike>(
  outputs: Scores,
  labels: LabelsFor<Scores>,
  options: AccuracyOptions = {},
): Accuracy {
  const where = "accuracy";
  const { ignoreIndex, top = 1, lengths } = options;
  if (!Number.isInteger(top) || top < 1) {
    throw new SeqlossError(where, "VALUE", { argument: "top", expected: "a whole number of at least 1", found: top });
  }
  const batch = toBatch(outputs, { where, argument: "outputs", classes: true }, lengths);
  const { data, width, time } = batch;
  const ids = stepLabels(where, labels, batch, ignoreIndex);
  return countSteps(batch.batch, time, (b, t) => {
    const i = b * time + t;
    if (ids[i] === NO_LABEL) return undefined;
    return classesAhead(data.subarray(i * width, (i + 1) * width), ids[i]) < top;
  });
}

/** How many classes come before `label` in the order of their outputs; all of them, and it itself, where it is NaN. */
function classesAhead(row: ArrayLike<number>, label: number): number {
  const output = row[label];
  let ahead = Number.isNaN(output) ? Number.POSITIVE_INFINITY : 0;
  for (let k = 0; k < row.length; k++) {
    if (k < label ? !(row[k] < output) : k > label && !(row[k] <= output)) ahead++;
  }
  return ahead;
}

/**
 * The share of ids that are equal, step by step, over sequences of the same lengths (tags, not readings: for those that may
 * differ in length see `tokenErrorRate`).
 *
 * @throws SeqlossError (LENGTH) when the lists, or two sequences, differ in size
 * @example
 * tokenAccuracy([[1, 2, 3], [4]], [[1, 0, 3], [4]]).rate // 0.75
 */
export function tokenAccuracy(
  references: readonly ArrayLike<number | string>[],
  hypotheses: readonly ArrayLike<number | string>[],
  options: Pick<AccuracyOptions, "ignoreIndex"> = {},
): Accuracy {
  const where = "tokenAccuracy";
  checkSize(where, "the number of hypotheses", references.length, hypotheses.length);
  const longest = references.reduce((most, { length }) => Math.max(most, length), 0);
  references.forEach(({ length }, i) => checkSize(where, `the size of hypotheses[${i}]`, length, hypotheses[i].length));
  return countSteps(references.length, longest, (i, t) => {
    if (t >= references[i].length || references[i][t] === options.ignoreIndex) return undefined;
    return references[i][t] === hypotheses[i][t];
  });
}

/**
 * The share of sequences that were read without any error.
 *
 * @param references what should have been read: strings, or lists of ids or words
 * @throws SeqlossError (LENGTH) when there are not as many references as hypotheses
 * @example
 * sequenceAccuracy(["cat", "dog"], ["cat", "dig"]).rate // 0.5
 */
export function sequenceAccuracy(references: readonly Symbols[], hypotheses: readonly Symbols[]): Share {
  checkSize("sequenceAccuracy", "the number of hypotheses", references.length, hypotheses.length);
  const right = references.filter((reference, i) => equal(reference, hypotheses[i])).length;
  return share(right, references.length);
}

function equal(a: Symbols, b: Symbols): boolean {
  if (a.length !== b.length) return false;
  for (let t = 0; t < a.length; t++) if (a[t] !== b[t]) return false;
  return true;
}

const share = (right: number, counted: number): Share => ({
  rate: counted === 0 ? 0 : right / counted,
  right,
  counted,
});

/** Asks of each step whether it is right; undefined where it does not count. */
function countSteps(sequences: number, time: number, isRight: (b: number, t: number) => boolean | undefined): Accuracy {
  let right = 0;
  let counted = 0;
  let flawless = 0;
  for (let b = 0; b < sequences; b++) {
    let wrong = 0;
    for (let t = 0; t < time; t++) {
      const answer = isRight(b, t);
      if (answer === undefined) continue;
      counted++;
      if (answer) right++;
      else wrong++;
    }
    if (wrong === 0) flawless++;
  }
  return { ...share(right, counted), sequenceRate: sequences === 0 ? 0 : flawless / sequences };
}

function checkSize(where: string, argument: string, expected: number, found: number): void {
  if (expected === found) return;
  throw new SeqlossError(where, "LENGTH", { argument, expected: `${expected}, as many as the references`, found });
}
