import { Icon } from "../icon.js";
import { save } from "../save.js";
import { settingsOf, type TrainProps } from "./state.js";
import type { RunHandle } from "./useRun.js";

interface Props {
  readonly store: TrainProps["store"];
  readonly run: RunHandle;
  readonly onKeep: () => void;
}

/** Play, pause, step; keep a run to compare the next one with. */
export function TrainPlayer({ store, run, onKeep }: Props) {
  const live = run.live.value;
  const settings = settingsOf(store.state.value);
  const differs =
    live !== undefined &&
    JSON.stringify({ ...live.settings, learningRate: 0 }) !== JSON.stringify({ ...settings, learningRate: 0 });
  const begin = (then: () => void) => {
    if (live === undefined || differs) run.start(settings);
    then();
  };
  const running = live?.running ?? false;
  const taken = live?.losses.length ?? 0;
  const weights = () =>
    run.weights((bytes) => {
      const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
      save("weights.safetensors", address);
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    });
  return (
    <div class="plate player" role="group" aria-label="Training">
      <div class="row">
        <button type="button" class="primary" onClick={() => (running ? run.pause() : begin(run.go))}>
          {running ? "Pause" : taken > 0 && !differs ? "Go on" : "Train"}
        </button>
        <button type="button" disabled={running} onClick={() => begin(() => run.steps(1))}>
          1 step
        </button>
        <button type="button" disabled={running} onClick={() => begin(() => run.steps(100))}>
          100 steps
        </button>
        <button
          type="button"
          aria-label="From the start"
          title="From the start"
          disabled={live === undefined}
          onClick={() => run.start(settings)}
        >
          <Icon name="first" />
        </button>
        <button type="button" disabled={taken === 0} onClick={onKeep}>
          Keep to compare
        </button>
        <button type="button" disabled={taken === 0} onClick={weights}>
          Weights
        </button>
        <span class="muted" role="status" aria-live="off">
          {live === undefined
            ? "a recorded run; press Train for your own"
            : `step ${taken}${live.stepsPerSecond > 0 ? `, ${Math.round(live.stepsPerSecond)} a second` : ""}`}
        </span>
      </div>
      {differs && (
        <p class="hint">The settings have changed: Train begins anew with them. Keep the run first to see both.</p>
      )}
      {run.problem.value !== "" && <p class="note error">{run.problem.value}</p>}
    </div>
  );
}
