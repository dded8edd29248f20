import type { Batch } from "./batch.js";
import { SeqlossError } from "./errors.js";
import { Workspace } from "./workspace.js";

/**
 * Class ids. Ragged lists, one for each sequence (`[[1, 2], [3]]`); or one flat list (a plain one or an Int32Array),
 * either padded to the batch's time axis or packed, the sequences end to end without padding.
 */
export type Labels = readonly (readonly number[])[] | ArrayLike<number>;

/**
 * The labels that scores take. Rows of scores in lists, [N, V], take one flat list of ids: ids in lists would read as rows, and rows
 * that are one-hot are no ids.
 */
export type LabelsFor<Scores> = Scores extends readonly (readonly number[])[] ? ArrayLike<number> : Labels;

export function isRagged(labels: Labels): labels is readonly (readonly number[])[] {
  return Array.isArray(labels) && labels.some(Array.isArray);
}

/** The mark of a step without a label: padding, or the ignored id. */
export const NO_LABEL = -1;

/**
 * One id for each step, in the batch's padded layout; NO_LABEL past the real lengths and where the id is `ignoreIndex`.
 *
 * @throws SeqlossError when a real id is not a whole number in 0..width-1 (LABEL), or a list has not one id a step (LENGTH)
 */
export function stepLabels(
  where: string,
  labels: Labels,
  batch: Batch,
  ignoreIndex?: number,
  workspace = new Workspace(),
): Int32Array {
  const { batch: sequences, time, width, lengths } = batch;
  const ids = workspace.int32("labels of steps", sequences * time).fill(NO_LABEL);
  const set = (i: number, id: number, ragged: boolean, at: number): void => {
    if (id === ignoreIndex) return;
    if (!Number.isInteger(id) || id < 0 || id >= width) {
      throw new SeqlossError(where, "LABEL", {
        argument: ragged ? `labels[${Math.floor(i / time)}][${at}]` : `labels[${at}]`,
        expected: `an id in 0..${width - 1}${ignoreIndex === undefined ? "" : `, or the ignored id ${ignoreIndex}`}`,
        found: id,
        advice: "Labels are class ids, counted from 0.",
      });
    }
    ids[i] = id;
  };
  if (isRagged(labels)) {
    checkCount(where, "the size of labels", labels.length, sequences, "one list for each sequence");
    for (let b = 0; b < sequences; b++) {
      const size = Array.isArray(labels[b]) ? labels[b].length : undefined;
      if (size === undefined || size < lengths[b] || size > time) {
        throw new SeqlossError(where, "LENGTH", {
          argument: `the size of labels[${b}]`,
          expected:
            lengths[b] === time
              ? `${time}, one id for each step`
              : `${lengths[b]}..${time}, one id for each real step, then padding`,
          found: size,
          ...(size === width && {
            advice: "Where these are one-hot rows, give the ids: a list of numbers, one for each row.",
          }),
        });
      }
      for (let t = 0; t < lengths[b]; t++) set(b * time + t, labels[b][t], true, t);
    }
    return ids;
  }
  const packed = lengths.reduce((total, length) => total + length, 0);
  const padded = labels.length === sequences * time;
  if (!padded) checkCount(where, "the size of labels", labels.length, packed, "one id for each real step");
  for (let b = 0, start = 0; b < sequences; start += padded ? time : lengths[b], b++) {
    for (let t = 0; t < lengths[b]; t++) set(b * time + t, labels[start + t], false, start + t);
  }
  return ids;
}

function checkCount(where: string, argument: string, found: number, expected: number, what: string): void {
  if (found !== expected)
    throw new SeqlossError(where, "LENGTH", { argument, expected: `${expected}, ${what}`, found });
}
