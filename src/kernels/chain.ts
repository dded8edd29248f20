import type { Workspace } from "../core/workspace.js";
import { type ChainScores, groupEnd, largest, placeRows } from "./chainRows.js";
import { padded } from "./gateMatrix.js";
import { KernelModule } from "./kernelModule.js";
import { type Heap, withBlocks } from "./memory.js";
import { builds } from "./modules/chain.generated.js";
import { callTimes, threadCount } from "./threads.js";

/** assembly/chain.ts */
interface ChainKernels {
  chainSequence(
    steps: number,
    tags: number,
    padded: number,
    emissions: number,
    gold: number,
    start: number,
    end: number,
    weights: number,
    transposed: number,
    alphas: number,
    pairs: number,
    scale: number,
    grad: number,
    status: number,
    work: number,
  ): number;
  multiplyTransposed(
    M: number,
    N: number,
    K: number,
    a: number,
    aBytes: number,
    b: number,
    work: number,
    c: number,
  ): void;
}

const chainKernels = new KernelModule<ChainKernels>(builds);

export interface ChainSums {
  /** ln Σ e^score over the taggings other than gold, of each settled sequence. */
  readonly others: Float64Array;
  /** 1 where float32 settles a sequence. Zeros at first. */
  readonly settled: Uint8Array;
  /** K×K: Σ coefficient · expected count of each transition, over the settled sequences. Zeros at first. */
  readonly transitions: Float64Array;
}

/**
 * Sums over all taggings of the included sequences, which have at least one step. Where `grad` is not empty, the rows of settled
 * sequences become coefficient · (marginal − gold); those of others are left as they are.
 *
 * @param gold [B, time]
 * @param sums what is written
 */
export function chainSums(
  scores: ChainScores,
  included: Int32Array,
  gold: Int32Array,
  coefficients: Float64Array,
  grad: Float32Array,
  sums: ChainSums,
  workspace: Workspace,
): void {
  // what float32 would not hold well is multiplied in afterwards
  let most = 0;
  for (let n = 0; n < included.length; n++) most = Math.max(most, Math.abs(coefficients[included[n]]));
  const factor = most > 1e-15 && most < 1e15 ? 1 : most;
  const starts = workspace.int32("starts of chains", included.length + 1);
  for (let first = 0; first < included.length; ) {
    const last = groupEnd(scores, included, first);
    sumGroup(scores, { included, first, last, starts }, gold, { coefficients, factor, grad }, sums);
    first = last;
  }
}

/** Some of the included sequences, and where each begins among them, in steps. */
interface ChainGroup {
  readonly included: Int32Array;
  readonly first: number;
  readonly last: number;
  readonly starts: Int32Array;
}

interface ChainSlopes {
  readonly coefficients: Float64Array;
  readonly factor: number;
  /** Empty where none is wanted. */
  readonly grad: Float32Array;
}

function sumGroup(
  scores: ChainScores,
  { included, first, last, starts }: ChainGroup,
  gold: Int32Array,
  { coefficients, factor, grad }: ChainSlopes,
  { others, settled, transitions }: ChainSums,
): void {
  const { time, tags: K, lengths } = scores;
  const P = padded(K);
  const wanted = (b: number) => grad.length > 0 && coefficients[b] !== 0;
  const count = last - first;
  let [steps, longest] = [0, 0];
  for (let n = first; n < last; n++) {
    steps += lengths[included[n]];
    longest = Math.max(longest, lengths[included[n]]);
  }
  const [matrix, rows, row, given] = [4 * K * P, 4 * steps * P, 4 * P, 4 * steps * K];
  const work = 4 * P * (longest + 4);
  const sizes = [given, 4 * steps, row, row, matrix, matrix, rows, rows, given, 4 * count, matrix, 1024 * P];
  sizes.push(threadCount() * work);
  withBlocks("crfLoss", sizes, (addresses, heap) => {
    const [emissions, goldAt, start, end, weightsAt, transposed, alphas, pairs, gradAt, status, sums, product, workAt] =
      addresses;
    placeRows(heap, emissions, scores, included, first, last, starts);
    const golds = heap.i32(goldAt, steps);
    for (let n = first; n < last; n++) {
      const from = included[n] * time - starts[n];
      for (let i = starts[n]; i < starts[n + 1]; i++) golds[i] = gold[from + i];
    }
    const weights = heap.f32(weightsAt, K * P);
    const shared = placeExponentials(scores, P, heap, { start, end, weights, transposed });
    const found = callTimes(
      chainKernels,
      heap.memory,
      "chainSequence",
      count,
      (run, i) => {
        const b = included[first + i];
        const from = 4 * starts[first + i];
        return run(
          lengths[b],
          K,
          P,
          emissions + from * K,
          goldAt + from,
          start,
          end,
          weightsAt,
          transposed,
          alphas + from * P,
          pairs + from * P,
          wanted(b) ? coefficients[b] / factor : 1,
          wanted(b) ? gradAt + from * K : 0,
          status + 4 * i,
          workAt,
        );
      },
      { argument: 14, bytes: work },
    );
    const lost = heap.i32(status, count);
    let any = false;
    for (let i = 0; i < count; i++) {
      const b = included[first + i];
      const [from, size] = [4 * starts[first + i], lengths[b]];
      if (lost[i] === 0) {
        settled[b] = 1;
        others[b] = found[i] + (size - 1) * shared.transitions + shared.ends;
      }
      if (lost[i] === 0 && wanted(b)) {
        const slopes = heap.f32(gradAt + from * K, size * K);
        if (factor !== 1) for (let j = 0; j < slopes.length; j++) slopes[j] *= factor;
        grad.set(slopes, b * time * K);
      } else {
        heap.f32(alphas + from * P, size * P).fill(0);
        heap.f32(pairs + from * P, size * P).fill(0);
      }
      any ||= wanted(b);
    }
    if (!any) return;
    chainKernels.on(heap.memory).multiplyTransposed(K, P, steps, alphas, row, pairs, product, sums);
    const summed = heap.f32(sums, K * P);
    for (let i = 0; i < K; i++) {
      for (let j = 0; j < K; j++) transitions[i * K + j] += factor * weights[i * P + j] * summed[i * P + j];
    }
  });
}

/** Places e^(score − largest) of what all steps share, columns padded with 0; returns the largest of the transitions and of the ends. */
function placeExponentials(
  { tags: K, transitions, start, end }: ChainScores,
  P: number,
  heap: Heap,
  at: { readonly start: number; readonly end: number; readonly weights: Float32Array; readonly transposed: number },
): { readonly transitions: number; readonly ends: number } {
  const most = largest(transitions);
  const weights = at.weights.fill(0);
  const transposed = heap.f32(at.transposed, K * P).fill(0);
  for (let i = 0; i < K; i++) {
    for (let j = 0; j < K; j++) {
      const weight = Math.exp(transitions[i * K + j] - most);
      weights[i * P + j] = weight;
      transposed[j * P + i] = weight;
    }
  }
  const ends = placeRow(start, heap.f32(at.start, P)) + placeRow(end, heap.f32(at.end, P));
  // where every transition is forbidden, a sequence of one step takes none
  return { transitions: Number.isFinite(most) ? most : 0, ends };
}

/** Writes e^(score − largest), and zeros behind; returns the largest. */
function placeRow(scores: Float64Array, row: Float32Array): number {
  const most = largest(scores);
  row.fill(0);
  for (let k = 0; k < scores.length; k++) row[k] = Math.exp(scores[k] - most);
  return most;
}
