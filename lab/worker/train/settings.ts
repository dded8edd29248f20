export const tasks = ["echo", "adding", "language", "digits"] as const;
export type TaskName = (typeof tasks)[number];

/** What a run is determined by: the same settings give the same weights, bit for bit. */
export interface TrainSettings {
  readonly task: TaskName;
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
  readonly stepsPerSecond: number;
  readonly findings: readonly {
    readonly severity: string;
    readonly title: string;
    readonly evidence: string;
    readonly remedy: string;
  }[];
}
