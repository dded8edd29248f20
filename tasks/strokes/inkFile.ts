import { readFileSync, statSync } from "node:fs";
import { SeqlossError } from "../../src/index.js";
import { movedStrokes, type Stroke } from "./ink.js";
import { numbersIn, readPath } from "./svgPath.js";

/** Larger files are refused; a long word has some KB. */
const LARGEST = 2 ** 20;
const ADVICE = 'Write {"strokes": [[x0, y0, x1, y1, …], …]}, y downwards as on a screen, or "y": "up".';

/**
 * Strokes of a file, y upwards: JSON `{"strokes": [[x0, y0, x1, y1, …], …], "y": "down" | "up"}` (also a list alone, and places
 * as pairs); InkML's traces; SVG's polylines and paths of lines and curves. y is taken to go downwards but where JSON says "up".
 *
 * @throws SeqlossError (FORMAT) when the file is none of them, or has no strokes
 */
export function readInkFile(path: string): Stroke[] {
  const refuse = (expected: string, found: unknown): never => {
    throw new SeqlossError("predict", "FORMAT", { argument: path, expected, found, advice: ADVICE });
  };
  const { size } = statSync(path);
  if (size > LARGEST) refuse(`at most ${LARGEST / 1024} KB of strokes`, `${Math.ceil(size / 1024)} KB`);
  const text = readFileSync(path, "utf8").trim();
  const strokes = text.startsWith("<") ? readMarkup(text, refuse) : readJson(text, refuse);
  if (strokes.length === 0) refuse("strokes", "none");
  return strokes;
}

type Refuse = (expected: string, found: unknown) => never;

const downwards = (strokes: readonly Stroke[]) => movedStrokes(strokes, (x, y) => [x, -y]);

function readJson(text: string, refuse: Refuse): Stroke[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse("JSON, InkML or SVG", (error as Error).message);
  }
  const { strokes = value, y = "down" } = (value ?? {}) as { strokes?: unknown; y?: unknown };
  if (y !== "down" && y !== "up") refuse('"y" to be "down" or "up"', y);
  if (!Array.isArray(strokes)) return refuse("a list of strokes", typeof strokes);
  const read = strokes.map((stroke: unknown, n) => {
    const places: unknown[] = Array.isArray(stroke) ? stroke.flat() : [];
    const sound = places.length >= 2 && places.length % 2 === 0 && places.every(Number.isFinite);
    return sound
      ? Float32Array.from(places as number[])
      : refuse(`strokes[${n}] to be places, x and y of each`, stroke);
  });
  return y === "up" ? read : downwards(read);
}

/** InkML and SVG, as far as they hold strokes: attributes and texts of a few elements. */
function readMarkup(text: string, refuse: Refuse): Stroke[] {
  const traces = [...text.matchAll(/<(?:\w+:)?trace\b[^>]*>([^<]*)</g)].map(([, places]) => readTrace(places));
  const lines = [...text.matchAll(/<polyline\b[^>]*\bpoints\s*=\s*["']([^"']*)/g)].map(([, points]) => [
    numbersIn(points),
  ]);
  const paths = [...text.matchAll(/<path\b[^>]*\bd\s*=\s*["']([^"']*)/g)].map(([, path]) => readPath(path, refuse));
  const all = [...traces.map((trace) => [trace]), ...lines, ...paths].flat();
  return downwards(all.filter(({ length }) => length >= 2).map((places) => Float32Array.from(places)));
}

/** Places between commas, of which further numbers (force, time) do not count. */
const readTrace = (places: string): number[] =>
  places.split(",").flatMap((place) => {
    const [x, y] = numbersIn(place);
    return y === undefined ? [] : [x, y];
  });
