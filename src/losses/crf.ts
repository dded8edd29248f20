import { type ChainBatch, type ChainOptions, NO_CHAINS, readChains } from "../core/chainScores.js";
import { keepLast } from "../core/keepLast.js";
import { type Labels, type LabelsFor, stepLabels } from "../core/labels.js";
import {
  type FloatArray,
  NO_DOUBLES,
  NO_FLOATS,
  NO_INTEGERS,
  NO_SHAPE,
  type Tensor,
  type TensorLike,
} from "../core/tensor.js";
import { indicesOf, type Reused, Workspace, withWorkspace } from "../core/workspace.js";
import { type ChainSums, chainSums } from "../kernels/chain.js";
import type { ChainScores } from "../kernels/chainRows.js";
import { crfSequences } from "../kernels/crf.js";
import { hasKernels } from "../kernels/engine.js";
import { type Chain, chainLoss, chainMarginals } from "../reference/chain.js";
import {
  type LossOptions,
  type LossResult,
  planReduction,
  type ResultArrays,
  ReusedCounts,
  readSequenceWeights,
} from "./reduction.js";
import { fitting, gradientBuffer, lossesBuffer, lossResult, type Rewritable } from "./result.js";

export interface CrfOptions extends LossOptions, Omit<ChainOptions, "lengths"> {
  /** As for any loss; the gradients of the shared scores are written again too. */
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
  return withWorkspace(chainLossIn, CRF, emissions, tags, options);
}

const CRF: ChainLoss<CrfOptions> = {
  where: "crfLoss",
  prepare(work) {
    if (work.fast) kernelLosses(work);
    return work.fast;
  },
  sequence(work, b) {
    const [chain, gold] = [chainOf(work.batch, b), goldOf(work, b)];
    const loss = isPoisoned(work.batch, b) ? Number.NaN : chainLoss(chain, gold);
    work.losses[b] = loss;
    return Number.isFinite(loss) ? chainMarginals(chain) : undefined;
  },
};

/** What the losses of a chain are computed from, and what their gradients go into. */
export class ChainWork implements Reused {
  batch: ChainBatch = NO_CHAINS;
  /** Kernels can compute it. */
  fast = false;
  /** The gold tags, [B, T]. */
  ids = NO_INTEGERS;
  /** d value / d losses[b]. */
  coefficients = NO_DOUBLES;
  /** Zeros, which become the losses. */
  losses = NO_DOUBLES;
  /** Empty where no gradient is wanted. */
  grad: FloatArray = NO_FLOATS;
  readonly shared = new SharedGradients();
  workspace = new Workspace();

  forget(): void {
    this.losses = NO_DOUBLES;
    this.grad = NO_FLOATS;
  }
}

class SharedGradients {
  transitions = NO_DOUBLES;
  start = NO_DOUBLES;
  end = NO_DOUBLES;
}

/** The batch as kernels take it. */
export function kernelScores({ batch, workspace }: ChainWork): ChainScores {
  const scores = workspace.object("scores of chains", Scores);
  scores.emissions = batch.data as Float32Array;
  scores.time = batch.time;
  scores.tags = batch.width;
  scores.lengths = batch.lengths;
  scores.transitions = batch.transitions;
  scores.start = batch.start;
  scores.end = batch.end;
  return scores;
}

class Scores implements ChainScores, Reused {
  emissions = NO_FLOATS;
  time = 0;
  tags = 0;
  lengths = NO_INTEGERS;
  transitions = NO_DOUBLES;
  start = NO_DOUBLES;
  end = NO_DOUBLES;

  forget(): void {
    this.emissions = NO_FLOATS;
  }
}

/** How often each score is used, by a distribution over taggings. */
interface Counts {
  /** T×K. */
  readonly steps: Float64Array;
  /** K×K. */
  readonly transitions: Float64Array;
}

/** What a loss of a chain is, beside what all of them have in common. */
export interface ChainLoss<Options extends CrfOptions> {
  readonly where: string;
  /** Prepares a batch; returns true where that has computed all losses and gradients, but the gradients of NaN. */
  readonly prepare: (work: ChainWork, options: Options) => boolean;
  /**
   * Writes the loss of sequence b. Its gradient is the counts that are returned, of a distribution or of its tagging in [B, T], less
   * those of the gold tagging; zero, or written already, where none are.
   */
  readonly sequence: (work: ChainWork, b: number) => Counts | Int32Array | undefined;
}

