import { SeqlossError } from "../../src/index.js";
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

/** The two whole places around a position, and the share of each, which falls with the distance. Places outside get none. */
interface Spread {
  readonly places: readonly [number, number];
  readonly shares: readonly [number, number];
}

function spread(position: number, count: number): Spread {
  const lower = Math.floor(position);
  const upper = position - lower;
  const share = (place: number, part: number) => (place >= 0 && place < count ? part : 0);
  const shares = [share(lower, 1 - upper), share(lower + 1, upper)] as const;
  return { places: [Math.max(lower, 0), Math.min(lower + 1, count - 1)], shares };
}

const ROWS = Array.from({ length: HEIGHT }, (_, y) => ({
  cells: spread((y + 0.5) / CELL - 0.5, CELLS),
  inkCells: spread((2 * (y + 0.5)) / CELL - 0.5, INK_CELLS),
}));

/**
 * A line as frames, left to right. Each frame says, for six heights, how strong the edges in each of eight directions are
 * (histograms of oriented gradients, Dalal and Triggs 2005), and how much ink there is at twelve. Pixels are shared between
 * neighbouring cells, directions and frames by their distance, so that a stroke that moves a little changes little.
 */
export function lineFrames({ pixels, width }: Line): Float32Array {
  const frames = Math.ceil(width / STRIDE);
  const out = new Float32Array(frames * FEATURES);
  const at = (x: number, y: number) => (x >= 0 && x < width && y >= 0 && y < HEIGHT ? pixels[y * width + x] : 0);
  for (let x = 0; x < width; x++) {
    const inFrames = spread((x - 1) / STRIDE, frames);
    for (let y = 0; y < HEIGHT; y++) {
      const ink = pixels[y * width + x];
      const across = at(x + 1, y) - at(x - 1, y);
      const down = at(x, y + 1) - at(x, y - 1);
      if (ink === 0 && across === 0 && down === 0) continue;
      const strength = Math.sqrt(across * across + down * down);
      const direction = ((Math.atan2(down, across) / (2 * Math.PI) + 1) * DIRECTIONS) % DIRECTIONS;
      const lower = Math.floor(direction) % DIRECTIONS;
      const upper = (lower + 1) % DIRECTIONS;
      const turned = direction - Math.floor(direction);
      const { cells, inkCells } = ROWS[y];
      for (let f = 0; f < 2; f++) {
        const frame = inFrames.places[f] * FEATURES;
        for (let c = 0; c < 2; c++) {
          const edges = frame + cells.places[c] * DIRECTIONS;
          const share = strength * inFrames.shares[f] * cells.shares[c];
          out[edges + lower] += share * (1 - turned);
          out[edges + upper] += share * turned;
          out[frame + CELLS * DIRECTIONS + inkCells.places[c]] += ink * inFrames.shares[f] * inkCells.shares[c];
        }
      }
    }
  }
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(out[i]) / 2;
  return out;
}

/** Class 0 is CTC's blank; digit d is class d + 1. */
export const CLASSES = 11;
export const toLabels = (text: string): number[] => Array.from(text, (digit) => Number(digit) + 1);
export const toText = (labels: readonly number[]): string => labels.map((label) => label - 1).join("");

/**
 * A label for each frame of a composed line: the digit that the frame's middle column shows, and the blank where it shows
 * none. A digit too narrow to meet the middle of a frame has the frame nearest to it.
 */
export function frameLabels({ width, text, spans }: Line): number[] {
  if (spans === undefined) {
    throw new SeqlossError("numbers", "VALUE", {
      argument: "a line",
      expected: "one that says where its digits stand",
      found: "a picture",
    });
  }
  const labels = new Array<number>(Math.ceil(width / STRIDE)).fill(0);
  const shown = toLabels(text);
  spans.forEach(({ left, right }, n) => {
    const first = Math.ceil((left - 1) / STRIDE);
    const end = Math.ceil((right - 1) / STRIDE);
    if (first < end) labels.fill(shown[n], first, end);
    else labels[Math.floor((left + right) / 2 / STRIDE)] = shown[n];
  });
  return labels;
}
