import { type Batch, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { checkBlank } from "../core/labelSequences.js";
import { logSoftmax } from "../core/numeric.js";
import type { TensorLike } from "../core/tensor.js";

/** Options that every CTC decoder takes. */
export interface FrameOptions {
  /** The class that stands for no label, in 0..V-1. Default 0. */
  readonly blank?: number;
  /** The real frames of each sequence; default the whole time axis. Padding past them is never read. */
  readonly lengths?: ArrayLike<number>;
  /** `logits`: a softmax is applied to each frame. `logProbs`: natural log-probabilities, taken as they are. Default `logits`. */
  readonly inputs?: "logits" | "logProbs";
}

/** A batch that was checked at the door, and what its numbers mean. */
export interface CtcFrames extends Batch {
  readonly blank: number;
  readonly inputs: "logits" | "logProbs";
}

export function readFrames(where: string, logits: TensorLike, options: FrameOptions): CtcFrames {
  const { blank = 0, inputs = "logits", lengths } = options;
  const batch = toBatch(logits, { where, argument: "logits", classes: true }, lengths);
  if (batch.shape.length !== 3) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of logits",
      expected: "[batch, frames, classes]",
      found: batch.shape,
    });
  }
  checkBlank(where, blank, batch.width);
  if (inputs !== "logits" && inputs !== "logProbs") {
    throw new SeqlossError(where, "OPTION", { argument: "inputs", expected: '"logits" or "logProbs"', found: inputs });
  }
  return { ...batch, blank, inputs };
}

/**
 * Writes the log-probabilities of frame t of sequence b into `row` [V]; false where they are none: NaN or +Infinity among
 * the inputs.
 */
export function readLogProbs(frames: CtcFrames, b: number, t: number, row: Float64Array): boolean {
  const { data, time, width, inputs } = frames;
  const start = (b * time + t) * width;
  if (inputs === "logits") {
    logSoftmax(data, start, start + width, row);
    return !Number.isNaN(row[0]);
  }
  for (let k = 0; k < width; k++) {
    row[k] = data[start + k];
    if (!(row[k] < Number.POSITIVE_INFINITY)) return false;
  }
  return true;
}
