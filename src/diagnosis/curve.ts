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
  /** How certainly the losses fall (below 0) or rise, in standard deviations of chance (Mann 1945, Kendall's S). */
  readonly trend: number;
  /** What nine of ten losses of the last half are below. */
  readonly lateHigh: number;
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
    trend: trendOf(finite),
    lateHigh: finite.slice(n >> 1).toSorted((x, y) => x - y)[Math.floor(0.9 * (n - (n >> 1)))],
    startError: (OF_MEDIAN * spreadOf(finite.slice(0, Math.floor(n / PARTS)))) / Math.sqrt(FIRST),
  };
}

/** Losses of a long run that the trend is taken from: evenly spaced, for there is a comparison for each pair. */
const COMPARED = 1000;

function trendOf(losses: readonly number[]): number {
  const n = Math.min(COMPARED, losses.length);
  const values = Array.from({ length: n }, (_, i) => losses[Math.floor((i * losses.length) / n)]);
  let score = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) score += Math.sign(values[j] - values[i]);
  return score / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
}

/** From differences of neighbours, which a slow course does not widen. */
function spreadOf(values: readonly number[]): number {
  return median(values.slice(1).map((x, i) => Math.abs(x - values[i]))) / OF_DIFFERENCES;
}
