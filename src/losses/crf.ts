import { type ChainBatch, type ChainOptions, readChains } from "../core/chainScores.js";
import { type Labels, type LabelsFor, stepLabels } from "../core/labels.js";
import type { FloatArray, Tensor, TensorLike } from "../core/tensor.js";
import { indicesOf, type Workspace, withWorkspace } from "../core/workspace.js";
import { chainSums } from "../kernels/chain.js";
import type { ChainScores } from "../kernels/chainRows.js";
import { crfSequences } from "../kernels/crf.js";
import { hasKernels } from "../kernels/engine.js";
import { type Chain, chainLoss, chainMarginals } from "../reference/chain.js";
import {
  fitting,
  gradientBuffer,
  type LossOptions,
  type LossResult,
  lossesBuffer,
  planReduction,
  type ResultArrays,
  readSequenceWeights,
} from "./reduction.js";

export interface CrfOptions extends LossOptions, Omit<ChainOptions, "lengths"> {
  /** As for any loss; of an earlier result the gradients of the shared scores are written again too. */
  readonly into?: FloatArray | (ResultArrays & Partial<Pick<ChainLossResult, SharedName>>) | undefined;
}

type SharedName = "gradTransitions" | "gradStart" | "gradEnd";

/** A loss of a chain: besides the outputs' gradient, those of the scores that all steps share. */
export interface ChainLossResult extends LossResult {
  /** [K, K], d value / d transitions. */
  readonly gradTransitions: Tensor;
  /** [K], d value / d start. */
  readonly gradStart: Tensor;
  /** [K], d value / d end. */
  readonly gradEnd: Tensor;
}

/**
 * Negative log-likelihood of a linear-chain conditional random field: ln Σ e^score over all taggings, less the score of `tags`
 * (Lafferty et al. 2001). The score of a tagging is start + Σ emissions + Σ transitions + end.
 *
 * Shapes: B sequences, T steps, K tags. A forbidden tagging (-Infinity anywhere on it) costs Infinity and has a zero gradient.
 * NaN or Infinity in a sequence's emissions makes its loss and its emissions' gradient NaN, and no other sequence's; the gradients
 * that all share become NaN with it.
 *
 * @param emissions [B, T, K], a score for each tag at each step; padding is never read
 * @param tags ids in 0..K-1, one for each real step
 * @param options a mean is per sequence unless said otherwise; `per: "step"` divides by all real steps
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), a tag is out of range (LABEL), or a shared score is NaN or
 *   Infinity, or a mask has a hole (VALUE)
 * @example
 * crfLoss([[[0, 0, 0], [0, 0, 0]]], [[0, 2]]).value // 2.1972 = 2 ln 3: nine taggings alike
 */
export function crfLoss<Scores extends TensorLike>(
  emissions: Scores,
  tags: LabelsFor<Scores>,
  options: CrfOptions = {},
): ChainLossResult {
  const where = "crfLoss";
  return chainLossOf(where, emissions, tags, options, (work) => {
    if (work.scores !== undefined) {
      kernelLosses(work, work.scores);
      return undefined;
    }
    return (b) => {
      const [chain, gold] = [chainOf(work.batch, b), goldOf(work, b)];
      if (isPoisoned(chain.emissions)) return { loss: Number.NaN };
      const exact = chainLoss(chain, gold);
      if (!Number.isFinite(exact)) return { loss: exact };
      return { loss: exact, expected: chainMarginals(chain) };
    };
  });
}

/** What the losses of a chain are computed from, and what their gradients go into. */
export interface ChainWork {
  readonly batch: ChainBatch;
  /** The same where kernels can compute it. */
  readonly scores: ChainScores | undefined;
  /** The gold tags, [B, T]. */
  readonly ids: Int32Array;
  /** d value / d losses[b]. */
  readonly coefficients: Float64Array;
  /** Zeros, which become the losses. */
  readonly losses: Float64Array;
  /** Empty where no gradient is wanted. */
  readonly grad: FloatArray;
  readonly shared: SharedGradients;
  readonly workspace: Workspace;
}