/** What losses of a chain have in common: checks, reduction, and gradients that are differences of counts. */
export function chainLossIn<Options extends CrfOptions>(
  workspace: Workspace,
  loss: ChainLoss<Options>,
  emissions: TensorLike,
  tags: Labels,
  options: Options,
): ChainLossResult {
  const { where } = loss;
  const batch = readChains(where, emissions, options, workspace);
  const { batch: sequences, width: K, lengths, data } = batch;
  const work = workspace.object("chain loss", ChainWork);
  const { shared } = work;
  work.batch = batch;
  work.workspace = workspace;
  work.fast = data instanceof Float32Array && hasKernels();
  work.ids = stepLabels(where, tags, batch, undefined, workspace);
  const weights = readSequenceWeights(where, options.weights, batch, workspace);
  const counts = workspace.object("counts", ReusedCounts);
  counts.steps = lengths;
  counts.labels = lengths;
  const reduction = planReduction(where, options, sequences, options.per ?? "sequence", counts, weights, workspace);
  const { coefficients } = reduction;
  const grad = gradientBuffer(where, options, data);
  shared.transitions = workspace.float64("gradient of transitions", K * K);
  shared.start = workspace.float64("gradient of start", K);
  shared.end = workspace.float64("gradient of end", K);
  const losses = lossesBuffer(where, options, sequences);
  work.coefficients = coefficients;
  work.losses = losses;
  work.grad = grad;
  const done = loss.prepare(work, options);
  for (let b = 0; b < sequences; b++) {
    const expected = done ? undefined : loss.sequence(work, b);
    if (grad.length === 0 || coefficients[b] === 0) continue;
    if (Number.isNaN(losses[b])) poison(work, b);
    else if (expected !== undefined) addDifference(work, expected, b);
  }
  const { matrix, row } = shapesOf(K);
  const transitions = sharedGradient(
    where,
    options,
    "gradTransitions",
    "into.gradTransitions",
    data,
    shared.transitions,
    matrix,
  );
  const start = sharedGradient(where, options, "gradStart", "into.gradStart", data, shared.start, row);
  const end = sharedGradient(where, options, "gradEnd", "into.gradEnd", data, shared.end, row);
  const result = lossResult(options, reduction, losses, grad, batch.shape) as Rewritable<ChainLossResult>;
  result.gradTransitions = transitions;
  result.gradStart = start;
  result.gradEnd = end;
  return result;
}

/** Makes the gradient of a sequence NaN, and those that all share. */
function poison({ batch, grad, shared }: ChainWork, b: number): void {
  const { time, width: K, lengths } = batch;
  grad.fill(Number.NaN, b * time * K, (b * time + lengths[b]) * K);
  shared.transitions.fill(Number.NaN);
  shared.start.fill(Number.NaN);
  shared.end.fill(Number.NaN);
}

/** Adds the gradient of a sequence: what is expected less the gold tagging. */
function addDifference(work: ChainWork, expected: Counts | Int32Array, b: number): void {
  if (expected instanceof Int32Array) addTagging(work, expected, b, 1);
  else addCounts(work, expected, b);
  addTagging(work, work.ids, b, -1); // chain.md (8)
}

/** The gradient of shared scores in the type of the outputs: in the earlier result's tensor where one is given. */
function sharedGradient(
  where: string,
  { into, gradient = true }: CrfOptions,
  name: SharedName,
  argument: string,
  like: FloatArray,
  slopes: Float64Array,
  shape: readonly number[],
): Tensor {
  const Type = like.constructor as new (size: number) => FloatArray;
  const earlier = into === undefined || "length" in into ? undefined : into[name];
  if (!gradient) return earlier?.data.length === 0 ? earlier : { data: new Type(0), shape: NO_SHAPE };
  const data =
    earlier === undefined
      ? new Type(slopes.length)
      : fitting(where, argument, earlier.data, Type, slopes.length, "like the scores");
  data.set(slopes);
  return earlier?.shape === shape ? earlier : { data, shape };
}

const shapesOf = keepLast((K: number) => ({ matrix: [K, K], row: [K] }));

/**
 * The longest sequence whose sums are taken in float32. Its errors add up where tags hardly mix: over 400 such chains the worst
 * of the emissions' gradient was 3.3e-6 at 64 steps, and 1.2e-5 at 256.
 */
const SHORT = 64;

/** Scores of gold taggings, and what the kernels sum. */
class Sums implements ChainSums, Reused {
  lengths = NO_INTEGERS;
  gold = NO_DOUBLES;
  others = NO_DOUBLES;
  settled: Uint8Array = new Uint8Array(0);
  transitions = NO_DOUBLES;

