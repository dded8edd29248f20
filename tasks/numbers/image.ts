import { readFileSync } from "node:fs";
import { decode, encode } from "fast-png";
import { SeqlossError } from "../../src/index.js";
import { HEIGHT, type Line } from "./line.js";
import { checkPng, type Refuse } from "./png.js";

/** Rows that the ink of a line fills, as the digits it was trained on do. */
const INK_ROWS = 20;
/** Columns of paper put before and after the ink. */
const MARGIN = 5;

/**
 * Reads a picture of handwritten digits in a row: PNG of any size, colour and depth, dark on light or light on dark. The ink
 * is cut out, scaled to the height of the training lines and set in the middle.
 *
 * @throws SeqlossError (FORMAT) when the file is no PNG, too large, or has no ink in it
 */
export function readLineImage(path: string): Line {
  const refuse: Refuse = (expected, found, advice) => {
    throw new SeqlossError("predict", "FORMAT", { argument: path, expected, found, ...(advice && { advice }) });
  };
  const bytes = checkPng(readFileSync(path), refuse);
  const grey = readGrey(bytes, refuse);
  const paper = median(border(grey));
  const darkness = grey.values.map((value) => Math.abs(value - paper));
  const most = darkness.reduce((a, b) => Math.max(a, b), 0);
  if (most < 0.1) refuse("ink that stands out from the paper", "an even picture");
  return fitLine({ ...grey, values: darkness.map((x) => Math.min(1, x / most)) });
}

interface Grey {
  /** 0 to 1, row-major */
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

function readGrey(bytes: Uint8Array, refuse: Refuse): Grey {
  let png: ReturnType<typeof decode>;
  try {
    png = decode(bytes);
  } catch (error) {
    return refuse("a sound PNG picture", (error as Error).message);
  }
  const { width, height, channels, depth, palette } = png;
  const values = new Float32Array(width * height);
  const full = 2 ** depth - 1;
  const sample = (i: number): number => {
    if (depth >= 8) return png.data[i];
    const perRow = Math.ceil((width * channels * depth) / 8);
    const [row, column] = [Math.floor(i / (width * channels)), i % (width * channels)];
    const bit = column * depth;
    return (png.data[row * perRow + (bit >> 3)] >> (8 - depth - (bit & 7))) & full;
  };
  for (let i = 0; i < values.length; i++) {
    const pixel = palette
      ? palette[sample(i)].map((c) => c / 255)
      : Array.from({ length: channels }, (_, c) => sample(i * channels + c) / full);
    const colours = pixel.length >= 3 ? 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2] : pixel[0];
    const alpha = pixel.length === 4 ? pixel[3] : pixel.length === 2 ? pixel[1] : 1;
    values[i] = colours * alpha + (1 - alpha); // what is transparent shows white paper
  }
  return { values, width, height };
}

function border({ values, width, height }: Grey): number[] {
  const edge: number[] = [];
  for (let x = 0; x < width; x++) edge.push(values[x], values[(height - 1) * width + x]);
  for (let y = 0; y < height; y++) edge.push(values[y * width], values[(y + 1) * width - 1]);
  return edge;
}

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1];

/** Cuts out the ink and scales it, by the mean over each target pixel's area. */
function fitLine({ values, width, height }: Grey): Line {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (values[y * width + x] < 0.3) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  const scale = INK_ROWS / (bottom - top + 1);
  const inkColumns = Math.max(1, Math.round((right - left + 1) * scale));
  const lineWidth = inkColumns + 2 * MARGIN;
  const pixels = new Float32Array(HEIGHT * lineWidth);
  const above = (HEIGHT - INK_ROWS) / 2;
  for (let y = 0; y < INK_ROWS; y++) {
    for (let x = 0; x < inkColumns; x++) {
      const box = { x0: left + x / scale, x1: left + (x + 1) / scale, y0: top + y / scale, y1: top + (y + 1) / scale };
      pixels[(above + y) * lineWidth + MARGIN + x] = areaMean(values, width, height, box);
    }
  }
  return { pixels, width: lineWidth, text: "" };
}

function areaMean(
  values: Float32Array,
  width: number,
  height: number,
  box: { x0: number; x1: number; y0: number; y1: number },
): number {
  let sum = 0;
  let area = 0;
  for (let y = Math.floor(box.y0); y < Math.min(height, Math.ceil(box.y1)); y++) {
    const rows = Math.min(box.y1, y + 1) - Math.max(box.y0, y);
    for (let x = Math.floor(box.x0); x < Math.min(width, Math.ceil(box.x1)); x++) {
      const part = rows * (Math.min(box.x1, x + 1) - Math.max(box.x0, x));
      sum += part * values[y * width + x];
      area += part;
    }
  }
  return area === 0 ? 0 : sum / area;
}

/** A line as PNG, dark on light, each pixel `zoom` pixels wide. */
export function lineToPng({ pixels, width }: Line, zoom = 4): Uint8Array {
  const [w, h] = [width * zoom, HEIGHT * zoom];
  const data = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      data[y * w + x] = 255 - Math.round(255 * pixels[Math.floor(y / zoom) * width + Math.floor(x / zoom)]);
    }
  }
  return encode({ width: w, height: h, data, channels: 1, depth: 8 });
}
