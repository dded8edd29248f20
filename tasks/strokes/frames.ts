import type { Random } from "../../src/index.js";
import { distort } from "./distort.js";
import type { Stroke } from "./ink.js";
import { normalise } from "./normalise.js";

/** Places that are put together to a step of the network. */
const STACK = 3;
/** Numbers of each place. */
const PLACE = 8;
/** Pen-up moves are as long as they are up to here, in heights of small letters. */
const FARTHEST = 4;
/** Borders of the cells around a place in which ink is counted, in heights of small letters: left to right, below to above. */
const ACROSS = [-1.2, -0.4, 0.4, 1.2];
const UP = [-3, -1.5, -0.5, 0.5, 1.5, 3];
const CELLS = (ACROSS.length - 1) * (UP.length - 1);
/** As much ink as this in a cell counts as full. */
const FULL = 5;

/** Numbers in each step: of each of three places, and the ink around the middle one. */
export const WIDTH = STACK * PLACE + CELLS;

/** A writing as the network sees it. */
export interface InkFrames {
  /** [T, WIDTH] */
  readonly frames: Float32Array;
  /** Where in the writing each step is, as a share of its width. */
  readonly places: Float32Array;
}

/** A place of the pen, evenly spaced along what is written. */
interface Place {
  readonly x: number;
  readonly y: number;
  /** Whether the pen came here lifted: a stroke begins. */
  readonly begins: boolean;
}

/**
 * Strokes as steps, in the order of writing. They are brought to one size, and places taken at equal distances, so that
 * neither the tablet's units nor the speed of writing counts. A step says of three places how the pen moved there and turned,
 * how high it is above the line and whether it came lifted, and how much ink lies around: a dot or a bar that was added later
 * is seen where the letter was written.
 *
 * @param pace the pen's way from one place to the next, where small letters are 1 high
 * @param random for training: varies the hand
 */
export function strokeFrames(strokes: readonly Stroke[], pace: number, random?: Random): InkFrames {
  const level = normalise(strokes);
  const varied = random === undefined ? level : distort(level, random);
  const own = random === undefined ? pace : pace * (1 + PACES * (2 * random.uniform() - 1));
  const places = varied.flatMap((stroke) => evenPlaces(stroke, own));
  const steps = Math.ceil(places.length / STACK);
  const frames = new Float32Array(steps * WIDTH);
  for (let n = 0; n < places.length; n++) {
    describe(places, n, frames.subarray(Math.floor(n / STACK) * WIDTH + (n % STACK) * PLACE));
  }
  const middles = Array.from({ length: steps }, (_, t) => places[Math.min(t * STACK + 1, places.length - 1)]);
  middles.forEach((middle, t) => {
    countInk(places, middle, frames.subarray(t * WIDTH + STACK * PLACE, (t + 1) * WIDTH));
  });
  const xs = places.map(({ x }) => x);
  const [left, right] = [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b))];
  return { frames, places: Float32Array.from(middles, ({ x }) => (x - left) / (right - left || 1)) };
}

/** How much the pace varies in training. */
const PACES = 0.15;

/** Places at equal distances along a stroke, its first and last among them. */
function evenPlaces(stroke: Stroke, pace: number): Place[] {
  let way = 0;
  for (let i = 2; i < stroke.length; i += 2)
    way += Math.hypot(stroke[i] - stroke[i - 2], stroke[i + 1] - stroke[i - 1]);
  const count = Math.max(1, Math.round(way / pace));
  const places: Place[] = [{ x: stroke[0], y: stroke[1], begins: true }];
  let passed = 0;
  for (let i = 2; i < stroke.length; i += 2) {
    const [dx, dy] = [stroke[i] - stroke[i - 2], stroke[i + 1] - stroke[i - 1]];
    const length = Math.hypot(dx, dy);
    while (places.length < count && (way * places.length) / count <= passed + length) {
      const share = ((way * places.length) / count - passed) / length;
      places.push({ x: stroke[i - 2] + share * dx, y: stroke[i - 1] + share * dy, begins: false });
    }
    passed += length;
  }
  if (way > 0) places.push({ x: stroke[stroke.length - 2], y: stroke[stroke.length - 1], begins: false });
  return places;
}

/** Writes the numbers of a place: the move there, its direction and turn, the height, and whether the pen was lifted. */
function describe(places: readonly Place[], n: number, out: Float32Array): void {
  const { x, y, begins } = places[n];
  const before = places[n - 1] ?? places[n];
  const [dx, dy] = [x - before.x, y - before.y];
  const far = (move: number) => Math.max(-FARTHEST, Math.min(FARTHEST, move));
  const [cosine, sine] = directionOf(before, places[n]);
  if (begins) {
    out[0] = far(dx);
    out[1] = far(dy);
  } else {
    out[2] = cosine;
    out[3] = sine;
    const after = places[n + 1];
    if (after !== undefined && !after.begins) {
      const [nextCosine, nextSine] = directionOf(places[n], after);
      out[4] = cosine * nextCosine + sine * nextSine;
      out[5] = cosine * nextSine - sine * nextCosine;
    }
  }
  out[6] = y - 0.5;
  out[7] = begins ? 1 : 0;
}

function directionOf(from: Place, to: Place): readonly [number, number] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  return [dx / length, dy / length];
}

/** How much of all ink lies in each cell around a place. */
function countInk(places: readonly Place[], { x, y }: Place, out: Float32Array): void {
  const columns = ACROSS.length - 1;
  for (const other of places) {
    const column = cellOf(ACROSS, other.x - x);
    if (column < 0) continue;
    const row = cellOf(UP, other.y - y);
    if (row >= 0) out[row * columns + column] += 1 / FULL;
  }
  for (let i = 0; i < CELLS; i++) out[i] = Math.min(1, out[i]);
}

/** Between which borders a number lies; -1 outside. */
function cellOf(borders: readonly number[], at: number): number {
  if (at < borders[0] || at >= borders[borders.length - 1]) return -1;
  return borders.findIndex((border) => at < border) - 1;
}
