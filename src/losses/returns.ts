import type { Batch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";

/** A number for each real step of each sequence: lists, or a flat list in the padded layout [B, T]. */
export type StepNumbers = readonly (readonly number[])[] | ArrayLike<number>;

/** Reads a number for each step into [B, T]; a list of B numbers becomes one for each sequence where `single` says how. */
export function readStepNumbers(
  where: string,
  argument: string,
  given: StepNumbers,
  { batch, time, lengths }: Pick<Batch, "batch" | "time" | "lengths">,
  single?: "last" | "every",
): Float64Array {
  const numbers = new Float64Array(batch * time);
  const set = (b: number, t: number, x: number, place: string) => {
    if (!Number.isFinite(x)) {
      throw new SeqlossError(where, "VALUE", { argument: place, expected: "a finite number", found: x });
    }
    numbers[b * time + t] = x;
  };
  const size = (found: number, expected: string, name = argument) => {
    throw new SeqlossError(where, "LENGTH", { argument: `the size of ${name}`, expected, found });
  };
  if (Array.isArray(given) && given.some(Array.isArray)) {
    const rows = given as readonly (readonly number[])[];
    if (rows.length !== batch) size(rows.length, `${batch}, one list for each sequence`);
    for (let b = 0; b < batch; b++) {
      if (rows[b].length < lengths[b]) {
        size(rows[b].length, `at least ${lengths[b]}, one for each real step`, `${argument}[${b}]`);
      }
      for (let t = 0; t < lengths[b]; t++) set(b, t, rows[b][t], `${argument}[${b}][${t}]`);
    }
    return numbers;
  }
  const flat = given as ArrayLike<number>;
  if (single !== undefined && flat.length === batch) {
    for (let b = 0; b < batch; b++) {
      const first = single === "every" ? 0 : lengths[b] - 1;
      for (let t = Math.max(first, 0); t < lengths[b]; t++) set(b, t, flat[b], `${argument}[${b}]`);
    }
    return numbers;
  }
  if (flat.length !== batch * time) {
    size(
      flat.length,
      `${single === undefined ? "" : `${batch}, one for each sequence, or `}${batch * time}, one for each step`,
    );
  }
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < lengths[b]; t++) set(b, t, flat[b * time + t], `${argument}[${b * time + t}]`);
  }
  return numbers;
}

export function checkDiscount(where: string, discount: number, argument = "discount"): void {
  if (discount >= 0 && discount <= 1) return;
  throw new SeqlossError(where, "VALUE", { argument, expected: "a number in [0, 1]", found: discount });
}

/**
 * Reward-to-go of each step: G_t = r_t + γ r_{t+1} + γ² r_{t+2} + … (Sutton and Barto 2018, eq. 3.8).
 *
 * @param rewards one list for each sequence
 * @param discount γ in [0, 1]. Default 1
 * @throws SeqlossError (VALUE) when the discount or a reward is out of range
 * @example
 * discountedReturns([[1, 0, 2]], 0.9)[0] // [2.62, 1.8, 2]
 */
export function discountedReturns(rewards: readonly (readonly number[])[], discount = 1): number[][] {
  checkDiscount("discountedReturns", discount);
  return rewards.map((list, b) => {
    const returns = list.slice();
    for (let t = list.length - 1; t >= 0; t--) {
      if (!Number.isFinite(list[t])) {
        const argument = `rewards[${b}][${t}]`;
        throw new SeqlossError("discountedReturns", "VALUE", { argument, expected: "a finite number", found: list[t] });
      }
      if (t + 1 < list.length) returns[t] += discount * returns[t + 1]; // reward.md (2)
    }
    return returns;
  });
}

/**
 * Generalised advantages: A_t = Σ_k (γλ)^k δ_{t+k}, with δ_t = r_t + γ V_{t+1} − V_t and V = 0 after the end (Schulman et al.
 * 2016, eq. 16). λ = 1 is the return less the value; λ = 0 the one-step error.
 *
 * @throws SeqlossError when sizes differ (LENGTH), or γ or λ is outside [0, 1] (VALUE)
 * @example
 * generalizedAdvantages([[1, 0, 2]], [[0.5, 1, 1.5]], { discount: 0.9, lambda: 1 })[0] // [2.12, 0.8, 0.5]
 */
export function generalizedAdvantages(
  rewards: readonly (readonly number[])[],
  values: readonly (readonly number[])[],
  { discount = 0.99, lambda = 0.95 }: { readonly discount?: number; readonly lambda?: number } = {},
): number[][] {
  const where = "generalizedAdvantages";
  checkDiscount(where, discount);
  checkDiscount(where, lambda, "lambda");
  return rewards.map((list, b) => {
    if (values[b]?.length !== list.length) {
      throw new SeqlossError(where, "LENGTH", {
        argument: `the size of values[${b}]`,
        expected: `${list.length}, one for each reward`,
        found: values[b]?.length,
      });
    }
    const advantages = new Array<number>(list.length).fill(0);
    for (let t = list.length - 1; t >= 0; t--) {
      const next = t + 1 < list.length;
      const error = list[t] + (next ? discount * values[b][t + 1] : 0) - values[b][t];
      advantages[t] = error + (next ? discount * lambda * advantages[t + 1] : 0);
    }
    return advantages;
  });
}

/** A baseline that follows the returns. */
export interface MovingAverage {
  /** The average so far, its start corrected for; 0 before the first update. */
  readonly value: number;
  /** Takes the mean of a batch's returns in. */
  update(returns: ArrayLike<number>): void;
  /** What a checkpoint needs to keep; give it back as the second argument. */
  readonly state: { readonly sum: number; readonly weight: number };
}

/**
 * An exponential moving average of returns, as a baseline: subtract `value`, then `update`.
 *
 * @param decay how much of the old average stays at an update, in [0, 1). Default 0.9
 * @throws SeqlossError (VALUE) when the decay is out of range
 * @example
 * const baseline = movingAverageBaseline(0.5);
 * baseline.update([1, 3]);
 * baseline.update([5]);
 * baseline.value // 4 = (0.5 · 2 + 5) / 1.5
 */
export function movingAverageBaseline(decay = 0.9, state = { sum: 0, weight: 0 }): MovingAverage {
  if (!(decay >= 0 && decay < 1)) {
    const details = { argument: "decay", expected: "a number in [0, 1)", found: decay };
    throw new SeqlossError("movingAverageBaseline", "VALUE", details);
  }
  let { sum, weight } = state;
  return {
    get value() {
      return weight === 0 ? 0 : sum / weight;
    },
    get state() {
      return { sum, weight };
    },
    update(returns) {
      if (returns.length === 0) return;
      const mean = Array.from(returns).reduce((total, x) => total + x, 0) / returns.length;
      sum = decay * sum + (1 - decay) * mean;
      weight = decay * weight + (1 - decay);
    },
  };
}
