import { Icon } from "../icon.js";
import { asData, save } from "../save.js";
import { differs, type Side, settingsOf, type TrainProps } from "./state.js";
import type { RunHandle } from "./useRun.js";

interface Props {
  readonly store: TrainProps["store"];
  /** The runs that are trained: A, and B where there are two. */
  readonly runs: readonly (readonly [Side, RunHandle])[];
  readonly onKeep: () => void;
}

/** Play, pause, step, all runs at once; keep a run to compare the next one with. */
export function TrainPlayer({ store, runs, onKeep }: Props) {
  const state = store.state.value;
  const [[, first]] = runs;
  const live = first.live.value;
  const changed = ([side, { live }]: readonly [Side, RunHandle]) =>
    live.value !== undefined && differs(live.value.settings, settingsOf(state, side));
  const stale = runs.some(changed);
  const restart = () => {
    for (const [side, run] of runs) run.start(settingsOf(state, side));
  };
  /** To all runs, from the start where the settings have changed. */
  const all = (order: (run: RunHandle) => void) => {
    if (stale || runs.some(([, run]) => run.live.value === undefined)) restart();
    for (const [, run] of runs) order(run);
  };
  const running = runs.some(([, run]) => run.live.value?.running);
  const taken = live?.losses.length ?? 0;
  const weights = () => {
    for (const [side, run] of runs) {
      run.weights((bytes) => {
        const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
        save(runs.length > 1 ? `weights-${side}.safetensors` : "weights.safetensors", address);
        setTimeout(() => URL.revokeObjectURL(address), 1000);
      });
    }
  };
  const code = () => {
    for (const [side, run] of runs)
      run.code((text) =>
        save(runs.length > 1 ? `network-${side}.mjs` : "network.mjs", asData("text/javascript", text)),
      );
  };
  const problem = runs.map(([, run]) => run.problem.value).find((text) => text !== "");
  return (
    <div class="plate player" role="group" aria-label="Training">
      <div class="row">
        <button
          type="button"
          class="primary"
          onClick={() => (running ? runs.forEach(([, run]) => run.pause()) : all((run) => run.go()))}
        >
          {running ? "Pause" : taken > 0 && !stale ? "Go on" : "Train"}
        </button>
        <button type="button" disabled={running} onClick={() => all((run) => run.steps(1))}>
          1 step
        </button>
        <button type="button" disabled={running} onClick={() => all((run) => run.steps(100))}>
          100 steps
        </button>
        <button
          type="button"
          aria-label="From the start"
          title="From the start"
          disabled={live === undefined}
          onClick={restart}
        >
          <Icon name="first" />
        </button>
        <button type="button" disabled={taken === 0} onClick={onKeep}>
          Keep to compare
        </button>
        <button type="button" disabled={taken === 0} onClick={weights}>
          Weights
        </button>
        <button type="button" disabled={taken === 0} onClick={code}>
          Code
        </button>
        <span class="muted" role="status" aria-live="off">
          {live === undefined
            ? "a recorded run; press Train for your own"
            : `step ${taken}${live.stepsPerSecond > 0 ? `, ${Math.round(live.stepsPerSecond)} a second, ${live.seconds.toFixed(1)} s` : ""}`}
        </span>
      </div>
      {stale && (
        <p class="hint">The settings have changed: Train begins anew with them. Keep the run first to see both.</p>
      )}
      {problem !== undefined && <p class="note error">{problem}</p>}
    </div>
  );
}
