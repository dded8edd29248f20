import { labelLists } from "../core/labelSequences.js";
import type { Labels } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";
import { readTransducer, type TransducerLayout } from "../core/transducerBatch.js";
import { type AlignmentSet, alignmentSet } from "./alignmentSet.js";
import { transducerLattice } from "./transducerLattice.js";

export interface TransducerAlignmentOptions extends TransducerLayout {
  /** `logits`: a softmax is applied to each cell. `logProbs`: taken as they are. Default `logits`. */
  readonly inputs?: "logits" | "logProbs";
}

/**
 * The alignments behind a transducer loss, for each sequence, as `ctcAlignments` gives them: a path is labels and blanks, a
 * blank for each frame. `occupancy` is over the sequence's real cells, [T, U+1, V].
 *
 * @param logits [B, T, U+1, V]; what lies past a sequence's frames and labels is never read
 * @throws SeqlossError as `transducerLoss` does; and when a real cell holds NaN or Infinity (VALUE)
 * @example
 * const [set] = transducerAlignments([[[[0, 0], [0, 0]], [[0, 0], [0, 0]]]], [[1]]);
 * Number(set.count) // 2
 * set.best(2).map(({ path }) => path.join("")) // ["100", "010"]
 */
export function transducerAlignments(
  logits: TensorLike,
  labels: Labels,
  options: TransducerAlignmentOptions = {},
): AlignmentSet[] {
  const where = "transducerAlignments";
  const {
    data,
    time,
    rows,
    width: classes,
    lengths,
    labels: packed,
    blank,
  } = readTransducer(where, logits, labels, options);
  return labelLists(packed).map((label, b) => {
    const U = label.length;
    const outputs = new Float64Array(lengths[b] * (U + 1) * classes);
    for (let t = 0; t < lengths[b]; t++) {
      const start = (b * time + t) * rows * classes;
      outputs.set(data.subarray(start, start + (U + 1) * classes), t * (U + 1) * classes);
    }
    const { inputs = "logits" } = options;
    return alignmentSet(where, transducerLattice(lengths[b], classes, label, blank), {
      data: outputs,
      classes,
      inputs,
    });
  });
}