  /** All of it lies in the workspace. */
  forget(): void {}
}

const isShort = (b: number, { lengths, gold }: Sums): boolean =>
  lengths[b] > 0 && lengths[b] <= SHORT && Number.isFinite(gold[b]);

/** Writes the losses of all sequences, and their gradients. */
function kernelLosses(work: ChainWork): void {
  const { batch, ids, coefficients, losses, shared, workspace } = work;
  const grad = work.grad as Float32Array;
  const { batch: sequences, width: K, lengths } = batch;
  const sums = workspace.object("sums of chains", Sums);
  const gold = workspace.float64("scores of gold taggings", sequences);
  for (let b = 0; b < sequences; b++) taggingScore(batch, ids, b, gold);
  const others = workspace.float64("masses of other taggings", sequences);
  const settled = workspace.uint8("settled", sequences);
  const transitions = workspace.float64("transitions counted", K * K);
  sums.lengths = lengths;
  sums.gold = gold;
  sums.others = others;
  sums.settled = settled;
  sums.transitions = transitions;
  const short = indicesOf(workspace, sequences, isShort, sums);
  const scores = kernelScores(work);
  chainSums(scores, short, ids, coefficients, grad, sums, workspace);
  const unsettled = workspace.int32("unsettled", sequences);
  let left = false;
  for (let b = 0; b < sequences; b++) {
    unsettled[b] = settled[b] === 1 ? 0 : lengths[b];
    left ||= unsettled[b] > 0;
  }
  if (left) crfSequences(scores, unsettled, ids, coefficients, losses, grad, shared, workspace);
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

/** Writes the score of a tagging of sequence b, of ids [B, T], into scores[b]: chain.md (1). */
export function taggingScore(
  { data, time, width: K, lengths, transitions, start, end }: ChainBatch,
  ids: Int32Array,
  b: number,
  scores: Float64Array,
): void {
  const [first, last] = [b * time, b * time + lengths[b] - 1];
  scores[b] = 0;
  if (last < first) return;
  let score = start[ids[first]] + end[ids[last]];
  for (let i = first; i <= last; i++) {
    score += data[i * K + ids[i]];
    if (i > first) score += transitions[ids[i - 1] * K + ids[i]];
  }
  scores[b] = score;
}

/** Whether an emission of sequence b is NaN or Infinity: then the loss is NaN. */
export function isPoisoned({ data, time, width: K, lengths }: ChainBatch, b: number): boolean {
  const end = (b * time + lengths[b]) * K;
  for (let i = b * time * K; i < end; i++) if (!(data[i] < Number.POSITIVE_INFINITY)) return true;
  return false;
}

/** The gold tags of sequence b. */
function goldOf({ batch: { time, lengths }, ids }: ChainWork, b: number): Int32Array {
  return ids.subarray(b * time, b * time + lengths[b]);
}

export function chainOf({ data, time, width: tags, lengths, transitions, start, end }: ChainBatch, b: number): Chain {
  const first = b * time * tags;
  const emissions = data.subarray(first, first + lengths[b] * tags);
  return { emissions, steps: lengths[b], tags, transitions, start, end };
}

/** Adds the counts of one tagging, of those in [B, T], or takes them away. */
function addTagging(work: ChainWork, tags: Int32Array, b: number, sign: 1 | -1): void {
  const { batch, grad, shared, coefficients } = work;
  const factor = sign * coefficients[b];
  const { time, width: K, lengths } = batch;
  const [first, last] = [b * time, b * time + lengths[b] - 1];
  for (let i = first; i <= last; i++) {
    grad[i * K + tags[i]] += factor;
    if (i > first) shared.transitions[tags[i - 1] * K + tags[i]] += factor;
  }
  if (last < first) return;
  shared.start[tags[first]] += factor;
  shared.end[tags[last]] += factor;
}

function addCounts(work: ChainWork, { steps, transitions }: Counts, b: number): void {
  const { batch, grad, shared, coefficients } = work;
  const factor = coefficients[b];
  const { time, width: K } = batch;
  const first = b * time * K;
  for (let i = 0; i < steps.length; i++) grad[first + i] += factor * steps[i];
  for (let i = 0; i < K * K; i++) shared.transitions[i] += factor * transitions[i];
  for (let k = 0; k < K && steps.length > 0; k++) {
    shared.start[k] += factor * steps[k];
    shared.end[k] += factor * steps[steps.length - K + k];
  }
}
