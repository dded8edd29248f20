import { type ChainBatch, type ChainOptions, readChains } from "../core/chainScores.js";
import { type Labels, stepLabels } from "../core/labels.js";
import type { FloatArray, Tensor, TensorLike } from "../core/tensor.js";
import { type Chain, chainLoss, chainMarginals } from "../reference/chain.js";
import { gradientBuffer, type LossOptions, type LossResult, planReduction, readSequenceWeights } from "./reduction.js";

export interface CrfOptions extends LossOptions, Omit<ChainOptions, "lengths"> {}

/** A loss of a chain: besides the outputs' gradient, those of the scores that all steps share. */
export interface ChainLossResult extends LossResult {
  /** [K, K]: d value / d transitions. */
  readonly gradTransitions: Tensor;
  /** [K]: d value / d start. */
  readonly gradStart: Tensor;
  /** [K]: d value / d end. */
  readonly gradEnd: Tensor;
}

/**
 * Negative log-likelihood of a linear-chain conditional random field: ln Σ e^score over all taggings, less the score of `tags`
 * (Lafferty et al. 2001). The score of a tagging is start + Σ emissions + Σ transitions + end.
 *
 * Shapes: B sequences, T steps, K tags. A forbidden tagging (-Infinity anywhere on it) costs Infinity and has a zero gradient.
 * NaN in a sequence's emissions makes its loss and its emissions' gradient NaN, and no other sequence's; the gradients that all
 * share become NaN with it.
 *
 * @param emissions [B, T, K], a score for each tag at each step; padding is never read
 * @param tags ids in 0..K-1, one for each real step
 * @param options a mean is per sequence unless said otherwise; `per: "step"` divides by all real steps
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), a tag is out of range (LABEL), or a shared score is NaN or
 *   Infinity, or a mask has a hole (VALUE)
 * @example
 * crfLoss([[[0, 0, 0], [0, 0, 0]]], [[0, 2]]).value // 2.1972 = 2 ln 3: nine taggings alike
 */
export function crfLoss(emissions: TensorLike, tags: Labels, options: CrfOptions = {}): ChainLossResult {
  const where = "crfLoss";
  return chainLossOf(where, emissions, tags, options, (chain, gold) => {
    const loss = chainLoss(chain, gold);
    if (!Number.isFinite(loss)) return { loss };
    const { steps, transitions } = chainMarginals(chain);
    return { loss, expected: { steps, transitions } };
  });
}

/** How often each score is used: by a distribution over taggings, or by one tagging. */
interface Counts {
  /** T×K. */
  readonly steps: Float64Array;
  /** K×K. */
  readonly transitions: Float64Array;
}

/** The loss of one sequence; its gradient is `expected` − the counts of the gold tagging, and zero where there is none. */
interface SequenceLoss {
  readonly loss: number;
  readonly expected?: Counts;
}

/** What losses of a chain have in common: checks, reduction, and gradients that are differences of counts. */
export function chainLossOf(
  where: string,
  emissions: TensorLike,
  tags: Labels,
  options: CrfOptions,
  sequenceLoss: (chain: Chain, gold: Int32Array, b: number) => SequenceLoss,
): ChainLossResult {
  const batch = readChains(where, emissions, options);
  const { batch: sequences, time, width: K, lengths } = batch;
  const ids = stepLabels(where, tags, batch);
  const weights = readSequenceWeights(where, options.weights, batch);
  const steps = (b: number) => lengths[b];
  const counts = { steps, labels: steps };
  const reduction = planReduction(where, options, sequences, options.per ?? "sequence", counts, weights);
  const grad = gradientBuffer(where, options, batch.data);
  const shared = { transitions: new Float64Array(K * K), start: new Float64Array(K), end: new Float64Array(K) };
  const losses = new Float64Array(sequences);
  for (let b = 0; b < sequences; b++) {
    const gold = ids.subarray(b * time, b * time + lengths[b]);
    const chain = chainOf(batch, b);
    const { loss, expected } = sequenceLoss(chain, gold, b);
    losses[b] = loss;
    const coefficient = reduction.coefficients[b];
    if (grad.length === 0 || coefficient === 0) continue;
    if (Number.isNaN(loss)) {
      grad.fill(Number.NaN, b * time * K, (b * time + lengths[b]) * K);
      for (const part of Object.values(shared)) part.fill(Number.NaN);
    } else if (expected !== undefined) {
      addCounts(chain, expected, coefficient, grad.subarray(b * time * K), shared);
      addCounts(chain, countsOf(gold, K), -coefficient, grad.subarray(b * time * K), shared);
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

function chainOf({ data, time, width: tags, lengths, transitions, start, end }: ChainBatch, b: number): Chain {
  const first = b * time * tags;
  const emissions = data.subarray(first, first + lengths[b] * tags);
  return { emissions, steps: lengths[b], tags, transitions, start, end };
}

/** The counts of one tagging. */
export function countsOf(path: ArrayLike<number>, K: number): Counts {
  const steps = new Float64Array(path.length * K);
  const transitions = new Float64Array(K * K);
  for (let t = 0; t < path.length; t++) {
    steps[t * K + path[t]] = 1;
    if (t > 0) transitions[path[t - 1] * K + path[t]]++;
  }
  return { steps, transitions };
}

function addCounts(
  { steps: T, tags: K }: Chain,
  counts: Counts,
  factor: number,
  grad: FloatArray,
  shared: { transitions: Float64Array; start: Float64Array; end: Float64Array },
): void {
  for (let i = 0; i < T * K; i++) grad[i] += factor * counts.steps[i];
  for (let i = 0; i < K * K; i++) shared.transitions[i] += factor * counts.transitions[i];
  for (let k = 0; k < K && T > 0; k++) {
    shared.start[k] += factor * counts.steps[k];
    shared.end[k] += factor * counts.steps[(T - 1) * K + k];
  }
}

const toType = (like: FloatArray, data: Float64Array): FloatArray =>
  like instanceof Float32Array ? Float32Array.from(data) : data;
