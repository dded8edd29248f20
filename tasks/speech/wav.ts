import { readFileSync } from "node:fs";

import wavefile from "wavefile";
import { SeqlossError } from "../../src/index.js";

/** Longer recordings are refused, in seconds. */
const LONGEST = 60;

/**
 * A WAV file as one channel of samples in ±1: integers, floats, A-law and µ-law of any rate, resampled where the rate is
 * another.
 *
 * @param from what the bytes are called in messages
 * @throws SeqlossError (FORMAT) when the bytes are no WAV file that can be read, or hold no sound, or more than a minute
 */
export function decodeWav(bytes: Uint8Array, sampleRate: number, from: string): Float32Array {
  const refuse = (expected: string, found: unknown): never => {
    throw new SeqlossError("predict", "FORMAT", { argument: from, expected, found });
  };
  const wav = new wavefile.WaveFile();
  try {
    wav.fromBuffer(bytes);
    if (wav.bitDepth === "8a") wav.fromALaw();
    if (wav.bitDepth === "8m") wav.fromMuLaw();
    if (wav.bitDepth === "4") wav.fromIMAADPCM();
  } catch (error) {
    return refuse("a WAV file", (error as Error).message);
  }
  const { sampleRate: rate, numChannels } = wav.fmt as { sampleRate: number; numChannels: number };
  const seconds = wav.getSamples(true).length / numChannels / rate || 0;
  if (seconds === 0) refuse("a WAV file with sound", "no samples");
  if (seconds > LONGEST) refuse(`at most ${LONGEST} seconds`, `${seconds.toFixed(0)} seconds`);
  wav.toBitDepth("32f");
  if (rate !== sampleRate) wav.toSampleRate(sampleRate);
  const interleaved = wav.getSamples(true);
  return Float32Array.from({ length: Math.floor(interleaved.length / numChannels) }, (_, t) => {
    let sum = 0;
    for (let c = 0; c < numChannels; c++) sum += interleaved[t * numChannels + c];
    return sum / numChannels;
  });
}

export const readWav = (path: string, sampleRate: number): Float32Array =>
  decodeWav(readFileSync(path), sampleRate, path);
