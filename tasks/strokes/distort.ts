import type { Random } from "../../src/index.js";
import { boxOf, movedStrokes, type Stroke } from "./ink.js";

/** How strongly a hand is varied, as the deviation of each, where small letters are 1 high. */
const VARIED = {
  /** Of the tangent. */
  slant: 0.2,
  /** Of radians. */
  turn: 0.04,
  /** Of the logarithm of the size. */
  size: 0.12,
  /** Of the logarithm of the width, beside that. */
  stretch: 0.15,
  /** Of each stroke but the first, in both directions. */
  shift: 0.08,
  /** Of the waves that bend the whole. */
  bend: 0.1,
};
/** Waves in each direction, and how long they are. */
const WAVES = 2;
const LENGTHS = { least: 1.5, most: 6 };
/** A stroke that is no longer is a dot or a bar, which some leave out: how often. */
const SMALL = 0.8;
const LEFT_OUT = 0.08;

/** The same in another hand: slanted, turned, stretched, bent, its strokes moved against each other. */
export function distort(strokes: readonly Stroke[], random: Random): Stroke[] {
  const slant = VARIED.slant * random.normal();
  const turn = VARIED.turn * random.normal();
  const size = Math.exp(VARIED.size * random.normal());
  const stretch = size * Math.exp(VARIED.stretch * random.normal());
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const [acrossBent, upBent] = [waves(random), waves(random)];
  const kept = strokes.filter((stroke, n) => n === 0 || !isSmall(stroke) || random.uniform() >= LEFT_OUT);
  return kept.flatMap((stroke, n) => {
    const [right, up] = n === 0 ? [0, 0] : [VARIED.shift * random.normal(), VARIED.shift * random.normal()];
    return movedStrokes([stroke], (x, y) => {
      const [leant, height] = [stretch * x + slant * size * y, size * y];
      const [u, v] = [cosine * leant - sine * height, sine * leant + cosine * height];
      return [u + right + acrossBent(u, v), v + up + upBent(u, v)];
    });
  });
}

function isSmall(stroke: Stroke): boolean {
  const { left, right, bottom, top } = boxOf([stroke]);
  return Math.max(right - left, top - bottom) <= SMALL;
}

/** A smooth random field: a few waves of random direction, length and phase. */
function waves(random: Random): (x: number, y: number) => number {
  const all = Array.from({ length: WAVES }, () => {
    const direction = 2 * Math.PI * random.uniform();
    const length = LENGTHS.least * (LENGTHS.most / LENGTHS.least) ** random.uniform();
    const frequency = (2 * Math.PI) / length;
    return {
      across: frequency * Math.cos(direction),
      up: frequency * Math.sin(direction),
      phase: 2 * Math.PI * random.uniform(),
      size: VARIED.bend * random.normal(),
    };
  });
  return (x, y) =>
    all.reduce((sum, { across, up, phase, size }) => sum + size * Math.sin(across * x + up * y + phase), 0);
}
