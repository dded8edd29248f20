import { median, type ReadHistory } from "./history.js";

/** A curve of fewer steps shows no course. */
const SHORTEST = 50;
const PARTS = 10;
/** The start is taken from this few steps, for the loss falls fastest there. */
const FIRST = 5;
/** A median of normal numbers has this many times the standard error of their mean. */
const OF_MEDIAN = 1.25;
/** The median of |x − y| of two normal numbers, in standard deviations. */
const OF_DIFFERENCES = 0.954;

/** The course of a loss: medians, which a few odd steps do not move, and how far chance alone moves these. */
export interface LossCurve {
  readonly steps: number;
  /** Of the untrained network. */
  readonly first: number;
  /** The median of the first few. */
  readonly start: number;
  /** Medians of the tenths of the run, in their order. */
  readonly tenths: readonly number[];
  readonly last: number;
  readonly best: number;
  /** Standard deviation from step to step, in the last half. */
  readonly spread: number;
  /** Standard error of a tenth's median. */
  readonly error: number;
  /** Standard error of the start. */
  readonly startError: number;
}

/** Undefined where there are too few finite losses. */
export function lossCurve({ losses }: ReadHistory): LossCurve | undefined {
  const finite = losses.filter(Number.isFinite);
  const n = finite.length;
  if (n < SHORTEST) return undefined;
  const tenths = Array.from({ length: PARTS }, (_, i) =>
    median(finite.slice(Math.floor((i * n) / PARTS), Math.floor(((i + 1) * n) / PARTS))),
  );
  const spread = spreadOf(finite.slice(n >> 1));
  return {
    steps: n,
    first: finite[0],
    start: median(finite.slice(0, FIRST)),
    tenths,
    last: tenths[PARTS - 1],
    best: Math.min(...tenths),
    spread,
    error: (OF_MEDIAN * spread) / Math.sqrt(n / PARTS),
    startError: (OF_MEDIAN * spreadOf(finite.slice(0, Math.floor(n / PARTS)))) / Math.sqrt(FIRST),
  };
}

/** From differences of neighbours, which a slow course does not widen. */
function spreadOf(values: readonly number[]): number {
  return median(values.slice(1).map((x, i) => Math.abs(x - values[i]))) / OF_DIFFERENCES;
}
