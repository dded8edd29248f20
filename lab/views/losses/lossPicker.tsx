import { families } from "../../models/families.js";
import { useRoot } from "../root.js";
import type { LossProps } from "./screen.js";

/** Another loss: all of them, family by family. */
export function LossPicker({ name, names }: { readonly name: string; readonly names: LossProps["answer"]["names"] }) {
  const root = useRoot();
  return (
    <div class="row picker">
      <a href={`${root}losses/`}>All losses</a>
      <select
        aria-label="Another loss"
        onChange={(event) => {
          location.href = `${root}losses/${event.currentTarget.value}/`;
        }}
      >
        {Object.entries(families).map(([family, title]) => (
          <optgroup key={family} label={title}>
            {names
              .filter((one) => one.family === family)
              .map((one) => (
                <option key={one.name} value={one.name} selected={one.name === name}>
                  {one.name}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}
