import { existsSync, readFileSync } from "node:fs";
import { SeqlossError } from "../../src/index.js";
import type { SpeechCorpus, Utterance } from "./corpus.js";
import { fromCepstra } from "./features.js";
import { logMel } from "./logMel.js";
import { readWav } from "./wav.js";

/**
 * What a person wants to have written down: the number of a test utterance; a WAV file, where the network hears sound; a file
 * of cepstra, where it was trained on those.
 *
 * @throws SeqlossError (FORMAT) when it is none of them
 */
export function hearInput(input: string, corpus: SpeechCorpus, testPart: () => readonly Utterance[]): Utterance {
  const { bands, cepstra, sampleRate } = corpus;
  if (!existsSync(input)) {
    const test = testPart();
    if (/^\d+$/.test(input) && Number(input) < test.length) return test[Number(input)];
    const file = cepstra === undefined ? "a WAV file" : `a file of ${cepstra} cepstra a frame (.mfc)`;
    throw new SeqlossError("predict", "FORMAT", {
      argument: "the input",
      expected: `${file}, or the number of a test utterance, 0 to ${test.length - 1}`,
      found: input,
    });
  }
  const spectrum =
    cepstra !== undefined
      ? fromCepstra(decodeMfc(readFileSync(input), cepstra, input), cepstra, bands)
      : logMel(readWav(input, sampleRate as number), sampleRate as number, bands);
  return { text: "", speaker: "", spectrum };
}

/**
 * A file of cepstra as Sphinx writes it: how many numbers there are, int32, then the numbers, float32, big-endian.
 *
 * @throws SeqlossError (FORMAT) when the count is not that of the numbers, or no whole number of frames
 */
export function decodeMfc(bytes: Uint8Array, cepstra: number, from: string): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.byteLength >= 4 ? view.getInt32(0) : 0;
  if (count < cepstra || count % cepstra !== 0 || bytes.byteLength !== 4 + 4 * count) {
    const wav = bytes.byteLength >= 4 && view.getInt32(0) === 0x52494646;
    throw new SeqlossError("predict", "FORMAT", {
      argument: from,
      expected: `a file of cepstra (.mfc): a count and as many numbers, ${cepstra} a frame`,
      found: wav ? "a WAV file" : `${bytes.byteLength} bytes`,
      ...(wav && {
        advice: "This network was trained on features alone; one trained on sound (--data fsdd) reads WAV.",
      }),
    });
  }
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 + 4 * i));
}
