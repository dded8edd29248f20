import { SeqlossError } from "../../src/index.js";

/** Places of the pen while it is down, x0, y0, x1, y1, …, y upwards; at least one. */
export type Stroke = Float32Array;

/** What somebody wrote, stroke by stroke in the order of writing, with what it says. */
export interface Writing {
  readonly strokes: readonly Stroke[];
  readonly text: string;
  readonly writer: string;
}

/**
 * Writings of a file of JSON lines: `{"writer": …, "text": …, "strokes": [[x0, y0, dx1, dy1, dx2, dy2, …], …]}`, where each
 * stroke begins with a place and goes on with steps.
 *
 * @param from what the text is called in messages
 * @throws SeqlossError (FORMAT) with the line that is something else
 */
export function readWritings(text: string, from: string): Writing[] {
  const lines = text.split("\n");
  return lines.flatMap((line, n) => (line.trim() === "" ? [] : [readWriting(line, `${from}, line ${n + 1}`)]));
}

function readWriting(line: string, argument: string): Writing {
  const refuse = (found: unknown): never => {
    const expected = "a writer, a text, and strokes of at least one place each";
    throw new SeqlossError("strokes", "FORMAT", { argument, expected, found });
  };
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch (error) {
    return refuse((error as Error).message);
  }
  const { writer, text, strokes } = (row ?? {}) as Record<string, unknown>;
  const sound =
    typeof writer === "string" && typeof text === "string" && Array.isArray(strokes) && strokes.every(isStroke);
  return sound && strokes.length > 0 ? { writer, text, strokes: strokes.map(summed) } : refuse(line.slice(0, 60));
}

const isStroke = (stroke: unknown): stroke is number[] =>
  Array.isArray(stroke) && stroke.length >= 2 && stroke.length % 2 === 0 && stroke.every(Number.isFinite);

/** Places from a place and steps. */
function summed(steps: readonly number[]): Stroke {
  const places = Float32Array.from(steps);
  for (let i = 2; i < places.length; i++) places[i] += places[i - 2];
  return places;
}

/** The same writing with each place moved. */
export function movedStrokes(
  strokes: readonly Stroke[],
  move: (x: number, y: number) => readonly [number, number],
): Stroke[] {
  return strokes.map((stroke) => {
    const moved = new Float32Array(stroke.length);
    for (let i = 0; i < stroke.length; i += 2) moved.set(move(stroke[i], stroke[i + 1]), i);
    return moved;
  });
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

export function boxOf(strokes: readonly Stroke[]): Box {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const stroke of strokes) {
    for (let i = 0; i < stroke.length; i += 2) {
      left = Math.min(left, stroke[i]);
      right = Math.max(right, stroke[i]);
      bottom = Math.min(bottom, stroke[i + 1]);
      top = Math.max(top, stroke[i + 1]);
    }
  }
  return { left, right, bottom, top };
}
