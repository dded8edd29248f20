import type { Evaluation, Sample, Scores } from "../../task.js";
import { drawForecast } from "../draw.js";
import type { Ahead } from "../losses.js";
import { BASELINES } from "./baselines.js";
import { type Day, dayAfter } from "./days.js";
import { HORIZON, type Origin, PAST, truthOf } from "./windows.js";

/** A week's temperatures, °C, forecast on the evening before its first day. */
export interface Forecast extends Ahead {
  readonly origin: Origin;
}

/** Forecasts that are drawn, evenly spread over the year. */
const DRAWN = 2;

const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/** Errors of each day ahead: [day ahead][forecast]. */
function errorsOf(days: readonly Day[], forecasts: readonly Pick<Forecast, "origin" | "values">[]): number[][] {
  return Array.from({ length: HORIZON }, (_, h) =>
    forecasts.map(({ origin, values }) => values[h] - days[origin + h].high),
  );
}

const absolute = (errors: readonly number[]) => mean(errors.map(Math.abs));
const squared = (errors: readonly number[]) => mean(errors.map((error) => error ** 2));

export function scoresOf(days: readonly Day[], forecasts: readonly Pick<Forecast, "origin" | "values">[]): Scores {
  const errors = errorsOf(days, forecasts).flat();
  return { meanAbsoluteError: absolute(errors), meanSquaredError: squared(errors) };
}

/** How good forecasts are, by how many days ahead, beside what needs no training. */
export function report(days: readonly Day[], forecasts: readonly Forecast[]): Evaluation {
  const others = Object.entries(BASELINES).map(([name, baseline]) => ({
    name,
    forecasts: forecasts.map(({ origin }) => ({ origin, values: baseline(days, origin) })),
  }));
  const columns = [{ name: "forecast", forecasts }, ...others].map((column) => ({
    ...column,
    errors: errorsOf(days, column.forecasts),
  }));
  const cells = (pick: (errors: readonly number[][]) => readonly number[]) =>
    columns.flatMap(({ errors }) => [absolute(pick(errors)).toFixed(2), squared(pick(errors)).toFixed(2)]);
  const byDay = Array.from({ length: HORIZON }, (_, h) => [String(h + 1), ...cells((errors) => errors[h])]);
  const [first, last] = [forecasts[0], forecasts[forecasts.length - 1]];
  return {
    scores: scoresOf(days, forecasts),
    on: `${forecasts.length} unseen weeks, ${days[first.origin].date} to ${days[last.origin + HORIZON - 1].date}`,
    table: [
      ["days ahead", ...columns.flatMap(({ name }) => [`${name}: |error| °C`, "error² °C²"])],
      ...byDay,
      ["all", ...cells((errors) => errors.flat())],
    ],
    notes: describeRange(days, forecasts),
    samples: Array.from({ length: DRAWN }, (_, n) =>
      sampleOf(days, forecasts[Math.floor(((n + 0.5) * forecasts.length) / DRAWN)]),
    ),
  };
}

function describeRange(days: readonly Day[], forecasts: readonly Forecast[]): string[] {
  const held = forecasts.flatMap(({ origin, range }) =>
    range === undefined
      ? []
      : range.low.map((low, h) => low <= days[origin + h].high && days[origin + h].high <= range.high[h]),
  );
  if (held.length === 0) return [];
  const share = (100 * held.filter(Boolean).length) / held.length;
  return [`${share.toFixed(1)} % of the days lie between the estimates of their 10 % and 90 % quantiles; 80 % should.`];
}

export function sampleOf(days: readonly Day[], forecast: Forecast): Sample {
  const week = (temperatures: readonly number[]) => temperatures.map((t) => t.toFixed(1)).join(" ");
  const known = truthOf(days, forecast.origin);
  return {
    drawing: drawForecast({
      title: `the week from ${dayAfter(days[forecast.origin - 1].date)}`,
      unit: "°C",
      past: days.slice(forecast.origin - PAST, forecast.origin).map(({ high }) => high),
      ahead: forecast,
      known,
    }),
    truth: known.length === HORIZON ? `${week(known)} °C` : "",
    reading: `${week(forecast.values)} °C`,
    quantities: { truth: "was", reading: "forecast" },
  };
}
