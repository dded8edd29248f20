import { useSignal } from "@preact/signals";
import { chancesOf, pastedChances, withChance } from "../../models/chances.js";
import { placeName } from "../../models/curve.js";
import { percent, shown } from "../../models/number.js";
import { Slider, TextField } from "../controls.js";
import { put } from "./edit.js";
import type { LossProps } from "./screen.js";

/** The probabilities of the chosen step, as bars to drag: the logits follow. */
export function Chances({ store, answer }: LossProps) {
  const problem = useSignal("");
  const { chances, outputs, place, shape } = answer;
  const now = chancesOf(answer);
  if (chances === undefined || now === undefined) return null;
  const { edits } = store.state.value;
  const edited = (changed: readonly (readonly [number, number])[]) => ({
    edits: changed.reduce<typeof edits>((list, [at, value]) => put(list, at, value), edits),
  });
  const to = (k: number, p: number) => edited(withChance(chances, now, k, p, outputs));
  const paste = (text: string) => {
    if (text.trim() === "") return;
    const changed = pastedChances(chances, now, text);
    problem.value = typeof changed === "string" ? changed : "";
    if (typeof changed !== "string") store.set(edited(changed));
  };
  const cell = placeName(now.first, shape).replace(/, class \d+$/, "");
  return (
    <section class="plate" aria-labelledby="chances">
      <h2 class="part" id="chances">
        {chances === "sigmoid" ? `p = σ(z) is ${percent(now.values[0])}` : `What the network says at ${cell}`}
      </h2>
      <div class="chances">
        {now.values.map((p, k) => (
          <Slider
            key={k}
            label={
              <span data-term="chance">
                {chances === "sigmoid" ? `p, ${placeName(place, shape)}` : `p of class ${k}`}
                <span class="muted"> z = {shown(outputs[now.first + k], 3)}</span>
              </span>
            }
            value={Number(p.toFixed(3))}
            least={0}
            most={1}
            step={0.001}
            onDrag={(value) => store.drag(to(k, value))}
            onSet={(value) => store.set(to(k, value))}
          />
        ))}
      </div>
      <TextField
        label={chances === "sigmoid" ? "Paste a probability" : "Paste all of them"}
        value=""
        live={false}
        hint={
          chances === "sigmoid"
            ? "Between 0 and 1."
            : "Such as 0.2, 0.7, 0.1. What does not add up to 1 is taken in proportion: a softmax divides by the sum."
        }
        onSet={paste}
      />
      <p role="status" class="hint">
        {problem.value}
      </p>
    </section>
  );
}
