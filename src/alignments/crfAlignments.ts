import { type ChainOptions, readChains } from "../core/chainScores.js";
import type { TensorLike } from "../core/tensor.js";
import { type AlignmentSet, alignmentSet } from "./alignmentSet.js";
import { chainLattice } from "./chainLattice.js";

/** All taggings of one sequence. `logProb` is ln Z, the sum over all of them; `occupancy` is of the emissions, [T, K]. */
export interface CrfAlignmentSet extends AlignmentSet {
  /** [K, K], row-major: how often each transition is taken, in expectation. */
  readonly transitionOccupancy: Float64Array;
  /**
   * The second derivatives of `crfLoss` times a direction: over the emissions [T, K], or over those followed by the transitions
   * [K, K], the start [K] and the end [K]. The result is as long.
   */
  hessianVector(direction: ArrayLike<number>): Float64Array;
}

/**
 * The taggings behind a CRF, for each sequence: how many are allowed, the k best with their probabilities, samples, entropy,
 * marginals, and the second derivatives of `crfLoss` (the covariance of the counts).
 *
 * @param emissions [B, T, K]; padding past a sequence's length is never read
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), or a number is NaN or Infinity (VALUE)
 * @example
 * const [set] = crfAlignments([[[1, 0], [0, 2]]], { transitions: [[0, Number.NEGATIVE_INFINITY], [0, 0]] });
 * Number(set.count) // 3: from tag 0 to tag 1 is forbidden
 * set.best(2).map(({ path }) => path.join("")) // ["11", "00"]
 */
export function crfAlignments(emissions: TensorLike, options: ChainOptions = {}): CrfAlignmentSet[] {
  const where = "crfAlignments";
  const batch = readChains(where, emissions, options);
  const { data, batch: sequences, time, width: K, lengths, transitions, start, end } = batch;
  return Array.from({ length: sequences }, (_, b) => {
    const size = lengths[b] * K;
    const emitted = data.subarray(b * time * K, b * time * K + size);
    const scores = Float64Array.from([emitted, transitions, start, end].flatMap((part) => Array.from(part)));
    const set = alignmentSet(where, chainLattice(lengths[b], K), { data: scores, classes: K, inputs: "scores" });
    return {
      ...set,
      occupancy: set.occupancy.slice(0, size),
      transitionOccupancy: set.occupancy.slice(size, size + K * K),
      hessianVector(direction) {
        const alone = direction.length === size;
        const whole = alone ? Float64Array.from(scores, (_, i) => (i < size ? direction[i] : 0)) : direction;
        const curvature = set.hessianVector(whole).map((x) => 0 - x); // of ln Z, not of −ln Z
        return alone ? curvature.slice(0, size) : curvature;
      },
    };
  });
}
