import type { Ahead } from "./losses.js";

const ROWS = 8;
const MARKS = { past: "·", range: "░", truth: "○", forecast: "●", both: "◉" };

/** A series and what was forecast of it. */
export interface Drawn {
  /** "the week from 2015-07-04" */
  readonly title: string;
  readonly unit: string;
  readonly past: readonly number[];
  readonly ahead: Ahead;
  /** What really came, as far as it is known. */
  readonly known: readonly number[];
}

/** The past and what is ahead, a column a step, with what was and what was forecast. */
export function drawForecast({ title, unit, past, ahead: { values, range }, known }: Drawn): string[] {
  const all = [...past, ...known, ...values, ...(range?.low ?? []), ...(range?.high ?? [])];
  const [lowest, highest] = [Math.floor(Math.min(...all)), Math.ceil(Math.max(...all))];
  const rowOf = (x: number) => Math.round(((highest - x) / (highest - lowest || 1)) * (ROWS - 1));
  const grid = Array.from({ length: ROWS }, () => new Array<string>(past.length + values.length).fill(" "));
  past.forEach((value, x) => {
    grid[rowOf(value)][x] = MARKS.past;
  });
  values.forEach((value, h) => {
    const x = past.length + h;
    if (range !== undefined) {
      for (let y = rowOf(range.high[h]); y <= rowOf(range.low[h]); y++) grid[y][x] = MARKS.range;
    }
    grid[rowOf(value)][x] = MARKS.forecast;
    if (known[h] === undefined) return;
    grid[rowOf(known[h])][x] = rowOf(known[h]) === rowOf(value) ? MARKS.both : MARKS.truth;
  });
  const labels = new Map([
    [0, `${highest} ${unit}`.trimEnd()],
    [ROWS - 1, `${lowest} ${unit}`.trimEnd()],
  ]);
  const lines = grid.map((row, y) => {
    const text = `${row.slice(0, past.length).join("")}│${row.slice(past.length).join("")}`;
    return `${(labels.get(y) ?? "").padStart(7)} ${text}`.trimEnd();
  });
  const key = [`${MARKS.past} before`, `${MARKS.forecast} forecast`];
  if (known.length > 0) key.push(`${MARKS.truth} was`, `${MARKS.both} both`);
  if (range !== undefined) key.push(`${MARKS.range} 8 times in 10`);
  return [`${title}:  ${key.join("  ")}`, ...lines];
}
