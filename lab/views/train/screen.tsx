import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { RecordedRun } from "../../worker/answers/recorded.js";
import type { Screen } from "../screen.js";
import { DrawNumber } from "./drawNumber.js";
import { PoleFigure } from "./poleFigure.js";
import { RunCurves } from "./runCurves.js";
import { RunTable } from "./runTable.js";
import { Samples } from "./samples.js";
import { editedSide, type KeptRun, type Side, schema, settingsOf, type TrainProps, withSettings } from "./state.js";
import { TrainControls } from "./trainControls.js";
import { TrainPlayer } from "./trainPlayer.js";
import { createRun } from "./useRun.js";
import { Verdict } from "./verdict.js";

const MOST = 4;

function View({ store, answer }: TrainProps) {
  const handles = useMemo(() => {
    const handle = (side: Side) =>
      createRun((changes) => store.set(withSettings(store.state.value, side, { changes })));
    return { A: handle("A"), B: handle("B") };
  }, [store]);
  const kept = useSignal<readonly KeptRun[]>([]);
  const cursor = useSignal<number | undefined>(undefined);
  useEffect(() => {
    const both = Object.values(handles);
    const hide = () => document.hidden && both.forEach((run) => run.live.value?.running && run.pause());
    document.addEventListener("visibilitychange", hide);
    return () => {
      document.removeEventListener("visibilitychange", hide);
      for (const run of both) run.stop();
    };
  }, [handles]);
  const state = store.state.value;
  const side = editedSide(state);
  const two = state.other !== undefined;
  useEffect(() => {
    if (!two) handles.B.stop();
  }, [two, handles]);
  const active = (two ? (["A", "B"] as const) : (["A"] as const)).map((name) => [name, handles[name]] as const);
  const now = active.flatMap(([name, { live }]): KeptRun[] =>
    live.value === undefined ? [] : [{ name: two ? name : "now", ...live.value }],
  );
  const drawn: readonly KeptRun[] = now.length === 0 ? [{ name: "recorded", ...answer }] : now;
  const runs = [...drawn, ...kept.value];
  const shown = handles[side];
  const live = shown.live.value;
  const task = live?.settings.task ?? (now.length === 0 ? "echo" : state.task);
  const keepRuns = () => {
    const names = new Set(kept.value.map(({ name }) => name));
    const free = Array.from({ length: 2 * MOST }, (_, i) => `kept ${i + 1}`).filter((name) => !names.has(name));
    const fresh = now.filter(({ losses }) => losses.length > 0).map((run, i): KeptRun => ({ ...run, name: free[i] }));
    kept.value = [...kept.value, ...fresh].slice(-MOST);
  };
  return (
    <div class="screen">
      <div class="controls">
        <TrainControls store={store} runs={handles} />
      </div>
      <div class="stage">
        <TrainPlayer store={store} runs={active} onKeep={keepRuns} />
        <RunCurves store={store} runs={runs} cursor={cursor} of={task === "balance" ? "stood" : "losses"} />
        <RunCurves store={store} runs={runs} cursor={cursor} of="gradientNorms" />
        {task === "balance" && live !== undefined && live.path.length > 0 && <PoleFigure path={live.path} />}
      </div>
      <div class="results">
        <Samples
          samples={live?.samples ?? (now.length === 0 ? answer.samples : [])}
          task={task}
          of={live === undefined ? "in the recorded run" : two ? side : ""}
          wrong={live?.wrong}
        />
        {settingsOf(state, side).task === "digits" && <DrawNumber key={side} run={shown} />}
        {active.map(([name, run]) => (
          <Verdict key={name} run={run} of={two ? name : ""} />
        ))}
        <RunTable
          runs={runs}
          cursor={cursor}
          onDrop={(name) => (kept.value = kept.value.filter((one) => one.name !== name))}
          onAdd={(one) => {
            const others = kept.value.filter(({ name }) => name !== one.name);
            kept.value = [...others.slice(-MOST + 1), one];
          }}
        />
      </div>
    </div>
  );
}

export const screen: Screen<typeof schema, RecordedRun> = {
  path: "train/",
  title: "Train",
  about:
    "Train a recurrent network in the browser: curves, gradient norms, samples, and what is wrong when it does not learn.",
  schema,
  answer: (_, ask) => ask("recorded", "recordedRun"),
  View,
};
