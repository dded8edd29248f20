// Digits as somebody writes them: a few strokes, drawn anew each time, a little slanted, wide, thick or shaky.
import type { Random } from "../../../src/index.js";

/** Rows of the pictures that the network reads, column by column. */
export const ROWS = 16;

type Point = readonly [number, number];

/** Strokes of each digit in a unit square, y downwards. */
const digits: readonly (readonly (readonly Point[])[])[] = [
  [
    [
      [0.5, 0.02],
      [0.2, 0.15],
      [0.1, 0.5],
      [0.2, 0.85],
      [0.5, 0.98],
      [0.8, 0.85],
      [0.9, 0.5],
      [0.8, 0.15],
      [0.5, 0.02],
    ],
  ],
  [
    [
      [0.3, 0.22],
      [0.55, 0.02],
      [0.55, 0.98],
    ],
  ],
  [
    [
      [0.12, 0.25],
      [0.3, 0.05],
      [0.65, 0.03],
      [0.85, 0.25],
      [0.7, 0.5],
      [0.12, 0.97],
      [0.9, 0.97],
    ],
  ],
  [
    [
      [0.15, 0.08],
      [0.6, 0.02],
      [0.85, 0.22],
      [0.7, 0.44],
      [0.45, 0.48],
      [0.75, 0.54],
      [0.9, 0.76],
      [0.6, 0.98],
      [0.12, 0.9],
    ],
  ],
  [
    [
      [0.6, 0.02],
      [0.1, 0.65],
      [0.95, 0.65],
    ],
    [
      [0.68, 0.35],
      [0.68, 0.98],
    ],
  ],
  [
    [
      [0.85, 0.03],
      [0.25, 0.03],
      [0.18, 0.45],
      [0.55, 0.38],
      [0.88, 0.62],
      [0.75, 0.92],
      [0.4, 0.98],
      [0.12, 0.86],
    ],
  ],
  [
    [
      [0.75, 0.04],
      [0.35, 0.25],
      [0.14, 0.65],
      [0.3, 0.95],
      [0.65, 0.97],
      [0.86, 0.75],
      [0.65, 0.52],
      [0.3, 0.58],
      [0.16, 0.72],
    ],
  ],
  [
    [
      [0.1, 0.04],
      [0.9, 0.04],
      [0.4, 0.98],
    ],
  ],
  [
    [
      [0.5, 0.48],
      [0.2, 0.28],
      [0.35, 0.05],
      [0.65, 0.05],
      [0.8, 0.28],
      [0.5, 0.48],
      [0.15, 0.75],
      [0.35, 0.97],
      [0.65, 0.97],
      [0.85, 0.75],
      [0.5, 0.48],
    ],
  ],
  [
    [
      [0.84, 0.3],
      [0.6, 0.48],
      [0.25, 0.42],
      [0.18, 0.2],
      [0.45, 0.02],
      [0.8, 0.12],
      [0.85, 0.4],
      [0.7, 0.98],
    ],
  ],
];

/** A picture, column by column: [columns][ROWS], ink in 0..1. */
export interface Picture {
  readonly columns: number;
  readonly ink: Float32Array;
}

/** Ink of a pen of some thickness along lines of points, in pixels. */
export function rasterise(strokes: readonly (readonly Point[])[], columns: number, thickness: number): Picture {
  const ink = new Float32Array(columns * ROWS);
  for (const stroke of strokes) {
    for (let i = 0; i < Math.max(stroke.length - 1, 1); i++) {
      const [a, b] = [stroke[i], stroke[Math.min(i + 1, stroke.length - 1)]];
      const reach = thickness + 1;
      const from = Math.max(0, Math.floor(Math.min(a[0], b[0]) - reach));
      const to = Math.min(columns - 1, Math.ceil(Math.max(a[0], b[0]) + reach));
      for (let x = from; x <= to; x++) {
        for (let y = 0; y < ROWS; y++) {
          const value = Math.min(1, Math.max(0, thickness + 0.5 - distance([x + 0.5, y + 0.5], a, b)));
          ink[x * ROWS + y] = Math.max(ink[x * ROWS + y], value);
        }
      }
    }
  }
  return { columns, ink };
}

function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** The strokes of a number as a hand writes it that the generator draws, in pixels of the network's pictures. */
export function writtenStrokes(labels: readonly number[], random: Random): Point[][] {
  const slant = 0.35 * (random.uniform() - 0.4);
  const wide = 7 + 3 * random.uniform();
  const tall = ROWS - 3 - 2 * random.uniform();
  const top = (ROWS - tall) * random.uniform();
  let left = 1 + 2 * random.uniform();
  return labels.flatMap((digit) => {
    const width = wide * (0.85 + 0.3 * random.uniform()) * (digit === 1 ? 0.7 : 1);
    const shaky = () => 0.07 * random.normal();
    const drawn = digits[digit].map((stroke) =>
      stroke.map(([x, y]): Point => {
        const [px, py] = [x + 0.6 * shaky(), y + 0.6 * shaky()];
        return [left + width * px + slant * tall * (0.5 - py), top + tall * py];
      }),
    );
    left += width + 1 + 2.5 * random.uniform();
    return drawn;
  });
}

/** A number written by such a hand, as the picture that the network reads. */
export function writtenNumber(labels: readonly number[], random: Random): Picture {
  const strokes = writtenStrokes(labels, random);
  const right = strokes.flat().reduce((most, [x]) => Math.max(most, x), 0);
  return rasterise(strokes, Math.ceil(right + 3), 0.5 + 0.7 * random.uniform());
}

/** What was drawn with the mouse, moved and scaled to the size that the network knows. Points in pixels of any size. */
export function drawnNumber(strokes: readonly (readonly Point[])[]): Picture | undefined {
  const points = strokes.flat();
  if (points.length < 2) return undefined;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const height = Math.max(...ys) - top;
  const scale = (ROWS - 3.5) / Math.max(height, 1);
  const columns = Math.min(200, Math.ceil((Math.max(...xs) - left) * scale + 4));
  const moved = strokes.map((stroke) =>
    stroke.map(([x, y]): Point => [2 + (x - left) * scale, 1.75 + (y - top) * scale]),
  );
  return rasterise(moved, columns, 0.85);
}
