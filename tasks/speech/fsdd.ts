import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { SeqlossError } from "../../src/index.js";
import { dataSets } from "../data/dataSets.js";
import { resolveData } from "../data/resolve.js";
import { outsideSource } from "../data/source.js";
import type { SpeechCorpus } from "./corpus.js";
import { BANDS, type DigitParts, digitStrings, SAMPLE_RATE, type SpokenDigit } from "./digitStrings.js";

/** Of the training recordings of each speaker and digit, those up to this index are held out to validate. */
const LAST_HELD = 6;

/** file, digit, speaker, index, split, start, samples */
type Row = readonly [string, number, string, number, "train" | "test", number, number];

interface Index {
  readonly sampleRateHz: number;
  readonly recordings: readonly Row[];
}

/** The Free Spoken Digit Dataset: real recordings of six speakers, joined to strings. The same six are in all parts. */
export const fsdd: SpeechCorpus = {
  title: "strings joined from unseen recordings of the six FSDD speakers",
  bands: BANDS,
  sampleRate: SAMPLE_RATE,
  published: "none for strings of this set. The strings are composed; the speech is real",
  source: () => outsideSource(dataSets.fsdd),
  load() {
    const index = JSON.parse(readFileSync(resolveData(dataSets.fsdd, "index.json"), "utf8"));
    return digitStrings(
      readFsdd(index, gunzipSync(readFileSync(resolveData(dataSets.fsdd, "fsdd-pcm16le-8k.bin.gz")))),
    );
  },
};

/**
 * Recordings of an index and its samples, int16 little-endian.
 *
 * @throws SeqlossError (FORMAT) when the samples end before the last recording
 */
export function readFsdd({ recordings }: Index, pcm: Uint8Array): DigitParts {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const cut = ([file, digit, speaker, , , start, count]: Row): SpokenDigit => {
    if (2 * (start + count) > pcm.byteLength) {
      throw new SeqlossError("fsdd", "FORMAT", {
        argument: `the end of ${file}`,
        expected: `within the ${pcm.byteLength / 2} samples`,
        found: start + count,
      });
    }
    const samples = Float32Array.from({ length: count }, (_, i) => view.getInt16(2 * (start + i), true) / 32768);
    return { digit, speaker, samples };
  };
  const part = (chosen: (row: Row) => boolean) => recordings.filter(chosen).map(cut);
  return {
    train: part(([, , , index, split]) => split === "train" && index > LAST_HELD),
    validation: part(([, , , index, split]) => split === "train" && index <= LAST_HELD),
    test: part(([, , , , split]) => split === "test"),
  };
}
