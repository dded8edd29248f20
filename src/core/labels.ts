import { type Batch, isWhole } from "./batch.js";
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
  const ids = workspace.int32("labels of steps", sequences * time);
  if (isRagged(labels)) {
    checkCount(where, "the size of labels", labels.length, sequences, "one list for each sequence");
    for (let b = 0; b < sequences; b++) {
      checkList(where, labels[b], b, batch);
      const wrong = readIds(labels[b], 0, lengths[b], ids, b * time, width, ignoreIndex);
      if (wrong < lengths[b]) throw wrongId(where, width, ignoreIndex, labels[b][wrong], `[${b}][${wrong}]`);
      ids.fill(NO_LABEL, b * time + lengths[b], (b + 1) * time);
    }
    return ids;
  }
  const padded = labels.length === sequences * time;
  if (padded && isWhole(batch)) {
    const wrong = readIds(labels, 0, labels.length, ids, 0, width, ignoreIndex);
    if (wrong < labels.length) throw wrongId(where, width, ignoreIndex, labels[wrong], `[${wrong}]`);
    return ids;
  }
  let packed = 0;
  for (let b = 0; b < sequences; b++) packed += lengths[b];
  if (!padded) checkCount(where, "the size of labels", labels.length, packed, "one id for each real step");
  for (let b = 0, start = 0; b < sequences; start += padded ? time : lengths[b], b++) {
    const wrong = start + readIds(labels, start, lengths[b], ids, b * time, width, ignoreIndex);
    if (wrong < start + lengths[b]) throw wrongId(where, width, ignoreIndex, labels[wrong], `[${wrong}]`);
    ids.fill(NO_LABEL, b * time + lengths[b], (b + 1) * time);
  }
  return ids;
}

/** Copies ids that are classes, and NO_LABEL for the ignored one; returns how many there are before the first that is neither. */
function readIds(
  source: ArrayLike<number>,
  start: number,
  count: number,
  ids: Int32Array,
  to: number,
  width: number,
  ignoreIndex: number | undefined,
): number {
  const ignored = ignoreIndex ?? Number.NaN;
  for (let i = 0; i < count; i++) {
    const id = source[start + i];
    if (id === ignored) ids[to + i] = NO_LABEL;
    else if (id >>> 0 === id && id < width) ids[to + i] = id;
    else return i;
  }
  return count;
}

function wrongId(
  where: string,
  width: number,
  ignoreIndex: number | undefined,
  id: number,
  place: string,
): SeqlossError {
  return new SeqlossError(where, "LABEL", {
    argument: `labels${place}`,
    expected: `an id in 0..${width - 1}${ignoreIndex === undefined ? "" : `, or the ignored id ${ignoreIndex}`}`,
    found: id,
    advice: "Labels are class ids, counted from 0.",
  });
}

/** A list of a sequence's labels: one for each real step, or padded. */
function checkList(where: string, list: readonly number[], b: number, { time, width, lengths }: Batch): void {
  const size = Array.isArray(list) ? list.length : undefined;
  if (size !== undefined && size >= lengths[b] && size <= time) return;
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

function checkCount(where: string, argument: string, found: number, expected: number, what: string): void {
  if (found !== expected)
    throw new SeqlossError(where, "LENGTH", { argument, expected: `${expected}, ${what}`, found });
}
