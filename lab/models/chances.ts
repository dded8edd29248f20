// The probabilities that a step's outputs stand for, and what the outputs must be for others.
import type { Chances, LossAnswer } from "../worker/answers/losses.js";

/** A probability is never moved to 0 or 1: its logit would be infinite. */
const LEAST = 1e-4;

export interface ShownChances {
  /** The place of the first of them among the outputs. */
  readonly first: number;
  readonly values: readonly number[];
}

function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const weights = logits.map((z) => Math.exp(z - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Those of the step of the chosen output. */
export function chancesOf({ chances, outputs, shape, place }: LossAnswer): ShownChances | undefined {
  if (chances === undefined) return undefined;
  if (chances === "sigmoid") return { first: place, values: [1 / (1 + Math.exp(-outputs[place]))] };
  const size = shape.at(-1) as number;
  const first = place - (place % size);
  const row = outputs.slice(first, first + size);
  return { first, values: chances === "softmax" ? softmax(row) : row.map(Math.exp) };
}

const rounded = (x: number) => Math.round(1e4 * x) / 1e4;

/** Outputs, as [place, value], for which one of the probabilities is this, the others in the proportions that they have. */
export function withChance(
  chances: Chances,
  shown: ShownChances,
  k: number,
  wanted: number,
  outputs: readonly number[],
): [number, number][] {
  const { first, values } = shown;
  const p = Math.min(1 - LEAST, Math.max(LEAST, wanted));
  if (chances === "sigmoid") return [[first, rounded(Math.log(p / (1 - p)))]];
  if (chances === "logProbs") {
    const others = Math.max(1 - values[k], LEAST);
    return values.map((value, j) => [first + j, Math.log(j === k ? p : (value * (1 - p)) / others)]);
  }
  const rest = values.map((_, j) => (j === k ? Number.NEGATIVE_INFINITY : outputs[first + j]));
  const most = Math.max(...rest);
  const others = most + Math.log(rest.reduce((sum, z) => sum + Math.exp(z - most), 0));
  return [[first + k, rounded(others + Math.log(p / (1 - p)))]];
}

/** Outputs for a pasted list of probabilities, or of weights in their proportions; a sentence where it is none. */
export function pastedChances(chances: Chances, shown: ShownChances, text: string): [number, number][] | string {
  const size = shown.values.length;
  const numbers = text
    .split(/[\s,;[\]]+/)
    .filter((part) => part !== "")
    .map(Number);
  if (numbers.length !== size)
    return `${size} ${size === 1 ? "number is" : "numbers are"} needed; there are ${numbers.length}.`;
  if (numbers.some((x) => !(x > 0 && Number.isFinite(x)))) return "Each is a number above 0.";
  if (chances === "sigmoid") return numbers[0] < 1 ? withChance(chances, shown, 0, numbers[0], []) : "It is below 1.";
  const sum = numbers.reduce((a, b) => a + b, 0);
  return numbers.map((x, k) => {
    const logarithm = Math.log(x / sum);
    return [shown.first + k, chances === "softmax" ? rounded(logarithm) : logarithm];
  });
}
