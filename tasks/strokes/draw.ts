import type { SequenceBatch } from "../../src/index.js";
import type { Alphabet } from "../reading/alphabet.js";
import { boxOf, type Stroke } from "./ink.js";

/** Of the terminal; a sign of Braille has two dots across and four down. */
const ROWS = 8;
const COLUMNS = 100;
const BRAILLE = 0x2800;
/** Bits of the dots: by row, then by column. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

/** Ink in dots of Braille, as large as it fits. */
export function drawStrokes(strokes: readonly Stroke[]): string[] {
  const { left, right, bottom, top } = boxOf(strokes);
  const perDot = Math.max((right - left) / (2 * COLUMNS - 1), (top - bottom) / (4 * ROWS - 1)) || 1;
  const columns = Math.floor((right - left) / perDot / 2) + 1;
  const rows = Math.floor((top - bottom) / perDot / 4) + 1;
  const cells = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const dot = (x: number, y: number) => {
    const [across, down] = [Math.round((x - left) / perDot), Math.round((top - y) / perDot)];
    cells[down >> 2][across >> 1] |= DOTS[down & 3][across & 1];
  };
  for (const stroke of strokes) {
    dot(stroke[0], stroke[1]);
    for (let i = 2; i < stroke.length; i += 2) {
      const [dx, dy] = [stroke[i] - stroke[i - 2], stroke[i + 1] - stroke[i - 1]];
      const dots = Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)) / perDot);
      for (let n = 1; n <= dots; n++) dot(stroke[i] - dx * (1 - n / dots), stroke[i + 1] - dy * (1 - n / dots));
    }
  }
  return cells.map((row) =>
    row
      .map((bits) => (bits === 0 ? " " : String.fromCharCode(BRAILLE + bits)))
      .join("")
      .trimEnd(),
  );
}

/**
 * The symbols that the network writes, one after the other, each under the ink at which it writes it, or as near to the right
 * as the others leave room.
 *
 * @param places where each step is, as a share of the width
 */
export function spikesUnder(
  drawing: readonly string[],
  { data, shape, lengths }: SequenceBatch,
  places: ArrayLike<number>,
  alphabet: Alphabet,
): string {
  const classes = shape[2];
  const width = Math.max(...drawing.map((row) => row.length));
  const written: [column: number, symbol: string][] = [];
  let last = 0;
  for (let t = 0; t < lengths[0]; t++) {
    const row = data.subarray(t * classes, (t + 1) * classes);
    let best = 0;
    for (let v = 1; v < classes; v++) if (row[v] > row[best]) best = v;
    if (best !== 0 && best !== last) written.push([Math.round(places[t] * (width - 1)), alphabet.toText([best])]);
    last = best;
  }
  const line: string[] = [];
  for (const [column, symbol] of written.sort(([a], [b]) => a - b)) {
    while (line.length < column) line.push(" ");
    line.push(symbol);
  }
  return line.join("");
}
