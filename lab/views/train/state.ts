import type { Run } from "../../models/trainCurve.js";
import { choice, real, type State, whole, words } from "../../state/fields.js";
import type { RecordedRun } from "../../worker/answers/recorded.js";
import { type TrainSettings, tasks } from "../../worker/train/settings.js";
import type { ViewProps } from "../screen.js";

export const schema = {
  task: choice("t", tasks),
  loss: words("l", "", 40),
  cell: choice("c", ["lstm", "gru", "elman"]),
  hidden: whole("h", 32, 2, 128),
  length: whole("n", 12, 1, 64),
  optimiser: choice("o", ["adam", "sgd", "rmsProp"]),
  learningRate: real("lr", 0.01, 1e-5, 10),
  clip: real("g", 1, 0, 1000),
  seed: whole("r", 1, 0, 9999),
  axis: choice("y", ["log", "linear"]),
  keep: real("s", 0.9, 0, 0.99),
};

export type TrainProps = ViewProps<typeof schema, RecordedRun>;
export type TrainState = State<typeof schema>;

/** A run that is kept beside the one in training. */
export interface KeptRun extends Run {
  readonly settings?: TrainSettings;
  /** The share that is wrong at its end: runs with different losses are compared by it. */
  readonly wrong?: number | undefined;
}

export const settingsOf = ({ axis: _a, keep: _k, ...settings }: TrainState): TrainSettings => settings;
