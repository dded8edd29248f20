import { NO_INTEGERS } from "../core/tensor.js";
import type { Reused, Workspace } from "../core/workspace.js";
import { type ChainScores, groupEnd, largest, placeRows } from "./chainRows.js";
import { padded } from "./gateMatrix.js";
import { KernelModule } from "./kernelModule.js";
import { after, heap, type Place } from "./memory.js";
import { builds } from "./modules/viterbi.generated.js";
import { callTimes, type KernelCalls, threadCount } from "./threads.js";

/** assembly/viterbi.ts */
interface ViterbiKernels {
  roundChain(
    tags: number,
    padded: number,
    units: number,
    transitions: number,
    start: number,
    end: number,
    costs: number,
    whole: number,
  ): number;
  bestTaggings(
    count: number,
    lengths: number,
    tags: number,
    padded: number,
    emissions: number,
    transitions: number,
    start: number,
    end: number,
    costs: number,
    gold: number,
    tagsOut: number,
    whole: number,
    units: number,
    scores: number,
    work: number,
  ): void;
}

const viterbiKernels = new KernelModule<ViterbiKernels>(builds);

/** Sequences that the kernel takes steps of together. */
const TOGETHER = 4;

/** The fewest tags for which whole numbers are faster than float64. */
const FEWEST = 12;

/** Some sequences, and where their arrays begin. */
class Group implements Reused {
  tags = 0;
  padded = 0;
  first = 0;
  count = 0;
  /** Sequences of a call. */
  together = 0;
  /** Where each sequence begins in its group, in steps. */
  starts = NO_INTEGERS;
  steps = 0;
  units = 1;
  longest = 0;

  emissions = 0;
  lengths = 0;
  gold = 0;
  found = 0;
  scores = 0;
  transitions = 0;
  start = 0;
  end = 0;
  costs = 0;
  whole = 0;
  /** Whether scores are taken as whole numbers. */
  fits = false;
  work = 0;

  /** All of it lies in the workspace. */
  forget(): void {}
}

const callsOfSequences: KernelCalls<ViterbiKernels, Group> = {
  module: viterbiKernels,
  name: "bestTaggings",
  workspaceArgument: 14,
  call(run, i, group) {
    const n = i * group.together;
    const from = 4 * group.starts[group.first + n];
    run(
      Math.min(group.together, group.count - n),
      group.lengths + 4 * n,
      group.tags,
      group.padded,
      group.emissions + from * group.tags,
      group.transitions,
      group.start,
      group.end,
      group.costs,
      group.gold + from,
      group.found + from,
      group.fits ? group.whole : 0,
      group.units,
      group.scores + 8 * n,
      group.work,
    );
  },
};

/**
 * Viterbi on the included sequences, each at least one step long, as in float64. Of equal taggings, the one with the lowest tag
 * at the last step where they differ.
 *
 * @param where whom an error names
 * @param costs K×K: the row of the `gold` tag, [B, time], is added to the scores of a step
 * @param tags [B, time], written: where a score is finite, the tagging
 * @param found written: its score, cost included; -Infinity where all taggings are forbidden, NaN where an emission is NaN or
 *   Infinity
 */
export function bestTaggings(
  where: string,
  scores: ChainScores,
  included: Int32Array,
  costs: Float64Array,
  gold: Int32Array,
  tags: Int32Array,
  found: Float64Array,
  workspace: Workspace,
): void {
  const { time, tags: K, lengths } = scores;
  const group = workspace.object("group of taggings", Group);
  group.tags = K;
  group.padded = padded(K);
  group.starts = workspace.int32("starts of chains", included.length + 1);
  group.units = K < FEWEST ? 1 : unitsOf(scores, included, costs);
  const ordered = byLength(included, lengths, time, workspace);
  const place = heap();
  for (let first = 0, last = 0; first < ordered.length; first = last) {
    last = groupEnd(scores, ordered, first);
    group.first = first;
    group.count = last - first;
    group.together = Math.min(TOGETHER, Math.ceil(group.count / threadCount()));
    group.longest = lengths[ordered[last - 1]];
    group.steps = 0;
    for (let n = first; n < last; n++) group.steps += lengths[ordered[n]];
    const start = place.reserve(layOut(group, 0), where);
    try {
      layOut(group, start);
      placeRows(place, group.emissions, scores, ordered, first, last, group.starts);
      computeGroup(place, group, scores, ordered, costs, gold);
      takeTaggings(place, group, ordered, lengths, time, tags, found);
    } finally {
      place.release(start);
    }
  }
}

/** The sequences by their lengths, so that those of one length have all their steps together. */
function byLength(included: Int32Array, lengths: Int32Array, time: number, workspace: Workspace): Int32Array {
  const places = workspace.int32("places of lengths", time + 2);
  for (let n = 0; n < included.length; n++) places[lengths[included[n]] + 1]++;
  for (let length = 0; length <= time; length++) places[length + 1] += places[length];
  const ordered = workspace.int32("chains by length", included.length);
  for (let n = 0; n < included.length; n++) ordered[places[lengths[included[n]]]++] = included[n];
  return ordered;
}

