// Norms by lag and training step as cells on one fixed scale, and what an output looks at.
import type { LearningAnswer, SaliencyAnswer } from "../worker/answers/learning.js";
import { shown } from "./number.js";
import type { Table } from "./table.js";

/** Powers of ten at which a cell has its full colour. */
const FULL = 3;
const LEFT = 56;
const TOP = 8;
const ROW = 12;
const WIDTH = 680;

export interface Heat {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly cell: { readonly width: number; readonly height: number };
  readonly cells: readonly {
    readonly x: number;
    readonly y: number;
    readonly grows: boolean;
    readonly strength: number;
  }[];
  readonly x: readonly { readonly at: number; readonly text: string }[];
  readonly y: readonly { readonly at: number; readonly text: string; readonly asked: boolean }[];
}

/** Training steps to the right, steps back in time downwards. */
export function drawHeat({ reach, steps, lag }: LearningAnswer): Heat {
  const width = (WIDTH - LEFT - 8) / reach.length;
  const lags = reach[0].length;
  return {
    width: WIDTH,
    height: TOP + lags * ROW + 28,
    left: LEFT,
    cell: { width, height: ROW },
    cells: reach.flatMap((row, i) =>
      row.map((power, k) => ({
        x: LEFT + i * width,
        y: TOP + k * ROW,
        grows: power > 0,
        strength: Math.min(1, Math.abs(power) / FULL),
      })),
    ),
    x: steps.flatMap((step, i) => (step % 50 === 0 ? [{ at: LEFT + (i + 0.5) * width, text: String(step) }] : [])),
    y: reach[0].flatMap((_, k) =>
      (k % 5 === 0 && Math.abs(k - lag) > 1) || k === lag
        ? [{ at: TOP + (k + 0.5) * ROW + 4, text: String(k), asked: k === lag }]
        : [],
    ),
  };
}

export const heatTable = ({ reach, steps }: LearningAnswer): Table => ({
  head: ["training step", ...reach[0].map((_, k) => `${k} back`)],
  rows: reach.map((row, i) => [String(steps[i]), ...row.map((power) => 10 ** power)]),
});

/** What the heat map shows, as a finding. */
export function heatSentence({ reach, steps, lag }: LearningAnswer): string {
  const [before, after] = [reach[0][lag], (reach.at(-1) as readonly number[])[lag]].map((power) => 10 ** power);
  const verb = after > 1.2 * before ? "grew" : after < before / 1.2 ? "fell" : "went";
  return `${lag} steps back, where the answer is, the gradient ${verb} from ${shown(before, 2)} to ${shown(after, 2)} in ${steps.at(-1)} steps`;
}

/** How strongly each input is shaded for one output: beside the most that it looks at. */
export function looks({ shares }: SaliencyAnswer, t: number): readonly number[] {
  const row = shares[t] ?? [];
  const most = Math.max(...row, Number.MIN_VALUE);
  return row.map((share) => share / most);
}

/** What the shading shows, as a finding. */
export function saliencySentence(answer: SaliencyAnswer, t: number): string {
  const row = answer.shares[t];
  if (row === undefined) return "Write some letters: what does each output look at?";
  const k = row.indexOf(Math.max(...row));
  const back = k === t ? "the letter of its own step" : `the letter ${t - k} ${t - k === 1 ? "step" : "steps"} before`;
  return `Output ${t + 1} says ${answer.outputs[t]}, and looks most at ${back}, ${answer.inputs[k]}`;
}

export const saliencyTable = ({ inputs, outputs, shares }: SaliencyAnswer): Table => ({
  head: ["output", ...inputs.map((letter, k) => `${k + 1} ${letter}`)],
  rows: shares.map((row, t) => [`${t + 1} ${outputs[t]}`, ...row]),
});
