import type { Random } from "../../src/index.js";
import { boxOf, movedStrokes, type Stroke, type Writing } from "../strokes/ink.js";

/** Room between digits, in heights of the writer's digits; and by how much a digit stands above or below the line. */
const GAP = { least: 0.1, most: 0.8 };
const JITTER = 0.08;
/** A digit so many times as high as the writer's others is a slip of the tablet, or of another size of writing. */
const GIANT = 3;

/** Digits of one person. */
export interface Hand {
  readonly digits: readonly Writing[];
  /** Of most digits, in the tablet's units. */
  readonly height: number;
}

/** The writers of single digits, without what is no digit by its size. */
export function handsOf(digits: readonly Writing[]): Hand[] {
  const writers = new Map<string, Writing[]>();
  for (const one of digits) writers.set(one.writer, [...(writers.get(one.writer) ?? []), one]);
  return [...writers.values()].flatMap((own) => {
    const heights = own.map(heightOf);
    const height = [...heights].sort((a, b) => a - b)[heights.length >> 1];
    const kept = own.filter((_, n) => heights[n] <= GIANT * height && heights[n] * GIANT >= height);
    return height > 0 && kept.length > 0 ? [{ digits: kept, height }] : [];
  });
}

function heightOf({ strokes }: Writing): number {
  const { bottom, top } = boxOf(strokes);
  return top - bottom;
}

/** Digits of one hand side by side on a line: so many, drawn at random; or those of a text, which the hand must have. */
export function joinDigits({ digits, height }: Hand, random: Random, what: number | string): Writing {
  const pick = (wanted: string | undefined): Writing => {
    const fitting = wanted === undefined ? digits : digits.filter(({ text }) => text === wanted);
    return fitting[random.integer(fitting.length)];
  };
  const chosen =
    typeof what === "string" ? Array.from(what, pick) : Array.from({ length: what }, () => pick(undefined));
  const strokes: Stroke[] = [];
  let right = 0;
  for (const digit of chosen) {
    const box = boxOf(digit.strokes);
    const up = JITTER * height * random.normal() - box.bottom;
    const across = right - box.left;
    strokes.push(...movedStrokes(digit.strokes, (x, y) => [x + across, y + up]));
    right += box.right - box.left + height * (GAP.least + (GAP.most - GAP.least) * random.uniform());
  }
  return { strokes, text: chosen.map(({ text }) => text).join(""), writer: chosen[0].writer };
}
