import { type Files, type Recipe, textOf } from "../recipe.js";

const COMMIT = "5e478f0ee6c5b060edf702acdd563948cad5545f";
const COEFFICIENTS = 13;
const PARTS = ["train", "test"] as const;
/** Of int16. */
const GREATEST = 32767;

/** The coefficients of all utterances as one array of int16, and an index of them. */
export const an4: Recipe = {
  originals: [
    {
      name: "Machine-Learning-Project-ASR.tar.gz",
      download: `https://codeload.github.com/cphazen/Machine-Learning-Project-ASR/tar.gz/${COMMIT}`,
      bytes: 18_000_000,
      inflated: 64_000_000,
      needs: (path) => /^an4\/(?:feat\/.*\.mfc|etc\/an4_(?:train|test)\.(?:fileids|transcription))$/.test(path),
      sha256: "9446227e8e3e32a0b63bc5c3fda98f5aed644f29d18ce39cf139a8b0193edf14",
    },
  ],
  convert: joinUtterances,
};

interface Utterance {
  readonly id: string;
  readonly split: (typeof PARTS)[number];
  readonly speaker: string;
  readonly text: string;
  readonly start: number;
  readonly frames: number;
}

/** Each feature file holds the number of its values as big-endian int32, then the values as big-endian float32. */
export function joinUtterances(originals: Files): Files {
  const features: Float32Array[] = [];
  const utterances: Utterance[] = [];
  let start = 0;
  for (const split of PARTS) {
    const texts = linesOf(originals, `an4/etc/an4_${split}.transcription`);
    for (const [n, path] of linesOf(originals, `an4/etc/an4_${split}.fileids`).entries()) {
      const values = readFeatures(originals.get(`an4/feat/${path}.mfc`) as Uint8Array);
      const [, speaker, id] = path.split("/");
      const text = texts[n].slice(0, texts[n].lastIndexOf("(")).trim();
      const frames = values.length / COEFFICIENTS;
      features.push(values);
      utterances.push({ id, split, speaker, text, start, frames });
      start += frames;
    }
  }
  const scales = scalesOf(features);
  return new Map([
    ["an4-mfcc13-int16le.bin.gz", quantize(features, scales)],
    ["index.json", Buffer.from(indexText(scales, start, utterances))],
  ]);
}

const linesOf = (originals: Files, path: string): string[] =>
  textOf(originals, path)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

function readFeatures(file: Uint8Array): Float32Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return Float32Array.from({ length: view.getInt32(0) }, (_, i) => view.getFloat32(4 + 4 * i));
}

/** Of each coefficient, so that the greatest value becomes the greatest int16. */
function scalesOf(features: readonly Float32Array[]): number[] {
  const greatest = new Array<number>(COEFFICIENTS).fill(0);
  for (const values of features) {
    for (const [i, value] of values.entries()) {
      greatest[i % COEFFICIENTS] = Math.max(greatest[i % COEFFICIENTS], Math.abs(value));
    }
  }
  return greatest.map((value) => value / GREATEST);
}

function quantize(features: readonly Float32Array[], scales: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * features.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of features) {
    for (const [i, value] of values.entries())
      at = bytes.writeInt16LE(Math.round(value / scales[i % COEFFICIENTS]), at);
  }
  return bytes;
}

function indexText(scales: readonly number[], frames: number, utterances: readonly Utterance[]): string {
  const head = {
    format: "int16 little-endian, frames x 13, row-major; value = int16 * scale[c]",
    frames,
    coefficients: COEFFICIENTS,
    frameRateHz: 100,
    sampleRateHz: 16000,
  };
  const scale = scales.map((one) => shortNumber(Number(one.toPrecision(9)))).join(",");
  return `${JSON.stringify(head).slice(0, -1)},"scale":[${scale}],"utterances":${JSON.stringify(utterances)}}`;
}

/** With an exponent of two digits below 0.0001, as in the index that the project's figures were made with. */
function shortNumber(value: number): string {
  return value < 1e-4 ? value.toExponential().replace(/e-(\d)$/, "e-0$1") : String(value);
}
