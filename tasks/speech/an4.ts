import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { bucketedBatches, SeqlossError } from "../../src/index.js";
import { dataSets } from "../data/dataSets.js";
import { resolveData } from "../data/resolve.js";
import { outsideSource } from "../data/source.js";
import { Alphabet } from "../reading/alphabet.js";
import type { Recordings, SpeechCorpus, Utterance } from "./corpus.js";
import { fromCepstra } from "./features.js";

const BANDS = 24;
const COEFFICIENTS = 13;
/** The first utterances of the training part are held out, as ESPnet's recipe does. */
const VALIDATION = 100;
/** Batches among which utterances are sorted by length. */
const POOL = 10;

interface Index {
  readonly scale: readonly number[];
  readonly utterances: readonly {
    readonly split: "train" | "test";
    readonly speaker: string;
    readonly text: string;
    readonly start: number;
    readonly frames: number;
  }[];
}

/** AN4: names spelled, addresses and numbers, said by 84 speakers; no speaker of the test part is in training. */
export const an4: SpeechCorpus = {
  title: "AN4 test utterances of 10 other speakers",
  bands: BANDS,
  cepstra: COEFFICIENTS,
  published:
    "ESPnet, CTC alone, 4 BLSTMP layers of 320: character error 12.6 % (egs/an4/asr1/RESULTS); " +
    "transformer with subwords and speed perturbation: 3.6 % (egs2/an4/asr1)",
  source: () => outsideSource(dataSets.an4),
  load() {
    const path = resolveData(dataSets.an4, "index.json");
    const features = gunzipSync(readFileSync(resolveData(dataSets.an4, "an4-mfcc13-int16le.bin.gz")));
    return readAn4(JSON.parse(readFileSync(path, "utf8")), features, VALIDATION);
  },
};

/**
 * Utterances of an index and its features, int16 little-endian; their cepstra are turned back into smooth spectra.
 *
 * @throws SeqlossError (FORMAT) when the features end before the last utterance
 */
export function readAn4({ scale, utterances }: Index, features: Uint8Array, held: number): Recordings {
  const count = scale.length;
  const view = new DataView(features.buffer, features.byteOffset, features.byteLength);
  const all = utterances.map(({ split, text, speaker, start, frames }): Utterance & { split: string } => {
    if (2 * count * (start + frames) > features.byteLength) {
      throw new SeqlossError("an4", "FORMAT", {
        argument: "the features",
        expected: `${start + frames} frames of ${count} int16`,
        found: `${features.byteLength} bytes`,
      });
    }
    const cepstra = Float32Array.from(
      { length: frames * count },
      (_, i) => scale[i % count] * view.getInt16(2 * (start * count + i), true),
    );
    return { split, text, speaker, spectrum: fromCepstra(cepstra, count, BANDS) };
  });
  const learnt = all.filter(({ split }) => split === "train");
  const [validation, train] = [learnt.slice(0, held), learnt.slice(held)];
  const lengths = train.map(({ spectrum }) => spectrum.data.length);
  return {
    alphabet: new Alphabet(" ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    texts: train.map(({ text }) => text),
    batches({ batchSize, seed }) {
      const order = bucketedBatches(lengths, { batchSize, seed, pool: POOL });
      return (step) => Array.from(order(step), (n) => train[n]);
    },
    validation,
    test: all.filter(({ split }) => split === "test"),
  };
}
