import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { RunHandle } from "./useRun.js";

type Point = readonly [number, number];

/** Pixels of the sheet to one of the network's pictures. */
const SCALE = 6;

/** A sheet to write a number on; the network that was just trained reads it. */
export function DrawNumber({ run }: { readonly run: RunHandle }) {
  const strokes = useSignal<readonly (readonly Point[])[]>([]);
  const sheet = useRef<SVGSVGElement>(null);
  const trained = run.live.value?.settings.task === "digits" && run.live.value.losses.length > 0;
  const at = (event: PointerEvent): Point => {
    const { left, top, width } = (sheet.current as SVGSVGElement).getBoundingClientRect();
    const scale = 288 / width;
    return [Math.round((event.clientX - left) * scale), Math.round((event.clientY - top) * scale)];
  };
  const typed = useSignal("");
  const hand = useSignal(1);
  const write = (event: Event) => {
    event.preventDefault();
    const digits = Array.from(typed.value.replace(/\D/g, ""), Number).slice(0, 6);
    if (digits.length === 0) return;
    run.write(digits, hand.value++, (written) => {
      const placed = written.map((stroke) => stroke.map(([x, y]): Point => [SCALE * x + 4, SCALE * y + 16]));
      strokes.value = placed;
      run.readStrokes(placed);
    });
  };
  const path = (stroke: readonly Point[]) => stroke.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join("");
  return (
    <section class="plate" aria-labelledby="draw">
      <h2 class="part" id="draw">
        Write a number
      </h2>
      <svg
        ref={sheet}
        class="sheet"
        viewBox="0 0 288 128"
        role="img"
        aria-label="A sheet to write on with the mouse, a pen or a finger"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          strokes.value = [...strokes.value, [at(event)]];
        }}
        onPointerMove={(event) => {
          if (event.buttons !== 1 || strokes.value.length === 0) return;
          strokes.value = [...strokes.value.slice(0, -1), [...(strokes.value.at(-1) as readonly Point[]), at(event)]];
        }}
        onPointerUp={() => run.readStrokes(strokes.value)}
      >
        {strokes.value.map((stroke, i) => (
          <path key={i} d={path(stroke)} />
        ))}
      </svg>
      <form class="row" onSubmit={write}>
        <label class="field narrow">
          <span>Or let a hand write it: digits</span>
          <input
            type="text"
            inputMode="numeric"
            autocomplete="off"
            maxLength={6}
            value={typed.value}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
        </label>
        <button type="submit" disabled={!/\d/.test(typed.value)}>
          Write
        </button>
      </form>
      <p class="result" role="status">
        {strokes.value.length > 0 && run.read.value !== undefined ? run.read.value || "nothing" : "…"}
      </p>
      <div class="row">
        <button type="button" disabled={strokes.value.length === 0} onClick={() => run.readStrokes(strokes.value)}>
          Read again
        </button>
        <button type="button" disabled={strokes.value.length === 0} onClick={() => (strokes.value = [])}>
          Wipe
        </button>
      </div>
      <p class="hint">
        {trained
          ? "Digits side by side, a little apart. The network you have just trained reads them, column by column."
          : "Train first: an untrained network reads nothing."}
      </p>
    </section>
  );
}
