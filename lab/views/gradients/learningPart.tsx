import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LearningAnswer, SaliencyAnswer } from "../../worker/answers/learning.js";
import { Segments } from "../controls.js";
import { LearningFigure } from "./learningFigure.js";
import { SaliencyFigure } from "./saliencyFigure.js";
import type { GradientProps, GradientState } from "./screen.js";

/** What was trained, in the order of `keyOf` in the worker. */
const keyOf = ({ cell, hidden, radius, seed }: GradientState) =>
  [cell, hidden, cell === "elman" ? radius : "", seed].join(" ");

/** A network that is trained to echo, when it is asked for: how far back its gradient reaches, and what its outputs look at. */
export function LearningPart({ store, answer, ask }: GradientProps) {
  const state = store.state.value;
  const learning = useSignal<LearningAnswer | undefined>(answer.learning);
  const saliency = useSignal<SaliencyAnswer | undefined>(answer.saliency);
  const busy = useSignal(false);
  const fits = learning.value?.key === keyOf(state);
  const train = async () => {
    busy.value = true;
    const [learnt, seen] = [await ask("learning", "learning", state), await ask("learning", "saliency", state)];
    learning.value = learnt;
    saliency.value = seen;
    busy.value = false;
  };
  const first = useSignal(state.text);
  useEffect(() => {
    if (!fits || first.value === state.text) return;
    first.value = state.text;
    const timer = setTimeout(async () => (saliency.value = await ask("learning", "saliency", state)), 250);
    return () => clearTimeout(timer);
  }, [state.text, fits]);
  return (
    <>
      <section class="plate row" aria-label="Training">
        <Segments
          label="Cell that learns"
          value={state.cell}
          options={[
            ["elman", "Elman"],
            ["lstm", "LSTM"],
            ["gru", "GRU"],
          ]}
          onSet={(cell) => store.set({ cell })}
        />
        <button type="button" class={fits ? undefined : "primary"} disabled={fits || busy.value} onClick={train}>
          {busy.value ? "It learns …" : fits ? "Trained" : "Train it for 300 steps"}
        </button>
        <span class="muted" role="status">
          {fits || learning.value === undefined ? "" : "Below: the network that was trained before."}
        </span>
      </section>
      {learning.value !== undefined && <LearningFigure learning={learning.value} />}
      {saliency.value !== undefined && <SaliencyFigure store={store} saliency={saliency.value} />}
    </>
  );
}
