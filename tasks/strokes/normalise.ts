import { boxOf, movedStrokes, type Stroke } from "./ink.js";

/** A way up or down shorter than this share of the longest is a tremor, a dot or a curl. */
const SHORT = 0.12;
/** Words less wide than this, in heights, show no slope that is not their letters'. */
const WIDE = 2.5;
const STEEPEST = 0.35;
/** Of down strokes, those that lean no more than this show the slant. */
const MOST_SLANTED = 1.2;

/**
 * Strokes as if everybody wrote alike: on a level line, upright, small letters 1 high, the line at y = 0. What is measured are
 * the pen's turns between up and down: letters are ways down and up again, whatever is written.
 */
export function normalise(strokes: readonly Stroke[]): Stroke[] {
  const slope = slopeOf(strokes);
  const level = movedStrokes(strokes, (x, y) => [x, y - slope * x]);
  const slant = slantOf(level);
  const { height, baseline } = sizeOf(level);
  return movedStrokes(level, (x, y) => [(x - slant * (y - baseline)) / height, (y - baseline) / height]);
}

/** Of a small letter, or of all where they are alike: half of the ways up and down are longer; and what the lows lie around. */
function sizeOf(strokes: readonly Stroke[]): { readonly height: number; readonly baseline: number } {
  const turns = strokes.map(turnsOf);
  const ways = turns.flatMap((places) => places.slice(1).map(([, y], i) => Math.abs(y - places[i][1])));
  const longest = ways.reduce((a, b) => Math.max(a, b), 0);
  const { left, right } = boxOf(strokes);
  // what has no height: a dash is as wide as a small letter, a dot is as good as any
  const height = median(ways.filter((way) => way > SHORT * longest)) || right - left || 1;
  return { height, baseline: median(turns.flatMap(lowest).map(([, y]) => y)) };
}

/** How the line rises: the median of the slopes between each two lows that are far enough apart (Theil and Sen). */
function slopeOf(strokes: readonly Stroke[]): number {
  const { left, right, bottom, top } = boxOf(strokes);
  const reach = right - left;
  if (reach < WIDE * (top - bottom)) return 0;
  const lows = strokes.map(turnsOf).flatMap(lowest);
  const slopes = lows.flatMap(([x, y], i) =>
    lows.slice(i + 1).flatMap(([u, v]) => (Math.abs(u - x) > reach / 4 ? [(v - y) / (u - x)] : [])),
  );
  return Math.max(-STEEPEST, Math.min(STEEPEST, median(slopes)));
}

/** How far down strokes lean to the right for each unit of height: the median, by their lengths. */
function slantOf(strokes: readonly Stroke[]): number {
  const leaning: [slant: number, length: number][] = [];
  for (const stroke of strokes) {
    for (let i = 2; i < stroke.length; i += 2) {
      const [dx, dy] = [stroke[i] - stroke[i - 2], stroke[i + 1] - stroke[i - 1]];
      if (dy < 0 && Math.abs(dx) < -MOST_SLANTED * dy) leaning.push([dx / dy, -dy]);
    }
  }
  leaning.sort(([a], [b]) => a - b);
  const whole = leaning.reduce((sum, [, length]) => sum + length, 0);
  let passed = 0;
  for (const [slant, length] of leaning) {
    passed += length;
    if (2 * passed >= whole) return slant;
  }
  return 0;
}

type Turn = readonly [x: number, y: number];

const lowest = (turns: readonly Turn[]): Turn[] =>
  turns.filter(([, y], i) => !(turns[i - 1]?.[1] < y) && !(turns[i + 1]?.[1] < y));

/** Where a stroke begins, ends, or turns from up to down or back by more than a little. */
function turnsOf(stroke: Stroke): Turn[] {
  const places = Array.from({ length: stroke.length / 2 }, (_, i): Turn => [stroke[2 * i], stroke[2 * i + 1]]);
  const { bottom, top } = boxOf([stroke]);
  const least = SHORT * (top - bottom);
  const turns = [places[0]];
  let [candidate, direction] = [places[0], 0];
  for (const place of places) {
    const step = place[1] - candidate[1];
    if (direction === 0 ? Math.abs(step) > least : step * direction > 0) {
      direction = Math.sign(step);
      candidate = place;
    } else if (direction !== 0 && -step * direction > least) {
      turns.push(candidate);
      direction = -direction;
      candidate = place;
    }
  }
  return [...turns, candidate];
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
