import type { Interval } from "../../tasks/task.js";

/**
 * P(|T| < t) of Student's distribution with n degrees of freedom, for t = √n tan(angle): a finite sum for whole n
 * (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).
 */
function within(angle: number, n: number): number {
  const cosine = Math.cos(angle);
  const odd = n % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = 0;
  for (let k = odd ? 1 : 0; k <= n - 2; k += 2) {
    sum += term;
    term *= ((k + 1) / (k + 2)) * cosine ** 2;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

/** The t that |T| stays below with this probability, in (0, 1), for a whole number of degrees of freedom of at least 1. */
export function studentQuantile(probability: number, degrees: number): number {
  let [low, high] = [0, Math.PI / 2];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (within(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return Math.sqrt(degrees) * Math.tan((low + high) / 2);
}

export interface Summary {
  readonly mean: number;
  /** 95 % interval of the mean, by Student's t; absent where there are less than two numbers, or one is not finite. */
  readonly interval?: Interval;
}

export function summarise(numbers: readonly number[]): Summary {
  const count = numbers.length;
  const mean = numbers.reduce((sum, x) => sum + x, 0) / count;
  if (count < 2 || !Number.isFinite(mean)) return { mean };
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1);
  const half = studentQuantile(0.95, count - 1) * Math.sqrt(variance / count);
  return { mean, interval: [mean - half, mean + half] };
}
