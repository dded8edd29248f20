import { part } from "../core/parts.js";
import type { Place } from "./memory.js";

// A batch of chains as the kernels take it: groups of whole sequences, the real steps of each behind those of the one before.

/** Emissions [B, time, K], of which the first lengths[b] steps are real, and the scores that all steps share. */
export interface ChainScores {
  readonly emissions: Float32Array;
  readonly time: number;
  readonly tags: number;
  readonly lengths: Int32Array;
  /** K×K, from row to column. */
  readonly transitions: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** Steps that go through the kernels at a time, whole sequences: enough for all threads, few enough for the cache. */
const STEPS = 4096;

/** Where the group that begins at included[first] ends: after about STEPS steps, or with the last sequence. */
export function groupEnd({ lengths }: ChainScores, included: Int32Array, first: number): number {
  let last = first;
  for (let steps = 0; last < included.length && steps < STEPS; last++) steps += lengths[included[last]];
  return last;
}

/** Copies the rows of included[first] to included[last − 1] there, and notes where each begins, in steps; their number comes last. */
export function placeRows(
  place: Place,
  at: number,
  { emissions, time, tags, lengths }: ChainScores,
  included: Int32Array,
  first: number,
  last: number,
  starts: Int32Array,
): void {
  starts[first] = 0;
  for (let n = first; n < last; n++) starts[n + 1] = starts[n] + lengths[included[n]];
  const rows = place.f32(at, starts[last] * tags);
  for (let n = first; n < last; n++) {
    const b = included[n];
    const from = b * time * tags;
    rows.set(part(emissions, b, from, from + lengths[b] * tags), starts[n] * tags);
  }
}

export function largest(scores: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) if (scores[i] > most) most = scores[i];
  return most;
}
