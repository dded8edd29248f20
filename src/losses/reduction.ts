import type { Batch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import type { PackedLabels } from "../core/labelSequences.js";
import { exactSum, exactSumInto } from "../core/numeric.js";
import { type FloatArray, NO_DOUBLES, type Tensor } from "../core/tensor.js";
import { type Reused, Workspace } from "../core/workspace.js";
import { checkNames } from "./optionNames.js";

/** Options that every loss takes. */
export interface LossOptions {
  /** How the losses of a batch become one value. `none` leaves them apart; its value is their sum. Default `mean`. */
  readonly reduction?: "none" | "sum" | "mean";
  /**
   * What a mean is over. `step`: all real steps alike; `sequence`: the sequences, each the sum over its steps;
   * `label`: the sequences, each divided by its number of labels (at least 1), as PyTorch's CTC does.
   */
  readonly per?: "sequence" | "step" | "label";
  /** A weight for each sequence [B], or for each step ([B, T] as lists, or flat). A weight of 0 leaves it out altogether. */
  readonly weights?: ArrayLike<number> | readonly (readonly number[])[];
  /** False computes the value only, and leaves the gradient empty. Default true. */
  readonly gradient?: boolean;
  /**
   * Where the result is written. A buffer takes the gradient, in the outputs' type and size. An earlier result of the same loss, of
   * outputs of the same type and size, is written again and returned: what it said before is gone. Training in a steady state so
   * leaves nothing to the garbage collector. With `gradient: false` its gradient is left as it is, and a new result has its `losses`.
   * Where only some arrays of a result are given, they become the new result's. Default a new result.
   */
  readonly into?: FloatArray | ResultArrays | undefined;
  /** The real steps of each sequence; default the whole time axis. Padding past them is never read. */
  readonly lengths?: ArrayLike<number>;
  /** d(final value) / d(value), or with `reduction: "none"` one for each sequence: the gradient is multiplied by it. Default 1. */
  readonly upstream?: number | ArrayLike<number>;
}

/** An earlier result, or arrays of one. */
export interface ResultArrays {
  readonly grad?: Tensor;
  readonly losses?: Float64Array;
}

/** What every loss returns. All of it belongs to the caller. */
export interface LossResult {
  /** The reduced loss, in natural-log units where the loss has any. `sum / weight` for a mean; 0 for a mean over nothing. */
  readonly value: number;
  /** The loss of each sequence, summed over its steps, before weights and reduction. */
  readonly losses: Float64Array;
  /** d value / d outputs, in the shape of the outputs, zero on padding. Empty when `gradient: false`. */
  readonly grad: Tensor;
  /** The weighted total, before the division of a mean. */
  readonly sum: number;
  /** What the sum is divided by in a mean: the (weighted) number of steps or sequences. */
  readonly weight: number;
}

/** A loss as training takes it: outputs in, value and gradient out. */
export type LossFunction<Outputs, Targets, Options extends LossOptions = LossOptions> = (
  outputs: Outputs,
  targets: Targets,
  options?: Options,
) => LossResult;

export type Per = NonNullable<LossOptions["per"]>;

export interface ReductionCounts {
  /** The weighted number of steps of each sequence, what `per: "step"` divides by. */
  readonly steps: ArrayLike<number>;
  /** Their sum, where it is known. */
  readonly allSteps?: number | undefined;
  /** The number of labels of each sequence, what `per: "label"` divides by. */
  readonly labels: ArrayLike<number>;
}

/** The part of a reduction that is known before any loss is computed: how much each sequence and step counts. */
export interface Reduction {
  /** d value / d losses[b]. */
  readonly coefficients: Float64Array;
  /** Every sequence counts alike: the coefficients are all the same. */
  readonly alike: boolean;
  readonly mean: boolean;
  /** What the sum is divided by in a mean. */
  readonly weight: number;
  /** How much each loss counts in the sum; default 1. */
  readonly shares: Float64Array | undefined;
  /** Room for what is summed. */
  readonly parts: Float64Array;
  /** What `reduce` writes. */
  sum: number;
  value: number;
}

class ReusedReduction implements Reduction, Reused {
  coefficients = NO_DOUBLES;
  alike = true;
  mean = true;
  weight = 0;
  shares: Float64Array | undefined = undefined;
  parts = NO_DOUBLES;
  sum = 0;
  value = 0;

  /** All of it lies in the workspace. */
  forget(): void {}
}

/** Counts as they are handed to `planReduction`. */
export class ReusedCounts implements ReductionCounts, Reused {
  steps: ArrayLike<number> = [];
  allSteps: number | undefined = undefined;
  labels: ArrayLike<number> = [];

  /** All of it lies in the workspace. */
  forget(): void {}
}

/** What is counted in a loss of labels that need not be as many as the steps. */
export function countsOf(steps: Int32Array, { starts }: PackedLabels, workspace: Workspace): ReductionCounts {
  const counts = workspace.object("counts", ReusedCounts);
  const labels = workspace.int32("labelled", starts.length - 1);
  for (let b = 0; b < labels.length; b++) labels[b] = starts[b + 1] - starts[b];
  counts.steps = steps;
  counts.labels = labels;
  return counts;
}

/** Sums the losses. */
export function reduce(losses: Float64Array, reduction: Reduction): void {
  const { shares, parts, mean, weight } = reduction;
  if (shares !== undefined) {
    for (let b = 0; b < losses.length; b++) parts[b] = shares[b] === 0 ? 0 : shares[b] * losses[b];
  }
  exactSumInto(shares === undefined ? losses : parts, total);
  reduction.sum = total[0];
  reduction.value = !mean ? total[0] : weight === 0 ? 0 : total[0] / weight;
}

const total = new Float64Array(1);

/**
 * Settles the weights of a batch: what is divided by what, before the losses are known.
 * @param workspace what the reduction lives in; default one of its own
 */
export function planReduction(
  where: string,
  options: LossOptions,
  sequences: number,
  per: Per,
  counts: ReductionCounts,
  weights: ArrayLike<number> | undefined,
  workspace = new Workspace(),
): Reduction {
  const { reduction = "mean", upstream = 1 } = options;
  checkNames(where, options);
  checkChoice(where, "reduction", reduction, REDUCTIONS);
  checkChoice(where, "per", per, PERS);
  if (typeof upstream !== "number") checkUpstream(where, upstream, reduction, sequences);
  const mean = reduction === "mean";
  const plan = workspace.object("reduction", ReusedReduction);
  plan.mean = mean;
  plan.alike = weights === undefined && !(mean && per === "label") && typeof upstream === "number";
  if (plan.alike) {
    plan.shares = undefined;
    plan.weight = per === "step" ? (counts.allSteps ?? exactSum(counts.steps)) : sequences;
    const divisor = mean ? plan.weight : 1;
    total[0] = divisor === 0 ? 0 : (upstream as number) / divisor;
    plan.coefficients = workspace.even("even coefficients", sequences, total);
    return plan;
  }
  const coefficients = workspace.float64("coefficients", sequences);
  const parts = workspace.float64("parts", sequences);
  plan.coefficients = coefficients;
  plan.parts = parts;
  const shares = workspace.float64("shares", sequences);
  for (let b = 0; b < sequences; b++) {
    const weight = weights === undefined ? 1 : weights[b];
    shares[b] = mean && per === "label" ? weight / Math.max(counts.labels[b], 1) : weight;
    parts[b] = per === "step" ? (weight === 0 ? 0 : weight * counts.steps[b]) : weight;
  }
  plan.shares = shares;
  exactSumInto(parts, total);
  plan.weight = total[0];
  const divisor = mean ? plan.weight : 1;
  for (let b = 0; b < sequences && divisor !== 0; b++) {
    const own = typeof upstream === "number" ? upstream : upstream[b];
    if (shares[b] !== 0) coefficients[b] = (shares[b] * own) / divisor;
  }
  return plan;
}

const REDUCTIONS = ["none", "sum", "mean"];
const PERS = ["sequence", "step", "label"];

function checkUpstream(where: string, upstream: ArrayLike<number>, reduction: string, sequences: number): void {
  if (reduction === "none" && upstream.length === sequences) return;
  throw new SeqlossError(where, "OPTION", {
    argument: "upstream",
    expected: reduction === "none" ? `one number, or ${sequences}, one for each sequence` : "one number",
    found: Array.from(upstream),
    advice: 'A list of upstream gradients goes with reduction: "none".',
  });
}

/** Weights of sequences, of steps, or neither. */
class Weights implements Reused {
  sequence: Float64Array | undefined = undefined;
  step: Float64Array | undefined = undefined;

  /** All of it lies in the workspace. */
  forget(): void {}
}

/** Reads `weights`: per sequence, or per step. Both are finite numbers; only the caller knows what a negative one means. */
export function readWeights(
  where: string,
  weights: LossOptions["weights"],
  batch: Pick<Batch, "batch" | "time" | "lengths">,
  workspace = new Workspace(),
): Weights {
  const read = workspace.object("weights", Weights);
  read.sequence = undefined;
  read.step = undefined;
  if (weights === undefined) return read;
  const { batch: sequences, time, lengths } = batch;
  if (Array.isArray(weights) && weights.some(Array.isArray)) {
    const step = workspace.float64("weights of steps", sequences * time);
    const rows = weights as readonly (readonly number[])[];
    checkSize(where, rows.length, sequences, sequences);
    for (let b = 0; b < sequences; b++) {
      if (rows[b].length < lengths[b]) {
        throw new SeqlossError(where, "LENGTH", {
          argument: `the size of weights[${b}]`,
          expected: `at least ${lengths[b]}, one for each real step`,
          found: rows[b].length,
        });
      }
      for (let t = 0; t < lengths[b]; t++) {
        if (!Number.isFinite(rows[b][t])) throw notFinite(where, rows[b][t], `weights[${b}][${t}]`);
        step[b * time + t] = rows[b][t];
      }
    }
    read.step = step;
    return read;
  }
  const flat = weights as ArrayLike<number>;
  checkSize(where, flat.length, sequences, sequences * time);
  const each = flat.length === sequences;
  const numbers = each
    ? workspace.float64("weights of sequences", sequences)
    : workspace.float64("weights of steps", sequences * time);
  for (let b = 0; b < sequences; b++) {
    const end = each ? b + 1 : b * time + lengths[b];
    for (let i = each ? b : b * time; i < end; i++) {
      if (!Number.isFinite(flat[i])) throw notFinite(where, flat[i], `weights[${i}]`);
      numbers[i] = flat[i];
    }
  }
  if (each) read.sequence = numbers;
  else read.step = numbers;
  return read;
}

/** Reads `weights` of a loss that no single step has a part of its own in: one for each sequence. */
export function readSequenceWeights(
  where: string,
  weights: LossOptions["weights"],
  batch: Pick<Batch, "batch" | "time" | "lengths">,
  workspace = new Workspace(),
): Float64Array | undefined {
  const read = readWeights(where, weights, batch, workspace);
  if (read.step === undefined) return read.sequence;
  throw new SeqlossError(where, "OPTION", {
    argument: "weights",
    expected: "one weight for each sequence",
    found: "a weight for each step",
    advice: "This loss is of whole sequences: no step has a loss of its own.",
  });
}

function checkSize(where: string, found: number, sequences: number, steps: number): void {
  if (found === sequences || found === steps) return;
  throw new SeqlossError(where, "LENGTH", {
    argument: "the size of weights",
    expected: sequences === steps ? String(sequences) : `${sequences} or ${steps}`,
    found,
    advice: "Weights are given for each sequence, or for each step.",
  });
}

function notFinite(where: string, found: number, argument: string): SeqlossError {
  return new SeqlossError(where, "VALUE", { argument, expected: "a finite number", found });
}

export function checkChoice(where: string, argument: string, found: unknown, choices: readonly string[]): void {
  if (choices.includes(found as string)) return;
  throw new SeqlossError(where, "OPTION", {
    argument,
    expected: choices.map((choice) => JSON.stringify(choice)).join(" or "),
    found,
  });
}
