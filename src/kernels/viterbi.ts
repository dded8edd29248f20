import type { Workspace } from "../core/workspace.js";
import { type ChainScores, groupEnd, largest, placeRows } from "./chainRows.js";
import { padded } from "./gateMatrix.js";
import { KernelModule } from "./kernelModule.js";
import { withBlocks } from "./memory.js";
import { builds } from "./modules/viterbi.generated.js";
import { callTimes, threadCount } from "./threads.js";

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

/** The best tagging of an included sequence; `score` includes the cost. */
export interface KernelTagging {
  readonly tags: Int32Array;
  /** -Infinity where all taggings are forbidden, NaN where an emission is NaN or Infinity. */
  readonly score: number;
}

/** Sequences that the kernel takes steps of together. */
const TOGETHER = 4;

/** The fewest tags for which whole numbers are faster than float64. */
const FEWEST = 12;

/**
 * Viterbi on the included sequences, each at least one step long, as in float64. Of equal taggings, the one with the lowest tag
 * at the last step where they differ.
 *
 * @param where whom an error names
 * @param costs K×K: the row of the `gold` tag, [B, time], is added to the scores of a step
 */
export function bestTaggings(
  where: string,
  scores: ChainScores,
  included: Int32Array,
  costs: Float64Array,
  gold: Int32Array,
  workspace: Workspace,
): readonly (KernelTagging | undefined)[] {
  const { time, tags: K, lengths, transitions, start, end } = scores;
  const P = padded(K);
  const taggings: (KernelTagging | undefined)[] = new Array(lengths.length).fill(undefined);
  const starts = workspace.int32("starts of chains", included.length + 1);
  const units = unitsOf(scores, included, costs);
  // sequences of one length have all their steps together
  const ordered = workspace.int32("chains by length", included.length);
  ordered.set(included);
  ordered.sort((a, b) => lengths[a] - lengths[b]);
  for (let first = 0, last = 0; first < ordered.length; first = last) {
    last = groupEnd(scores, ordered, first);
    const count = last - first;
    const together = Math.min(TOGETHER, Math.ceil(count / threadCount()));
    const steps = ordered.subarray(first, last).reduce((sum, b) => sum + lengths[b], 0);
    const work = 16 * P * (lengths[ordered[last - 1]] + 1);
    const [matrix, row, whole] = [8 * K * P, 8 * P, 4 * P * (3 * K + 2)];
    const sizes = [4 * steps * K, 4 * count, 4 * steps, 4 * steps, 8 * count];
    sizes.push(matrix, row, row, matrix, whole, threadCount() * work);
    withBlocks(where, sizes, (addresses, heap) => {
      const [
        emissionsAt,
        lengthsAt,
        goldAt,
        tagsAt,
        scoresAt,
        transitionsAt,
        startAt,
        endAt,
        costsAt,
        wholeAt,
        workAt,
      ] = addresses;
      placeRows(heap, emissionsAt, scores, ordered, first, last, starts);
      const [sizesOf, golds] = [heap.i32(lengthsAt, count), heap.i32(goldAt, steps)];
      for (let n = first; n < last; n++) {
        sizesOf[n - first] = lengths[ordered[n]];
        const from = ordered[n] * time - starts[n];
        for (let i = starts[n]; i < starts[n + 1]; i++) golds[i] = gold[from + i];
      }
      widen(transitions, K, P, heap.f64(transitionsAt, K * P));
      widen(start, K, P, heap.f64(startAt, P));
      widen(end, K, P, heap.f64(endAt, P));
      widen(costs, K, P, heap.f64(costsAt, K * P), 0);
      const kernels = viterbiKernels.on(heap.memory);
      const fits = K >= FEWEST && kernels.roundChain(K, P, units, transitionsAt, startAt, endAt, costsAt, wholeAt);
      callTimes(
        viterbiKernels,
        heap.memory,
        "bestTaggings",
        Math.ceil(count / together),
        (run, i) => {
          const n = i * together;
          const from = 4 * starts[first + n];
          return run(
            Math.min(together, count - n),
            lengthsAt + 4 * n,
            K,
            P,
            emissionsAt + from * K,
            transitionsAt,
            startAt,
            endAt,
            costsAt,
            goldAt + from,
            tagsAt + from,
            fits ? wholeAt : 0,
            units,
            scoresAt + 8 * n,
            workAt,
          );
        },
        { argument: 14, bytes: work },
      );
      const found = heap.f64(scoresAt, count);
      for (let i = 0; i < count; i++) {
        const b = ordered[first + i];
        const known = Number.isFinite(found[i]) ? lengths[b] : 0;
        taggings[b] = { tags: heap.i32(tagsAt + 4 * starts[first + i], known).slice(), score: found[i] };
      }
    });
  }
  return taggings;
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
