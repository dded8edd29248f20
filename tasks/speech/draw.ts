import type { SequenceBatch } from "../../src/index.js";
import type { Alphabet } from "../reading/alphabet.js";
import { type Spectrum, STACK } from "./features.js";

const SHADES = " ░▒▓█";
const ROWS = 8;
const COLUMNS = 100;
/** A symbol this probable in a frame is written under it. */
const SURE = 0.4;

/** A spectrum, low frequencies below, and under it the symbols that the network writes, where it writes them. */
export function drawSpeech({ bands, data }: Spectrum, outputs: SequenceBatch, alphabet: Alphabet): string[] {
  const frames = data.length / bands;
  const columns = Math.min(COLUMNS, Math.ceil(frames / STACK));
  const perColumn = frames / columns;
  const cells = Array.from({ length: ROWS }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      let [sum, count] = [0, 0];
      for (
        let t = Math.floor(column * perColumn);
        t < Math.max(column * perColumn + 1, (column + 1) * perColumn);
        t++
      ) {
        for (let k = Math.floor((row * bands) / ROWS); k < ((row + 1) * bands) / ROWS; k++) {
          if (t >= frames) continue;
          sum += data[t * bands + k];
          count++;
        }
      }
      return sum / Math.max(1, count);
    }),
  );
  const sorted = cells.flat().sort((a, b) => a - b);
  const [quiet, loud] = [sorted[Math.floor(0.2 * sorted.length)], sorted[Math.floor(0.98 * (sorted.length - 1))]];
  const shade = (value: number) => {
    const share = (value - quiet) / (loud - quiet || 1);
    return SHADES[Math.min(SHADES.length - 1, Math.max(0, Math.round(share * (SHADES.length - 1))))];
  };
  const picture = cells.reverse().map((row) => row.map(shade).join("").trimEnd());
  return [...picture, spikes(outputs, columns, alphabet)];
}

/** Where in time each symbol is written: at the frame that is surest of it. */
function spikes({ data, shape, lengths }: SequenceBatch, columns: number, alphabet: Alphabet): string {
  const classes = shape[2];
  const line = new Array<string>(columns).fill(" ");
  let last = 0;
  for (let t = 0; t < lengths[0]; t++) {
    const row = data.subarray(t * classes, (t + 1) * classes);
    let best = 0;
    let sum = 0;
    for (let v = 1; v < classes; v++) if (row[v] > row[best]) best = v;
    for (const logit of row) sum += Math.exp(logit - row[best]);
    if (best !== 0 && best !== last && 1 / sum >= SURE) {
      line[Math.floor((t * columns) / lengths[0])] = alphabet.toText([best]);
    }
    last = best;
  }
  return line.join("").trimEnd();
}
