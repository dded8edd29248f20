import { checkLengths } from "./batch.js";
import { SeqlossError } from "./errors.js";
import { checkBlank, labelSequences, readFrameLengths } from "./labelSequences.js";
import type { Labels } from "./labels.js";
import { largestOf } from "./numeric.js";
import { type FloatArray, flatten, isTensor, type Nested, sizeOf, type TensorLike } from "./tensor.js";

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
  readonly labels: readonly Int32Array[];
  readonly blank: number;
}

/** Checks a transducer's outputs once, at the door. */
export function readTransducer(
  where: string,
  logits: TensorLike,
  labels: Labels,
  options: TransducerLayout,
): TransducerBatch {
  const { data, shape } = isTensor(logits) ? logits : flatten(where, "logits", logits as Nested);
  if (shape.length !== 4 || sizeOf(shape) !== data.length || shape[3] === 0) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of logits",
      expected: "[batch, frames, labels + 1, classes]",
      found: shape,
    });
  }
  const [batch, time, rows, width] = shape;
  const { labels: sequences, lengths, blank } = readTransducerLabels(where, labels, { batch, time, width }, options);
  if (batch > 0) checkRows(where, "the third extent of logits", rows, sequences);
  return { data, shape, batch, time, rows, width, lengths, labels: sequences, blank };
}

/** One row for each number of labels written: none to all of the longest. */
export function checkRows(where: string, argument: string, rows: number, labels: readonly Int32Array[]): void {
  const longest = largestOf(labels, (label) => label.length);
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
  { batch, time, width }: { readonly batch: number; readonly time: number; readonly width: number },
  { blank = 0, labelLengths, ...frames }: TransducerLayout,
): Pick<TransducerBatch, "labels" | "lengths" | "blank"> {
  const { lengths = new Int32Array(batch).fill(time), lengthsArgument } = readFrameLengths(where, frames);
  checkBlank(where, blank, width);
  return {
    labels: labelSequences(labels, { where, sequences: batch, classes: width, blank, labelLengths }),
    lengths: checkLengths(where, lengthsArgument, lengths, batch, time),
    blank,
  };
}
