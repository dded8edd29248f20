import type { Forecast } from "./report.js";
import { type Day, dayAfter } from "./weather.js";
import { HORIZON, PAST, truthOf } from "./windows.js";

const ROWS = 8;
const MARKS = { past: "·", range: "░", truth: "○", forecast: "●", both: "◉" };

/** The past and the week ahead, a column a day, with what was and what was forecast. */
export function drawForecast(days: readonly Day[], { origin, temperatures, range }: Forecast): string[] {
  const past = days.slice(origin - PAST, origin).map(({ high }) => high);
  const known = truthOf(days, origin);
  const all = [...past, ...known, ...temperatures, ...(range?.low ?? []), ...(range?.high ?? [])];
  const [coldest, warmest] = [Math.floor(Math.min(...all)), Math.ceil(Math.max(...all))];
  const rowOf = (t: number) => Math.round(((warmest - t) / (warmest - coldest || 1)) * (ROWS - 1));
  const grid = Array.from({ length: ROWS }, () => new Array<string>(PAST + HORIZON).fill(" "));
  past.forEach((t, x) => {
    grid[rowOf(t)][x] = MARKS.past;
  });
  temperatures.forEach((t, h) => {
    const x = PAST + h;
    if (range !== undefined) {
      for (let y = rowOf(range.high[h]); y <= rowOf(range.low[h]); y++) grid[y][x] = MARKS.range;
    }
    grid[rowOf(t)][x] = MARKS.forecast;
    if (known[h] === undefined) return;
    grid[rowOf(known[h])][x] = rowOf(known[h]) === rowOf(t) ? MARKS.both : MARKS.truth;
  });
  const labels = new Map([
    [0, `${warmest} °C`],
    [ROWS - 1, `${coldest} °C`],
  ]);
  const lines = grid.map((row, y) => {
    const text = `${row.slice(0, PAST).join("")}│${row.slice(PAST).join("")}`;
    return `${(labels.get(y) ?? "").padStart(7)} ${text}`.trimEnd();
  });
  const key = [`${MARKS.past} before`, `${MARKS.forecast} forecast`];
  if (known.length > 0) key.push(`${MARKS.truth} was`, `${MARKS.both} both`);
  if (range !== undefined) key.push(`${MARKS.range} 8 times in 10`);
  return [`the week from ${dayAfter(days[origin - 1].date)}:  ${key.join("  ")}`, ...lines];
}
