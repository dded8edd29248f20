import { scaleLinear } from "d3-scale";
import type { Compared } from "../worker/answers/compare.js";
import { shown } from "./number.js";
import type { Table } from "./table.js";

export interface DrawnIntervals {
  readonly width: number;
  readonly height: number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly rows: readonly {
    readonly name: string;
    readonly y: number;
    readonly mean: number;
    readonly lower: number;
    readonly upper: number;
    readonly scores: readonly number[];
  }[];
}

const [WIDTH, LEFT, ROW] = [680, 180, 48];

/** A row for each loss: every seed a dot, the mean a bar, the interval a line. */
export function drawIntervals(compared: readonly Compared[]): DrawnIntervals {
  const most = Math.max(...compared.flatMap(({ scores, upper }) => [...scores, upper]), 1e-6);
  const x = scaleLinear()
    .domain([0, 1.05 * most])
    .range([LEFT, WIDTH - 20]);
  return {
    width: WIDTH,
    height: compared.length * ROW + 40,
    ticks: x.ticks(5).map((value) => ({ at: x(value), text: shown(value) })),
    rows: compared.map(({ name, scores, mean, lower, upper }, i) => ({
      name,
      y: (i + 0.5) * ROW,
      mean: x(mean),
      lower: x(lower),
      upper: x(upper),
      scores: scores.map((score) => x(score)),
    })),
  };
}

export const intervalTable = (compared: readonly Compared[]): Table => ({
  head: ["loss", "mean", "from", "to", ...(compared[0]?.scores ?? []).map((_, i) => `seed ${i + 1}`)],
  rows: compared.map(({ name, mean, lower, upper, scores }) => [name, mean, lower, upper, ...scores]),
});

/** Which is best, and whether the next one is told apart from it. */
export function intervalSentence(compared: readonly Compared[]): string {
  const [best, second] = compared.toSorted((a, b) => a.mean - b.mean);
  const worst = compared.toSorted((a, b) => b.mean - a.mean)[0];
  const apart = second.lower > best.upper ? "alone" : `with ${second.name} too near to tell`;
  return `${best.name} does best, ${apart}; ${worst.name} is ${shown(worst.mean / best.mean, 2)} times as far off`;
}
