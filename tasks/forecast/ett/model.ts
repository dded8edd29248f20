import { dense, dropout, gru, type Layer, type Random, type SequenceBatch, sequential } from "../../../src/index.js";
import { lastStep } from "../lastStep.js";
import { CHANNELS } from "./hours.js";
import { HORIZON, type Origin, PAST, type Scaled } from "./windows.js";

/** Hours that are read at once. */
const SEGMENT = 24;
const SEGMENTS = PAST / SEGMENT;
const FEATURES = SEGMENT + CHANNELS.length;

export interface ForecasterOptions {
  readonly hidden: number;
  readonly outputs: number;
  readonly dropout: number;
  readonly random: Random;
}

/**
 * A GRU over days: each step is one channel's 24 hours (Lin et al. 2023, SegRNN), less the last value known (Zeng et al. 2023,
 * NLinear), and which channel it is. All channels share the network; one linear map forecasts all hours at once.
 */
export function forecaster({ hidden, outputs, dropout: share, random }: ForecasterOptions): Layer {
  return sequential({
    segment: dense({ inputs: FEATURES, outputs: hidden, random }),
    rnn: gru({ inputs: hidden, hidden, random }),
    last: lastStep(),
    dropout: dropout(share),
    head: dense({ inputs: hidden, outputs, random }),
  });
}

/** The two weeks before each origin, a sequence for each channel: [origins × channels, SEGMENTS, FEATURES]. */
export function pastOf({ values }: Scaled, origins: readonly Origin[]): SequenceBatch {
  const B = origins.length * CHANNELS.length;
  const data = new Float32Array(B * SEGMENTS * FEATURES);
  let at = 0;
  for (const origin of origins) {
    values.forEach((channel, c) => {
      for (let t = 0; t < SEGMENTS; t++) {
        const from = origin - PAST + t * SEGMENT;
        for (let i = 0; i < SEGMENT; i++) data[at + i] = channel[from + i] - channel[origin - 1];
        data[at + SEGMENT + c] = 1;
        at += FEATURES;
      }
    });
  }
  return { data, shape: [B, SEGMENTS, FEATURES], lengths: new Int32Array(B).fill(SEGMENTS) };
}

/** What the network is to say: each hour less the last one known, each number `repeats` times. */
export function changesOf({ values }: Scaled, origins: readonly Origin[], repeats: number) {
  const width = HORIZON * repeats;
  const B = origins.length * CHANNELS.length;
  const data = new Float32Array(B * width);
  let at = 0;
  for (const origin of origins) {
    for (const channel of values) {
      for (let i = 0; i < width; i++) data[at++] = channel[origin + Math.floor(i / repeats)] - channel[origin - 1];
    }
  }
  return { data, shape: [B, 1, width] };
}
