// The curves of runs: raw and smoothed, on linear or logarithmic axes, thinned to what a screen can show.
import { scaleLinear, scaleLog, scaleSymlog } from "d3-scale";
import { VALIDATED } from "../worker/train/settings.js";
import { shown } from "./number.js";
import { polyline } from "./polyline.js";

export interface Run {
  readonly name: string;
  readonly losses: readonly number[];
  readonly gradientNorms: readonly number[];
  /** How long the poles stood, where there are some. */
  readonly stood?: readonly number[];
  readonly layerNorms?: Readonly<Record<string, readonly number[]>>;
  readonly validations?: readonly number[];
}

export type AxisKind = "linear" | "log" | "symlog";

/** Numbers to draw: the first after `every` steps, the next after as many more. */
export interface List {
  readonly name: string;
  readonly values: readonly number[];
  /** The loss of what training does not see, drawn as it is. */
  readonly validations?: readonly number[];
}

/** A number that is not finite has a mark in place of a height. */
export interface Broken {
  readonly x: number;
  readonly kind: "nan" | "above" | "below";
}

export interface DrawnRun {
  readonly name: string;
  readonly raw: string;
  readonly smooth: string;
  readonly validation: string;
  readonly end: { readonly x: number; readonly y: number; readonly text: string } | undefined;
  /** Steps whose number is not finite: they are shown, not dropped. */
  readonly broken: readonly Broken[];
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
  /** The steps that are shown. */
  readonly window: Window;
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

/** Steps from one validation to the next: as the worker takes them. */
const EVERY = VALIDATED;
/** Fewer steps than this are not zoomed into. */
const NARROWEST = 5;
const MARKS = 50;

export type Window = readonly [number, number];

/** The window with half as many steps, or twice as many, around one of them; undefined for all. */
export function zoomed([from, to]: Window, factor: number, around: number, longest: number): Window | undefined {
  const width = Math.max(NARROWEST, Math.round((to - from) * factor));
  if (width >= longest - 1) return undefined;
  const share = (Math.min(to, Math.max(from, around)) - from) / Math.max(1, to - from);
  return panned([Math.round(around - share * width), Math.round(around - share * width) + width], 0, longest);
}

/** The window moved by some steps, inside the run. */
export function panned([from, to]: Window, by: number, longest: number): Window {
  const width = to - from;
  const start = Math.round(Math.max(1, Math.min(longest - width, from + by)));
  return [start, start + width];
}

interface DrawOptions {
  readonly keep: number;
  readonly yAxis: AxisKind;
  readonly xAxis?: "linear" | "log";
  /** The steps to show; absent for all, as the run grows. */
  readonly window?: Window | undefined;
  readonly height?: number;
}

export function drawRuns(runs: readonly List[], options: DrawOptions): DrawnRuns {
  const { keep, yAxis, xAxis = "linear", window, height = 260 } = options;
  const bottom = height - 32;
  const longest = Math.max(10, ...runs.map(({ values }) => values.length));
  const [first, last] = window ?? [1, longest];
  const inside = (step: number) => step >= first && step <= last;
  const drawable = (value: number) => Number.isFinite(value) && (yAxis !== "log" || value > 0);
  const finite = runs.flatMap(({ values, validations = [] }) => [
    ...values.slice(first - 1, last).filter(drawable),
    ...smoothed(values, keep)
      .slice(first - 1, last)
      .filter(drawable),
    ...validations.filter((value, i) => inside((i + 1) * EVERY) && drawable(value)),
  ]);
  const most = finite.reduce((a, b) => Math.max(a, b), yAxis === "log" ? 1e-3 : 0) || 1;
  const least = finite.reduce((a, b) => Math.min(a, b), yAxis === "log" ? most : 0);
  const x = (xAxis === "log" ? scaleLog() : scaleLinear()).domain([first, last]).range([LEFT, WIDTH - RIGHT]);
  const y =
    yAxis === "log"
      ? scaleLog()
          .domain([Math.min(least, most / 10), most])
          .range([bottom, TOP])
      : (yAxis === "symlog" ? scaleSymlog().constant(0.01 * most) : scaleLinear())
          .domain([least, most])
          .range([bottom, TOP]);
  const floor = yAxis === "log" ? y.domain()[0] : Number.NEGATIVE_INFINITY;
  const heightOf = (value: number) => (Number.isFinite(value) ? y(Math.max(value, floor)) : Number.NaN);
  const path = (values: readonly number[], every = 1) => {
    const from = Math.max(0, Math.ceil(first / every) - 1);
    const shown = values.slice(from, Math.floor(last / every));
    return polyline(thinned(shown).map((i) => [x((from + i + 1) * every), heightOf(shown[i])]));
  };
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
    x: stepTicks(
      x
        .ticks(5)
        .filter((step) => step >= 1 && Number.isInteger(step))
        .map((value) => ({ at: x(value), text: shown(value) })),
    ),
    y: ticks,
    runs: runs.map(({ name, values, validations = [] }) => {
      const smooth = smoothed(values, keep);
      const end = Math.min(last, values.length);
      const ending = smooth[end - 1];
      return {
        name,
        raw: keep > 0 ? path(values) : "",
        smooth: path(smooth),
        validation: path(validations, EVERY),
        end:
          ending === undefined || !Number.isFinite(ending) || end < first
            ? undefined
            : { x: x(end), y: heightOf(ending), text: shown(ending, 3) },
        broken: values
          .slice(first - 1, last)
          .flatMap((value, i): Broken[] =>
            Number.isFinite(value)
              ? []
              : [{ x: x(first + i), kind: Number.isNaN(value) ? "nan" : value > 0 ? "above" : "below" }],
          )
          .slice(0, MARKS),
      };
    }),
    stepAt: (share) => Math.min(last, Math.max(first, Math.round(x.invert(share * WIDTH)))),
    xOf: (step) => x(Math.max(first, step)),
    window: [first, last],
  };
}

/** Ticks that do not stand on one another. */
function stepTicks(all: readonly { readonly at: number; readonly text: string }[]): DrawnRuns["x"] {
  const kept: { readonly at: number; readonly text: string }[] = [];
  for (const tick of all) if (kept.every(({ at }) => Math.abs(at - tick.at) >= 40)) kept.push(tick);
  return kept;
}
