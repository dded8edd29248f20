import { useRoot } from "../root.js";
import type { TeachProps } from "./screen.js";

/** The lesson as readers get it; printed, a sheet with room for answers. */
export function Lesson({ store }: Pick<TeachProps, "store">) {
  const root = useRoot();
  const { stops } = store.state.value;
  return (
    <>
      {stops.length === 0 && <p class="note">There is no stop yet: write some first.</p>}
      <ol class="lines lesson">
        {stops.map(({ link, prompt }, i) => (
          <li key={i} class="plate">
            <h2>
              {i + 1}. {prompt}
            </h2>
            <a class="button" href={root + link}>
              Open it in the lab
            </a>
            <p class="room" aria-hidden="true" />
          </li>
        ))}
      </ol>
      {stops.length > 0 && (
        <div class="row controls">
          <button type="button" onClick={() => print()}>
            Print the sheet
          </button>
        </div>
      )}
    </>
  );
}
