import { useSignal } from "@preact/signals";
import { evaluate } from "../../models/expression.js";
import { shown } from "../../models/number.js";
import type { GradientProps } from "./screen.js";

/** A guess first; then what it is, and why. */
export function Predict({ state, answer }: GradientProps) {
  const { steps, radius } = state;
  const guess = useSignal("");
  const checked = useSignal<number | undefined>(undefined);
  const check = (event: Event) => {
    event.preventDefault();
    checked.value = evaluate(guess.value);
  };
  const off = checked.value === undefined ? 0 : Math.abs(checked.value - answer.lost);
  const simple = (steps - 1) * Math.log10(radius * answer.meanSlope);
  return (
    <form class="plate" onSubmit={check} aria-label="Predict">
      <h2 class="part">Predict</h2>
      <div class="field">
        <label for="guess">
          With ρ = {shown(radius, 3)} and T = {steps}: of a gradient of 1 at the last step, what reaches the first is 10
          to the power of
        </label>
        <input
          id="guess"
          type="text"
          inputMode="decimal"
          autocomplete="off"
          value={guess.value}
          onInput={(event) => (guess.value = event.currentTarget.value)}
        />
      </div>
      <button type="submit" class="primary" disabled={guess.value.trim() === ""}>
        Check
      </button>
      <div role="status">
        {checked.value !== undefined && (
          <div class={`note ${off <= 1 ? "ok" : ""}`}>
            <p>
              <b>{off <= 1 ? "Within a factor of 10." : "Not near."}</b> It is 10 to the {shown(answer.lost, 3)}.
            </p>
            <p>
              ρ alone would give {steps - 1} · log₁₀ ρ = {shown((steps - 1) * Math.log10(radius), 3)}; with the mean
              slope of tanh it is about {shown(simple, 3)}.
            </p>
          </div>
        )}
      </div>
    </form>
  );
}
