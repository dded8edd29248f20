export const tasks = ["echo", "recall", "parity", "adding", "language", "digits", "balance"] as const;
export type TaskName = (typeof tasks)[number];

/** What a run is determined by: the same settings give the same weights, bit for bit. */
export interface TrainSettings {
  readonly task: TaskName;
  /** One of the task's; anything else stands for its first. */
  readonly loss: string;
  readonly cell: "elman" | "lstm" | "gru";
  readonly hidden: number;
  /** Steps of a sequence; of digits, how many there are at most; of poles, how many are balanced at once. */
  readonly length: number;
  readonly optimiser: "adam" | "sgd" | "rmsProp";
  readonly learningRate: number;
  /** 0 for none. */
  readonly clip: number;
  /** The spectral radius that an Elman network's recurrent weights start with; 0 for the library's own start. */
  readonly radius: number;
  readonly seed: number;
  /** What is changed on the way: before which step, which setting (a place in `changeable`), to what. */
  readonly changes: readonly (readonly number[])[];
}

/** What holds from the next step on when it is changed in mid-run. */
export const changeable = ["learningRate", "clip"] as const;
export type Changeable = (typeof changeable)[number];

/** What a setting is before a step, after the changes up to there. */
export function settingAt(settings: TrainSettings, name: Changeable, step = Number.POSITIVE_INFINITY): number {
  const which = changeable.indexOf(name);
  return settings.changes.findLast(([at, one]) => one === which && at <= step)?.[2] ?? settings[name];
}

/** The losses that each task can be trained with. */
export const lossesOf: Readonly<Record<TaskName, readonly string[]>> = {
  echo: ["crossEntropy", "multiclassHingeLoss"],
  recall: ["crossEntropy", "multiclassHingeLoss"],
  parity: ["crossEntropy", "multiclassHingeLoss"],
  adding: ["meanSquaredError", "meanAbsoluteError", "huberLoss"],
  language: ["crossEntropy", "multiclassHingeLoss"],
  digits: ["ctcLoss"],
  balance: ["policyGradientLoss"],
};

export const lossOf = (task: TaskName, loss: string): string =>
  lossesOf[task].includes(loss) ? loss : lossesOf[task][0];

/** One sequence of the latest batch, for people. */
export interface Sample {
  readonly input: string;
  readonly target: string;
  readonly output: string;
  /** What the network was shown, where that is a picture. */
  readonly picture?: { readonly columns: number; readonly rows: number; readonly ink: readonly number[] };
  /** Where the output is wrong, symbol by symbol; empty where positions do not match up. */
  readonly wrong: readonly boolean[];
}

/** Pushes of an episode at most: four seconds. */
export const LONGEST = 200;

/** A pole before a push: degrees and metres to the right. */
export interface PoleMoment {
  readonly lean: number;
  readonly position: number;
}

/** Steps from one look at the loss of what training does not see to the next. */
export const VALIDATED = 25;

/** What the run has to show, since the snapshot before. */
export interface Snapshot {
  readonly step: number;
  readonly losses: readonly number[];
  readonly gradientNorms: readonly number[];
  /** The norms of each layer alone, before a clip. */
  readonly layerNorms: Readonly<Record<string, readonly number[]>>;
  /** The loss of a batch that training does not see, every `VALIDATED` steps. */
  readonly validations: readonly number[];
  /** How long the poles stood, where there are some. */
  readonly stood: readonly number[];
  /** A pole that training does not see, push by push. */
  readonly path: readonly PoleMoment[];
  /** Of the settings: those that were made on the way are in it. */
  readonly changes: TrainSettings["changes"];
  readonly samples: readonly Sample[];
  /** Of a batch that training does not see: the share of symbols, sums or numbers that are wrong, of poles that fell. */
  readonly wrong: number;
  readonly stepsPerSecond: number;
  /** Spent on steps so far. */
  readonly seconds: number;
  readonly findings: readonly {
    readonly severity: string;
    readonly title: string;
    readonly evidence: string;
    readonly remedy: string;
  }[];
}
