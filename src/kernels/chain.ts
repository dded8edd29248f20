import { NO_DOUBLES, NO_FLOATS, NO_INTEGERS } from "../core/tensor.js";
import type { Reused, Workspace } from "../core/workspace.js";
import { type ChainScores, groupEnd, largest, placeRows } from "./chainRows.js";
import { padded } from "./gateMatrix.js";
import { KernelModule } from "./kernelModule.js";
import { after, heap, type Place } from "./memory.js";
import { builds } from "./modules/chain.generated.js";
import { callTimes, type KernelCalls, threadCount } from "./threads.js";

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

/** Some of the included sequences, and where their arrays begin. */
class Group implements Reused {
  lengths = NO_INTEGERS;
  tags = 0;
  padded = 0;
  included = NO_INTEGERS;
  first = 0;
  last = 0;
  /** Where each of the included sequences begins in its group, in steps. */
  starts = NO_INTEGERS;
  steps = 0;
  longest = 0;
  coefficients = NO_DOUBLES;
  factor = 1;
  grad = NO_FLOATS;
  /** The largest score of a transition. */
  largest = 0;

  emissions = 0;
  gold = 0;
  start = 0;
  end = 0;
  weights = 0;
  transposed = 0;
  alphas = 0;
  pairs = 0;
  slopes = 0;
  status = 0;
  sums = 0;
  product = 0;
  work = 0;

  forget(): void {
    this.grad = NO_FLOATS;
  }
}

/** Whether the gradient of sequence b is. */
const wants = ({ grad, coefficients }: Group, b: number) => grad.length > 0 && coefficients[b] !== 0;

const sumsOfSequences: KernelCalls<ChainKernels, Group> = {
  module: chainKernels,
  name: "chainSequence",
  workspaceArgument: 14,
  call(run, i, group, returned) {
    const { lengths, tags: K, padded: P, included, first, starts, coefficients, factor } = group;
    const b = included[first + i];
    const from = 4 * starts[first + i];
    const wanted = wants(group, b);
    returned[i] = run(
      lengths[b],
      K,
      P,
      group.emissions + from * K,
      group.gold + from,
      group.start,
      group.end,
      group.weights,
      group.transposed,
      group.alphas + from * P,
      group.pairs + from * P,
      wanted ? coefficients[b] / factor : 1,
      wanted ? group.slopes + from * K : 0,
      group.status + 4 * i,
      group.work,
    );
  },
};

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
  const group = workspace.object("group of chains", Group);
  group.lengths = scores.lengths;
  group.tags = scores.tags;
  group.padded = padded(scores.tags);
  group.included = included;
  group.starts = workspace.int32("starts of chains", included.length + 1);
  group.coefficients = coefficients;
  group.factor = most > 1e-15 && most < 1e15 ? 1 : most;
  group.grad = grad;
  const place = heap();
  for (let first = 0; first < included.length; first = group.last) {
    group.first = first;
    group.last = groupEnd(scores, included, first);
    group.steps = 0;
    group.longest = 0;
    for (let n = first; n < group.last; n++) {
      const length = scores.lengths[included[n]];
      group.steps += length;
      group.longest = Math.max(group.longest, length);
    }
    const start = place.reserve(layOut(group, 0), "crfLoss");
    try {
      layOut(group, start);
      sumGroup(scores, group, place, gold, sums);
    } finally {
      place.release(start);
    }
  }
}

/** Where the arrays lie from an address on; returns where they end. */
function layOut(group: Group, at: number): number {
  const { tags: K, padded: P, steps, longest, first, last } = group;
  group.emissions = at;
  group.gold = after(group.emissions, 4 * steps * K);
  group.start = after(group.gold, 4 * steps);
  group.end = after(group.start, 4 * P);
  group.weights = after(group.end, 4 * P);
  group.transposed = after(group.weights, 4 * K * P);
  group.alphas = after(group.transposed, 4 * K * P);
  group.pairs = after(group.alphas, 4 * steps * P);
  group.slopes = after(group.pairs, 4 * steps * P);
  group.status = after(group.slopes, 4 * steps * K);
  group.sums = after(group.status, 4 * (last - first));
  group.product = after(group.sums, 4 * K * P);
  group.work = after(group.product, 1024 * P);
  return after(group.work, threadCount() * workBytes(P, longest));
}

