import { SeqlossError } from "../../../src/index.js";
import { type Hours, readTime } from "./hours.js";

/** Hours that a forecast is made from: two weeks. */
export const PAST = 336;
/** Hours that are forecast: four days. */
export const HORIZON = 96;

/** Rows of each part, as all who report on this set split it (Zhou et al. 2021): 12, 4 and 4 months of 30 days. */
const MONTH = 30 * 24;
const ENDS = { train: 12 * MONTH, validation: 16 * MONTH, test: 20 * MONTH };

/** A forecast's first hour. */
export type Origin = number;

export interface Split {
  readonly train: readonly Origin[];
  readonly validation: readonly Origin[];
  readonly test: readonly Origin[];
}

/** Every forecast whose hours lie in one part; what it is forecast from may lie before the part. */
export function splitOrigins({ dates }: Hours): Split {
  if (dates.length < ENDS.test) {
    throw new SeqlossError("forecast", "FORMAT", {
      argument: "the series",
      expected: `at least ${ENDS.test} hours`,
      found: dates.length,
    });
  }
  const between = (start: number, end: number) =>
    Array.from({ length: end - HORIZON - start + 1 }, (_, n) => start + n);
  return {
    train: between(PAST, ENDS.train),
    validation: between(ENDS.train, ENDS.validation),
    test: between(ENDS.validation, ENDS.test),
  };
}

/** A series of mean 0 and variance 1 over the hours of training. */
export interface Scaled {
  /** [channel][hour] */
  readonly values: readonly Float64Array[];
  readonly scales: readonly { readonly mean: number; readonly deviation: number }[];
}

export function scaleHours({ values }: Hours): Scaled {
  const scales = values.map((channel) => {
    const seen = channel.subarray(0, ENDS.train);
    const mean = seen.reduce((sum, x) => sum + x, 0) / seen.length;
    const variance = seen.reduce((sum, x) => sum + (x - mean) ** 2, 0) / seen.length;
    return { mean, deviation: Math.sqrt(variance) || 1 };
  });
  return {
    scales,
    values: values.map((channel, c) => channel.map((x) => (x - scales[c].mean) / scales[c].deviation)),
  };
}

/**
 * The origin of the forecast that begins with an hour; it may be the hour after the last one known.
 *
 * @throws SeqlossError (FORMAT) when this is no hour, or the two weeks before it are not known
 */
export function originAt({ dates }: Hours, text: string): Origin {
  const time = readTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text} 00` : text);
  const origin = time === undefined ? -1 : (time - (readTime(dates[0]) as number)) / 3_600_000;
  if (origin >= PAST && origin <= dates.length) return origin;
  throw new SeqlossError("predict", "FORMAT", {
    argument: "the input",
    expected: `the first hour to forecast, such as ${dates[PAST].slice(0, 13)}, up to ${dates[dates.length - 1].slice(0, 13)}`,
    found: text,
  });
}
