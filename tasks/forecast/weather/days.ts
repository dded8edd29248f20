import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SeqlossError } from "../../../src/index.js";

/** One day at one place. */
export interface Day {
  /** "2015-07-04" */
  readonly date: string;
  /** The day's highest temperature, °C. */
  readonly high: number;
  /** The day's lowest temperature, °C. */
  readonly low: number;
  /** mm */
  readonly precipitation: number;
  /** As the set has it; km/h, its description says. */
  readonly wind: number;
}

const COLUMNS = { date: "date", high: "temp_max", low: "temp_min", precipitation: "precipitation", wind: "wind" };
const DAY = 86_400_000;

/** Where the `vega-datasets` package keeps the weather, if it is installed. */
export function findWeather(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve("vega-datasets");
    return join(dirname(entry), "..", "data", "seattle-weather.csv");
  } catch {
    return undefined;
  }
}

/**
 * Seattle's weather, day by day, 2012 to 2015 (NOAA), from the npm package `vega-datasets`.
 *
 * @throws SeqlossError (FORMAT) when the package is not installed, or holds something else
 */
export function loadWeather(): Day[] {
  const file = findWeather();
  if (file === undefined) {
    throw new SeqlossError("forecast", "FORMAT", {
      argument: "the npm package vega-datasets",
      expected: "to be installed; it carries the weather",
      found: "not installed",
      advice: "Run: npm install vega-datasets",
    });
  }
  return parseWeather(readFileSync(file, "utf8"), file);
}

/**
 * Days from a table with commas between, every day once and in order.
 *
 * @param from what it was read from, for messages
 * @throws SeqlossError (FORMAT) when a column, a number or a day is missing
 */
export function parseWeather(text: string, from: string): Day[] {
  const refuse = (argument: string, expected: string, found: unknown): never => {
    throw new SeqlossError("forecast", "FORMAT", { argument: `${argument} of ${from}`, expected, found });
  };
  const [head, ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(",");
  const places = Object.entries(COLUMNS).map(([name, column]) => {
    const place = names.indexOf(column);
    if (place < 0) refuse("the first line", `a column ${column}`, head);
    return [name, place] as const;
  });
  let before = Number.NaN;
  return lines.map((line, n) => {
    const cells = line.split(",");
    const day = Object.fromEntries(
      places.map(([name, place]) => {
        if (name === "date") return [name, cells[place]];
        const value = cells[place]?.trim() ? Number(cells[place]) : Number.NaN;
        if (!Number.isFinite(value)) refuse(`line ${n + 2}`, `a number under ${names[place]}`, cells[place]);
        return [name, value];
      }),
    ) as unknown as Day;
    const time = readDate(day.date) ?? refuse(`line ${n + 2}`, "a date such as 2015-07-04", day.date);
    if (n > 0 && time !== before + DAY) refuse(`line ${n + 2}`, "the day after the one before it", day.date);
    before = time;
    return day;
  });
}

/** Milliseconds at the beginning of a day of the calendar, "2015-07-04"; undefined for anything else. */
export function readDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) || toDate(time) !== text ? undefined : time;
}

const toDate = (time: number): string => new Date(time).toISOString().slice(0, 10);

export const dayAfter = (date: string): string => toDate(Date.parse(date) + DAY);