interface SharedGradients {
  readonly transitions: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** How often each score is used, by a distribution over taggings. */
interface Counts {
  /** T×K. */
  readonly steps: Float64Array;
  /** K×K. */
  readonly transitions: Float64Array;
}

/**
 * The loss of one sequence. Its gradient is the counts that are `expected`, of a distribution or of one tagging, less those of the
 * gold tagging; where nothing is expected it is zero, or written already.
 */
interface SequenceLoss {
  readonly loss: number;
  readonly expected?: Counts | Int32Array;
}

/**
 * What losses of a chain have in common: checks, reduction, and gradients that are differences of counts.
 *
 * @param prepare gives what computes the loss of sequence b; or computes all losses and gradients itself, but those of NaN
 */
export function chainLossOf(
  where: string,
  emissions: TensorLike,
  tags: Labels,
  options: CrfOptions,
  prepare: (work: ChainWork) => ((b: number) => SequenceLoss) | undefined,
): ChainLossResult {
  return withWorkspace((workspace) => {
    const batch = readChains(where, emissions, options, workspace);
    const { batch: sequences, time, width: K, lengths, data } = batch;
    const ids = stepLabels(where, tags, batch, undefined, workspace);
    const weights = readSequenceWeights(where, options.weights, batch);
    const counts = { steps: lengths, labels: lengths };
    const reduction = planReduction(where, options, sequences, options.per ?? "sequence", counts, weights, workspace);
    const { coefficients } = reduction;
    const grad = gradientBuffer(where, options, data);
    const shared = {
      transitions: workspace.float64("gradient of transitions", K * K),
      start: workspace.float64("gradient of start", K),
      end: workspace.float64("gradient of end", K),
    };
    const fast = data instanceof Float32Array && hasKernels();
    const { transitions, start, end } = batch;
    const scores = fast ? { emissions: data, time, tags: K, lengths, transitions, start, end } : undefined;
    const losses = lossesBuffer(where, options, sequences);
    const work = { batch, scores, ids, coefficients, losses, grad, shared, workspace };
    const sequenceLoss = prepare(work);
    for (let b = 0; b < sequences; b++) {
      const expected = sequenceLoss === undefined ? undefined : computeOne(work, sequenceLoss, b);
      if (grad.length === 0 || coefficients[b] === 0) continue;
      if (Number.isNaN(losses[b])) poison(work, b);
      else if (expected !== undefined) addDifference(work, expected, b);
    }
    const { value, sum, weight } = reduction.reduce(losses);
    const wanted = options.gradient !== false;
    return {
      value,
      losses,
      grad: { data: grad, shape: wanted ? batch.shape : [0] },
      gradTransitions: sharedGradient(where, options, "gradTransitions", data, shared.transitions, [K, K]),
      gradStart: sharedGradient(where, options, "gradStart", data, shared.start, [K]),
      gradEnd: sharedGradient(where, options, "gradEnd", data, shared.end, [K]),
      sum,
      weight,
    };
  });
}

function computeOne({ losses }: ChainWork, sequenceLoss: (b: number) => SequenceLoss, b: number) {
  const { loss, expected } = sequenceLoss(b);
  losses[b] = loss;
  return expected;
}

/** Makes the gradient of a sequence NaN, and those that all share. */
function poison({ batch, grad, shared }: ChainWork, b: number): void {
  const { time, width: K, lengths } = batch;
  grad.fill(Number.NaN, b * time * K, (b * time + lengths[b]) * K);
  for (const part of Object.values(shared)) part.fill(Number.NaN);
}

/** Adds the gradient of a sequence: what is expected less the gold tagging. */
function addDifference(work: ChainWork, expected: Counts | Int32Array, b: number): void {
  const { batch, coefficients, grad, shared } = work;
  const { time, width: K, lengths } = batch;
  const rows = grad.subarray(b * time * K, (b * time + lengths[b]) * K);
  if (expected instanceof Int32Array) addTagging(expected, coefficients[b], rows, shared);
  else addCounts(expected, coefficients[b], rows, shared);
  addTagging(goldOf(work, b), -coefficients[b], rows, shared); // chain.md (8)
}

/** The gradient of shared scores in the type of the outputs, in the earlier result's array where one is given. */
function sharedGradient(
  where: string,
  { into, gradient = true }: CrfOptions,
  name: SharedName,
  like: FloatArray,
  slopes: Float64Array,
  shape: readonly number[],
): Tensor {
  const Type = like.constructor as new (size: number) => FloatArray;
  if (!gradient) return { data: new Type(0), shape: [0] };
  const given = into === undefined || "length" in into ? undefined : into[name]?.data;
  const data =
    given === undefined
      ? new Type(slopes.length)
      : fitting(where, `into.${name}`, given, Type, slopes.length, "like the scores");
  data.set(slopes);
  return { data, shape };
}

/**
 * The longest sequence whose sums are taken in float32. Its errors add up where tags hardly mix: over 400 such chains the worst
 * of the emissions' gradient was 3.3e-6 at 64 steps, and 1.2e-5 at 256.
 */
const SHORT = 64;

/** Writes the losses of all sequences, and their gradients. */
function kernelLosses(work: ChainWork, scores: ChainScores): void {
  const { batch, ids, coefficients, losses, shared, workspace } = work;
  const grad = work.grad as Float32Array;
  const { batch: sequences, width: K, lengths } = batch;
  const gold = workspace.float64("scores of gold taggings", sequences);
  for (let b = 0; b < sequences; b++) gold[b] = goldScore(batch, ids, b);
  const short = indicesOf(workspace, sequences, (b) => {
    return lengths[b] > 0 && lengths[b] <= SHORT && Number.isFinite(gold[b]);
  });
  const others = workspace.float64("masses of other taggings", sequences);
  const settled = workspace.uint8("settled", sequences);
  const transitions = workspace.float64("transitions counted", K * K);
  chainSums(scores, short, ids, coefficients, grad, { others, settled, transitions }, workspace);
  const unsettled = workspace.int32("unsettled", sequences);
  let left = false;
  for (let b = 0; b < sequences; b++) {
    unsettled[b] = settled[b] === 1 ? 0 : lengths[b];
    left ||= unsettled[b] > 0;
  }
  if (left) crfSequences({ ...scores, lengths: unsettled }, ids, coefficients, losses, grad, shared);
  for (let i = 0; i < K * K; i++) shared.transitions[i] += transitions[i];
  for (let b = 0; b < sequences; b++) {
    if (settled[b] === 0) continue;
    const excess = others[b] - gold[b];
    losses[b] = excess > 0 ? excess + Math.log1p(Math.exp(-excess)) : Math.log1p(Math.exp(excess));
    if (grad.length > 0 && coefficients[b] !== 0) addSettled(work, b);
  }
}

/** Adds to the shared gradients what the emissions' gradient of a sequence says of them. */
function addSettled({ batch, ids, coefficients, grad, shared }: ChainWork, b: number): void {
  const { time, width: K, lengths } = batch;
  const first = b * time;
  for (let t = 1; t < lengths[b]; t++) {
    shared.transitions[ids[first + t - 1] * K + ids[first + t]] -= coefficients[b];
  }
  for (let k = 0; k < K; k++) {
    shared.start[k] += grad[first * K + k];
    shared.end[k] += grad[(first + lengths[b] - 1) * K + k];
  }
}

/** The score of the gold tagging of sequence b: chain.md (1). */
function goldScore({ data, time, width: K, lengths, transitions, start, end }: ChainBatch, ids: Int32Array, b: number) {
  const [first, last] = [b * time, b * time + lengths[b] - 1];
  if (last < first) return 0;
  let score = start[ids[first]] + end[ids[last]];
  for (let i = first; i <= last; i++) {
    score += data[i * K + ids[i]];
    if (i > first) score += transitions[ids[i - 1] * K + ids[i]];
  }
  return score;
}

/** Whether a score is NaN or Infinity: then so is the loss, NaN. */
export function isPoisoned(scores: ArrayLike<number>): boolean {
  for (let i = 0; i < scores.length; i++) if (!(scores[i] < Number.POSITIVE_INFINITY)) return true;
  return false;
}

/** The gold tags of sequence b. */
export function goldOf({ batch: { time, lengths }, ids }: ChainWork, b: number): Int32Array {
  return ids.subarray(b * time, b * time + lengths[b]);
}

export function chainOf({ data, time, width: tags, lengths, transitions, start, end }: ChainBatch, b: number): Chain {
  const first = b * time * tags;
  const emissions = data.subarray(first, first + lengths[b] * tags);
  return { emissions, steps: lengths[b], tags, transitions, start, end };
}

function addTagging(path: Int32Array, factor: number, rows: FloatArray, shared: SharedGradients): void {
  const K = shared.start.length;
  const T = path.length;
  for (let t = 0; t < T; t++) {
    rows[t * K + path[t]] += factor;
    if (t > 0) shared.transitions[path[t - 1] * K + path[t]] += factor;
  }
  if (T === 0) return;
  shared.start[path[0]] += factor;
  shared.end[path[T - 1]] += factor;
}

function addCounts({ steps, transitions }: Counts, factor: number, rows: FloatArray, shared: SharedGradients): void {
  const K = shared.start.length;
  for (let i = 0; i < steps.length; i++) rows[i] += factor * steps[i];
  for (let i = 0; i < K * K; i++) shared.transitions[i] += factor * transitions[i];
  for (let k = 0; k < K && steps.length > 0; k++) {
    shared.start[k] += factor * steps[k];
    shared.end[k] += factor * steps[steps.length - K + k];
  }
}
