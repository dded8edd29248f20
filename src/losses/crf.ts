import { type ChainBatch, type ChainOptions, readChains } from "../core/chainScores.js";
import { type Labels, type LabelsFor, stepLabels } from "../core/labels.js";
import type { FloatArray, Tensor, TensorLike } from "../core/tensor.js";
import { type ChainScores, chainSums } from "../kernels/chain.js";
import { crfSequences } from "../kernels/crf.js";
import { hasKernels } from "../kernels/engine.js";
import { type Chain, chainLoss, chainMarginals, chainScore } from "../reference/chain.js";
import { gradientBuffer, type LossOptions, type LossResult, planReduction, readSequenceWeights } from "./reduction.js";

export interface CrfOptions extends LossOptions, Omit<ChainOptions, "lengths"> {}

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
      const losses = kernelLosses(work, work.scores);
      return (_chain, _gold, b) => ({ loss: losses[b] });
    }
    return (chain, gold) => {
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
  /** Empty where no gradient is wanted. */
  readonly grad: FloatArray;
  readonly shared: SharedGradients;
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

/** What losses of a chain have in common: checks, reduction, and gradients that are differences of counts. */
export function chainLossOf(
  where: string,
  emissions: TensorLike,
  tags: Labels,
  options: CrfOptions,
  prepare: (work: ChainWork) => (chain: Chain, gold: Int32Array, b: number) => SequenceLoss,
): ChainLossResult {
  const batch = readChains(where, emissions, options);
  const { batch: sequences, time, width: K, lengths, data } = batch;
  const ids = stepLabels(where, tags, batch);
  const weights = readSequenceWeights(where, options.weights, batch);
  const counts = { steps: lengths, labels: lengths };
  const reduction = planReduction(where, options, sequences, options.per ?? "sequence", counts, weights);
  const { coefficients } = reduction;
  const grad = gradientBuffer(where, options, data);
  const shared = { transitions: new Float64Array(K * K), start: new Float64Array(K), end: new Float64Array(K) };
  const fast = data instanceof Float32Array && hasKernels();
  const scores = fast ? { ...batch, emissions: data, tags: K } : undefined;
  const sequenceLoss = prepare({ batch, scores, ids, coefficients, grad, shared });
  const losses = new Float64Array(sequences);
  for (let b = 0; b < sequences; b++) {
    const gold = ids.subarray(b * time, b * time + lengths[b]);
    const { loss, expected } = sequenceLoss(chainOf(batch, b), gold, b);
    losses[b] = loss;
    if (grad.length === 0 || coefficients[b] === 0) continue;
    const rows = grad.subarray(b * time * K, (b * time + lengths[b]) * K);
    if (Number.isNaN(loss)) {
      rows.fill(Number.NaN);
      for (const part of Object.values(shared)) part.fill(Number.NaN);
    } else if (expected !== undefined) {
      if (expected instanceof Int32Array) addTagging(expected, coefficients[b], rows, shared);
      else addCounts(expected, coefficients[b], rows, shared);
      addTagging(gold, -coefficients[b], rows, shared); // chain.md (8)
    }
  }
  const wanted = options.gradient !== false;
  const part = (data: Float64Array, shape: number[]): Tensor => ({
    data: wanted ? toType(batch.data, data) : toType(batch.data, new Float64Array(0)),
    shape: wanted ? shape : [0],
  });
  return {
    ...reduction.reduce(losses),
    losses,
    grad: { data: grad, shape: wanted ? batch.shape : [0] },
    gradTransitions: part(shared.transitions, [K, K]),
    gradStart: part(shared.start, [K]),
    gradEnd: part(shared.end, [K]),
  };
}

/**
 * The longest sequence whose sums are taken in float32. Its errors add up where tags hardly mix: over 400 such chains the worst
 * of the emissions' gradient was 3.3e-6 at 64 steps, and 1.2e-5 at 256.
 */
const SHORT = 64;

/** The losses of all sequences; their gradients are written. */
function kernelLosses({ batch, ids, coefficients, grad, shared }: ChainWork, scores: ChainScores): Float64Array {
  const { time, width: K, lengths } = batch;
  const goldScore = (b: number) => chainScore(chainOf(batch, b), ids.subarray(b * time, b * time + lengths[b]));
  const short = Array.from(lengths.keys()).filter(
    (b) => lengths[b] > 0 && lengths[b] <= SHORT && Number.isFinite(goldScore(b)),
  );
  const { others, transitions } = chainSums(scores, short, ids, coefficients, grad as Float32Array);
  const unsettled = lengths.map((length, b) => (others[b] === undefined ? length : 0));
  const losses = new Float64Array(lengths.length);
  if (unsettled.some((length) => length > 0)) {
    const counts = crfSequences({ ...scores, lengths: unsettled }, ids, coefficients, losses, grad as Float32Array);
    shared.transitions.set(counts.transitions);
    shared.start.set(counts.start);
    shared.end.set(counts.end);
  }
  for (let i = 0; i < K * K; i++) shared.transitions[i] += transitions[i];
  for (const b of short) {
    const all = others[b];
    if (all === undefined) continue;
    const excess = all - goldScore(b);
    losses[b] = excess > 0 ? excess + Math.log1p(Math.exp(-excess)) : Math.log1p(Math.exp(excess));
    if (grad.length === 0 || coefficients[b] === 0) continue;
    const first = b * time;
    for (let t = 1; t < lengths[b]; t++) {
      shared.transitions[ids[first + t - 1] * K + ids[first + t]] -= coefficients[b];
    }
    for (let k = 0; k < K; k++) {
      shared.start[k] += grad[first * K + k];
      shared.end[k] += grad[(first + lengths[b] - 1) * K + k];
    }
  }
  return losses;
}

/** Whether a score is NaN or Infinity: then so is the loss, NaN. */
export function isPoisoned(scores: ArrayLike<number>): boolean {
  for (let i = 0; i < scores.length; i++) if (!(scores[i] < Number.POSITIVE_INFINITY)) return true;
  return false;
}

function chainOf({ data, time, width: tags, lengths, transitions, start, end }: ChainBatch, b: number): Chain {
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

const toType = (like: FloatArray, data: Float64Array): FloatArray =>
  like instanceof Float32Array ? Float32Array.from(data) : data;
