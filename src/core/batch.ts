import { SeqlossError } from "./errors.js";
import { type FloatArray, flatten, isTensor, NO_FLOATS, NO_SHAPE, sizeOf, type TensorLike } from "./tensor.js";
import { type Reused, Workspace } from "./workspace.js";

/**
 * Outputs of a model as every loss sees them: `batch` sequences of `time` steps of `width` numbers, row-major,
 * of which the first `lengths[b]` steps of sequence b are real. What lies past them is padding and is never read.
 */
export interface Batch {
  readonly data: FloatArray;
  /** The shape that was given; a gradient has the same. */
  readonly shape: readonly number[];
  readonly batch: number;
  readonly time: number;
  readonly width: number;
  readonly lengths: Int32Array;
}

let whole = new Int32Array(0);

export interface BatchLayout {
  /** The caller's name, for messages: `ctcLoss`. */
  readonly where: string;
  /** The argument's name, for messages: `logits`. */
  readonly argument: string;
  /** The last axis holds classes ([B, T, V], or [N, V] as N sequences of one step); otherwise each number stands alone. */
  readonly classes: boolean;
  /** The option that gave the lengths; default `lengths`. */
  readonly lengthsArgument?: string;
}

class ReusedBatch implements Batch, Reused {
  data: FloatArray = NO_FLOATS;
  shape = NO_SHAPE;
  batch = 0;
  time = 0;
  width = 0;
  lengths: Int32Array = whole;

  forget(): void {
    this.data = NO_FLOATS;
    this.shape = NO_SHAPE;
  }
}

/** A batch of nothing. */
export const NO_BATCH: Batch = new ReusedBatch();

/**
 * Checks the outputs once, at the door, and gives them the axes that the losses work on.
 *
 * @param given the real lengths of the sequences; default: all of the time axis
 * @param workspace what the batch lives in; default one of its own
 */
export function toBatch(
  outputs: TensorLike,
  layout: BatchLayout,
  given?: ArrayLike<number>,
  workspace = new Workspace(),
): Batch {
  const { where, argument, classes, lengthsArgument = "lengths" } = layout;
  const read = workspace.object(argument, ReusedBatch);
  const ragged = readTensor(where, argument, outputs, read);
  const { shape } = read;
  const rank = shape.length;
  if (classes ? rank !== 2 && rank !== 3 : rank < 1) {
    throw new SeqlossError(where, "SHAPE", {
      argument: `the shape of ${argument}`,
      expected: classes ? "[batch, time, classes], or [batch, classes] for one step each" : "at least one axis",
      found: shape,
    });
  }
  const stepless = classes ? rank === 2 : rank === 1;
  const batch = shape[0];
  const time = stepless ? 1 : shape[1];
  const width = sizeOf(shape, stepless ? 1 : 2);
  read.batch = batch;
  read.time = time;
  read.width = width;
  if (classes && width === 0) {
    throw new SeqlossError(where, "SHAPE", {
      argument: `the shape of ${argument}`,
      expected: "at least one class on the last axis",
      found: shape,
    });
  }
  read.lengths =
    given === undefined
      ? (ragged ?? wholeLengths(batch, time))
      : checkLengths(where, lengthsArgument, given, batch, ragged ?? time, workspace.int32("lengths", batch));
  return read;
}

/** Sequences that are real from end to end. Lengths are never written, so that all calls of one size share them. */
export function wholeLengths(batch: number, time: number): Int32Array {
  if (whole.length !== batch || whole[0] !== time) whole = new Int32Array(batch).fill(time);
  return whole;
}

/** Whether every step is real: known where no lengths were given, and not looked for elsewhere. */
export function isWhole({ lengths }: Batch): boolean {
  return lengths === whole;
}

/** Whether any of the lengths is less than the one that is needed there. */
export function isShorter(lengths: ArrayLike<number>, needed: ArrayLike<number>): boolean {
  for (let b = 0; b < needed.length; b++) if (lengths[b] < needed[b]) return true;
  return false;
}

/** Reads data and shape; returns the lengths of lists that are ragged. */
function readTensor(where: string, argument: string, outputs: TensorLike, read: ReusedBatch): Int32Array | undefined {
  if (Array.isArray(outputs)) {
    const { data, shape, lengths } = flatten(where, argument, outputs);
    read.data = data;
    read.shape = shape;
    return lengths;
  }
  if (!isTensor(outputs)) {
    throw new SeqlossError(where, "SHAPE", {
      argument,
      expected: "a tensor { data: Float32Array or Float64Array, shape: number[] }, or nested lists of numbers",
      found: outputs,
    });
  }
  const { data, shape } = outputs;
  if (!shape.every(isExtent) || sizeOf(shape) !== data.length) {
    throw new SeqlossError(where, "SHAPE", {
      argument: `the shape of ${argument}`,
      expected: `whole numbers whose product is the ${data.length} numbers of its data`,
      found: shape,
    });
  }
  read.data = data;
  read.shape = shape;
  return undefined;
}

const isExtent = (extent: number) => Number.isSafeInteger(extent) && extent >= 0;

/** One whole number in 0..limit for each sequence, copied into `checked`; `limit` may differ by sequence. */
export function checkLengths(
  where: string,
  argument: string,
  lengths: ArrayLike<number>,
  batch: number,
  limit: number | ArrayLike<number>,
  checked: Int32Array = new Int32Array(batch),
): Int32Array {
  if (lengths.length !== batch) {
    throw new SeqlossError(where, "LENGTH", {
      argument: `the size of ${argument}`,
      expected: `${batch}, one length for each sequence`,
      found: lengths.length,
    });
  }
  for (let b = 0; b < batch; b++) {
    const most = typeof limit === "number" ? limit : limit[b];
    if (!Number.isInteger(lengths[b]) || lengths[b] < 0 || lengths[b] > most) {
      throw new SeqlossError(where, "LENGTH", {
        argument: `${argument}[${b}]`,
        expected: `a whole number in 0..${most}`,
        found: lengths[b],
        advice: "A length counts the real steps of a sequence and cannot exceed its padded size.",
      });
    }
    checked[b] = lengths[b];
  }
  return checked;
}
