import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { SeqlossError } from "../../../src/index.js";
import { dataSets } from "../../data/dataSets.js";
import { resolveData } from "../../data/resolve.js";

export const ETT = dataSets.ett;

/** High, middle and low load, useful and useless, and the oil's temperature in °C. */
export const CHANNELS = ["HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"] as const;
/** The oil's temperature: what is drawn. */
export const OIL = CHANNELS.length - 1;

const HOUR = 3_600_000;

/** What a transformer was measured at, hour by hour. */
export interface Hours {
  /** "2016-07-01 00:00:00" of each hour. */
  readonly dates: readonly string[];
  /** [channel][hour] */
  readonly values: readonly Float64Array[];
}

/** @throws DataError when the file is not there, or not what it should be */
export function loadHours(): Hours {
  const path = resolveData(ETT, "ETTh1.csv");
  return parseHours(readFileSync(path, "utf8"), path);
}

/**
 * @param from what it was read from, for messages
 * @throws SeqlossError (FORMAT) when a column, a number or an hour is missing
 */
export function parseHours(text: string, from: string): Hours {
  const refuse = (argument: string, expected: string, found: unknown): never => {
    throw new SeqlossError("forecast", "FORMAT", { argument: `${argument} of ${from}`, expected, found });
  };
  const rows: Record<string, string>[] = parse(text, { columns: true, relax_column_count: true });
  const missing = ["date", ...CHANNELS].find((name) => rows[0]?.[name] === undefined);
  if (missing !== undefined) refuse("the first line", `a column ${missing}`, Object.keys(rows[0] ?? {}).join(","));
  const times = rows.map(({ date }) => readTime(date));
  times.forEach((time, n) => {
    if (time === undefined) refuse(`line ${n + 2}`, "an hour such as 2016-07-01 00:00:00", rows[n].date);
    const before = times[n - 1];
    if (before !== undefined && time !== before + HOUR)
      refuse(`line ${n + 2}`, "the hour after the one before it", rows[n].date);
  });
  const values = CHANNELS.map((name) =>
    Float64Array.from(rows, (row, n) => {
      const value = row[name]?.trim() ? Number(row[name]) : Number.NaN;
      return Number.isFinite(value) ? value : refuse(`line ${n + 2}`, `a number under ${name}`, row[name]);
    }),
  );
  return { dates: rows.map(({ date }) => date), values };
}

/** Milliseconds of "2016-07-01 00:00:00"; minutes and seconds may be left out. */
export function readTime(text: string | undefined): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d)(:00(:00)?)?$/.exec(text ?? "");
  if (match === null) return undefined;
  const time = Date.parse(`${match[1]}T${match[2]}:00:00Z`);
  return Number.isNaN(time) ? undefined : time;
}
