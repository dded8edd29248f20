import type { Files, Recipe } from "../recipe.js";

const COMMIT = "26eb9aaf76e81b692f806f9140c2d2777410d7a1";
const SPEAKERS = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"];
/** Of each speaker and digit, of 50. */
const RECORDINGS = 25;
/** Of those, the first are for testing, as the authors say. */
const TESTED = 5;
const HEADER_BYTES = 44;

interface Recording {
  readonly file: string;
  readonly digit: number;
  readonly speaker: string;
  readonly index: number;
}

/** In the order of their index, their digit, and their speaker. */
const recordings: readonly Recording[] = Array.from({ length: RECORDINGS }, (_, index) =>
  Array.from({ length: 10 }, (_, digit) =>
    SPEAKERS.map((speaker) => ({ file: `${digit}_${speaker}_${index}.wav`, digit, speaker, index })),
  ),
).flat(2);
const pathOf = ({ file }: Recording) => `recordings/${file}`;
const needed = new Set(recordings.map(pathOf));

/** The samples of half of the recordings, end to end, and an index of them. */
export const fsdd: Recipe = {
  originals: [
    {
      name: "free-spoken-digit-dataset.tar.gz",
      download: `https://codeload.github.com/Jakobovski/free-spoken-digit-dataset/tar.gz/${COMMIT}`,
      bytes: 15_600_000,
      inflated: 64_000_000,
      needs: (path) => needed.has(path),
      sha256: "b3473bfdcbce32338e71274f296637295f1a7f80a3d63f1e2198f9c25691e21b",
    },
  ],
  convert: joinRecordings,
};

/** Each WAV is 8,000 samples a second of 16 bits in one channel, after a header of 44 bytes; the checksums see to it. */
export function joinRecordings(originals: Files): Files {
  const samples = recordings.map((one) => (originals.get(pathOf(one)) as Uint8Array).subarray(HEADER_BYTES));
  let start = 0;
  const rows = recordings.map(({ file, digit, speaker, index }, n) => {
    const count = samples[n].length / 2;
    const row = [file, digit, speaker, index, index < TESTED ? "test" : "train", start, count];
    start += count;
    return row;
  });
  const index = {
    sampleRateHz: 8000,
    format: "int16 little-endian mono, recordings concatenated",
    samples: start,
    columns: ["file", "digit", "speaker", "index", "split", "start", "samples"],
    recordings: rows,
  };
  return new Map([
    ["fsdd-pcm16le-8k.bin.gz", Buffer.concat(samples)],
    ["index.json", Buffer.from(JSON.stringify(index))],
  ]);
}
