import { SeqlossError } from "../core/errors.js";
import { logSoftmax } from "../core/numeric.js";
import type { Random } from "../core/random.js";
import { bestPaths } from "./bestPaths.js";
import {
  type Arc,
  arcPosteriors,
  arcScore,
  countPaths,
  covariance,
  type Lattice,
  masses,
  NONE,
  occupancy,
  pathEntropy,
  samplePaths,
} from "./lattice.js";

/** One alignment, with its part in the whole. */
export interface SharedAlignment {
  /** CTC: the symbol of each frame. Transducer: labels, and a blank for each frame that ends. CRF: the tag of each step. */
  readonly path: Int32Array;
  /** ln of its probability (its score, where the inputs are scores). */
  readonly logProb: number;
  /** Its part of the sum over all alignments, in 0..1. */
  readonly share: number;
}

/** When a label is emitted: its first frame (CTC), the frame it is written in (transducer), its step (CRF). */
export interface Emission {
  /** Place in the label. */
  readonly label: number;
  /** Expected frame, counted from 0. */
  readonly mean: number;
  /** Standard deviation, in frames. */
  readonly deviation: number;
}

/** One move of a trellis. */
export interface TrellisMove {
  readonly from: number;
  readonly to: number;
  /** The frame or step that it belongs to. */
  readonly time: number;
  /** The class that it reads, or -1 where it reads none. */
  readonly symbol: number;
  /** ln of the weight that it adds to a path. */
  readonly logProb: number;
  /** The part of the alignments, by weight, that go over it, in 0..1. */
  readonly share: number;
}

/**
 * The graph that the sums run over: every path from state 0 to the last is an alignment. CTC: state 1 + t S + s is place s of the
 * extended label, S = 2U + 1 of them, at frame t. Transducer: state t (U + 1) + u has read t frames and written u labels. CRF: state
 * 1 + t K + k is tag k at step t.
 */
export interface Trellis {
  /** ln of the weight of all paths from the start to each state, what the state reads included. */
  readonly alpha: Float64Array;
  /** ln of the weight of all paths from each state to the end, what the state reads left out. */
  readonly beta: Float64Array;
  /** Every move into a state comes before every move out of it. */
  readonly moves: readonly TrellisMove[];
}

/** All alignments of one sequence, without listing them. */
export interface AlignmentSet {
  /** How many alignments have a probability above 0; exact. */
  readonly count: bigint;
  /** ln of their summed probability: the loss is its negative (for CTC and the transducer). -Infinity where there is none. */
  readonly logProb: number;
  /** Of the alignments, given the label, in nats: 0 when one of them is certain, ln count when all are alike. */
  readonly entropy: number;
  /** How often an alignment uses each number of the sequence's outputs, in expectation; row-major, in their shape. */
  readonly occupancy: Float64Array;
  /** One for each label, in order. Empty where there is no alignment. */
  readonly emissions: readonly Emission[];
  /** States, moves, and the forward and backward sums over them. */
  trellis(): Trellis;
  /** The k likeliest, best first; fewer where there are fewer. */
  best(k: number): SharedAlignment[];
  /** Alignments drawn with their probabilities. @throws SeqlossError (VALUE) when there is none to draw */
  sample(draws: number, random: Random): Int32Array[];
  /**
   * The loss's matrix of second derivatives with respect to the sequence's outputs, times `direction` (as many numbers as
   * `occupancy`). Zeros where there is no alignment.
   */
  hessianVector(direction: ArrayLike<number>): Float64Array;
}

/** What the outputs are; logits become log-probabilities row by row. */
export interface Outputs {
  readonly data: Float64Array;
  /** The size of a row that sums to 1. */
  readonly classes: number;
  readonly inputs: "logits" | "logProbs" | "scores";
}

