import { toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { checkBlank, labelSequences } from "../core/labelSequences.js";
import type { Labels } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";
import { type AlignmentSet, alignmentSet } from "./alignmentSet.js";
import { ctcLattice } from "./ctcLattice.js";

export interface CtcAlignmentOptions {
  /** The class that stands for no label, in 0..V-1. Default 0. */
  readonly blank?: number;
  /** Real frames of each sequence; default the whole time axis. */
  readonly lengths?: ArrayLike<number>;
  /** Real labels of each sequence: where flat labels end, or where padded lists do. */
  readonly labelLengths?: ArrayLike<number>;
  /** `logits`: a softmax is applied to each frame. `logProbs`, `scores`: taken as they are. Default `logits`. */
  readonly inputs?: "logits" | "logProbs" | "scores";
}

/**
 * The alignments behind a CTC loss, for each sequence: how many there are, the likeliest with their shares, samples, their
 * entropy, when each label is emitted, and the loss's second derivatives. Float64, by sums over the label's lattice (Graves et
 * al. 2006, section 4.1); only `best` and `sample` list alignments.
 *
 * @param logits [B, T, V]; padding past a sequence's length is never read
 * @param labels ids in 0..V-1 other than the blank: ragged `number[][]`, or flat with `labelLengths`
 * @throws SeqlossError when a length is out of range (LENGTH), an id is, or is the blank (LABEL), the blank is, or a real frame
 *   holds NaN or +Infinity (VALUE)
 * @example
 * const [set] = ctcAlignments([[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]], [[1, 2]]);
 * Number(set.count) // 5
 * set.logProb // -2.549445
 * set.best(1)[0].share // 0.2
 */
export function ctcAlignments(logits: TensorLike, labels: Labels, options: CtcAlignmentOptions = {}): AlignmentSet[] {
  const where = "ctcAlignments";
  const { blank = 0, inputs = "logits", labelLengths } = options;
  if (!["logits", "logProbs", "scores"].includes(inputs)) {
    throw new SeqlossError(where, "OPTION", {
      argument: "inputs",
      expected: '"logits", "logProbs" or "scores"',
      found: inputs,
    });
  }
  const batch = toBatch(logits, { where, argument: "logits", classes: true }, options.lengths);
  const { data, time, width: classes, lengths } = batch;
  if (batch.shape.length !== 3) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of logits",
      expected: "[batch, frames, classes]",
      found: batch.shape,
    });
  }
  checkBlank(where, blank, classes);
  const sequences = labelSequences(labels, { where, sequences: batch.batch, classes, blank, labelLengths });
  return sequences.map((label, b) => {
    const start = b * time * classes;
    const outputs = Float64Array.from(data.subarray(start, start + lengths[b] * classes));
    return alignmentSet(where, ctcLattice(lengths[b], classes, label, blank), { data: outputs, classes, inputs });
  });
}
