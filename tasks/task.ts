import type { BatchEvidence, SequenceBatch, Trainer, TrainingBatch } from "../src/index.js";
import type { RunConfig } from "../src/runs/entry.js";

/** Named scores; the first is the one to look at. */
export type Scores = Readonly<Record<string, number>>;

/** A range that a score lies in with 95 % confidence. */
export type Interval = readonly [lower: number, upper: number];

/** One example as a person can judge it: drawn, with what is right and what was read. */
export interface Sample {
  /** Lines of text for a terminal. */
  readonly drawing: readonly string[];
  readonly truth: string;
  readonly reading: string;
}

export interface Evaluation {
  readonly scores: Scores;
  /** Of the scores that have one, by name. */
  readonly intervals?: Readonly<Record<string, Interval>>;
  /** What the scores are of: "1,000 unseen lines". */
  readonly on: string;
  /** Rows of a table, the first of them its head. */
  readonly table: readonly (readonly string[])[];
  /** What else is worth knowing, a sentence each. */
  readonly notes?: readonly string[];
  readonly samples: readonly Sample[];
}

/** A data set that a task can use. */
export interface DataSource {
  readonly name: string;
  readonly found: boolean;
  /** Where it lies, or how to get it. */
  readonly where: string;
  readonly licence: string;
}

/** A training batch; and what its loss is called with, so that `seqloss diagnose` can look at it. */
export interface TaskBatch extends TrainingBatch {
  readonly evidence?: (outputs: SequenceBatch) => BatchEvidence;
}

/** A task with its data loaded and its model built, as a run's configuration says. */
export interface OpenTask {
  readonly trainer: Trainer;
  readonly steps: number;
  readonly validateEvery: number;
  readonly checkpointEvery: number;
  batch(step: number): readonly TaskBatch[];
  validate(): Scores;
  evaluate(): Evaluation;
  /** Reads one input as a person gives it on the command line. */
  predict(input: string): Sample & { readonly note?: string };
}

export interface Task {
  readonly name: string;
  readonly summary: string;
  sources(): readonly DataSource[];
  /** A run's configuration; `steps` and `seed` may be set by the caller. */
  configure(choices: { readonly seed: number; readonly steps?: number | undefined }): RunConfig;
  open(config: RunConfig): OpenTask;
}
