import { useSignal } from "@preact/signals";
import { readGrid } from "../../models/grid.js";
import { Segments, Slider, TextField } from "../controls.js";
import type { CtcProps, CtcState } from "./screen.js";
import { WeightGrid } from "./weightGrid.js";

/** Frames at most. */
const MOST = 64;

/** A node that alignments pass, about the middle: the second symbol, where there is one. */
const middleOf = ({ label, frames }: { readonly label: string; readonly frames: number }): number => {
  const size = Array.from(label).length;
  return Math.floor((frames - 1) / 2) * (2 * size + 1) + Math.min(3, 2 * size - 1);
};

/** Label, frames and scores. */
export function Controls({ store, answer }: CtcProps) {
  const { label, frames, source, normalised, family, seed } = store.state.value;
  const transducer = family === "transducer";
  return (
    <>
      <div>
        <h1>{transducer ? "Transducer lattice" : "CTC lattice"}</h1>
        <p class="muted">Sum over every alignment that reads as the label.</p>
      </div>
      <div class="plate">
        <h2 class="part">Problem</h2>
        <div class="row" role="group" aria-label="Presets">
          {answer.presets.map((preset) => (
            <button
              key={preset.name}
              type="button"
              title={preset.title}
              aria-pressed={
                label === preset.label && frames === preset.frames && store.state.value.weights.length === 0
              }
              onClick={() =>
                store.set({
                  label: preset.label,
                  frames: preset.frames,
                  source: "symbol",
                  weights: [],
                  grid: [],
                  built: "",
                  step: 0,
                  normalised: false,
                  linear: preset.linear === true,
                  view: preset.linear === true ? "alpha" : store.state.value.view,
                  cursor: middleOf(preset),
                })
              }
            >
              {preset.name}
            </button>
          ))}
        </div>
        <TextField
          label="Label"
          strong
          value={label}
          onSet={(text) => store.set({ label: text, built: "", step: 0 })}
        />
        <Slider
          label="Frames T"
          value={frames}
          least={1}
          most={MOST}
          onDrag={(value) => store.drag({ frames: value, step: 0 })}
          onSet={(value) => store.set({ frames: Math.round(value), step: 0 })}
        />
        <Segments
          label="Lattice"
          value={family}
          options={[
            ["ctc", "CTC"],
            ["transducer", "Transducer"],
          ]}
          onSet={(value) => store.set({ family: value, step: 0 })}
        />
        <Segments
          label="Scores"
          value={source}
          options={[
            ["symbol", "A symbol"],
            ["frame", "A frame"],
            ["random", "Random"],
          ]}
          onSet={(value) => store.set({ source: value })}
        />
        {source === "random" ? (
          <div class="row">
            <button type="button" onClick={() => store.set({ seed: (seed + 1) % 10000 })}>
              Draw others
            </button>
            <span class="muted">seed {seed}</span>
          </div>
        ) : (
          <WeightGrid store={store} answer={answer} />
        )}
        <Segments
          label="The blank is class"
          value={store.state.value.blankLast ? "last" : "first"}
          options={[
            ["first", "0, the first"],
            ["last", `${answer.lattice.symbols.length - 1}, the last`],
          ]}
          onSet={(value) => store.set(withBlank(store.state.value, value === "last"))}
        />
        {source === "frame" && <PasteGrid store={store} answer={answer} />}
        {source !== "random" && !transducer && (
          <Segments
            label="Frames are"
            value={normalised ? "yes" : "no"}
            options={[
              ["no", "As given"],
              ["yes", "Normalised"],
            ]}
            onSet={(value) => store.set({ normalised: value === "yes" })}
          />
        )}
        {[...answer.lattice.warnings, ...answer.lecture].map((text) => (
          <p key={text} class="note">
            {text}
          </p>
        ))}
      </div>
    </>
  );
}

/** The blank's scores go where the blank goes. */
function withBlank({ blankLast, weights, grid }: CtcState, last: boolean): Partial<CtcState> {
  if (last === blankLast) return {};
  const move = (row: readonly number[]) =>
    last ? [...row.slice(1), row[0]] : [row.at(-1) as number, ...row.slice(0, -1)];
  return { blankLast: last, weights: weights.map(move), grid: grid.map(move) };
}

function PasteGrid({ store, answer }: Pick<CtcProps, "store" | "answer">) {
  const problem = useSignal("");
  const wanted = answer.lattice.symbols.length;
  const read = (text: string) => {
    const grid = readGrid(text);
    if (typeof grid === "string") problem.value = grid;
    else if (grid[0].length !== wanted) problem.value = `A row has ${grid[0].length} numbers; ${wanted} are needed.`;
    else if (grid.length > MOST) problem.value = `There are ${grid.length} rows; ${MOST} is the most.`;
    else if (grid.flat().some((x) => x < 0)) problem.value = "Scores are at least 0.";
    else {
      problem.value = "";
      const digits = grid.flat().length > 300 ? 4 : 6; // that a link can hold them
      const kept = grid.map((row) => row.map((x) => Number(x.toPrecision(digits))));
      store.set({ grid: kept, frames: grid.length, step: 0 });
    }
  };
  return (
    <details class="more">
      <summary>Paste from CSV</summary>
      <label class="field">
        <span>A row for each frame: {answer.lattice.symbols.join(", ")}</span>
        <textarea rows={4} spellcheck={false} onChange={(event) => read(event.currentTarget.value)} />
      </label>
      <p role="status" class="hint">
        {problem.value}
      </p>
    </details>
  );
}
