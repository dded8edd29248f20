import type { Quantity } from "../../models/curveTitle.js";
import { Segments, Slider } from "../controls.js";
import type { TrainProps } from "./state.js";
import type { WindowControl } from "./useWindow.js";

interface Props {
  readonly store: TrainProps["store"];
  readonly of: Quantity;
  readonly view: WindowControl;
}

/** Axes, smoothing, and which steps are shown. */
export function CurveControls({ store, of, view }: Props) {
  const { axis, stepAxis, keep } = store.state.value;
  return (
    <>
      <div class="row">
        {of === "losses" && (
          <Segments
            label="Axis"
            value={axis}
            options={[
              ["log", "log"],
              ["linear", "linear"],
              ["symlog", "symlog"],
            ]}
            onSet={(value) => store.set({ axis: value })}
          />
        )}
        <Segments
          label="Steps"
          value={stepAxis}
          options={[
            ["linear", "linear"],
            ["log", "log"],
          ]}
          onSet={(value) => store.set({ stepAxis: value })}
        />
        <div class="field">
          <span aria-hidden="true">Zoom</span>
          <div class="row" role="group" aria-label="Zoom">
            <button type="button" aria-label="Fewer steps" onClick={() => view.zoom(0.5)}>
              +
            </button>
            <button type="button" aria-label="More steps" disabled={view.whole} onClick={() => view.zoom(2)}>
              −
            </button>
            <button type="button" disabled={view.whole} onClick={view.fit}>
              {view.whole ? "All, as they come" : "Fit"}
            </button>
          </div>
        </div>
        <div class="narrow">
          <Slider
            label="Smoothing"
            value={keep}
            least={0}
            most={0.99}
            step={0.01}
            onDrag={(value) => store.drag({ keep: value })}
            onSet={(value) => store.set({ keep: value })}
          />
        </div>
      </div>
      {!view.whole && (
        <p class="hint">Drag with Shift, or press Shift and an arrow key, to move along; a double click shows all.</p>
      )}
    </>
  );
}
