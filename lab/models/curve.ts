// The two plots of a loss's screen, one above the other on the same axis.
import { scaleLinear } from "d3-scale";
import type { CurvePoint, LossAnswer } from "../worker/answers/losses.js";
import { shown } from "./number.js";
import { polyline } from "./polyline.js";
import type { Table } from "./table.js";

export interface Axis {
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly zero: number | undefined;
}

export interface Plot {
  readonly top: number;
  readonly bottom: number;
  readonly y: Axis;
  readonly path: string;
  readonly versus: readonly { readonly name: string; readonly path: string; readonly end: number }[];
  readonly point: number;
}

export interface DrawnCurves {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly x: Axis;
  readonly point: number;
  readonly loss: Plot;
  readonly slope: Plot;
  /** Ends of the tangent at the point. */
  readonly tangent: readonly [number, number, number, number];
  /** Where the loss bends. */
  readonly kinks: readonly { readonly x: number; readonly y: number; readonly text: string }[];
  /** Where the target is, on the axis of the outputs. */
  readonly goal: number | undefined;
}

const WIDTH = 680;
const LEFT = 56;
const RIGHT = 16;
/** How far apart the names of curves stand at least. */
const LINE = 14;
const LOSS = [28, 220] as const;
const SLOPE = [262, 392] as const;

/** Least and most of the finite numbers, with 0 among them and some air. */
function extent(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  const [least, most] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  const air = 0.06 * (most - least || 1);
  return [least === 0 ? 0 : least - air, most + air];
}

const axis = (scale: ReturnType<typeof scaleLinear<number>>, count: number): Axis => {
  const [least, most] = scale.domain();
  return {
    ticks: scale.ticks(count).map((value) => ({ at: scale(value), text: shown(value) })),
    zero: least <= 0 && most >= 0 ? scale(0) : undefined,
  };
};

/** Names at the ends of curves, moved up where they would stand on one another. */
function apart<Named extends { readonly end: number }>(names: readonly Named[]): Named[] {
  const order = names.map((_, i) => i).toSorted((a, b) => names[b].end - names[a].end);
  const ends: number[] = [];
  order.forEach((i, k) => {
    ends[i] = k === 0 ? names[i].end : Math.min(names[i].end, ends[order[k - 1]] - LINE);
  });
  return names.map((one, i) => ({ ...one, end: ends[i] }));
}

export function drawCurves(answer: LossAnswer): DrawnCurves {
  const { curve, versus, kinks, domain, outputs, place, goal, value, gradient } = answer;
  const x = scaleLinear()
    .domain(domain)
    .range([LEFT, WIDTH - RIGHT]);
  const at = outputs[place];
  const slope = gradient[place];
  const plot = (of: (point: CurvePoint) => number, here: number, [top, bottom]: readonly [number, number]) => {
    const values = [curve, ...versus.map((other) => other.curve)].flat().map(of);
    const y = scaleLinear()
      .domain(extent([...values, here]))
      .range([bottom, top]);
    const path = (points: readonly CurvePoint[]) => polyline(points.map((point) => [x(point.x), y(of(point))]));
    return {
      y,
      plot: {
        top,
        bottom,
        y: axis(y, 4),
        path: path(curve),
        versus: apart(
          versus.map(({ name, curve }) => ({
            name,
            path: path(curve),
            end: y(of(curve.findLast((point) => Number.isFinite(of(point))) ?? curve[0])) - 6,
          })),
        ),
        point: y(here),
      },
    };
  };
  const loss = plot((point) => point.loss, value, LOSS);
  const slopes = plot((point) => point.slope, slope, SLOPE);
  const reach = 0.16 * (domain[1] - domain[0]);
  const tangent = [x(at - reach), loss.y(value - reach * slope), x(at + reach), loss.y(value + reach * slope)] as const;
  return {
    width: WIDTH,
    height: 424,
    left: LEFT,
    right: WIDTH - RIGHT,
    x: axis(x, 6),
    point: x(at),
    loss: loss.plot,
    slope: slopes.plot,
    tangent,
    kinks: kinks.map((kink) => ({ x: x(kink.x), y: loss.y(kink.loss), text: shown(kink.x, 3) })),
    goal: goal === undefined ? undefined : x(goal),
  };
}

/** The output that a place of the drawing stands for, to two decimals. */
export function outputAt([least, most]: readonly [number, number], share: number): number {
  const inside = (share * WIDTH - LEFT) / (WIDTH - RIGHT - LEFT);
  return Math.round(100 * (least + Math.min(1, Math.max(0, inside)) * (most - least))) / 100;
}

/** What an arrow key makes of an output. */
export function stepped(value: number, key: string, [least, most]: readonly [number, number]): number | undefined {
  const by = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1 }[key];
  if (key === "Home") return least;
  if (key === "End") return most;
  if (by === undefined) return undefined;
  return Math.min(most, Math.max(least, Math.round(100 * (value + by)) / 100));
}

export const curveTable = ({ curve, versus, outputName }: LossAnswer): Table => ({
  head: [outputName, "loss", "slope", ...versus.flatMap(({ name }) => [name, `slope of ${name}`])],
  rows: curve.flatMap(({ x, loss, slope }, i) =>
    i % 4 === 0
      ? [[Number(x.toFixed(3)), loss, slope, ...versus.flatMap((other) => [other.curve[i].loss, other.curve[i].slope])]]
      : [],
  ),
});

/** What the point says, as a finding. */
export function curveSentence({ value, gradient, place }: LossAnswer): string {
  const slope = gradient[place];
  if (!Number.isFinite(value)) return `Here the loss is ${shown(value)}`;
  if (Math.abs(slope) < 1e-9) return `Here the loss is ${shown(value)}, and flat: it asks for nothing`;
  return `Here the loss is ${shown(value)}; it falls when this output goes ${slope > 0 ? "down" : "up"}`;
}

/** A small curve for a card. */
export function sketch(curve: readonly CurvePoint[], width: number, height: number): string {
  const x = scaleLinear()
    .domain([curve[0].x, curve[curve.length - 1].x])
    .range([2, width - 2]);
  const y = scaleLinear()
    .domain(extent(curve.map(({ loss }) => loss)))
    .range([height - 2, 2]);
  return polyline(curve.map((point) => [x(point.x), y(point.loss)]));
}

/** The place of an output in words: "sequence 1, step 2, class 3". */
export function placeName(place: number, shape: readonly number[]): string {
  const index: number[] = [];
  let rest = place;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  const names =
    shape.length === 2
      ? ["sequence", "step"]
      : shape.length === 4
        ? ["sequence", "frame", "label", "class"]
        : ["sequence", "step", "class"];
  return index.map((i, axis) => `${names[axis]} ${i}`).join(", ");
}
