// Norms by lag on a logarithmic axis, and the unrolled network whose arrows are as wide as what passes.
import { scaleLinear, scaleLog } from "d3-scale";
import type { GradientAnswer } from "../worker/answers/gradients.js";
import { shown } from "./number.js";
import type { Table } from "./table.js";

/** One fixed scale: what falls out of it is shown at its end. */
const LEAST = 1e-12;
const MOST = 1e6;
const WIDTH = 680;
const HEIGHT = 320;
const LEFT = 64;
const RIGHT = 88;
const TOP = 16;
const BOTTOM = 36;

export interface DrawnReach {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly x: readonly { readonly at: number; readonly text: string }[];
  readonly y: readonly { readonly at: number; readonly text: string; readonly one: boolean }[];
  readonly lines: readonly { readonly name: string; readonly path: string; readonly x: number; readonly y: number }[];
  readonly bound: string;
}

const inside = (norm: number): number => Math.min(MOST, Math.max(LEAST, norm));

export function drawReach({ reach, bound }: GradientAnswer): DrawnReach {
  const lags = reach[0].norms.length;
  const x = scaleLinear()
    .domain([0, Math.max(1, lags - 1)])
    .range([LEFT, WIDTH - RIGHT]);
  const y = scaleLog()
    .domain([LEAST, MOST])
    .range([HEIGHT - BOTTOM, TOP]);
  const path = (norms: readonly number[]) =>
    norms.map((norm, k) => `${k === 0 ? "M" : "L"}${x(k).toFixed(1)} ${y(inside(norm)).toFixed(1)}`).join("");
  return {
    width: WIDTH,
    height: HEIGHT,
    left: LEFT,
    right: WIDTH - RIGHT,
    x: x
      .ticks(6)
      .filter(Number.isInteger)
      .map((lag) => ({ at: x(lag), text: String(lag) })),
    y: [-12, -9, -6, -3, 0, 3, 6].map((power) => ({
      at: y(10 ** power),
      text: power === 0 ? "1" : `1e${power}`.replace("-", "−"),
      one: power === 0,
    })),
    lines: reach.map(({ name, norms }) => ({
      name,
      path: path(norms),
      x: x(lags - 1),
      y: y(inside(norms[lags - 1])),
    })),
    bound: path(bound),
  };
}

export interface Unrolled {
  readonly width: number;
  readonly height: number;
  readonly cells: readonly {
    readonly x: number;
    readonly text: string;
    readonly strength: number;
    readonly grows: boolean;
  }[];
  readonly arrows: readonly { readonly x1: number; readonly x2: number; readonly width: number }[];
}

/** The Elman network step by step: at most 16 of the steps, the last one right. */
export function unroll({ reach }: GradientAnswer): Unrolled {
  const norms = [...reach[0].norms].reverse();
  const every = Math.ceil(norms.length / 16);
  const steps = norms.map((_, t) => t).filter((t) => (norms.length - 1 - t) % every === 0);
  const gap = 680 / steps.length;
  const power = (t: number) => Math.log10(inside(norms[t]));
  const cells = steps.map((t, i) => ({
    x: (i + 0.5) * gap,
    text: String(t + 1),
    strength: Math.min(1, Math.abs(power(t)) / (power(t) < 0 ? 12 : 6)),
    grows: power(t) > 0,
  }));
  return {
    width: 680,
    height: 96,
    cells,
    arrows: cells.slice(1).map((cell, i) => ({
      x1: cell.x - 15,
      x2: cells[i].x + 15,
      width: Math.max(0.6, 7 + 0.6 * Math.max(-11, Math.min(6, power(steps[i])))),
    })),
  };
}

export const reachTable = ({ reach, bound }: GradientAnswer): Table => ({
  head: ["steps back", ...reach.map(({ name }) => name), "bound of Elman"],
  rows: reach[0].norms.map((_, k) => [String(k), ...reach.map(({ norms }) => norms[k]), bound[k]]),
});

/** What the picture shows, as a finding. */
export function reachSentence({ reach, lost }: GradientAnswer): string {
  const back = reach[0].norms.length - 1;
  const share = 10 ** lost;
  if (back === 0) return "One step: nothing to pass through yet";
  if (share < 1e-3) return `${back} steps back, Elman has ${shown(share, 2)} of the gradient left: it vanishes`;
  if (share > 1e3) return `${back} steps back, Elman has ${shown(share, 2)} times the gradient: it explodes`;
  return `${back} steps back, Elman has ${shown(share, 2)} of the gradient`;
}
