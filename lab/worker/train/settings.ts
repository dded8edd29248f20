export const tasks = ["echo", "adding", "language", "digits"] as const;
export type TaskName = (typeof tasks)[number];

/** What a run is determined by: the same settings give the same weights, bit for bit. */
export interface TrainSettings {
  readonly task: TaskName;
  /** One of the task's; anything else stands for its first. */
  readonly loss: string;
  readonly cell: "elman" | "lstm" | "gru";
  readonly hidden: number;
  /** Steps of a sequence; of digits, how many there are at most. */
  readonly length: number;
  readonly optimiser: "adam" | "sgd" | "rmsProp";
  readonly learningRate: number;
  /** 0 for none. */
  readonly clip: number;
  readonly seed: number;
}

/** The losses that each task can be trained with. */
export const lossesOf: Readonly<Record<TaskName, readonly string[]>> = {
  echo: ["crossEntropy", "multiclassHingeLoss"],
  adding: ["meanSquaredError", "meanAbsoluteError", "huberLoss"],
  language: ["crossEntropy", "multiclassHingeLoss"],
  digits: ["ctcLoss"],
};

export const lossOf = (task: TaskName, loss: string): string =>
  lossesOf[task].includes(loss) ? loss : lossesOf[task][0];

/** One sequence of the latest batch, for people. */
export interface Sample {
  readonly input: string;
  readonly target: string;
  readonly output: string;
  /** Where the output is wrong, symbol by symbol; empty where positions do not match up. */
  readonly wrong: readonly boolean[];
}

/** What the run has to show, since the snapshot before. */
export interface Snapshot {
  readonly step: number;
  readonly losses: readonly number[];
  readonly gradientNorms: readonly number[];
  readonly samples: readonly Sample[];
  /** Of a batch that training does not see: the share of symbols, sums or numbers that are wrong. */
  readonly wrong: number;
  readonly stepsPerSecond: number;
  readonly findings: readonly {
    readonly severity: string;
    readonly title: string;
    readonly evidence: string;
    readonly remedy: string;
  }[];
}
