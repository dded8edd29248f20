import type { Stroke } from "./ink.js";

/** How large a writing is, and where its line lies. */
export interface Size {
  /** Of a small letter, or of all where they are alike: half of the pen's ways up and down are longer. */
  readonly height: number;
  /** What the pen's lowest places lie around. */
  readonly baseline: number;
}

/** A way up or down shorter than this share of the longest is a tremor, a dot or a curl. */
const SHORT = 0.12;

/** Measured by the turns of the pen between up and down: letters are ways down and up again, whatever is written. */
export function sizeOf(strokes: readonly Stroke[]): Size {
  const turns = strokes.map(turnsOf);
  const ways = turns.flatMap((ys) => ys.slice(1).map((y, i) => Math.abs(y - ys[i])));
  const longest = ways.reduce((a, b) => Math.max(a, b), 0);
  const kept = ways.filter((way) => way > SHORT * longest);
  const lows = turns.flatMap((ys) => ys.filter((y, i) => !(ys[i - 1] < y) && !(ys[i + 1] < y)));
  return { height: median(kept) || extentOf(strokes), baseline: median(lows) };
}

/** Heights at which a stroke begins, ends, or turns from up to down or back by more than a little. */
function turnsOf(stroke: Stroke): number[] {
  const ys = Array.from({ length: stroke.length / 2 }, (_, i) => stroke[2 * i + 1]);
  const most = Math.max(...ys) - Math.min(...ys);
  const turns = [ys[0]];
  let [candidate, direction] = [ys[0], 0];
  for (const y of ys) {
    const step = y - candidate;
    if (direction === 0 ? Math.abs(step) > SHORT * most : step * direction > 0) {
      direction = Math.sign(step);
      candidate = y;
    } else if (direction !== 0 && -step * direction > SHORT * most) {
      turns.push(candidate);
      direction = -direction;
      candidate = y;
    }
  }
  turns.push(candidate);
  return turns;
}

/** Of what has no height: a dash is as wide as a small letter, a dot is as good as any. */
function extentOf(strokes: readonly Stroke[]): number {
  const xs = strokes.flatMap((stroke) => Array.from(stroke).filter((_, i) => i % 2 === 0));
  return xs.reduce((a, b) => Math.max(a, b)) - xs.reduce((a, b) => Math.min(a, b)) || 1;
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
