import { nodeSentence, pinSentence, pinsOf, recurrences, togglePin } from "../../models/ctcLattice.js";
import type { LatticeAnswer } from "../../worker/answers/ctc.js";
import { Check } from "../controls.js";
import { RecurrenceLine } from "./recurrenceLines.js";
import type { CtcProps, CtcState } from "./screen.js";

interface Props {
  readonly store: CtcProps["store"];
  readonly lattice: LatticeAnswer;
  readonly state: CtcState;
}

/** What there is to know of the node under the cursor. */
export function NodeCard({ store, lattice, state }: Props) {
  const { view, graves } = state;
  const cursor = Math.min(store.state.value.cursor, lattice.nodes.length - 1);
  const pins = pinsOf(lattice, store.state.value.pins);
  const answered = pinsOf(lattice, state.pins);
  const { time } = lattice.nodes[cursor];
  const line = (which: "alpha" | "beta") => recurrences(lattice, time, which).find(({ index }) => index === cursor);
  const lines = view === "alpha" ? [line("alpha")] : view === "beta" ? [line("beta")] : [line("alpha"), line("beta")];
  return (
    <div class="node-card">
      <p role="status">{nodeSentence(lattice, cursor, view, graves)}</p>
      {answered.length > 0 && <p role="status">{pinSentence(lattice, answered)}</p>}
      <div class="row">
        <button type="button" onClick={() => store.set({ pins: togglePin(pins, cursor) })}>
          {pins.includes(cursor) ? "Let this node go" : "Pin this node"}
        </button>
        {pins.length > 0 && (
          <button type="button" onClick={() => store.set({ pins: [] })}>
            Let all go
          </button>
        )}
      </div>
      {lines.map((one) => one !== undefined && <RecurrenceLine key={one.name} line={one} />)}
      {view === "beta" && lattice.kind === "ctc" && (
        <Check
          label="β as Graves 2006 has it: y of its own frame included, γ = αβ / (p·y)"
          value={graves}
          onSet={(on) => store.set({ graves: on })}
        />
      )}
    </div>
  );
}
