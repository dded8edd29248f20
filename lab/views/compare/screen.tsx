import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { drawIntervals, intervalSentence, intervalTable } from "../../models/intervals.js";
import { percent } from "../../models/number.js";
import { real, whole } from "../../state/fields.js";
import type { Compared } from "../../worker/answers/compare.js";
import { Slider } from "../controls.js";
import { Figure } from "../figure.js";
import type { Screen, ViewProps } from "../screen.js";
import { ScrollBox } from "../scrollBox.js";

export const schema = {
  outliers: real("o", 0.1, 0, 0.4),
  seeds: whole("n", 5, 2, 10),
  steps: whole("s", 200, 20, 500),
};

function View({ store, answer, ask }: ViewProps<typeof schema, readonly Compared[]>) {
  const own = useSignal<{ of: string; compared: readonly Compared[] } | undefined>(undefined);
  const busy = useSignal(false);
  const progress = useSignal<readonly [number, number]>([0, 1]);
  const stopped = useRef(false);
  const { outliers, seeds, steps } = store.state.value;
  const compared = own.value?.compared ?? answer;
  const drawn = drawIntervals(compared);
  const title = intervalSentence(compared);
  const stop = () => {
    stopped.current = true;
  };
  const run = async () => {
    const scores = new Map<string, number[]>();
    const of = `${percent(outliers)} outliers, ${seeds} seeds, ${steps} steps`;
    busy.value = true;
    stopped.current = false;
    try {
      const names = await ask("compare", "compared");
      for (let seed = 1; seed <= seeds; seed++) {
        for (const name of names) {
          progress.value = [(seed - 1) * names.length + names.indexOf(name), seeds * names.length];
          const score = await ask("compare", "score", name, seed, { outliers, seeds, steps });
          if (stopped.current) return;
          scores.set(name, [...(scores.get(name) ?? []), score]);
        }
        const found = await Promise.all([...scores].map(([name, list]) => ask("compare", "summary", name, list)));
        own.value = { of: seed === seeds ? of : `${of}; ${seed} of the seeds so far`, compared: found };
      }
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="screen two-columns">
      <div class="controls">
        <div>
          <h1>Compare</h1>
          <p class="muted">One task, one network, the same data: only the loss differs.</p>
        </div>
        <div class="plate">
          <p class="hint">
            A GRU foretells the next value of noisy waves. Some training targets are thrown far off; the score is the
            mean distance from the clean values of new waves.
          </p>
          <Slider
            label="Share of outliers"
            value={outliers}
            least={0}
            most={0.4}
            step={0.01}
            onDrag={(value) => store.drag({ outliers: value })}
            onSet={(value) => store.set({ outliers: value })}
          />
          <Slider
            label="Seeds"
            value={seeds}
            least={2}
            most={10}
            onDrag={(value) => store.drag({ seeds: value })}
            onSet={(value) => store.set({ seeds: Math.round(value) })}
          />
          <Slider
            label="Training steps"
            value={steps}
            least={20}
            most={500}
            onDrag={(value) => store.drag({ steps: value })}
            onSet={(value) => store.set({ steps: Math.round(value) })}
          />
          <button type="button" class="primary" onClick={() => (busy.value ? stop() : run())}>
            {busy.value ? "Stop" : "Train them all"}
          </button>
          {busy.value && <progress aria-label="Networks trained" value={progress.value[0]} max={progress.value[1]} />}
          <p class="hint" role="status">
            {own.value === undefined
              ? "Shown: recorded, of 10 % outliers, 5 seeds, 200 steps."
              : `Shown: ${own.value.of}.`}
          </p>
        </div>
      </div>
      <div class="stage">
        <Figure
          name="compare"
          title={title}
          lookFor="intervals that overlap: such a difference may be luck. A dot is a seed; the line holds the mean in 95 % of resamplings of the seeds."
          table={intervalTable(compared)}
        >
          <ScrollBox label={title}>
            <svg class="drawing" viewBox={`0 0 ${drawn.width} ${drawn.height}`} role="img" aria-label={title}>
              {drawn.ticks.map(({ at, text }) => (
                <g key={text}>
                  <path class="axis" d={`M${at} 8V${drawn.height - 36}`} />
                  <text x={at} y={drawn.height - 20} text-anchor="middle" class="muted">
                    {text}
                  </text>
                </g>
              ))}
              <text x={660} y={drawn.height - 4} text-anchor="end" class="muted">
                mean distance, smaller is better
              </text>
              {drawn.rows.map((row) => (
                <g key={row.name}>
                  <text x={0} y={row.y + 4}>
                    {row.name}
                  </text>
                  <path class="series first" d={`M${row.lower} ${row.y}H${row.upper}`} />
                  <path class="series first" d={`M${row.mean} ${row.y - 9}v18`} />
                  {row.scores.map((x, i) => (
                    <circle key={i} cx={x} cy={row.y - 14} r={3.5} class="dot" />
                  ))}
                </g>
              ))}
            </svg>
          </ScrollBox>
        </Figure>
      </div>
    </div>
  );
}

export const screen: Screen<typeof schema, readonly Compared[]> = {
  path: "compare/",
  title: "Compare",
  about: "The same network trained with several losses on data with outliers, from several seeds, with intervals.",
  schema,
  answer: (_, ask) => ask("compare", "recordedComparison"),
  View,
};
