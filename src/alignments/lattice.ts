import { logAdd } from "../core/numeric.js";

/** What an arc that reads, emits or shows nothing has in its place. */
export const NONE = -1;

/** One move through a lattice. */
export interface Arc {
  readonly from: number;
  readonly to: number;
  /** Places in the scores that it adds up: one, or two (an emission and a transition). */
  readonly reads: readonly number[];
  /** What it adds to a path: a class id, or NONE. */
  readonly symbol: number;
  /** The label whose first frame it is, as a place in the label; or NONE. */
  readonly emits: number;
  /** The frame that it belongs to. */
  readonly time: number;
}

/**
 * A graph without cycles whose paths from the first state to the last are alignments. The weight of a path is e to the sum of
 * the scores that its arcs read. Arcs are listed so that every arc into a state comes before every arc out of it.
 */
export interface Lattice {
  readonly states: number;
  readonly arcs: readonly Arc[];
  /** How many numbers the scores have. */
  readonly size: number;
}

/** A path with the sum of its scores. */
export interface Path {
  readonly arcs: readonly Arc[];
  readonly score: number;
}

/** ln of the weight of all paths from the start to each state, and from each state to the end. */
export interface Masses {
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  /** ln of the weight of all paths. -Infinity where there is none. */
  readonly total: number;
}

const nothing = Number.NEGATIVE_INFINITY;

export function arcScore(arc: Arc, scores: ArrayLike<number>): number {
  let sum = 0;
  for (const place of arc.reads) sum += scores[place];
  return sum;
}

/** Forward and backward sums over the lattice. */
export function masses({ states, arcs }: Lattice, scores: ArrayLike<number>): Masses {
  const alpha = new Float64Array(states).fill(nothing);
  const beta = new Float64Array(states).fill(nothing);
  alpha[0] = 0;
  beta[states - 1] = 0;
  for (const arc of arcs) alpha[arc.to] = logAdd(alpha[arc.to], alpha[arc.from] + arcScore(arc, scores));
  for (let i = arcs.length - 1; i >= 0; i--) {
    const arc = arcs[i];
    beta[arc.from] = logAdd(beta[arc.from], beta[arc.to] + arcScore(arc, scores));
  }
  return { alpha, beta, total: alpha[states - 1] };
}

/** The probability that a path goes over each arc, in the order of the arcs. Zeros where there is no path. */
export function arcPosteriors(
  { arcs }: Lattice,
  scores: ArrayLike<number>,
  { alpha, beta, total }: Masses,
): Float64Array {
  const posterior = new Float64Array(arcs.length);
  if (total === nothing) return posterior;
  arcs.forEach((arc, i) => {
    posterior[i] = Math.exp(alpha[arc.from] + arcScore(arc, scores) + beta[arc.to] - total);
  });
  return posterior;
}

/** d total / d scores: how often a path reads each score, in expectation. */
export function occupancy({ arcs, size }: Lattice, posterior: ArrayLike<number>): Float64Array {
  const read = new Float64Array(size);
  arcs.forEach((arc, i) => {
    for (const place of arc.reads) read[place] += posterior[i];
  });
  return read;
}

/** How many paths have a weight above 0. */
export function countPaths({ states, arcs }: Lattice, scores: ArrayLike<number>): bigint {
  const count = new Array<bigint>(states).fill(0n);
  count[0] = 1n;
  for (const arc of arcs) if (arcScore(arc, scores) > nothing) count[arc.to] += count[arc.from];
  return count[states - 1];
}

/** The entropy of the paths in nats: total − E[score]. */
export function pathEntropy(
  { arcs }: Lattice,
  scores: ArrayLike<number>,
  posterior: ArrayLike<number>,
  total: number,
): number {
  if (total === nothing) return 0;
  let expected = 0;
  arcs.forEach((arc, i) => {
    if (posterior[i] > 0) expected += posterior[i] * arcScore(arc, scores);
  });
  return Math.max(total - expected, 0);
}

/** Draws paths with probability weight / total. `uniform` gives numbers in [0, 1). There must be a path. */
export function samplePaths(
  { states, arcs }: Lattice,
  scores: ArrayLike<number>,
  { alpha }: Masses,
  draws: number,
  uniform: () => number,
): Arc[][] {
  const into: Arc[][] = Array.from({ length: states }, () => []);
  for (const arc of arcs) into[arc.to].push(arc);
  return Array.from({ length: draws }, () => {
    const path: Arc[] = [];
    for (let state = states - 1; state !== 0; state = path[path.length - 1].from) {
      const shares = into[state].map((arc) => Math.exp(alpha[arc.from] + arcScore(arc, scores) - alpha[state]));
      path.push(into[state][draw(shares, uniform())]);
    }
    return path.reverse();
  });
}

/** The place that `point`, in [0, 1), falls on among shares of 1. */
function draw(shares: readonly number[], point: number): number {
  let end = 0;
  for (let i = 0; i < shares.length; i++) {
    end += shares[i];
    if (point < end) return i;
  }
  return shares.lastIndexOf(Math.max(...shares)); // rounding left a gap below 1
}

/**
 * The second derivative of the total in one direction: the covariance, over paths, of how often each score is read with how
 * far the path moves when the scores move along `direction`. Forward and backward means of that movement (the expectation
 * semiring of Eisner 2002) make it one pass more than a gradient.
 */
export function covariance(
  { states, arcs, size }: Lattice,
  scores: ArrayLike<number>,
  { alpha, beta, total }: Masses,
  posterior: ArrayLike<number>,
  direction: ArrayLike<number>,
): Float64Array {
  const result = new Float64Array(size);
  if (total === nothing) return result;
  const movement = (arc: Arc) => arc.reads.reduce((sum, place) => sum + direction[place], 0);
  const before = new Float64Array(states); // mean movement of the paths from the start to a state
  const after = new Float64Array(states); // and of those from it to the end
  for (const arc of arcs) {
    const share = Math.exp(alpha[arc.from] + arcScore(arc, scores) - alpha[arc.to]);
    if (share > 0) before[arc.to] += share * (before[arc.from] + movement(arc));
  }
  for (let i = arcs.length - 1; i >= 0; i--) {
    const arc = arcs[i];
    const share = Math.exp(beta[arc.to] + arcScore(arc, scores) - beta[arc.from]);
    if (share > 0) after[arc.from] += share * (after[arc.to] + movement(arc));
  }
  const mean = before[states - 1];
  arcs.forEach((arc, i) => {
    if (posterior[i] === 0) return;
    const excess = before[arc.from] + movement(arc) + after[arc.to] - mean;
    for (const place of arc.reads) result[place] += posterior[i] * excess;
  });
  return result;
}
