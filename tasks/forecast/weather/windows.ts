import { SeqlossError } from "../../../src/index.js";
import { type Day, dayAfter, readDate } from "./days.js";

/** Days that a forecast is made from. */
export const PAST = 28;
/** Days that are forecast. */
export const HORIZON = 7;

/** Years of each part. What is forecast lies in the part; what it is forecast from may lie before. */
const VALIDATION_YEAR = "2014";
const TEST_YEAR = "2015";

/** A forecast's first day, as an index into the days: it is made on the evening before. */
export type Origin = number;

export interface Split {
  readonly train: readonly Origin[];
  readonly validation: readonly Origin[];
  readonly test: readonly Origin[];
}

/**
 * Every forecast that the days allow, by when its days lie: the last two years for validation and test, all before for
 * training. No day is forecast in two parts, and one whose days lie in two parts is in none.
 */
export function splitOrigins(days: readonly Day[]): Split {
  const partOf = ({ date }: Day) => (date < VALIDATION_YEAR ? "train" : date < TEST_YEAR ? "validation" : "test");
  const split = { train: [] as Origin[], validation: [] as Origin[], test: [] as Origin[] };
  for (let origin = PAST; origin + HORIZON <= days.length; origin++) {
    const part = partOf(days[origin]);
    if (part === partOf(days[origin + HORIZON - 1])) split[part].push(origin);
  }
  for (const [part, { length }] of Object.entries(split)) {
    if (length > 0) continue;
    throw new SeqlossError("forecast", "FORMAT", {
      argument: "the weather",
      expected: `days enough for ${part}, up to 2013, of 2014 and of 2015`,
      found: `${days[0]?.date} to ${days.at(-1)?.date}`,
    });
  }
  return split;
}

/** The highest temperatures of the days that are forecast. */
export const truthOf = (days: readonly Day[], origin: Origin): number[] =>
  days.slice(origin, origin + HORIZON).map(({ high }) => high);

/**
 * The origin of the week that begins on a day; it may be the day after the last one known.
 *
 * @throws SeqlossError (FORMAT) when this is no date, or the days before it are not known
 */
export function originAt(days: readonly Day[], date: string): Origin {
  const next = dayAfter(days[days.length - 1].date);
  const dates = [...days.map((day) => day.date), next];
  const origin = dates.indexOf(date);
  if (readDate(date) === undefined || origin < PAST) {
    throw new SeqlossError("predict", "FORMAT", {
      argument: "the input",
      expected: `the first day of a week to forecast, ${dates[PAST]} to ${next}`,
      found: date,
    });
  }
  return origin;
}
