/** The learning rate of step 0, 1, 2, … */
export type Schedule = (step: number) => number;

/**
 * The same rate throughout.
 * @example
 * constantRate(0.01)(500) // 0.01
 */
export function constantRate(rate: number): Schedule {
  return () => rate;
}

export interface WarmupCosineOptions {
  /** The highest rate, reached after the warm-up. */
  readonly peak: number;
  /** Steps of the whole schedule; the rate stays at `floor` after them. */
  readonly steps: number;
  /** Steps of linear rise from 0. Default 0. */
  readonly warmup?: number;
  /** The last rate. Default 0. */
  readonly floor?: number;
}

/**
 * A linear rise, then half a cosine down (Loshchilov and Hutter 2017).
 * @example
 * warmupCosine({ peak: 1, steps: 110, warmup: 10 })(60) // 0.5
 */
export function warmupCosine({ peak, steps, warmup = 0, floor = 0 }: WarmupCosineOptions): Schedule {
  return (step) => {
    if (step < warmup) return (peak * (step + 1)) / warmup;
    const share = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
    return floor + ((peak - floor) * (1 + Math.cos(Math.PI * share))) / 2;
  };
}

/**
 * rate · factor^(step / every), smoothly.
 * @example
 * exponentialDecay({ rate: 1, factor: 0.5, every: 100 })(200) // 0.25
 */
export function exponentialDecay(options: { rate: number; factor: number; every: number }): Schedule {
  const { rate, factor, every } = options;
  return (step) => rate * factor ** (step / every);
}

/**
 * rate · factor^⌊step / every⌋, in steps.
 * @example
 * stepDecay({ rate: 1, factor: 0.1, every: 100 })(199) // 0.1
 */
export function stepDecay(options: { rate: number; factor: number; every: number }): Schedule {
  const { rate, factor, every } = options;
  return (step) => rate * factor ** Math.floor(step / every);
}

/**
 * k / (k + e^(step / k)): 1 at first, 1/2 at k ln k, then towards 0. For the probability of the true token in scheduled
 * sampling (Bengio et al. 2015, section 2.4).
 *
 * @param k at least 1; the larger, the later the fall
 * @example
 * inverseSigmoidDecay(100)(100 * Math.log(100)) // 0.5
 */
export function inverseSigmoidDecay(k: number): Schedule {
  return (step) => 1 / (1 + Math.exp(step / k) / k);
}

/**
 * From `start` down, or up, to `end` in equal parts over `steps`; `end` after them.
 * @example
 * linearDecay({ start: 1, end: 0.5, steps: 100 })(50) // 0.75
 */
export function linearDecay({ start, end, steps }: { start: number; end: number; steps: number }): Schedule {
  return (step) => start + (end - start) * Math.min(1, step / steps);
}
