import FFT from "fft.js";
import type { Spectrum } from "./features.js";

/** Seconds of speech that a frame sees, and from one frame to the next. */
const WINDOW = 0.025;
const HOP = 0.01;
/** The lowest frequency of the bands, in Hz; the highest is near half the sample rate. */
const LOWEST = 80;
const EMPHASIS = 0.97;
/** Energy added to every band, where samples lie in ±1: silence is not infinitely quiet. */
const FLOOR = 1e-4;

const toMel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);
const toHertz = (mel: number) => 700 * (Math.exp(mel / 1127) - 1);

/** Log energies in triangular bands of equal width on the mel scale (Davis and Mermelstein 1980), 100 frames a second. */
export function logMel(samples: Float32Array, sampleRate: number, bands: number): Spectrum {
  const length = Math.round(WINDOW * sampleRate);
  const hop = Math.round(HOP * sampleRate);
  const size = 2 ** Math.ceil(Math.log2(length));
  const fft = new FFT(size);
  const filters = melFilters(sampleRate, size, bands);
  const window = Float64Array.from({ length }, (_, i) => 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (length - 1)));
  const frames = Math.max(1, 1 + Math.floor((samples.length - length) / hop));
  const data = new Float32Array(frames * bands);
  const input = new Float64Array(size);
  const output = new Float64Array(2 * size);
  const power = new Float64Array(size / 2 + 1);
  for (let t = 0; t < frames; t++) {
    for (let i = 0; i < length; i++) {
      const at = t * hop + i;
      input[i] = window[i] * ((samples[at] ?? 0) - EMPHASIS * (samples[at - 1] ?? 0));
    }
    fft.realTransform(output, input);
    for (let i = 0; i < power.length; i++) power[i] = output[2 * i] ** 2 + output[2 * i + 1] ** 2;
    filters.forEach(({ start, weights }, k) => {
      let energy = FLOOR;
      for (let i = 0; i < weights.length; i++) energy += weights[i] * power[start + i];
      data[t * bands + k] = Math.log(energy);
    });
  }
  return { bands, data };
}

interface Filter {
  /** Of the frequencies of the transform, the first that it hears. */
  readonly start: number;
  readonly weights: Float64Array;
}

const filtersOf = new Map<string, readonly Filter[]>();

function melFilters(sampleRate: number, size: number, bands: number): readonly Filter[] {
  const key = `${sampleRate} ${size} ${bands}`;
  const known = filtersOf.get(key);
  if (known !== undefined) return known;
  const [low, high] = [toMel(LOWEST), toMel(0.48 * sampleRate)];
  const edge = (k: number) => toHertz(low + ((high - low) * k) / (bands + 1));
  const filters = Array.from({ length: bands }, (_, k): Filter => {
    const [left, middle, right] = [edge(k), edge(k + 1), edge(k + 2)];
    const start = Math.max(0, Math.floor((left * size) / sampleRate));
    const end = Math.min(size / 2, Math.ceil((right * size) / sampleRate));
    const weights = Float64Array.from({ length: end - start + 1 }, (_, i) => {
      const hertz = ((start + i) * sampleRate) / size;
      return Math.max(0, Math.min((hertz - left) / (middle - left), (right - hertz) / (right - middle)));
    });
    return { start, weights };
  });
  filtersOf.set(key, filters);
  return filters;
}
