import { lossesOf, lossOf, type TaskName, type TrainSettings } from "../../worker/train/settings.js";
import { Segments, Select, Slider } from "../controls.js";
import type { TrainProps } from "./state.js";
import type { RunHandle } from "./useRun.js";

const about: readonly (readonly [TaskName, string])[] = [
  ["echo", "Echo: say what came 4 steps before"],
  ["adding", "Adding: the sum of two marked numbers"],
  ["language", "Language: the next character"],
  ["digits", "Written numbers, drawn by strokes, with CTC"],
];

/** What each task starts with when it is chosen. */
const starts: Readonly<Record<TaskName, Partial<TrainSettings>>> = {
  echo: { cell: "lstm", hidden: 32, length: 12, learningRate: 0.01, clip: 1 },
  adding: { cell: "lstm", hidden: 32, length: 16, learningRate: 0.01, clip: 1 },
  language: { cell: "lstm", hidden: 64, length: 32, learningRate: 0.01, clip: 1 },
  digits: { cell: "gru", hidden: 48, length: 3, learningRate: 0.01, clip: 5 },
};

interface Props {
  readonly store: TrainProps["store"];
  readonly run: RunHandle;
}

/** Settings of the next run; the learning rate holds at once. */
export function TrainControls({ store, run }: Props) {
  const { task, loss, cell, hidden, length, optimiser, learningRate, clip, seed } = store.state.value;
  const exponent = Math.round(100 * Math.log10(learningRate)) / 100;
  const rate = (power: number) => Number((10 ** power).toPrecision(2));
  const setRate = (next: number) => {
    store.set({ learningRate: next });
    run.changeRate(next);
  };
  return (
    <>
      <h1>Train</h1>
      <div class="plate">
        <Select
          label="Task"
          value={task}
          options={about}
          onSet={(value) => store.set({ task: value, loss: "", ...starts[value] })}
        />
        {lossesOf[task].length > 1 && (
          <Select
            label="Loss"
            value={lossOf(task, loss)}
            options={lossesOf[task].map((name) => [name, name] as const)}
            onSet={(value) => store.set({ loss: value })}
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
          onSet={(value) => store.set({ cell: value })}
        />
        <Slider
          label="Hidden units"
          value={hidden}
          least={2}
          most={128}
          onDrag={(value) => store.drag({ hidden: value })}
          onSet={(value) => store.set({ hidden: Math.round(value) })}
        />
        <Slider
          label={task === "digits" ? "Digits, at most" : "Steps T"}
          value={task === "digits" ? Math.min(length, 6) : length}
          least={1}
          most={task === "digits" ? 6 : 64}
          onDrag={(value) => store.drag({ length: value })}
          onSet={(value) => store.set({ length: Math.round(value) })}
        />
        <Select
          label="Optimiser"
          value={optimiser}
          options={[
            ["adam", "Adam"],
            ["sgd", "SGD"],
            ["rmsProp", "RMSProp"],
          ]}
          onSet={(value) => store.set({ optimiser: value })}
        />
        <div class="field">
          <label for="rate">Learning rate {learningRate}</label>
          <input
            id="rate"
            type="range"
            min={-5}
            max={1}
            step={0.05}
            value={exponent}
            aria-valuetext={String(learningRate)}
            onInput={(event) => store.drag({ learningRate: rate(event.currentTarget.valueAsNumber) })}
            onChange={(event) => setRate(rate(event.currentTarget.valueAsNumber))}
          />
        </div>
        <Slider
          label="Clip the gradient's norm to (0: never)"
          value={clip}
          least={0}
          most={10}
          step={0.5}
          onDrag={(value) => store.drag({ clip: value })}
          onSet={(value) => store.set({ clip: value })}
        />
        <div class="row">
          <button type="button" onClick={() => store.set({ seed: (seed + 1) % 10000 })}>
            Another seed
          </button>
          <span class="muted">seed {seed}</span>
        </div>
        <p class="hint">
          The same settings give the same run. A new learning rate holds from the next step; all else from the next
          start.
        </p>
      </div>
    </>
  );
}
