import { Random } from "../src/index.js";

type Point = readonly [x: number, y: number];

const circle = (x: number, y: number, radius: number, from = 90, to = 450): Point[] =>
  Array.from({ length: 17 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 16) * Math.PI) / 180;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });

/** Strokes of a few letters and digits, y upwards; what stands on the line has y = 0. */
const SHAPES: Readonly<Record<string, readonly (readonly Point[])[]>> = {
  l: [[[0, 2], [0, 0]]], // biome-ignore format: a stroke a line
  o: [circle(0.5, 0.5, 0.5)],
  v: [[[0, 1], [0.4, 0], [0.8, 1]]], // biome-ignore format: a stroke a line
  z: [[[0, 1], [0.8, 1], [0, 0], [0.8, 0]]], // biome-ignore format: a stroke a line
  t: [[[0.3, 1.8], [0.3, 0], [0.6, 0]], [[0, 1.2], [0.7, 1.2]]], // biome-ignore format: a letter a line
  "0": [circle(0.6, 1, 0.9)],
  "1": [[[0.3, 2], [0.3, 0]]], // biome-ignore format: a stroke a line
  "4": [[[0.5, 2], [0, 0.8], [1, 0.8]], [[0.7, 1.4], [0.7, 0]]], // biome-ignore format: a digit a line
  "7": [[[0, 2], [1, 2], [0.3, 0]]], // biome-ignore format: a stroke a line
  "-": [[[0, 1], [0.8, 1]]], // biome-ignore format: a stroke a line
};

/** A person's hand: all that this writer writes is slanted, sized and spaced alike, and shakes. */
export interface Hand {
  readonly writer: string;
  readonly size: number;
  readonly slant: number;
  readonly gap: number;
  readonly shake: number;
}

export function handOf(writer: string, seed: number): Hand {
  const random = new Random(seed);
  const between = (least: number, most: number) => least + (most - least) * random.uniform();
  return { writer, size: between(30, 200), slant: between(-0.2, 0.4), gap: between(0.3, 0.8), shake: 0.05 };
}

/** A line of a file as the data set has them: each stroke a place, then steps. */
export function written(text: string, { writer, size, slant, gap, shake }: Hand, random: Random): string {
  let left = 0;
  const strokes = Array.from(text).flatMap((symbol) => {
    const shape = SHAPES[symbol].map((stroke) => stroke.map(([x, y]) => [left + x, y]));
    left = Math.max(...shape.flat().map(([x]) => x)) + gap;
    return shape;
  });
  const placed = strokes.map((stroke) =>
    stroke.flatMap(([x, y]) => {
      const [across, up] = [x + slant * y + shake * random.normal(), y + shake * random.normal()];
      return [Math.round(size * across), Math.round(size * up)];
    }),
  );
  const steps = placed.map((places) => places.map((at, i) => (i < 2 ? at : at - places[i - 2])));
  return JSON.stringify({ writer, text, strokes: steps });
}

/** A file of writings: so many of each hand, of texts drawn from a list. */
export function writtenFile(texts: readonly string[], hands: readonly Hand[], each: number, seed: number): string {
  const random = new Random(seed);
  return hands
    .flatMap((hand) => Array.from({ length: each }, () => written(texts[random.integer(texts.length)], hand, random)))
    .join("\n");
}
