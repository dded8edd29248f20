import { type Batch, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { logSoftmax } from "../core/numeric.js";
import type { TensorLike } from "../core/tensor.js";

/** Options that every CTC decoder takes. */
export interface FrameOptions {
  /** The class that stands for no label. Default 0. */
  readonly blank?: number;
  /** Real frames of each sequence. Default all. */
  readonly lengths?: ArrayLike<number>;
  /** `logits` get a softmax; `logProbs` are taken as they are. Default `logits`. */
  readonly inputs?: "logits" | "logProbs";
}

export interface DecoderFrames {
  readonly batch: Batch;
  readonly blank: number;
  /** Log-probabilities of sequence b: lengths[b] × V. */
  readonly logProbs: (b: number) => Float64Array;
}

/** Checks what a decoder is given, once. */
export function readFrames(where: string, outputs: TensorLike, options: FrameOptions): DecoderFrames {
  const { blank = 0, inputs = "logits", lengths } = options;
  const batch = toBatch(outputs, { where, argument: "logits", classes: true, lengths });
  const { data, time, width, shape } = batch;
  if (shape.length !== 3) {
    const expected = "[batch, frames, classes]";
    throw new SeqlossError(where, "SHAPE", { argument: "the shape of logits", expected, found: shape });
  }
  if (!Number.isInteger(blank) || blank < 0 || blank >= width) {
    throw new SeqlossError(where, "VALUE", { argument: "blank", expected: `a class in 0..${width - 1}`, found: blank });
  }
  return {
    batch,
    blank,
    logProbs(b) {
      const rows = new Float64Array(batch.lengths[b] * width);
      for (let t = 0; t < batch.lengths[b]; t++) {
        const start = (b * time + t) * width;
        const row = inputs === "logits" ? logSoftmax(data, start, start + width) : data.subarray(start, start + width);
        rows.set(row, t * width);
      }
      return rows;
    },
  };
}
