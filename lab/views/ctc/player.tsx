import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Icon } from "../icon.js";
import type { CtcProps } from "./screen.js";

/** A column, in milliseconds. */
const PACE = 600;

/** Builds the lattice column by column. It moves only after Play, and stops by itself at the end. */
export function Player({ store, frames }: { readonly store: CtcProps["store"]; readonly frames: number }) {
  const playing = useSignal(false);
  const { step } = store.state.value;
  useEffect(() => {
    if (!playing.value) return;
    const timer = setInterval(() => {
      const now = store.state.value.step;
      if (now >= frames) playing.value = false;
      else store.drag({ step: now + 1 });
    }, PACE);
    return () => clearInterval(timer);
  }, [playing.value, frames, store, playing]);
  const to = (next: number) => {
    playing.value = false;
    store.set({ step: Math.max(0, Math.min(frames, next)) });
  };
  const play = () => {
    if (step === 0 || step >= frames) store.drag({ step: 1 });
    playing.value = !playing.value;
  };
  return (
    <div class="player row" role="group" aria-label="Player">
      <button type="button" aria-label="First column" onClick={() => to(1)}>
        <Icon name="first" />
      </button>
      <button type="button" aria-label="One column back" onClick={() => to(step - 1)}>
        <Icon name="back" />
      </button>
      <button type="button" class="primary" onClick={play}>
        {playing.value ? "Pause" : "Play"}
      </button>
      <button type="button" aria-label="One column on" onClick={() => to(step + 1)}>
        <Icon name="next" />
      </button>
      <button type="button" onClick={() => to(0)} disabled={step === 0}>
        Show all
      </button>
      <span class="muted" role="status">
        {step === 0 ? "all columns" : `column ${step} of ${frames}`}
      </span>
    </div>
  );
}
