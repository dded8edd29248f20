import type { Run } from "../../models/trainCurve.js";
import { choice, flag, real, rows, type State, whole, words } from "../../state/fields.js";
import { nested } from "../../state/link.js";
import type { RecordedRun } from "../../worker/answers/recorded.js";
import { type TrainSettings, tasks } from "../../worker/train/settings.js";
import type { ViewProps } from "../screen.js";

const settings = {
  task: choice("t", tasks),
  loss: words("l", "", 40),
  cell: choice("c", ["lstm", "gru", "elman"]),
  hidden: whole("h", 32, 2, 128),
  length: whole("n", 12, 1, 64),
  optimiser: choice("o", ["adam", "sgd", "rmsProp"]),
  learningRate: real("lr", 0.01, 1e-5, 10),
  clip: real("g", 1, 0, 1000),
  radius: real("i", 0, 0, 3),
  seed: whole("r", 1, 0, 9999),
  changes: rows("x", [], { rows: 12, width: 3, least: 0, most: 1e6 }),
};

export const schema = {
  ...settings,
  axis: choice("y", ["log", "linear", "symlog"]),
  stepAxis: choice("u", ["linear", "log"]),
  /** The first and the last step that the curves show; none for all. */
  window: rows("w", [], { rows: 1, width: 2, least: 1, most: 1e7 }),
  /** Whether the gradient's norm is drawn layer by layer. */
  layers: flag("d", false),
  keep: real("s", 0.9, 0, 0.99),
  /** The settings of B, where two are trained side by side. */
  other: nested("b", settings),
  edited: choice("e", ["A", "B"]),
};

export type TrainProps = ViewProps<typeof schema, RecordedRun>;
export type TrainState = State<typeof schema>;
export type Side = TrainState["edited"];

/** A run that is kept beside the one in training. */
export interface KeptRun extends Run {
  readonly settings?: TrainSettings;
  /** The share that is wrong at its end: runs with different losses are compared by it. */
  readonly wrong?: number | undefined;
}

/** The settings of a side. B has A's task, and without one of its own it is A. */
export function settingsOf(state: TrainState, side: Side): TrainSettings {
  const { axis: _a, stepAxis: _s, window: _w, layers: _l, keep: _k, other, edited: _e, ...own } = state;
  return side === "A" || other === undefined ? own : { ...other, task: own.task };
}

/** What the state becomes when settings of a side change. */
export function withSettings(state: TrainState, side: Side, patch: Partial<TrainSettings>): Partial<TrainState> {
  return side === "A" || state.other === undefined ? patch : { other: { ...state.other, ...patch } };
}

/** The side that the controls change. */
export const editedSide = ({ other, edited }: TrainState): Side => (other === undefined ? "A" : edited);

/** Whether a run was started with other settings than these; what was changed on the way is no difference. */
export function differs(run: TrainSettings, settings: TrainSettings): boolean {
  const { changes: _r, ...begun } = run;
  const { changes: _s, ...wanted } = settings;
  return Object.entries(wanted).some(([key, value]) => begun[key as keyof typeof begun] !== value);
}
