import { checkLengths, wholeLengths } from "./batch.js";
import { SeqlossError } from "./errors.js";
import { checkBlank, frameLengths, NO_LABELS, type PackedLabels, packLabels } from "./labelSequences.js";
import type { Labels } from "./labels.js";
import {
  type FloatArray,
  flatten,
  isTensor,
  type Nested,
  NO_FLOATS,
  NO_INTEGERS,
  NO_SHAPE,
  sizeOf,
  type TensorLike,
} from "./tensor.js";
import { type Reused, Workspace } from "./workspace.js";

export interface TransducerLayout {
  /** The class that stands for "next frame", in 0..V-1. Default 0. */
  readonly blank?: number;
  /** Real frames of each sequence; another name for `lengths`. */
  readonly logitLengths?: ArrayLike<number>;
  /** Real frames of each sequence; default the whole second axis. */
  readonly lengths?: ArrayLike<number>;
  /** Real labels of each sequence: where flat labels end, or where padded lists do. */
  readonly labelLengths?: ArrayLike<number>;
}

/** Outputs [B, T, rows, V] of which the first lengths[b] frames and labels[b].length + 1 rows of each are real. */
export interface TransducerBatch {
  readonly data: FloatArray;
  readonly shape: readonly number[];
  readonly batch: number;
  readonly time: number;
  readonly rows: number;
  readonly width: number;
  readonly lengths: Int32Array;
  readonly labels: PackedLabels;
  readonly blank: number;
}

class ReusedTransducerBatch implements TransducerBatch, Reused {
  data: FloatArray = NO_FLOATS;
  shape = NO_SHAPE;
  batch = 0;
  time = 0;
  rows = 0;
  width = 0;
  lengths = NO_INTEGERS;
  labels: PackedLabels = NO_LABELS;
  blank = 0;

  forget(): void {
    this.data = NO_FLOATS;
    this.shape = NO_SHAPE;
  }
}

/**
 * Checks a transducer's outputs once, at the door.
 * @param workspace what the labels and lengths live in; default one of their own
 */
export function readTransducer(
  where: string,
  logits: TensorLike,
  labels: Labels,
  options: TransducerLayout,
  workspace = new Workspace(),
): TransducerBatch {
  const { data, shape } = isTensor(logits) ? logits : flatten(where, "logits", logits as Nested);
  if (shape.length !== 4 || sizeOf(shape) !== data.length || shape[3] === 0) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of logits",
      expected: "[batch, frames, labels + 1, classes]",
      found: shape,
    });
  }
  const read = readTransducerLabels(where, labels, shape[0], shape[1], shape[3], options, workspace);
  read.data = data;
  read.shape = shape;
  read.rows = shape[2];
  if (read.batch > 0) checkRows(where, "the third extent of logits", read.rows, read.labels);
  return read;
}

/** One row for each number of labels written: none to all of the longest. */
export function checkRows(where: string, argument: string, rows: number, { starts }: PackedLabels): void {
  let longest = 0;
  for (let b = 1; b < starts.length; b++) longest = Math.max(longest, starts[b] - starts[b - 1]);
  if (rows === longest + 1) return;
  throw new SeqlossError(where, "SHAPE", {
    argument,
    expected: `${longest + 1}: one more than the longest label`,
    found: rows,
    advice: "Row u holds what follows u labels, from none to all.",
  });
}

/** The labels, lengths and blank of a transducer of B sequences, T frames and V classes. */
export function readTransducerLabels(
  where: string,
  labels: Labels,
  batch: number,
  time: number,
  width: number,
  options: TransducerLayout,
  workspace = new Workspace(),
): ReusedTransducerBatch {
  const { blank = 0, labelLengths, logitLengths } = options;
  checkBlank(where, blank, width);
  const given = frameLengths(where, options);
  const name = logitLengths === undefined ? "lengths" : "logitLengths";
  const read = workspace.object("transducer", ReusedTransducerBatch);
  read.batch = batch;
  read.time = time;
  read.width = width;
  read.blank = blank;
  read.labels = packLabels(where, labels, batch, width, blank, labelLengths, workspace);
  read.lengths =
    given === undefined
      ? wholeLengths(batch, time)
      : checkLengths(where, name, given, batch, time, workspace.int32("lengths", batch));
  return read;
}
