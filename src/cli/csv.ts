import { CsvError, parse } from "csv-parse/sync";
import type { Nested, Tensor } from "../index.js";
import { EXIT, Failure } from "./failure.js";

/** By its name, a table of commas or of tabs. */
export const isTable = (path: string): boolean => /\.[ct]sv$/i.test(path);

export const delimiterOf = (path: string): string => (path.toLowerCase().endsWith(".tsv") ? "\t" : ",");

export function readRows(bytes: Uint8Array, from: string, delimiter: string, ragged = false): string[][] {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return parse(text, { delimiter, bom: true, skip_empty_lines: true, trim: ragged, relax_column_count: ragged });
  } catch (error) {
    if (error instanceof CsvError) throw new Failure(EXIT.data, `${from}: malformed CSV: ${error.message}.`);
    if (error instanceof TypeError) {
      throw new Failure(EXIT.data, `${from}: these bytes are not UTF-8; save the table as UTF-8.`);
    }
    throw error;
  }
}

const WORDS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
};

/** A cell as a number; undefined where it is none. */
function readNumber(cell: string): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(cell)) return Number(cell);
  const [, sign, word] = /^([+-]?)(\w+)$/.exec(cell) ?? [];
  const value = Object.hasOwn(WORDS, word?.toLowerCase() ?? "") ? WORDS[word.toLowerCase()] : undefined;
  return value === undefined || sign !== "-" ? value : -value;
}

/**
 * An array of two axes, each line a sequence, or of three, each line a step. A column `sequence` says which sequence a line
 * belongs to; without one, the lines of three axes are the steps of a single sequence. A column `step` must count upwards.
 */
export function readArray(bytes: Uint8Array, from: string, delimiter: string, axes: number): Nested {
  if (axes !== 2 && axes !== 3) {
    throw new Failure(EXIT.data, `${from}: an array of ${axes} axes cannot be a table; expected .npy, .npz or JSON.`);
  }
  const rows = readRows(bytes, from, delimiter, true);
  const named = rows.length > 0 && rows[0].some((cell) => readNumber(cell) === undefined);
  const head = named ? rows[0] : [];
  const lines = named ? rows.slice(1) : rows;
  if (lines.length === 0) throw new Failure(EXIT.data, `${from}: expected lines of numbers; found none.`);
  const [bySequence, byStep] = [head.indexOf("sequence"), head.indexOf("step")];
  const line = (n: number) => `${from}: line ${n + (named ? 2 : 1)}`;
  const values = lines.map((cells, n) => {
    if (named && cells.length !== head.length) {
      throw new Failure(
        EXIT.data,
        `${line(n)} has ${cells.length} cells; expected ${head.length}, as the first line has.`,
      );
    }
    return cells.flatMap((cell, i) => {
      if (i === bySequence) return [];
      const value = readNumber(cell);
      if (value !== undefined) return i === byStep ? [] : [value];
      const column = named ? `column "${head[i]}"` : `cell ${i + 1}`;
      throw new Failure(EXIT.data, `${line(n)} has ${JSON.stringify(cell)} in ${column}; expected a number.`);
    });
  });
  if (bySequence === -1) return axes === 2 ? values : [values];
  const sequences = new Map<string, { last: number; steps: number[][] }>();
  lines.forEach((cells, n) => {
    const name = cells[bySequence];
    const found = sequences.get(name) ?? { last: Number.NEGATIVE_INFINITY, steps: [] };
    const step = byStep === -1 ? n : (readNumber(cells[byStep]) as number);
    if (!(step > found.last)) {
      throw new Failure(
        EXIT.data,
        `${line(n)}: step ${step} of sequence "${name}" comes after step ${found.last}; expected more.`,
      );
    }
    found.last = step;
    found.steps.push(values[n]);
    sequences.set(name, found);
  });
  const all = [...sequences.values()].map(({ steps }) => steps);
  if (axes === 3) return all;
  if (values[0].length === 1) return all.map((steps) => steps.flat());
  throw new Failure(EXIT.data, `${from}: expected one column of numbers beside "sequence"; found ${values[0].length}.`);
}

/** The same table, of a tensor of two or three axes; the numbers as they are, digit for digit. */
export function writeArray({ data, shape }: Tensor, delimiter: string): string {
  const [, steps, width = steps] = shape;
  const three = shape.length === 3;
  const lines: (number | string)[][] = three ? [["sequence", "step", ...new Array(width).keys()]] : [];
  for (let at = 0; at < data.length; at += width) {
    const row = at / width;
    lines.push([...(three ? [Math.floor(row / steps), row % steps] : []), ...data.subarray(at, at + width)]);
  }
  return lines.map((cells) => `${cells.join(delimiter)}\n`).join("");
}
