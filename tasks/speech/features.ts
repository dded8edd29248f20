import type { Random } from "../../src/index.js";

/** Frames that are put together to one, a step of the network. */
export const STACK = 3;
/** Frames on each side that a frame's change is estimated from. */
const REACH = 2;

/** How loud each of some bands of frequencies is, in time. */
export interface Spectrum {
  readonly bands: number;
  /** [T, bands], natural logarithms of energies */
  readonly data: Float32Array;
}

export interface SpeechFeatures {
  /** Bands of the spectrum. */
  readonly bands: number;
  /** Cepstral coefficients made of them; absent where the network sees the bands themselves. */
  readonly cepstra?: number;
}

/** Numbers in each step: the values and their changes, of frames put together. */
export const widthOf = ({ bands, cepstra = bands }: SpeechFeatures): number => 2 * STACK * cepstra;

/**
 * A spectrum as the network's steps, [T / 3, width]. The mean of each band over the utterance is taken away, and with it what
 * the microphone did; values are divided by their deviation; changes in time are put beside them (Furui 1986); three frames
 * become a step.
 *
 * @param random for training: varies the voice, the pace, and hides some of it
 */
export function toSteps(spectrum: Spectrum, features: SpeechFeatures, random?: Random): Float32Array {
  const { bands, cepstra } = features;
  const own = centred(random === undefined ? spectrum : revoiced(spectrum, random));
  if (random !== undefined) mask(own, random);
  const values = cepstra === undefined ? own.data : cosines(own, cepstra);
  const width = cepstra ?? bands;
  const frames = values.length / width;
  divideByDeviation(values, width);
  const steps = Math.max(1, Math.ceil(frames / STACK));
  const out = new Float32Array(steps * widthOf(features));
  const at = (t: number, k: number) => values[Math.min(Math.max(t, 0), frames - 1) * width + k];
  for (let t = 0; t < steps * STACK; t++) {
    for (let k = 0; k < width; k++) {
      out[2 * t * width + k] = at(t, k) + (random === undefined ? 0 : NOISE * random.normal());
      let change = 0;
      for (let r = 1; r <= REACH; r++) change += r * (at(t + r, k) - at(t - r, k));
      out[(2 * t + 1) * width + k] = change / 5;
    }
  }
  return out;
}

/** Deviation of the noise added in training, where values have the deviation 1. */
const NOISE = 0.1;
const PACE = 0.12;
const VOICE = 0.1;

/** Said faster or slower, by a shorter or longer vocal tract: time and frequency stretched (Jaitly and Hinton 2013). */
function revoiced({ bands, data }: Spectrum, random: Random): Spectrum {
  const vary = (most: number) => 1 + (2 * random.uniform() - 1) * most;
  const [pace, voice] = [vary(PACE), vary(VOICE)];
  const frames = data.length / bands;
  const count = Math.max(1, Math.round(frames / pace));
  const out = new Float32Array(count * bands);
  for (let t = 0; t < count; t++) {
    const [before, after, late] = between(t * pace, frames);
    for (let k = 0; k < bands; k++) {
      const [low, high, share] = between(k * voice, bands);
      const value = (row: number) => (1 - share) * data[row * bands + low] + share * data[row * bands + high];
      out[t * bands + k] = (1 - late) * value(before) + late * value(after);
    }
  }
  return { bands, data: out };
}

/** The two whole places around a position, and the share of the second. */
function between(position: number, count: number): readonly [number, number, number] {
  const lower = Math.min(Math.floor(position), count - 1);
  return [lower, Math.min(lower + 1, count - 1), position - Math.floor(position)];
}

function centred({ bands, data }: Spectrum): Spectrum {
  const out = data.slice();
  const frames = data.length / bands;
  for (let k = 0; k < bands; k++) {
    let mean = 0;
    for (let t = 0; t < frames; t++) mean += data[t * bands + k] / frames;
    for (let t = 0; t < frames; t++) out[t * bands + k] -= mean;
  }
  return { bands, data: out };
}

/** Hides two stretches of time and one of frequencies, with the mean (SpecAugment, Park et al. 2019). */
function mask({ bands, data }: Spectrum, random: Random): void {
  const frames = data.length / bands;
  for (let n = 0; n < 2; n++) {
    const length = Math.min(random.integer(12), Math.floor(frames / 10));
    const start = random.integer(frames - length + 1);
    data.fill(0, start * bands, (start + length) * bands);
  }
  const height = random.integer(Math.ceil(bands / 5));
  const low = random.integer(bands - height + 1);
  for (let t = 0; t < frames; t++) data.fill(0, t * bands + low, t * bands + low + height);
}

/** The first coefficients of the cosine transform of each frame: the shape of the spectrum, without its detail. */
function cosines({ bands, data }: Spectrum, count: number): Float32Array {
  const frames = data.length / bands;
  const basis = cosineBasis(bands, count);
  const out = new Float32Array(frames * count);
  for (let t = 0; t < frames; t++) {
    for (let c = 0; c < count; c++) {
      let sum = 0;
      for (let k = 0; k < bands; k++) sum += basis[c * bands + k] * data[t * bands + k];
      out[t * count + c] = sum / bands;
    }
  }
  return out;
}

/** [count, bands]: cos(π c (k + ½) / bands). */
function cosineBasis(bands: number, count: number): Float64Array {
  return Float64Array.from({ length: count * bands }, (_, i) =>
    Math.cos((Math.PI * Math.floor(i / bands) * ((i % bands) + 0.5)) / bands),
  );
}

/** The smooth spectrum that cepstral coefficients describe, the inverse of `cosines`. */
export function fromCepstra(cepstra: Float32Array, count: number, bands: number): Spectrum {
  const basis = cosineBasis(bands, count);
  const frames = cepstra.length / count;
  const data = new Float32Array(frames * bands);
  for (let t = 0; t < frames; t++) {
    for (let k = 0; k < bands; k++) {
      let sum = cepstra[t * count];
      for (let c = 1; c < count; c++) sum += 2 * basis[c * bands + k] * cepstra[t * count + c];
      data[t * bands + k] = sum;
    }
  }
  return { bands, data };
}

function divideByDeviation(values: Float32Array, width: number): void {
  const frames = values.length / width;
  for (let k = 0; k < width; k++) {
    let mean = 0;
    let squares = 0;
    for (let t = 0; t < frames; t++) {
      mean += values[t * width + k] / frames;
      squares += values[t * width + k] ** 2 / frames;
    }
    const deviation = Math.sqrt(Math.max(squares - mean ** 2, 1e-6));
    for (let t = 0; t < frames; t++) values[t * width + k] /= deviation;
  }
}
