import { Check } from "../controls.js";
import type { LossProps } from "./screen.js";

const MOST = 3;

/** Losses to draw beside this one, on the same case: three at most. */
export function Rivals({ store, answer }: Pick<LossProps, "store" | "answer">) {
  const { rivals } = answer;
  if (rivals.length === 0) return null;
  const chosen = store.state.value.versus.split(",").filter((name) => rivals.includes(name));
  const set = (name: string, on: boolean) => {
    const next = on ? [...chosen, name].slice(-MOST) : chosen.filter((one) => one !== name);
    store.set({ versus: next.join(",") });
  };
  return (
    <fieldset class="field">
      <legend>Compare with{rivals.length > MOST && `, ${MOST} at most`}</legend>
      {rivals.map((name) => (
        <Check key={name} label={name} value={chosen.includes(name)} onSet={(on) => set(name, on)} />
      ))}
    </fieldset>
  );
}
