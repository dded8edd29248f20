import { shown } from "../../models/number.js";
import { StepView } from "../steps.js";
import type { LossProps } from "./screen.js";
import { Terms } from "./terms.js";

/** The value, and how it comes about: the step of the chosen output opened. */
export function Derivation(props: LossProps) {
  const { answer } = props;
  const { derivation, place, shape } = answer;
  const steps = shape[1] ?? 1;
  const perCell = answer.outputs.length / (shape[0] * steps);
  const cell = Math.floor(place / perCell);
  const own = `sequence ${Math.floor(cell / steps)}, step ${cell % steps}`;
  const opened = derivation.findIndex(({ title }) => title.startsWith(own));
  return (
    <section class="plate" aria-labelledby="derivation">
      <h2 class="part" id="derivation">
        Derivation
      </h2>
      <p class="result">{shown(answer.value, 5)}</p>
      <p class="hint">{answer.source}</p>
      <Terms {...props} />
      <div class="steps">
        {derivation.map((step, i) => (
          <StepView key={step.title} step={step} open={i === Math.max(opened, 0)} />
        ))}
      </div>
    </section>
  );
}
