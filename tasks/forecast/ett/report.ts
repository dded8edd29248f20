import { bootstrapInterval } from "../../../src/index.js";
import type { Evaluation, Sample, Scores } from "../../task.js";
import { drawForecast } from "../draw.js";
import type { Ahead } from "../losses.js";
import { CHANNELS, type Hours, OIL } from "./hours.js";
import { HORIZON, type Origin, PAST, type Scaled } from "./windows.js";

/** What is forecast of every channel at one origin, in deviations of each. */
export interface Forecast {
  readonly origin: Origin;
  /** [channel] */
  readonly channels: readonly Ahead[];
}

/** Of the same series, look-back and horizon (Zeng et al., AAAI 2023, table 2): MSE and MAE. */
const PUBLISHED: readonly (readonly [string, number, number])[] = [
  ["Linear (Zeng et al. 2023)", 0.375, 0.397],
  ["NLinear (Zeng et al. 2023)", 0.374, 0.394],
  ["FEDformer (as Zeng et al. report)", 0.376, 0.419],
  ["Autoformer (as Zeng et al. report)", 0.449, 0.459],
  ["Informer (as Zeng et al. report)", 0.865, 0.713],
];

/** Forecasts that need no training. */
export const BASELINES: Readonly<Record<string, (hour: number) => number>> = {
  "as the last hour": () => -1,
  "as yesterday": (hour) => (hour % 24) - 24,
};

/** Hours of which one is drawn. */
const DRAWN_EVERY = 3;
const DRAWN_PAST = 96;
/** Forecasts near each other share hours: intervals are of blocks of a week. */
const BLOCK = 7 * 24;

type Values = Pick<Forecast, "origin"> & { readonly channels: readonly Pick<Ahead, "values">[] };

const asBaseline =
  ({ values }: Scaled, hourBefore: (hour: number) => number) =>
  ({ origin }: Pick<Forecast, "origin">): Values => ({
    origin,
    channels: values.map((channel) => ({
      values: Array.from({ length: HORIZON }, (_, h) => channel[origin + hourBefore(h)]),
    })),
  });

interface Errors {
  squared: number;
  absolute: number;
}

