import { useSignal } from "@preact/signals";
import { curveTitle, type Quantity, quantities } from "../../models/curveTitle.js";
import { shown } from "../../models/number.js";
import { drawRuns } from "../../models/trainCurve.js";
import { changeable } from "../../worker/train/settings.js";
import { Segments, Slider } from "../controls.js";
import { Figure } from "../figure.js";
import { shortNames } from "./changeableControls.js";
import type { KeptRun, TrainProps } from "./state.js";

const colours = ["first", "second", "third", "fourth", "fifth", "sixth"];

interface Props {
  readonly store: TrainProps["store"];
  readonly runs: readonly KeptRun[];
  readonly of: Quantity;
}

/** Curves of all runs, smoothed before the raw ones; a cursor reads them off. */
export function RunCurves({ store, runs, of }: Props) {
  const { axis, keep } = store.state.value;
  const cursor = useSignal<number | undefined>(undefined);
  const main = of !== "gradientNorms";
  const lists = runs.flatMap(({ name, [of]: values = [] }, i) =>
    i === 0 || values.length > 0 ? [{ name, values }] : [],
  );
  const drawn = drawRuns(lists, {
    keep: main ? keep : Math.min(keep, 0.8),
    yAxis: of === "stood" ? "linear" : axis,
    height: main ? 280 : 190,
  });
  const changes = runs.flatMap(({ name, settings }) =>
    (settings?.changes ?? []).map(([step, which, value]) => ({
      step,
      text: `${name === "now" ? "" : `${name}: `}${shortNames[changeable[which]] ?? "?"} ${value}`,
    })),
  );
  const longest = Math.max(1, ...lists.map(({ values }) => values.length));
  const at = cursor.value === undefined ? undefined : Math.min(cursor.value, longest);
  const title = curveTitle(of, lists, keep);
  const press = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (event.key === "Escape") cursor.value = undefined;
    else if (event.key === "Home") cursor.value = 1;
    else if (event.key === "End") cursor.value = longest;
    else if (by !== undefined) cursor.value = Math.min(longest, Math.max(1, (at ?? longest) + by));
    else return;
    event.preventDefault();
  };
  return (
    <Figure
      name={of}
      title={title}
      table={{
        head: ["step", ...lists.map((list) => list.name)],
        rows: Array.from({ length: longest }, (_, i) => [String(i + 1), ...lists.map(({ values }) => values[i] ?? "")]),
      }}
    >
      <section
        class="curves"
        tabIndex={0}
        aria-label={`${title}. Arrow keys read it off.`}
        onKeyDown={press}
        onPointerMove={(event) => {
          const box = (event.currentTarget.querySelector("svg.drawing") as Element).getBoundingClientRect();
          cursor.value = drawn.stepAt((event.clientX - box.left) / box.width);
        }}
        onPointerLeave={() => (cursor.value = undefined)}
      >
        <svg class="drawing" viewBox={`0 0 ${drawn.width} ${drawn.height}`} role="img" aria-label={title}>
          <text x={8} y={14} class="muted">
            {quantities[of]}
          </text>
          {drawn.y.map((tick) => (
            <g key={tick.text}>
              <path class="axis" d={`M${drawn.left} ${tick.at}H${drawn.right}`} />
              <text x={drawn.left - 8} y={tick.at + 4} text-anchor="end" class="muted">
                {tick.text}
              </text>
            </g>
          ))}
          {drawn.x.map((tick) => (
            <text key={tick.text} x={tick.at} y={drawn.height - 10} text-anchor="middle" class="muted">
              {tick.text}
            </text>
          ))}
          {changes.map(({ step, text }, i) => (
            <g key={`${step} ${text}`}>
              <path class="cursor-line" d={`M${drawn.xOf(step)} ${drawn.top}V${drawn.bottom}`} />
              {main && (
                <text x={drawn.xOf(step) + 3} y={drawn.top + 10 + 13 * (i % 4)}>
                  {text}
                </text>
              )}
            </g>
          ))}
          {drawn.runs.map((run, i) => (
            <g key={run.name}>
              <path class={`series raw ${colours[i]}`} d={run.raw} />
              <path class={`series ${colours[i]}`} d={run.smooth} />
              {run.broken.map((x) => (
                <path key={x} class={`series ${colours[i]}`} d={`M${x - 4} ${drawn.top}l8 8m-8 0l8-8`} />
              ))}
              {run.end && (
                <text x={run.end.x + 6} y={run.end.y + 4 + 12 * i}>
                  {run.name} {run.end.text}
                </text>
              )}
            </g>
          ))}
          {at !== undefined && <path class="cursor-line" d={`M${drawn.xOf(at)} ${drawn.top}V${drawn.bottom}`} />}
        </svg>
        <p class="hint reading" role="status">
          {at !== undefined &&
            `Step ${at}: ${lists.map(({ name: run, values }) => `${run} ${values[at - 1] === undefined ? "none" : shown(values[at - 1])}`).join(", ")}`}
        </p>
      </section>
      {main && (
        <div class="row">
          {of === "losses" && (
            <Segments
              label="Axis"
              value={axis}
              options={[
                ["log", "log"],
                ["linear", "linear"],
              ]}
              onSet={(value) => store.set({ axis: value })}
            />
          )}
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
      )}
    </Figure>
  );
}
