// The curves of runs: raw and smoothed, on linear or logarithmic axes, thinned to what a screen can show.
import { scaleLinear, scaleLog } from "d3-scale";
import { shown } from "./number.js";
import { polyline } from "./polyline.js";

export interface Run {
  readonly name: string;
  readonly losses: readonly number[];
  readonly gradientNorms: readonly number[];
  /** How long the poles stood, where there are some. */
  readonly stood?: readonly number[];
}

export type AxisKind = "linear" | "log";

export interface DrawnRun {
  readonly name: string;
  readonly raw: string;
  readonly smooth: string;
  readonly end: { readonly x: number; readonly y: number; readonly text: string } | undefined;
  /** Steps whose number is not finite: they are shown, not dropped. */
  readonly broken: readonly number[];
}

export interface DrawnRuns {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  readonly x: readonly { readonly at: number; readonly text: string }[];
  readonly y: readonly { readonly at: number; readonly text: string }[];
  readonly runs: readonly DrawnRun[];
  /** The step at a place of the drawing, as a share of its width. */
  stepAt(share: number): number;
  xOf(step: number): number;
}

const WIDTH = 680;
const LEFT = 56;
const RIGHT = 112;
const TOP = 24;
/** More points than this are thinned to the least and the most of each stretch. */
const POINTS = 300;

/** An exponential moving average that begins unbiased; what is not finite is passed over. */
export function smoothed(values: readonly number[], keep: number): number[] {
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    if (Number.isFinite(value)) {
      sum = keep * sum + (1 - keep) * value;
      weight = keep * weight + (1 - keep);
    }
    return weight === 0 ? Number.NaN : sum / weight;
  });
}

/** Places of a list that keep its shape: the least and the most of each stretch. */
export function thinned(values: readonly number[], points = POINTS): number[] {
  if (values.length <= points) return values.map((_, i) => i);
  const stretch = (2 * values.length) / points;
  const kept: number[] = [];
  for (let from = 0; from < values.length; from += stretch) {
    const [a, b] = [Math.floor(from), Math.min(values.length, Math.floor(from + stretch))];
    let [least, most] = [a, a];
    for (let i = a; i < b; i++) {
      if (values[i] < values[least]) least = i;
      if (values[i] > values[most]) most = i;
    }
    kept.push(...(least === most ? [least] : [Math.min(least, most), Math.max(least, most)]));
  }
  return kept;
}

export function drawRuns(
  runs: readonly { readonly name: string; readonly values: readonly number[] }[],
  { keep, yAxis, height = 260 }: { readonly keep: number; readonly yAxis: AxisKind; readonly height?: number },
): DrawnRuns {
  const bottom = height - 32;
  const longest = Math.max(10, ...runs.map(({ values }) => values.length));
  const finite = runs.flatMap(({ values }) =>
    values.filter((value) => Number.isFinite(value) && (yAxis === "linear" || value > 0)),
  );
  const most = finite.reduce((a, b) => Math.max(a, b), yAxis === "log" ? 1e-3 : 0) || 1;
  const least = finite.reduce((a, b) => Math.min(a, b), most);
  const x = scaleLinear()
    .domain([1, longest])
    .range([LEFT, WIDTH - RIGHT]);
  const y =
    yAxis === "log"
      ? scaleLog()
          .domain([Math.min(least, most / 10), most])
          .range([bottom, TOP])
      : scaleLinear().domain([0, most]).range([bottom, TOP]);
  const floor = yAxis === "log" ? y.domain()[0] : Number.NEGATIVE_INFINITY;
  const path = (values: readonly number[]) =>
    polyline(
      thinned(values).map((i) => [x(i + 1), y(Number.isFinite(values[i]) ? Math.max(values[i], floor) : Number.NaN)]),
    );
  // powers of ten where there are several, and never two on one another
  const all = y.ticks(4).map((value) => ({
    at: y(value),
    text: shown(value),
    whole: Number.isInteger(Math.round(1e6 * Math.log10(value)) / 1e6),
  }));
  const powers = all.filter(({ whole }) => whole);
  const ticks: typeof all = [];
  for (const tick of yAxis === "log" && powers.length > 2 ? powers : all) {
    if (ticks.every(({ at }) => Math.abs(at - tick.at) >= 22)) ticks.push(tick);
  }
  return {
    width: WIDTH,
    height,
    left: LEFT,
    right: WIDTH - RIGHT,
    bottom,
    top: TOP,
    x: x.ticks(5).map((value) => ({ at: x(value), text: shown(value) })),
    y: ticks,
    runs: runs.map(({ name, values }) => {
      const smooth = smoothed(values, keep);
      const last = smooth.at(-1);
      return {
        name,
        raw: keep > 0 ? path(values) : "",
        smooth: path(smooth),
        end:
          last === undefined || !Number.isFinite(last)
            ? undefined
            : { x: x(values.length), y: y(Math.max(last, floor)), text: shown(last, 3) },
        broken: values.flatMap((value, i) => (Number.isFinite(value) ? [] : [x(i + 1)])).slice(0, 50),
      };
    }),
    stepAt: (share) => Math.min(longest, Math.max(1, Math.round(x.invert(share * WIDTH)))),
    xOf: (step) => x(step),
  };
}
