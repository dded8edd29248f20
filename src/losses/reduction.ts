import type { Batch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { exactSum } from "../core/numeric.js";
import { keepParts } from "../core/parts.js";
import { type FloatArray, newArray, type Tensor } from "../core/tensor.js";
import { Workspace } from "../core/workspace.js";
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
   * outputs of the same type and size, is written again: its gradient and its `losses`, which are the new result's then. Training
   * in a steady state so leaves nothing to the garbage collector. Default new arrays.
   */
  readonly into?: FloatArray | ResultArrays | undefined;
  /** The real steps of each sequence; default the whole time axis. Padding past them is never read. */
  readonly lengths?: ArrayLike<number>;
  /** d(final value) / d(value), or with `reduction: "none"` one for each sequence: the gradient is multiplied by it. Default 1. */
  readonly upstream?: number | ArrayLike<number>;
}

/** Arrays of an earlier result. */
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
export class Reduction {
  constructor(
    /** d value / d losses[b]. */
    readonly coefficients: Float64Array,
    /** Every sequence counts alike: the coefficients are all the same. */
    readonly alike: boolean,
    private readonly mean: boolean,
    private readonly weight: number,
    /** How much each loss counts in the sum; default 1. */
    private readonly shares: Float64Array | undefined,
    private readonly parts: Float64Array,
  ) {}

  reduce(losses: Float64Array): Pick<LossResult, "value" | "sum" | "weight"> {
    const { mean, weight, shares, parts } = this;
    if (shares !== undefined)
      for (let b = 0; b < losses.length; b++) parts[b] = shares[b] === 0 ? 0 : shares[b] * losses[b];
    const sum = exactSum(shares === undefined ? losses : parts);
    return { value: !mean ? sum : weight === 0 ? 0 : sum / weight, sum, weight };
  }
}

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
  const coefficients = workspace.float64("coefficients", sequences);
  const parts = workspace.float64("parts", sequences);
  if (weights === undefined && !(mean && per === "label") && typeof upstream === "number") {
    const weight = per === "step" ? (counts.allSteps ?? exactSum(counts.steps)) : sequences;
    const divisor = mean ? weight : 1;
    if (divisor !== 0) coefficients.fill(upstream / divisor);
    return new Reduction(coefficients, true, mean, weight, undefined, parts);
  }
  const shares = workspace.float64("shares", sequences);
  for (let b = 0; b < sequences; b++) {
    const weight = weights === undefined ? 1 : weights[b];
    shares[b] = mean && per === "label" ? weight / Math.max(counts.labels[b], 1) : weight;
    parts[b] = per === "step" ? (weight === 0 ? 0 : weight * counts.steps[b]) : weight;
  }
  const weight = exactSum(parts);
  const divisor = mean ? weight : 1;
  for (let b = 0; b < sequences && divisor !== 0; b++) {
    const own = typeof upstream === "number" ? upstream : upstream[b];
    if (shares[b] !== 0) coefficients[b] = (shares[b] * own) / divisor;
  }
  return new Reduction(coefficients, false, mean, weight, shares, parts);
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

const UNWEIGHTED = {};

/** Reads `weights`: per sequence, or per step. Both are finite numbers; only the caller knows what a negative one means. */
export function readWeights(
  where: string,
  weights: LossOptions["weights"],
  batch: Batch,
): { sequence?: Float64Array; step?: Float64Array } {
  if (weights === undefined) return UNWEIGHTED;
  const { batch: sequences, time, lengths } = batch;
  if (Array.isArray(weights) && weights.some(Array.isArray)) {
    const step = new Float64Array(sequences * time);
    const rows = weights as readonly (readonly number[])[];
    checkSize(where, rows.length, [sequences]);
    for (let b = 0; b < sequences; b++) {
      if (rows[b].length < lengths[b]) {
        throw new SeqlossError(where, "LENGTH", {
          argument: `the size of weights[${b}]`,
          expected: `at least ${lengths[b]}, one for each real step`,
          found: rows[b].length,
        });
      }
      for (let t = 0; t < lengths[b]; t++) step[b * time + t] = finite(where, rows[b][t], `weights[${b}][${t}]`);
    }
    return { step };
  }
  const flat = weights as ArrayLike<number>;
  checkSize(where, flat.length, [sequences, sequences * time]);
  if (flat.length === sequences) {
    return { sequence: Float64Array.from(flat, (weight, b) => finite(where, weight, `weights[${b}]`)) };
  }
  const step = new Float64Array(sequences * time);
  for (let b = 0; b < sequences; b++) {
    for (let t = 0; t < lengths[b]; t++) {
      const i = b * time + t;
      step[i] = finite(where, flat[i], `weights[${i}]`);
    }
  }
  return { step };
}

