import { padded } from "./gateMatrix.js";
import { KernelModule } from "./kernelModule.js";
import { type Heap, withBlocks } from "./memory.js";
import { builds } from "./modules/chain.generated.js";
import { callEach, threadCount } from "./threads.js";

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
  bestTagging(
    steps: number,
    tags: number,
    padded: number,
    emissions: number,
    transitions: number,
    start: number,
    end: number,
    costs: number,
    gold: number,
    tagsOut: number,
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

/** The included sequences in groups of about STEPS steps. */
function* groups({ lengths }: ChainScores, included: readonly number[]): Generator<readonly number[]> {
  let group: number[] = [];
  let steps = 0;
  for (const b of included) {
    group.push(b);
    steps += lengths[b];
    if (steps < STEPS) continue;
    yield group;
    group = [];
    steps = 0;
  }
  if (group.length > 0) yield group;
}

/** Where each sequence of a group begins, in steps; and their number last. */
function offsets(lengths: Int32Array, group: readonly number[]): number[] {
  const starts = [0];
  for (const b of group) starts.push(starts[starts.length - 1] + lengths[b]);
  return starts;
}

function placeRows(heap: Heap, at: number, { emissions, time, tags, lengths }: ChainScores, group: readonly number[]) {
  const starts = offsets(lengths, group);
  group.forEach((b, n) => {
    const first = b * time * tags;
    const own = emissions.subarray(first, first + lengths[b] * tags);
    heap.f32(at + 4 * starts[n] * tags, own.length).set(own);
  });
  return starts;
}

export interface ChainSums {
  /** ln Σ e^score over the taggings other than gold, of each sequence; undefined where float32 does not settle it. */
  readonly others: readonly (number | undefined)[];
  /** K×K: Σ coefficient · expected count of each transition, over the settled sequences. */
  readonly transitions: Float64Array;
}

/**
 * Sums over all taggings of the included sequences, which have at least one step. Where `grad` is not empty, the rows of settled
 * sequences become coefficient · (marginal − gold); those of others are left as they are.
 *
 * @param gold [B, time]
 */
export function chainSums(
  scores: ChainScores,
  included: readonly number[],
  gold: Int32Array,
  coefficients: Float64Array,
  grad: Float32Array,
): ChainSums {
  const { time, tags: K, lengths } = scores;
  const P = padded(K);
  const shared = exponentials(scores, P);
  const others: (number | undefined)[] = new Array(lengths.length).fill(undefined);
  const transitions = new Float64Array(K * K);
  // what float32 would not hold well is multiplied in afterwards
  const most = included.reduce((size, b) => Math.max(size, Math.abs(coefficients[b])), 0);
  const factor = most > 1e-15 && most < 1e15 ? 1 : most;
  const wanted = (b: number) => grad.length > 0 && coefficients[b] !== 0;
  for (const group of groups(scores, included)) {
    const steps = group.reduce((sum, b) => sum + lengths[b], 0);
    const longest = Math.max(...group.map((b) => lengths[b]));
    const [matrix, rows, row] = [4 * K * P, 4 * steps * P, 4 * P];
    const given = 4 * steps * K;
    const bytes = { emissions: given, gold: 4 * steps, start: row, end: row, weights: matrix, transposed: matrix };
    const made = { alphas: rows, pairs: rows, grad: given, status: 4 * group.length, sums: matrix, product: 1024 * P };
    const workspace = 4 * P * (longest + 4);
    const sizes = [...Object.values(bytes), ...Object.values(made), threadCount() * workspace];
    withBlocks("crfLoss", sizes, (addresses, heap) => {
      const [emissions, goldAt, start, end, weights, transposed, alphas, pairs, gradAt, status, sums, product, work] =
        addresses;
      const starts = placeRows(heap, emissions, scores, group);
      group.forEach((b, n) =>
        heap.i32(goldAt + 4 * starts[n], lengths[b]).set(gold.subarray(b * time, b * time + lengths[b])),
      );
      heap.f32(start, P).set(shared.start);
      heap.f32(end, P).set(shared.end);
      heap.f32(weights, K * P).set(shared.weights);
      heap.f32(transposed, K * P).set(shared.transposed);
      const calls = group.map((b, n) => [
        ...[lengths[b], K, P, emissions + 4 * starts[n] * K, goldAt + 4 * starts[n], start, end, weights, transposed],
        ...[alphas + 4 * starts[n] * P, pairs + 4 * starts[n] * P],
        wanted(b) ? coefficients[b] / factor : 1,
        wanted(b) ? gradAt + 4 * starts[n] * K : 0,
        ...[status + 4 * n, work],
      ]);
      const found = callEach(chainKernels, heap.memory, "chainSequence", calls, {
        argument: calls[0].length - 1,
        bytes: workspace,
      });
      const lost = heap.i32(status, group.length);
      group.forEach((b, n) => {
        const [from, count] = [4 * starts[n], lengths[b]];
        if (lost[n] === 0) others[b] = found[n] + (count - 1) * shared.most.transitions + shared.most.ends;
        if (lost[n] === 0 && wanted(b)) {
          const slopes = heap.f32(gradAt + from * K, count * K);
          if (factor !== 1) for (let i = 0; i < slopes.length; i++) slopes[i] *= factor;
          grad.set(slopes, b * time * K);
        } else {
          heap.f32(alphas + from * P, count * P).fill(0);
          heap.f32(pairs + from * P, count * P).fill(0);
        }
      });
      if (!group.some(wanted)) return;
      chainKernels.on(heap.memory).multiplyTransposed(K, P, steps, alphas, row, pairs, product, sums);
      const summed = heap.f32(sums, K * P);
      for (let i = 0; i < K; i++) {
        for (let j = 0; j < K; j++) {
          transitions[i * K + j] += factor * shared.weights[i * P + j] * summed[i * P + j];
        }
      }
    });
  }
  return { others, transitions };
}

/** e^(score − largest) of what all steps share, columns padded with 0; and the largest. */
function exponentials({ tags: K, transitions, start, end }: ChainScores, P: number) {
  const mostOf = (scores: Float64Array) => scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const most = [transitions, start, end].map(mostOf);
  const weights = new Float32Array(K * P);
  const transposed = new Float32Array(K * P);
  for (let i = 0; i < K; i++) {
    for (let j = 0; j < K; j++) {
      const weight = Math.exp(transitions[i * K + j] - most[0]);
      weights[i * P + j] = weight;
      transposed[j * P + i] = weight;
    }
  }
  const row = (scores: Float64Array, largest: number) => {
    const padding = new Float32Array(P);
    padding.set(scores.map((score) => Math.exp(score - largest)));
    return padding;
  };
  return {
    weights,
    transposed,
    start: row(start, most[1]),
    end: row(end, most[2]),
    // where every transition is forbidden, a sequence of one step takes none
    most: { transitions: Number.isFinite(most[0]) ? most[0] : 0, ends: most[1] + most[2] },
  };
}

/** The best tagging of each included sequence, at least one step long; `score` includes the cost. */
export interface KernelTagging {
  readonly tags: Int32Array;
  readonly score: number;
}

/**
 * Viterbi on the included sequences, in float64. Of equal taggings, the one with the lowest tag at the last step where they differ.
 *
 * @param costs K×K, with `gold` [B, time]: the row of the gold tag is added to the scores of a step
 */
export function bestTaggings(
  scores: ChainScores,
  included: readonly number[],
  costs?: Float64Array,
  gold?: Int32Array,
): Map<number, KernelTagging> {
  const { time, tags: K, lengths, transitions, start, end } = scores;
  const P = padded(K);
  const taggings = new Map<number, KernelTagging>();
  for (const group of groups(scores, included)) {
    const steps = group.reduce((sum, b) => sum + lengths[b], 0);
    const workspace = 16 * P * (Math.max(...group.map((b) => lengths[b])) + 1);
    const [matrix, row] = [8 * K * P, 8 * P];
    const sizes = [4 * steps * K, matrix, row, row, matrix, 4 * steps, 4 * steps, threadCount() * workspace];
    withBlocks(
      "structuredHingeLoss",
      sizes,
      ([emissionsAt, transitionsAt, startAt, endAt, costsAt, goldAt, tagsAt, work], heap) => {
        const starts = placeRows(heap, emissionsAt, scores, group);
        const widened = (at: number, from: Float64Array, rows: number) => {
          const to = heap.f64(at, rows * P).fill(Number.NEGATIVE_INFINITY);
          for (let i = 0; i < rows; i++) to.set(from.subarray(i * K, (i + 1) * K), i * P);
        };
        widened(transitionsAt, transitions, K);
        widened(startAt, start, 1);
        widened(endAt, end, 1);
        if (costs !== undefined) widened(costsAt, costs, K);
        if (gold !== undefined) {
          group.forEach((b, n) =>
            heap.i32(goldAt + 4 * starts[n], lengths[b]).set(gold.subarray(b * time, b * time + lengths[b])),
          );
        }
        const calls = group.map((b, n) => [
          ...[lengths[b], K, P, emissionsAt + 4 * starts[n] * K, transitionsAt, startAt, endAt],
          ...[costs === undefined ? 0 : costsAt, goldAt + 4 * starts[n], tagsAt + 4 * starts[n], work],
        ]);
        const found = callEach(chainKernels, heap.memory, "bestTagging", calls, {
          argument: calls[0].length - 1,
          bytes: workspace,
        });
        group.forEach((b, n) => {
          const score = found[n];
          const tags =
            score === Number.NEGATIVE_INFINITY
              ? new Int32Array(0)
              : heap.i32(tagsAt + 4 * starts[n], lengths[b]).slice();
          taggings.set(b, { tags, score });
        });
      },
    );
  }
  return taggings;
}
