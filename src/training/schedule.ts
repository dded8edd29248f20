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
