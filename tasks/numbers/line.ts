import type { Random } from "../../src/index.js";
import { type Digits, SIDE } from "./digits.js";

/** Rows of every line. */
export const HEIGHT = 24;

/** A line of handwriting: HEIGHT × width, row-major, 0 for paper to 1 for ink. */
export interface Line {
  readonly pixels: Float32Array;
  readonly width: number;
  /** What it says: "4071". */
  readonly text: string;
  /** Where each digit stands; absent where nobody knows, as in a picture. */
  readonly spans?: readonly Span[];
}

/** Columns `left` up to, and without, `right`. */
export interface Span {
  readonly left: number;
  readonly right: number;
}

/** Blank columns before, between and after digits: nothing about a line's width or spacing tells how many there are. */
const GAP = { least: 3, most: 10 };
/** Rows by which a digit stands above or below the middle. */
const JITTER = 2;
/** A pixel at least this dark is ink. */
const INK = 0.2;

export interface LineOptions {
  /** How strongly digits are slanted, turned and resized, for training: 0 for not at all. */
  readonly distortion: number;
}

/** A line of 1 to 5 digits drawn at random, or of the digits of `text`. */
export function composeLine(pool: Digits, random: Random, { distortion }: LineOptions, text?: string): Line {
  const count = text?.length ?? 1 + random.integer(5);
  const parts: { image: Cropped; gap: number; top: number }[] = [];
  const gap = () => GAP.least + random.integer(GAP.most - GAP.least + 1);
  let said = "";
  let width = gap();
  for (let n = 0; n < count; n++) {
    const index = text === undefined ? random.integer(pool.digits.length) : pick(pool, random, Number(text[n]));
    const square = pool.pixels.subarray(index * SIDE * SIDE, (index + 1) * SIDE * SIDE);
    const image = crop(distortion === 0 ? square : distort(square, random, distortion));
    const middle = (HEIGHT - image.height) / 2;
    const top = Math.round(Math.min(Math.max(0, middle + (2 * random.uniform() - 1) * JITTER), HEIGHT - image.height));
    parts.push({ image, gap: width, top });
    said += pool.digits[index];
    width += image.width + gap();
  }
  const pixels = new Float32Array(HEIGHT * width);
  for (const { image, gap: left, top } of parts) {
    for (let y = 0; y < image.height; y++) {
      pixels.set(image.pixels.subarray(y * image.width, (y + 1) * image.width), (top + y) * width + left);
    }
  }
  const spans = parts.map(({ image, gap: left }) => ({ left, right: left + image.width }));
  return { pixels, width, text: said, spans };
}

function pick(pool: Digits, random: Random, digit: number): number {
  const matching = [...pool.digits.keys()].filter((i) => pool.digits[i] === digit);
  return matching[random.integer(matching.length)];
}

interface Cropped {
  readonly pixels: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** The box around the ink, at most HEIGHT rows of it. */
function crop(square: Float32Array): Cropped {
  let [left, right, top, bottom] = [SIDE, -1, SIDE, -1];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      if (square[y * SIDE + x] < INK) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  const width = Math.max(1, right - left + 1);
  const height = Math.max(1, Math.min(HEIGHT, bottom - top + 1));
  const pixels = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = (top + y) * SIDE + left;
    pixels.set(square.subarray(row, row + width), y * width);
  }
  return { pixels, width, height };
}

/** Turned, slanted and resized about its middle by random amounts, bilinear. */
function distort(square: Float32Array, random: Random, strength: number): Float32Array {
  const vary = (most: number) => (2 * random.uniform() - 1) * most * strength;
  const angle = vary(0.15);
  const slant = vary(0.25);
  const [scaleX, scaleY] = [1 + vary(0.15), 1 + vary(0.12)];
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const middle = (SIDE - 1) / 2;
  const out = new Float32Array(SIDE * SIDE);
  for (let row = 0, n = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++, n++) {
      const x = column - middle;
      const y = row - middle;
      const u = (cosine * x - sine * y + slant * y) / scaleX + middle;
      const v = (sine * x + cosine * y) / scaleY + middle;
      const left = Math.floor(u);
      const top = Math.floor(v);
      if (left < 0 || left + 1 >= SIDE || top < 0 || top + 1 >= SIDE) continue; // the border of an image is paper
      const i = top * SIDE + left;
      const upper = square[i] + (u - left) * (square[i + 1] - square[i]);
      const lower = square[i + SIDE] + (u - left) * (square[i + SIDE + 1] - square[i + SIDE]);
      out[n] = upper + (v - top) * (lower - upper);
    }
  }
  return out;
}
