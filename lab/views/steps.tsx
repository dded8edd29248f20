import type { Step } from "../../src/index.js";
import { shown } from "../models/number.js";
import { Formula } from "./math.js";
import { TableView } from "./tableView.js";

/** One step of a derivation: formula, numbers put in, value; the steps that it is made of can be opened. */
export function StepView({ step, open = false }: { readonly step: Step; readonly open?: boolean }) {
  const { title, formula, numbers, value, table, note, steps = [] } = step;
  return (
    <details class="step" open={open}>
      <summary>
        {title}
        {value !== undefined && <b> {shown(value, 5)}</b>}
      </summary>
      {formula && <Formula block latex={formula.latex} />}
      {numbers && <Formula block latex={value === undefined ? numbers.latex : `= ${numbers.latex}`} />}
      {note !== undefined && <p class="hint">{note}</p>}
      {table !== undefined && <TableView table={table} label={title} />}
      {steps.map((inner) => (
        <StepView key={inner.title} step={inner} open={steps.length === 1} />
      ))}
    </details>
  );
}
