import { type Recurrence, recurrences } from "../../models/ctcLattice.js";
import { shown } from "../../models/number.js";
import type { LatticeAnswer } from "../../worker/answers/ctc.js";
import type { CtcState } from "./screen.js";

/** One recurrence in names, in numbers, and its value. */
export function RecurrenceLine({ line }: { readonly line: Recurrence }) {
  const { name, terms, factor, value } = line;
  const bracket = (text: string) => (terms.length > 1 && factor !== undefined ? `(${text})` : text);
  const times = (text: string, by: string | undefined) =>
    by === undefined ? text || "1" : text === "" ? by : `${bracket(text)} · ${by}`;
  const names = times(terms.map((term) => term.name).join(" + "), factor?.name);
  const numbers = times(terms.map((term) => term.numbers).join(" + "), factor && shown(factor.value));
  return (
    <p class="recurrence">
      <b>{name}</b> = {names} = {numbers} = <b>{shown(value)}</b>
    </p>
  );
}

/** The player's column, worked out. */
export function RecurrenceLines({ lattice, state }: { readonly lattice: LatticeAnswer; readonly state: CtcState }) {
  const { step, view } = state;
  if (step === 0 || step > lattice.frames) return null;
  const which = view === "beta" ? "beta" : "alpha";
  const column = which === "beta" ? lattice.frames - step : step - 1;
  const lines = recurrences(lattice, column, which);
  return (
    <div class="recurrences">
      <h3>Column {column + 1}</h3>
      {lines.length === 0 && <p class="muted">No alignment passes here.</p>}
      {lines.map((line) => (
        <RecurrenceLine key={line.index} line={line} />
      ))}
    </div>
  );
}