/** Where the arrays lie from an address on; returns where they end. */
function layOut(group: Group, at: number): number {
  const { tags: K, padded: P, count, steps, longest } = group;
  group.emissions = at;
  group.lengths = after(group.emissions, 4 * steps * K);
  group.gold = after(group.lengths, 4 * count);
  group.found = after(group.gold, 4 * steps);
  group.scores = after(group.found, 4 * steps);
  group.transitions = after(group.scores, 8 * count);
  group.start = after(group.transitions, 8 * K * P);
  group.end = after(group.start, 8 * P);
  group.costs = after(group.end, 8 * P);
  group.whole = after(group.costs, 8 * K * P);
  group.work = after(group.whole, 4 * P * (3 * K + 2));
  return after(group.work, threadCount() * workBytes(P, longest));
}

const workBytes = (P: number, longest: number) => 16 * P * (longest + 1);

function computeGroup(
  place: Place,
  group: Group,
  { time, lengths, transitions, start, end }: ChainScores,
  ordered: Int32Array,
  costs: Float64Array,
  gold: Int32Array,
): void {
  const { tags: K, padded: P, first, count, starts, steps, units } = group;
  const sizes = place.i32(group.lengths, count);
  const golds = place.i32(group.gold, steps);
  for (let n = first; n < first + count; n++) {
    sizes[n - first] = lengths[ordered[n]];
    const from = ordered[n] * time - starts[n];
    for (let i = starts[n]; i < starts[n + 1]; i++) golds[i] = gold[from + i];
  }
  widen(transitions, K, P, place.f64(group.transitions, K * P));
  widen(start, K, P, place.f64(group.start, P));
  widen(end, K, P, place.f64(group.end, P));
  widen(costs, K, P, place.f64(group.costs, K * P), 0);
  const { roundChain } = viterbiKernels.on(place.memory);
  group.fits =
    K >= FEWEST && roundChain(K, P, units, group.transitions, group.start, group.end, group.costs, group.whole) !== 0;
  callTimes(callsOfSequences, place.memory, Math.ceil(count / group.together), group, workBytes(P, group.longest));
}

/** Takes the taggings of a group, and their scores. */
function takeTaggings(
  place: Place,
  { first, count, starts, steps, found: foundAt, scores: scoresAt }: Group,
  ordered: Int32Array,
  lengths: Int32Array,
  time: number,
  tags: Int32Array,
  found: Float64Array,
): void {
  const taggings = place.i32(foundAt, steps);
  const scores = place.f64(scoresAt, count);
  for (let n = first; n < first + count; n++) {
    const b = ordered[n];
    found[b] = scores[n - first];
    for (let t = 0; t < lengths[b]; t++) tags[b * time + t] = taggings[starts[n] + t];
  }
}

/** Writes rows of K numbers with `pad` behind each, up to P. */
function widen(from: Float64Array, K: number, P: number, rows: Float64Array, pad = Number.NEGATIVE_INFINITY): void {
  if (K === P) {
    rows.set(from);
    return;
  }
  rows.fill(pad);
  for (let i = 0, row = 0; i < from.length; row += P) {
    for (let k = 0; k < K; k++) rows[row + k] = from[i++];
  }
}

/**
 * How many units of assembly/viterbi.ts make 1, a power of two: a path may fall 64 usual scores behind, and no score is above half
 * the ceiling, as far as a sample of the emissions tells. Scores far below, as those that forbid, do not count. It decides how
 * many sequences float64 is needed for, not what is found.
 */
function unitsOf(
  { emissions, time, tags: K, lengths, transitions, start, end }: ChainScores,
  included: Int32Array,
  costs: Float64Array,
): number {
  if (included.length === 0) return 1;
  for (let i = 0; i < SAMPLE; i++) {
    const b = included[Math.floor((i * included.length) / SAMPLE)];
    sample[i] = emissions[b * time * K + ((i * STRIDE) % (lengths[b] * K))];
  }
  const most = Math.max(largest(sample), largest(transitions), largest(start), largest(end), largest(costs));
  const usual = usualOf(sample);
  for (let i = 0; i < SAMPLE; i++) sample[i] = transitions[(i * STRIDE) % transitions.length];
  const range = Math.max(8 * most, 64 * usual, 64 * usualOf(sample));
  const exponent = 29 - Math.ceil(Math.log2(range));
  return Number.isFinite(range) ? 2 ** Math.min(Math.max(exponent, -60), 60) : 1;
}

const SAMPLE = 256;
const sample = new Float64Array(SAMPLE);
/** A prime: where it ends, the sample has gone through all tags alike. */
const STRIDE = 7919;

/** The size that a quarter of the numbers stay below, where those that are 0 or none count as infinite; 0 where that is infinite. */
function usualOf(numbers: Float64Array): number {
  for (let i = 0; i < numbers.length; i++) numbers[i] = Math.abs(numbers[i]) || Number.POSITIVE_INFINITY;
  const usual = numbers.sort()[numbers.length / 4];
  return usual < Number.POSITIVE_INFINITY ? usual : 0;
}
