import { symbolOf } from "../../models/lossTerms.js";
import { shown } from "../../models/number.js";
import { Formula } from "../math.js";
import type { LossProps } from "./screen.js";

/** The letters of the formulas with what they are here; each lights up its marks, under the pointer or with the focus. */
export function Terms({ answer }: LossProps) {
  const { outputs, place, gradient, value, parameters, goals, outputName, family } = answer;
  const output = family === "regression" || goals[place]?.among?.includes(-1) ? "\\hat{y}" : "z";
  const perCell = outputs.length / answer.cells.length;
  const goal = goals.length === outputs.length ? goals[place] : goals[Math.floor(place / perCell)];
  const terms = [
    { term: "output", latex: output, about: `this output, ${outputName}`, value: outputs[place] },
    ...(goal === undefined ? [] : [{ term: "target", latex: "y", about: "its target", value: goal.value }]),
    ...parameters.flatMap(({ about, name, value }) => {
      const symbol = symbolOf(about);
      return symbol === undefined ? [] : [{ term: symbol, latex: symbol, about: name, value }];
    }),
    { term: "loss", latex: "\\ell", about: "the loss, all steps together", value },
    { term: "slope", latex: "\\frac{\\partial \\ell}{\\partial x}", about: "its slope here", value: gradient[place] },
  ];
  return (
    <ul class="terms" aria-label="The letters of the formulas">
      {terms.map(({ term, latex, about, value }) => (
        <li key={term}>
          <button type="button" class="plain" data-term={term}>
            <Formula latex={latex} /> <span class="muted">{about}</span> <b>{shown(value)}</b>
          </button>
        </li>
      ))}
    </ul>
  );
}
