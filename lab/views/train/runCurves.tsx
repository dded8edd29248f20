import type { Signal } from "@preact/signals";
import { curveTitle, type Quantity, quantities } from "../../models/curveTitle.js";
import { shown } from "../../models/number.js";
import { type Broken, drawRuns, type List } from "../../models/trainCurve.js";
import { changeable, VALIDATED } from "../../worker/train/settings.js";
import { Check } from "../controls.js";
import { Figure } from "../figure.js";
import { shortNames } from "./changeableControls.js";
import { colours } from "./colours.js";
import { CurveControls } from "./curveControls.js";
import type { KeptRun, TrainProps } from "./state.js";
import { useWindow, windowOf } from "./useWindow.js";

/** A number that is not finite, where it would be: a triangle up, one down, a cross. */
const brokenMarks: Readonly<Record<Broken["kind"], string>> = {
  nan: "l8 8m-8 0l8-8",
  above: "m4 0l4 8h-8z",
  below: "h8l-4 8z",
};

interface Props {
  readonly store: TrainProps["store"];
  readonly runs: readonly KeptRun[];
  readonly of: Quantity;
  /** The step that is read off, in all figures and the table of runs. */
  readonly cursor: Signal<number | undefined>;
}

/** The lists of the figure: one a run, or one a layer of each run in training. */
function listsOf(runs: readonly KeptRun[], of: Quantity, layers: boolean): List[] {
  const byLayer = runs.flatMap(({ name, layerNorms = {} }) =>
    Object.entries(layerNorms).map(([layer, values]) => ({
      name: name === "now" ? layer : `${name} ${layer}`,
      values,
    })),
  );
  if (of === "gradientNorms" && layers && byLayer.length > 0) return byLayer.slice(0, colours.length);
  return runs.flatMap(({ name, [of]: values = [], validations = [] }, i) =>
    i === 0 || values.length > 0 ? [{ name, values, ...(of === "losses" && { validations }) }] : [],
  );
}

/** Curves of all runs, smoothed before the raw ones; a cursor reads them off, and a window shows some of their steps. */
export function RunCurves({ store, runs, of, cursor }: Props) {
  const { axis, stepAxis, keep, layers } = store.state.value;
  const main = of !== "gradientNorms";
  const lists = listsOf(runs, of, layers);
  const window = windowOf(store);
  const drawn = drawRuns(lists, {
    keep: main ? keep : Math.min(keep, 0.8),
    yAxis: of === "stood" ? "linear" : axis,
    xAxis: stepAxis,
    window,
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
  const view = useWindow(store, drawn.window, longest);
  const press = (event: KeyboardEvent) => {
    if (view.press(event, at)) return event.preventDefault();
    const by = { ArrowRight: 1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (event.key === "Escape") cursor.value = undefined;
    else if (event.key === "Home") cursor.value = drawn.window[0];
    else if (event.key === "End") cursor.value = Math.min(longest, drawn.window[1]);
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
        aria-label={`${title}. Arrow keys read it off, + and − zoom, 0 shows all.`}
        onKeyDown={press}
        onDblClick={view.fit}
        onPointerDown={(event) => {
          if (event.shiftKey) event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          const box = (event.currentTarget.querySelector("svg.drawing") as Element).getBoundingClientRect();
          const share = drawn.width / (drawn.right - drawn.left) / box.width;
          if (event.shiftKey && event.buttons === 1) view.pan(-event.movementX * share);
          else cursor.value = drawn.stepAt((event.clientX - box.left) / box.width);
        }}
        onPointerUp={(event) => event.shiftKey && view.settle()}
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
              <path class={`series validation ${colours[i]}`} d={run.validation} />
              {run.broken.map(({ x, kind }) => (
                <path
                  key={x}
                  class={`series ${colours[i]}`}
                  d={`M${x - 4} ${kind === "below" ? drawn.bottom - 8 : drawn.top}${brokenMarks[kind]}`}
                />
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
      {drawn.runs.some(({ broken }) => broken.length > 0) && (
        <p class="hint">Triangles above are +∞, below −∞; crosses are NaN. The verdict says why.</p>
      )}
      {drawn.runs.some(({ validation }) => validation !== "") && (
        <p class="hint">Dotted: on a batch that training does not see, every {VALIDATED} steps.</p>
      )}
      {main ? (
        <CurveControls store={store} of={of} view={view} />
      ) : (
        runs.some(({ layerNorms = {} }) => Object.keys(layerNorms).length > 0) && (
          <Check label="Layer by layer, before the clip" value={layers} onSet={(on) => store.set({ layers: on })} />
        )
      )}
    </Figure>
  );
}
