import type { Batch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { exactSum } from "../core/numeric.js";
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
  /** The buffer to write the gradient into, of the outputs' type and size; default a new one. */
  readonly into?: FloatArray;
  /** The real steps of each sequence; default the whole time axis. Padding past them is never read. */
  readonly lengths?: ArrayLike<number>;
  /** d(final value) / d(value), or with `reduction: "none"` one for each sequence: the gradient is multiplied by it. Default 1. */
  readonly upstream?: number | ArrayLike<number>;
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

/** The part of a reduction that is known before any loss is computed: how much each sequence and step counts. */
export interface Reduction {
  /** d value / d losses[b]. */
  readonly coefficients: Float64Array;
  reduce(losses: Float64Array): Pick<LossResult, "value" | "sum" | "weight">;
}

export interface ReductionCounts {
  /** The weighted number of steps of each sequence, what `per: "step"` divides by. */
  readonly steps: (b: number) => number;
  /** The number of labels of each sequence, what `per: "label"` divides by. */
  readonly labels: (b: number) => number;
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
  const { reduction = "mean" } = options;
  checkNames(where, options);
  checkChoice(where, "reduction", reduction, ["none", "sum", "mean"]);
  checkChoice(where, "per", per, ["sequence", "step", "label"]);
  const upstream = readUpstream(where, options.upstream, reduction, sequences);
  const mean = reduction === "mean";
  const share = workspace.float64("shares", sequences);
  const parts = workspace.float64("parts", sequences);
  for (let b = 0; b < sequences; b++) {
    const weight = weights === undefined ? 1 : weights[b];
    share[b] = mean && per === "label" ? weight / Math.max(counts.labels(b), 1) : weight;
    parts[b] = per === "step" ? (weight === 0 ? 0 : weight * counts.steps(b)) : weight;
  }
  const weight = exactSum(parts);
  const divisor = mean ? weight : 1;
  const coefficients = workspace.float64("coefficients", sequences);
  for (let b = 0; b < sequences && divisor !== 0; b++) {
    if (share[b] !== 0) coefficients[b] = (share[b] * upstream(b)) / divisor;
  }
  const plain = weights === undefined && !(mean && per === "label");
  return {
    coefficients,
    reduce(losses) {
      if (!plain) for (let b = 0; b < sequences; b++) parts[b] = share[b] === 0 ? 0 : share[b] * losses[b];
      const sum = exactSum(plain ? losses : parts);
      return { value: !mean ? sum : weight === 0 ? 0 : sum / weight, sum, weight };
    },
  };
}

function readUpstream(
  where: string,
  upstream: LossOptions["upstream"],
  reduction: string,
  sequences: number,
): (b: number) => number {
  if (upstream === undefined) return () => 1;
  if (typeof upstream === "number") return () => upstream;
  if (reduction !== "none" || upstream.length !== sequences) {
    throw new SeqlossError(where, "OPTION", {
      argument: "upstream",
      expected: reduction === "none" ? `one number, or ${sequences}, one for each sequence` : "one number",
      found: Array.from(upstream),
      advice: 'A list of upstream gradients goes with reduction: "none".',
    });
  }
  return (b) => upstream[b];
}

/** Reads `weights`: per sequence, or per step. Both are finite numbers; only the caller knows what a negative one means. */
export function readWeights(
  where: string,
  weights: LossOptions["weights"],
  batch: Batch,
): { sequence?: Float64Array; step?: Float64Array } {
  if (weights === undefined) return {};
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
export function gradientBuffer(where: string, options: LossOptions, data: FloatArray, cleared = true): FloatArray {
  const { into, gradient = true } = options;
  const Type = data.constructor as new (size: number) => FloatArray;
  if (!gradient) return new Type(0);
  if (into === undefined) return newArray(where, Type, data.length);
  if (into.constructor !== data.constructor || into.length !== data.length) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "into",
      expected: `a ${data.constructor.name} of ${data.length}, like the outputs`,
      found: `a ${into.constructor.name} of ${into.length}`,
    });
  }
  return (cleared ? into.fill(0) : into) as FloatArray;
}