const workBytes = (P: number, longest: number) => 4 * P * (longest + 4);

function sumGroup(
  scores: ChainScores,
  group: Group,
  place: Place,
  gold: Int32Array,
  { others, settled, transitions }: ChainSums,
): void {
  const { time, tags: K, lengths, transitions: shared } = scores;
  const { padded: P, included, first, last, starts, steps, factor, grad } = group;
  const count = last - first;
  placeRows(place, group.emissions, scores, included, first, last, starts);
  const golds = place.i32(group.gold, steps);
  for (let n = first; n < last; n++) {
    const from = included[n] * time - starts[n];
    for (let i = starts[n]; i < starts[n + 1]; i++) golds[i] = gold[from + i];
  }
  const weights = place.f32(group.weights, K * P);
  placeTransitions(group, shared, weights, place.f32(group.transposed, K * P));
  const ends = placeRow(scores.start, place.f32(group.start, P)) + placeRow(scores.end, place.f32(group.end, P));
  // where every transition is forbidden, a sequence of one step takes none
  const each = Number.isFinite(group.largest) ? group.largest : 0;
  const found = callTimes(sumsOfSequences, place.memory, count, group, workBytes(P, group.longest));
  const lost = place.i32(group.status, count);
  const alphas = place.f32(group.alphas, steps * P);
  const pairs = place.f32(group.pairs, steps * P);
  let any = false;
  for (let i = 0; i < count; i++) {
    const b = included[first + i];
    const from = starts[first + i];
    const size = lengths[b];
    const wanted = wants(group, b);
    if (lost[i] === 0) {
      settled[b] = 1;
      others[b] = found[i] + (size - 1) * each + ends;
    }
    if (lost[i] === 0 && wanted) {
      const slopes = place.f32(group.slopes + 4 * from * K, size * K);
      for (let j = 0; j < slopes.length && factor !== 1; j++) slopes[j] *= factor;
      grad.set(slopes, b * time * K);
    } else {
      alphas.fill(0, from * P, (from + size) * P);
      pairs.fill(0, from * P, (from + size) * P);
    }
    any ||= wanted;
  }
  if (!any) return;
  const multiply = chainKernels.on(place.memory).multiplyTransposed;
  multiply(K, P, steps, group.alphas, 4 * P, group.pairs, group.product, group.sums);
  const summed = place.f32(group.sums, K * P);
  for (let i = 0; i < K; i++) {
    for (let j = 0; j < K; j++) transitions[i * K + j] += factor * weights[i * P + j] * summed[i * P + j];
  }
}

/** Writes e^(score − largest) of the transitions, columns padded with 0, and the same transposed; notes the largest. */
function placeTransitions(group: Group, scores: Float64Array, weights: Float32Array, transposed: Float32Array): void {
  const { tags: K, padded: P } = group;
  const most = largest(scores);
  group.largest = most;
  weights.fill(0);
  transposed.fill(0);
  for (let i = 0; i < K; i++) {
    for (let j = 0; j < K; j++) {
      const weight = Math.exp(scores[i * K + j] - most);
      weights[i * P + j] = weight;
      transposed[j * P + i] = weight;
    }
  }
}

/** Writes e^(score − largest), and zeros behind; returns the largest. */
function placeRow(scores: Float64Array, row: Float32Array): number {
  const most = largest(scores);
  row.fill(0);
  for (let k = 0; k < scores.length; k++) row[k] = Math.exp(scores[k] - most);
  return most;
}
