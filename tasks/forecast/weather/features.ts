import type { Day } from "./days.js";
import { type Origin, PAST, truthOf } from "./windows.js";

/** What is measured of a day, rain and wind evened out: both have many small values and few great ones. */
const MEASURED: readonly ((day: Day) => number)[] = [
  ({ high }) => high,
  ({ low }) => low,
  ({ precipitation }) => Math.sqrt(precipitation),
  ({ wind }) => Math.sqrt(wind),
];

/** Numbers in each day: those measured, and where in the year it lies. */
export const FEATURES = MEASURED.length + 2;

const YEAR = 365.2425 * 86_400_000;

interface Range {
  readonly mean: number;
  readonly deviation: number;
}

/** What numbers are shifted and divided by; taken from the days of training alone. */
export interface Scale {
  readonly measured: readonly Range[];
  /** Of the temperature that is forecast. */
  readonly high: Range;
}

export function scaleOf(days: readonly Day[]): Scale {
  const measured = MEASURED.map((measure) => {
    const values = days.map(measure);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    return { mean, deviation: Math.sqrt(variance) || 1 };
  });
  return { measured, high: measured[0] };
}

/** The days before a forecast, a row of FEATURES each. */
export function pastFeatures(days: readonly Day[], origin: Origin, { measured }: Scale): Float32Array {
  const rows = days.slice(origin - PAST, origin).map((day) => {
    const angle = (2 * Math.PI * Date.parse(day.date)) / YEAR;
    const numbers = MEASURED.map((measure, n) => (measure(day) - measured[n].mean) / measured[n].deviation);
    return [...numbers, Math.sin(angle), Math.cos(angle)];
  });
  return Float32Array.from(rows.flat());
}

/** What the network is to say of each day of the week: its change from the last one known, in deviations. */
export const weekChanges = (days: readonly Day[], origin: Origin, deviation: number): number[] =>
  truthOf(days, origin).map((temperature) => (temperature - days[origin - 1].high) / deviation);

/** The reverse: temperatures from changes. */
export const weekTemperatures = (
  days: readonly Day[],
  origin: Origin,
  deviation: number,
  changes: ArrayLike<number>,
): number[] => Array.from(changes, (change) => days[origin - 1].high + deviation * change);