/** Everything that can be said of a lattice's paths, the losses −ln Σ of CTC and the transducer. */
export function alignmentSet(where: string, lattice: Lattice, { data, classes, inputs }: Outputs): AlignmentSet {
  const scores = inputs === "logits" ? logSoftmaxRows(data, classes) : data;
  checkScores(where, scores);
  const sums = masses(lattice, scores);
  const posterior = arcPosteriors(lattice, scores, sums);
  return {
    count: countPaths(lattice, scores),
    logProb: sums.total,
    entropy: pathEntropy(lattice, scores, posterior, sums.total),
    occupancy: occupancy(lattice, posterior),
    emissions: sums.total === Number.NEGATIVE_INFINITY ? [] : emissions(lattice.arcs, posterior),
    trellis() {
      const moves = lattice.arcs.map((arc, i) => {
        const { from, to, time, symbol } = arc;
        return { from, to, time, symbol, logProb: arcScore(arc, scores), share: posterior[i] };
      });
      return { alpha: sums.alpha, beta: sums.beta, moves };
    },
    best(k) {
      if (!Number.isInteger(k) || k < 1) {
        throw new SeqlossError(where, "VALUE", { argument: "k", expected: "a whole number above 0", found: k });
      }
      return bestPaths(lattice, scores, k).map(({ arcs, score }) => ({
        path: symbols(arcs),
        logProb: score,
        share: Math.exp(score - sums.total),
      }));
    },
    sample(draws, random) {
      if (sums.total === Number.NEGATIVE_INFINITY) {
        throw new SeqlossError(where, "VALUE", {
          argument: "the number of alignments",
          expected: "at least one to draw from",
          found: 0,
          advice: "The label does not fit its frames, or needs a class at -Infinity.",
        });
      }
      return samplePaths(lattice, scores, sums, draws, () => random.uniform()).map(symbols);
    },
    hessianVector(direction) {
      if (direction.length !== scores.length) {
        throw new SeqlossError(where, "LENGTH", {
          argument: "the size of direction",
          expected: `${scores.length}, one number for each of the sequence's outputs`,
          found: direction.length,
        });
      }
      const inner = inputs === "logits" ? shiftRows(scores, classes, direction) : direction;
      const spread = covariance(lattice, scores, sums, posterior, inner);
      if (inputs !== "logits") return spread.map((x) => -x);
      return logitsCurvature(scores, classes, occupancy(lattice, posterior), direction, spread);
    },
  };
}

function logSoftmaxRows(data: Float64Array, classes: number): Float64Array {
  const rows = new Float64Array(data.length);
  for (let i = 0; i < data.length; i += classes) rows.set(logSoftmax(data, i, i + classes), i);
  return rows;
}

/** J v of the log-softmax: each row less its mean under the row's probabilities. */
function shiftRows(logProbs: Float64Array, classes: number, direction: ArrayLike<number>): Float64Array {
  const shifted = Float64Array.from(direction);
  for (let i = 0; i < shifted.length; i += classes) {
    let mean = 0;
    for (let k = i; k < i + classes; k++) mean += Math.exp(logProbs[k]) * direction[k];
    for (let k = i; k < i + classes; k++) shifted[k] -= mean;
  }
  return shifted;
}

/** −Jᵀ C J v + Σ_rows w (diag(p) − p pᵀ) v, with w how often the paths read the row and C J v = `spread`. */
function logitsCurvature(
  logProbs: Float64Array,
  classes: number,
  read: Float64Array,
  direction: ArrayLike<number>,
  spread: Float64Array,
): Float64Array {
  const result = new Float64Array(spread.length);
  const shifted = shiftRows(logProbs, classes, direction);
  for (let i = 0; i < spread.length; i += classes) {
    let [weight, total] = [0, 0];
    for (let k = i; k < i + classes; k++) {
      weight += read[k];
      total += spread[k];
    }
    for (let k = i; k < i + classes; k++) {
      result[k] = Math.exp(logProbs[k]) * (total + weight * shifted[k]) - spread[k];
    }
  }
  return result;
}

function symbols(arcs: readonly Arc[]): Int32Array {
  return Int32Array.from(arcs.filter(({ symbol }) => symbol !== NONE).map(({ symbol }) => symbol));
}

function emissions(arcs: readonly Arc[], posterior: ArrayLike<number>): Emission[] {
  const sums: { mass: number; first: number; second: number }[] = [];
  arcs.forEach(({ emits, time }, i) => {
    if (emits === NONE) return;
    sums[emits] ??= { mass: 0, first: 0, second: 0 };
    sums[emits].mass += posterior[i];
    sums[emits].first += posterior[i] * time;
  });
  arcs.forEach(({ emits, time }, i) => {
    if (emits !== NONE) sums[emits].second += posterior[i] * (time - sums[emits].first / sums[emits].mass) ** 2;
  });
  return sums.map(({ mass, first, second }, label) => ({
    label,
    mean: first / mass,
    deviation: Math.sqrt(second / mass),
  }));
}

/** An alignment has no share in something that is not a number. */
function checkScores(where: string, scores: Float64Array): void {
  const i = scores.findIndex((score) => !(score < Number.POSITIVE_INFINITY));
  if (i < 0) return;
  throw new SeqlossError(where, "VALUE", {
    argument: `number ${i} of a sequence's scores`,
    expected: "a finite number or -Infinity",
    found: scores[i],
    advice: "After the softmax, NaN or +Infinity in a row makes the whole row NaN.",
  });
}
