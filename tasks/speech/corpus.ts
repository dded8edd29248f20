import type { Alphabet } from "../reading/alphabet.js";
import type { DataSource } from "../task.js";
import type { Spectrum } from "./features.js";

/** What somebody said. */
export interface Utterance {
  readonly text: string;
  readonly speaker: string;
  readonly spectrum: Spectrum;
}

/** Speech with its transcripts, in parts. */
export interface Recordings {
  readonly alphabet: Alphabet;
  /** The training utterances of each step, which the seed and the step alone determine. */
  batches(options: { readonly batchSize: number; readonly seed: number }): (step: number) => readonly Utterance[];
  /** Texts of training, for a language model; none where texts are drawn at random. */
  readonly texts: readonly string[];
  readonly validation: readonly Utterance[];
  readonly test: readonly Utterance[];
}

/** A data set of the task. */
export interface SpeechCorpus {
  /** "AN4 utterances" */
  readonly title: string;
  readonly bands: number;
  /** Cepstral coefficients that the network sees; absent where it sees the bands. */
  readonly cepstra?: number;
  /** Of the PCM that spectra are made of; absent where the data are features and no recording can be read. */
  readonly sampleRate?: number;
  /** What is known of this test part, with its source. */
  readonly published: string;
  source(): DataSource;
  load(): Recordings;
}
