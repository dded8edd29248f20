import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { RecordedRun } from "../../worker/answers/recorded.js";
import type { Screen } from "../screen.js";
import { DrawNumber } from "./drawNumber.js";
import { RunCurves } from "./runCurves.js";
import { RunTable } from "./runTable.js";
import { Samples } from "./samples.js";
import { type KeptRun, schema, settingsOf, type TrainProps } from "./state.js";
import { TrainControls } from "./trainControls.js";
import { TrainPlayer } from "./trainPlayer.js";
import { createRun } from "./useRun.js";
import { Verdict } from "./verdict.js";

const MOST = 5;

function View({ store, answer }: TrainProps) {
  const run = useMemo(createRun, []);
  const kept = useSignal<readonly KeptRun[]>([]);
  useEffect(() => {
    const hide = () => document.hidden && run.live.value?.running && run.pause();
    document.addEventListener("visibilitychange", hide);
    return () => {
      document.removeEventListener("visibilitychange", hide);
      run.stop();
    };
  }, [run]);
  const live = run.live.value;
  const recorded: KeptRun = { name: "recorded", ...answer };
  const now: readonly KeptRun[] = live === undefined ? [recorded] : [{ name: "now", ...live }];
  const runs = [...now, ...kept.value];
  const keepRun = () => {
    if (live === undefined || live.losses.length === 0) return;
    const taken = new Set(kept.value.map(({ name }) => name));
    const name = Array.from("ABCDE").find((letter) => !taken.has(letter)) ?? "A";
    const { settings, losses, gradientNorms, wrong } = live;
    kept.value = [...kept.value.slice(-MOST + 1), { name, settings, losses, gradientNorms, wrong }];
  };
  return (
    <div class="screen">
      <div class="controls">
        <TrainControls store={store} run={run} />
      </div>
      <div class="stage">
        <TrainPlayer store={store} run={run} onKeep={keepRun} />
        <RunCurves store={store} runs={runs} changes={live?.changes ?? []} of="losses" />
        <RunCurves store={store} runs={runs} changes={live?.changes ?? []} of="gradientNorms" />
      </div>
      <div class="results">
        <Samples
          samples={live?.samples ?? answer.samples}
          task={live?.settings.task ?? "echo"}
          recorded={live === undefined}
          wrong={live?.wrong}
        />
        {(live?.settings ?? settingsOf(store.state.value)).task === "digits" && <DrawNumber run={run} />}
        <Verdict run={run} />
        <RunTable
          runs={runs}
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