function errorsOf({ values }: Scaled, { origin, channels }: Values): Errors {
  const sums = { squared: 0, absolute: 0 };
  channels.forEach(({ values: said }, c) => {
    said.forEach((value, h) => {
      const error = value - values[c][origin + h];
      sums.squared += error ** 2;
      sums.absolute += Math.abs(error);
    });
  });
  const count = channels.length * HORIZON;
  return { squared: sums.squared / count, absolute: sums.absolute / count };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;
const meanErrors = (errors: readonly Errors[]): Errors => ({
  squared: mean(errors.map(({ squared }) => squared)),
  absolute: mean(errors.map(({ absolute }) => absolute)),
});

export function scoresOf(scaled: Scaled, forecasts: readonly Values[]): Scores {
  const { squared, absolute } = meanErrors(forecasts.map((forecast) => errorsOf(scaled, forecast)));
  return { scaledSquaredError: squared, scaledAbsoluteError: absolute };
}

/** How good forecasts are, in the scaled units that the field compares, beside what needs no training and what others report. */
export function report(hours: Hours, scaled: Scaled, forecasts: readonly Forecast[]): Evaluation {
  const errors = forecasts.map((forecast) => errorsOf(scaled, forecast));
  const blocks = Array.from({ length: Math.ceil(errors.length / BLOCK) }, (_, n) => {
    const block = errors.slice(n * BLOCK, (n + 1) * BLOCK);
    return [sum(block.map(({ squared }) => squared)), sum(block.map(({ absolute }) => absolute)), block.length];
  });
  const baselines = Object.entries(BASELINES).map(([name, hourBefore]) => {
    const { squared, absolute } = meanErrors(
      forecasts.map((forecast) => errorsOf(scaled, asBaseline(scaled, hourBefore)(forecast))),
    );
    return [name, squared, absolute] as const;
  });
  const scores = scoresOf(scaled, forecasts);
  const rows = [
    ["this network", scores.scaledSquaredError, scores.scaledAbsoluteError] as const,
    ...baselines,
    ...PUBLISHED,
  ];
  const [first, last] = [forecasts[0].origin, forecasts[forecasts.length - 1].origin + HORIZON - 1];
  return {
    scores,
    intervals: {
      scaledSquaredError: bootstrapInterval(blocks, ([squared, , count]) => squared / count),
      scaledAbsoluteError: bootstrapInterval(blocks, ([, absolute, count]) => absolute / count),
    },
    on: `${forecasts.length} unseen stretches of ${HORIZON} hours, ${hours.dates[first].slice(0, 10)} to ${hours.dates[last].slice(0, 10)}`,
    table: [
      [`${CHANNELS.length} channels, ${HORIZON} hours from ${PAST}`, "MSE", "MAE"],
      ...rows.map(([name, squared, absolute]) => [name, squared.toFixed(3), absolute.toFixed(3)]),
    ],
    notes: [
      "In units of each channel's standard deviation over the hours of training.",
      ...describeRange(scaled, forecasts),
    ],
    samples: [sampleOf(hours, scaled, forecasts[Math.floor(forecasts.length / 2)])],
  };
}

function describeRange({ values }: Scaled, forecasts: readonly Forecast[]): string[] {
  const held = forecasts.flatMap(({ origin, channels }) =>
    channels.flatMap(({ range }, c) =>
      range === undefined
        ? []
        : range.low.map((low, h) => low <= values[c][origin + h] && values[c][origin + h] <= range.high[h]),
    ),
  );
  if (held.length === 0) return [];
  const share = (100 * held.filter(Boolean).length) / held.length;
  return [
    `${share.toFixed(1)} % of the hours lie between the estimates of their 10 % and 90 % quantiles; 80 % should.`,
  ];
}

/** The oil's temperature, an hour in three. */
export function sampleOf({ dates, values }: Hours, { scales }: Scaled, { origin, channels }: Forecast): Sample {
  const { mean: center, deviation } = scales[OIL];
  const thinned = (numbers: ArrayLike<number>) =>
    Array.from({ length: Math.floor(numbers.length / DRAWN_EVERY) }, (_, n) => numbers[n * DRAWN_EVERY]);
  const inDegrees = (numbers: readonly number[]) => thinned(numbers).map((x) => center + deviation * x);
  const { values: said, range } = channels[OIL];
  const known = thinned(values[OIL].subarray(origin, origin + HORIZON));
  const daily = (numbers: readonly number[]) =>
    Array.from({ length: Math.floor(numbers.length / (24 / DRAWN_EVERY)) }, (_, day) =>
      mean(numbers.slice((day * 24) / DRAWN_EVERY, ((day + 1) * 24) / DRAWN_EVERY)).toFixed(1),
    ).join(" ");
  const ahead = {
    values: inDegrees(said),
    ...(range && { range: { low: inDegrees(range.low), high: inDegrees(range.high) } }),
  };
  return {
    drawing: drawForecast({
      title: `the oil's temperature from ${dateAt(dates, origin)}, every ${DRAWN_EVERY} hours`,
      unit: "°C",
      past: thinned(values[OIL].subarray(origin - DRAWN_PAST, origin)),
      ahead,
      known,
    }),
    truth: known.length * DRAWN_EVERY < HORIZON ? "" : `${daily(known)} °C a day`,
    reading: `${daily(ahead.values)} °C a day`,
    quantities: { truth: "was", reading: "forecast" },
  };
}

const dateAt = (dates: readonly string[], origin: Origin) =>
  dates[origin]?.slice(0, 16) ?? `the hour after ${dates[dates.length - 1].slice(0, 16)}`;
