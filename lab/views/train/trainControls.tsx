import { lossesOf, lossOf, type TaskName, type TrainSettings } from "../../worker/train/settings.js";
import { Segments, Select, Slider } from "../controls.js";
import { ChangeableControls } from "./changeableControls.js";
import { editedSide, settingsOf, type TrainProps, withSettings } from "./state.js";
import type { RunHandle } from "./useRun.js";

const about: readonly (readonly [TaskName, string])[] = [
  ["echo", "Echo: say what came 4 steps before"],
  ["recall", "Recall: say which letter came first"],
  ["parity", "Parity: were the ones so far an odd number?"],
  ["adding", "Adding: the sum of two marked numbers"],
  ["language", "Language: the next character"],
  ["digits", "Written numbers, drawn by strokes, with CTC"],
  ["balance", "Balance a pole, by a policy gradient"],
];

/** What each task starts with when it is chosen. */
const starts: Readonly<Record<TaskName, Partial<TrainSettings>>> = {
  echo: { cell: "lstm", hidden: 32, length: 12, learningRate: 0.01, clip: 1 },
  recall: { cell: "gru", hidden: 32, length: 16, learningRate: 0.01, clip: 1 },
  parity: { cell: "gru", hidden: 16, length: 12, learningRate: 0.02, clip: 1 },
  adding: { cell: "lstm", hidden: 32, length: 16, learningRate: 0.01, clip: 1 },
  language: { cell: "lstm", hidden: 64, length: 32, learningRate: 0.01, clip: 1 },
  digits: { cell: "gru", hidden: 48, length: 3, learningRate: 0.01, clip: 5 },
  balance: { cell: "gru", hidden: 16, length: 16, learningRate: 0.01, clip: 1 },
};

const lengths: Partial<Record<TaskName, { readonly label: string; readonly least: number; readonly most: number }>> = {
  digits: { label: "Digits, at most", least: 1, most: 6 },
  balance: { label: "Poles at once", least: 2, most: 64 },
};

interface Props {
  readonly store: TrainProps["store"];
  readonly runs: Readonly<Record<"A" | "B", RunHandle>>;
}

/** Settings of the next run, or of two of them; the learning rate and the clip hold at once. */
export function TrainControls({ store, runs }: Props) {
  const state = store.state.value;
  const side = editedSide(state);
  const settings = settingsOf(state, side);
  const { task, loss, cell, hidden, length, optimiser, seed } = settings;
  const set = (patch: Partial<TrainSettings>) => store.set(withSettings(store.state.value, side, patch));
  const drag = (patch: Partial<TrainSettings>) => store.drag(withSettings(store.state.value, side, patch));
  const long = lengths[task] ?? { label: "Steps T", least: 1, most: 64 };
  const choose = (value: TaskName) => {
    const fresh = { loss: "", radius: 0, changes: [], ...starts[value] };
    store.set({ task: value, ...fresh, ...(state.other && { other: { ...state.other, ...fresh, task: value } }) });
  };
  return (
    <>
      <h1>Train</h1>
      <div class="plate">
        <Select label="Task" value={task} options={about} onSet={choose} />
        {state.other === undefined ? (
          <button type="button" onClick={() => store.set({ other: { ...settings, changes: [] }, edited: "B" })}>
            Train a second network beside it
          </button>
        ) : (
          <div class="row">
            <Segments
              label="Settings of"
              value={side}
              options={[
                ["A", "A"],
                ["B", "B"],
              ]}
              onSet={(edited) => store.set({ edited })}
            />
            <button type="button" onClick={() => store.set({ other: undefined, edited: "A" })}>
              A alone
            </button>
          </div>
        )}
        {lossesOf[task].length > 1 && (
          <Select
            label="Loss"
            value={lossOf(task, loss)}
            options={lossesOf[task].map((name) => [name, name] as const)}
            onSet={(value) => set({ loss: value })}
          />
        )}
        <Segments
          label="Cell"
          value={cell}
          options={[
            ["elman", "RNN"],
            ["lstm", "LSTM"],
            ["gru", "GRU"],
          ]}
          onSet={(value) => set({ cell: value })}
        />
        {cell === "elman" && (
          <Slider
            label="Spectral radius ρ at the start (0: the usual start)"
            value={settings.radius}
            least={0}
            most={3}
            step={0.05}
            onDrag={(value) => drag({ radius: value })}
            onSet={(value) => set({ radius: value })}
          />
        )}
        <Slider
          label="Hidden units"
          value={hidden}
          least={2}
          most={128}
          onDrag={(value) => drag({ hidden: value })}
          onSet={(value) => set({ hidden: Math.round(value) })}
        />
        <Slider
          label={long.label}
          value={Math.min(long.most, Math.max(long.least, length))}
          least={long.least}
          most={long.most}
          onDrag={(value) => drag({ length: value })}
          onSet={(value) => set({ length: Math.round(value) })}
        />
        <Select
          label="Optimiser"
          value={optimiser}
          options={[
            ["adam", "Adam"],
            ["sgd", "SGD"],
            ["rmsProp", "RMSProp"],
          ]}
          onSet={(value) => set({ optimiser: value })}
        />
        <ChangeableControls key={side} run={runs[side]} settings={settings} onSet={set} onDrag={drag} />
        <div class="row">
          <button type="button" onClick={() => set({ seed: (seed + 1) % 10000 })}>
            Another seed
          </button>
          <span class="muted">seed {seed}</span>
        </div>
        <p class="hint">
          The same settings give the same run. The learning rate and the clip can be changed while it trains; all else
          holds from the next start.
        </p>
      </div>
    </>
  );
}
