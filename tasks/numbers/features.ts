import { HEIGHT, type Line } from "./line.js";

/** Columns from one frame to the next. */
export const STRIDE = 3;
/** Directions of strokes' edges that are told apart. */
const DIRECTIONS = 8;
/** Rows of a cell; edges are pooled over cells, ink over half cells. */
const CELL = 4;
const CELLS = HEIGHT / CELL;
const INK_CELLS = 2 * CELLS;
/** Numbers in each frame: edges by cell and direction, then ink. */
export const FEATURES = CELLS * DIRECTIONS + INK_CELLS;

/**
 * A line as frames, left to right. Each frame says, for six heights, how strong the edges in each of eight directions are
 * (histograms of oriented gradients, Dalal and Triggs 2005), and how much ink there is at twelve. Pixels are shared between
 * neighbouring cells, directions and frames by their distance, so that a stroke that moves a little changes little.
 */
export function lineFrames(line: Line): Float32Array {
  const { pixels, width } = line;
  const frames = Math.ceil(width / STRIDE);
  const out = new Float32Array(frames * FEATURES);
  const at = (x: number, y: number) => (x >= 0 && x < width && y >= 0 && y < HEIGHT ? pixels[y * width + x] : 0);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < HEIGHT; y++) {
      const ink = pixels[y * width + x];
      const across = at(x + 1, y) - at(x - 1, y);
      const down = at(x, y + 1) - at(x, y - 1);
      const strength = Math.hypot(across, down);
      if (ink === 0 && strength === 0) continue;
      const direction = ((Math.atan2(down, across) / (2 * Math.PI) + 1) * DIRECTIONS) % DIRECTIONS;
      spread((x - 1) / STRIDE, frames, (t, inFrame) => {
        const frame = t * FEATURES;
        spread((y + 0.5) / CELL - 0.5, CELLS, (cell, inCell) => {
          const share = strength * inFrame * inCell;
          const lower = Math.floor(direction);
          const upper = direction - lower;
          out[frame + cell * DIRECTIONS + (lower % DIRECTIONS)] += share * (1 - upper);
          out[frame + cell * DIRECTIONS + ((lower + 1) % DIRECTIONS)] += share * upper;
        });
        spread((2 * (y + 0.5)) / CELL - 0.5, INK_CELLS, (cell, inCell) => {
          out[frame + CELLS * DIRECTIONS + cell] += ink * inFrame * inCell;
        });
      });
    }
  }
  return out.map((sum) => Math.sqrt(sum) / 2);
}

/** The two whole places next to a position, with shares that fall with the distance; places outside are left out. */
function spread(position: number, places: number, visit: (place: number, share: number) => void): void {
  const lower = Math.floor(position);
  const upper = position - lower;
  if (lower >= 0 && lower < places) visit(lower, 1 - upper);
  if (lower + 1 >= 0 && lower + 1 < places && upper > 0) visit(lower + 1, upper);
}

/** Class 0 is CTC's blank; digit d is class d + 1. */
export const CLASSES = 11;
export const toLabels = (text: string): number[] => Array.from(text, (digit) => Number(digit) + 1);
export const toText = (labels: readonly number[]): string => labels.map((label) => label - 1).join("");