/** Reads `weights` of a loss that no single step has a part of its own in: one for each sequence. */
export function readSequenceWeights(
  where: string,
  weights: LossOptions["weights"],
  batch: Batch,
): Float64Array | undefined {
  const read = readWeights(where, weights, batch);
  if (read.step === undefined) return read.sequence;
  throw new SeqlossError(where, "OPTION", {
    argument: "weights",
    expected: "one weight for each sequence",
    found: "a weight for each step",
    advice: "This loss is of whole sequences: no step has a loss of its own.",
  });
}

function checkSize(where: string, found: number, sizes: readonly number[]): void {
  if (sizes.includes(found)) return;
  throw new SeqlossError(where, "LENGTH", {
    argument: "the size of weights",
    expected: [...new Set(sizes)].join(" or "),
    found,
    advice: "Weights are given for each sequence, or for each step.",
  });
}

function finite(where: string, value: number, argument: string): number {
  if (Number.isFinite(value)) return value;
  throw new SeqlossError(where, "VALUE", { argument, expected: "a finite number", found: value });
}

export function checkChoice(where: string, argument: string, found: unknown, choices: readonly string[]): void {
  if (choices.includes(found as string)) return;
  throw new SeqlossError(where, "OPTION", {
    argument,
    expected: choices.map((choice) => JSON.stringify(choice)).join(" or "),
    found,
  });
}

/**
 * The buffer for the gradient: the caller's `into` when it fits, a new one otherwise.
 *
 * @param cleared false where every number is going to be written, and zeros would be written for nothing
 */
export function gradientBuffer(
  where: string,
  { into, gradient = true }: LossOptions,
  data: FloatArray,
  cleared = true,
): FloatArray {
  const Type = data.constructor as new (size: number) => FloatArray;
  if (!gradient) return new Type(0);
  const given = into instanceof Float32Array || into instanceof Float64Array ? into : into?.grad?.data;
  if (given === undefined) return newArray(where, Type, data.length);
  const argument = given === into ? "into" : "into.grad";
  const buffer = fitting(where, argument, given, data.constructor, data.length, "like the outputs");
  keepParts(buffer);
  keepParts(data);
  return cleared ? (buffer.fill(0) as FloatArray) : buffer;
}

/** Zeros, which become the losses: those of the earlier result when one is written again, otherwise new ones. */
export function lossesBuffer(where: string, { into }: LossOptions, sequences: number): Float64Array {
  const given = into instanceof Float32Array || into instanceof Float64Array ? undefined : into?.losses;
  if (given === undefined) return new Float64Array(sequences);
  return fitting(where, "into.losses", given, Float64Array, sequences, "one for each sequence").fill(0);
}

/** An array to write into, of a type and a size. */
export function fitting<Data extends FloatArray>(
  where: string,
  argument: string,
  given: Data,
  // biome-ignore lint/complexity/noBannedTypes: the constructor of a typed array
  Type: Function,
  size: number,
  what: string,
): Data {
  if (given.constructor === Type && given.length === size) return given;
  throw new SeqlossError(where, "SHAPE", {
    argument,
    expected: `a ${Type.name} of ${size}, ${what}`,
    found: `a ${given.constructor.name} of ${given.length}`,
  });
}
