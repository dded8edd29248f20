import { useSignal } from "@preact/signals";
import { type Changeable, changeable, settingAt, type TrainSettings } from "../../worker/train/settings.js";
import { Slider } from "../controls.js";
import { differs } from "./state.js";
import type { RunHandle } from "./useRun.js";

interface Props {
  readonly run: RunHandle;
  readonly settings: TrainSettings;
  readonly onSet: (patch: Partial<TrainSettings>) => void;
  readonly onDrag: (patch: Partial<TrainSettings>) => void;
}

export const shortNames: Readonly<Record<Changeable, string>> = { learningRate: "lr", clip: "clip" };

/** The learning rate and the clip: of the next run, or of the one under way, where the change becomes part of its settings. */
export function ChangeableControls({ run, settings, onSet, onDrag }: Props) {
  const dragged = useSignal<Partial<Record<Changeable, number>>>({});
  const live = run.live.value;
  const onTheWay = live !== undefined && live.losses.length > 0 && !differs(live.settings, settings);
  const now = (name: Changeable) => dragged.value[name] ?? (onTheWay ? settingAt(live.settings, name) : settings[name]);
  const drag = (name: Changeable, value: number) => {
    if (onTheWay) dragged.value = { ...dragged.value, [name]: value };
    else onDrag({ [name]: value });
  };
  const set = (name: Changeable, value: number) => {
    dragged.value = {};
    if (onTheWay) run.change(name, value);
    else onSet({ [name]: value });
  };
  const rate = (power: number) => Number((10 ** power).toPrecision(2));
  const learningRate = now("learningRate");
  return (
    <>
      <div class="field">
        <label for="rate">Learning rate {learningRate}</label>
        <input
          id="rate"
          type="range"
          min={-5}
          max={1}
          step={0.05}
          value={Math.round(100 * Math.log10(learningRate)) / 100}
          aria-valuetext={String(learningRate)}
          onInput={(event) => drag("learningRate", rate(event.currentTarget.valueAsNumber))}
          onChange={(event) => set("learningRate", rate(event.currentTarget.valueAsNumber))}
        />
      </div>
      <Slider
        label="Clip the gradient's norm to (0: never)"
        value={now("clip")}
        least={0}
        most={10}
        step={0.1}
        onDrag={(value) => drag("clip", value)}
        onSet={(value) => set("clip", value)}
      />
      {settings.changes.length > 0 && (
        <div class="hint">
          <p>
            Changed on the way, and again when it starts anew:{" "}
            {settings.changes
              .map(([step, which, value]) => `${shortNames[changeable[which]] ?? "?"} ${value} at step ${step}`)
              .join(", ")}
          </p>
          <button type="button" onClick={() => onSet({ changes: [] })}>
            Forget these changes
          </button>
        </div>
      )}
    </>
  );
}
