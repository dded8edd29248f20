import { SeqlossError } from "../core/errors.js";
import type { LossFunction, LossOptions, LossResult } from "./reduction.js";
import { gradientBuffer, lossesBuffer } from "./result.js";

/** How much a loss counts: a number, or a number for each step of training. */
export type LossWeight = number | ((step: number) => number);

export interface CombinedOptions extends LossOptions {
  /** The step of training that weights which are schedules are asked for. Default 0. */
  readonly step?: number;
}

export interface CombinedResult extends LossResult {
  /** What each loss gave by itself, before its weight; for a log, and for weights that are out of balance. */
  readonly terms: readonly { readonly coefficient: number; readonly result: LossResult }[];
}

/**
 * A loss that is the weighted sum of several on the same outputs: Σ_i w_i · loss_i. Its gradient is the weighted sum of theirs.
 * A weight is a finite number, negative too (a bonus), or a schedule. A loss whose weight is 0 is computed for `terms` and adds
 * nothing, not even NaN.
 *
 * Every loss gets the same targets and options; where each has targets of its own, take it out of an object:
 * `[0.3, (outputs, { tags }, options) => crfLoss(outputs, tags, options)]`. Where the losses divide by different weights (one
 * is a mean over steps, another over sequences) the combined `weight` is the number of sequences, and `sum` is value · weight;
 * give all of them the same `per` to keep means over micro-batches exact.
 *
 * @throws SeqlossError when there are no losses (OPTION), a weight is not finite (VALUE), or the losses disagree about the
 *   number of sequences or the shape of the outputs (SHAPE)
 * @example
 * const loss = combineLosses([[1, meanSquaredError], [(step) => 0.1 * step, meanAbsoluteError]]);
 * loss([[3, 1]], [[1, 1]], { step: 5 }).value // 2.5 = 4/2 + 0.5 · 2/2
 */
export function combineLosses<Outputs, Targets, Options extends LossOptions = LossOptions>(
  losses: readonly (readonly [weight: LossWeight, loss: LossFunction<Outputs, Targets, Options>])[],
): (outputs: Outputs, targets: Targets, options?: Options & CombinedOptions) => CombinedResult {
  const where = "combineLosses";
  if (losses.length === 0) {
    throw new SeqlossError(where, "OPTION", { argument: "losses", expected: "at least one [weight, loss]", found: [] });
  }
  return (outputs, targets, options = {} as Options & CombinedOptions) => {
    const { step = 0, into, ...rest } = options;
    const computed = losses.map(([weight, loss], i) => {
      const coefficient = typeof weight === "function" ? weight(step) : weight;
      if (!Number.isFinite(coefficient)) {
        const argument =
          typeof weight === "function" ? `the weight of loss ${i} at step ${step}` : `the weight of loss ${i}`;
        throw new SeqlossError(where, "VALUE", { argument, expected: "a finite number", found: coefficient });
      }
      return { coefficient, result: loss(outputs, targets, rest as unknown as Options) };
    });
    return { ...weighted(where, computed, options), terms: computed };
  };
}

function weighted(where: string, terms: CombinedResult["terms"], options: LossOptions): LossResult {
  const first = terms[0].result;
  terms.forEach(({ result }, i) => {
    agree(where, `the losses that loss ${i} gives`, first.losses.length, result.losses.length);
    agree(where, `the gradient's shape of loss ${i}`, String(first.grad.shape), String(result.grad.shape));
  });
  const total = (of: (result: LossResult) => number) =>
    terms.reduce((sum, { coefficient, result }) => (coefficient === 0 ? sum : sum + coefficient * of(result)), 0);
  const losses = lossesBuffer(where, options, first.losses.length);
  for (let b = 0; b < losses.length; b++) losses[b] = total((result) => result.losses[b]);
  const data = gradientBuffer(where, options, first.grad.data);
  for (let i = 0; i < data.length; i++) data[i] = total((result) => result.grad.data[i]);
  const value = total((result) => result.value);
  const alike = terms.every(({ result }) => result.weight === first.weight);
  return {
    value,
    losses,
    grad: { data, shape: first.grad.shape },
    sum: alike ? total((result) => result.sum) : value * losses.length,
    weight: alike ? first.weight : losses.length,
  };
}

function agree(where: string, argument: string, expected: number | string, found: number | string): void {
  if (expected === found) return;
  throw new SeqlossError(where, "SHAPE", {
    argument,
    expected: `${expected}, as of loss 0`,
    found,
    advice: "All losses are of the same outputs.",
  });
}
