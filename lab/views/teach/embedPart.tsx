import { useSignal } from "@preact/signals";
import { embedCode } from "../../models/embed.js";
import type { Stop } from "../../state/lesson.js";
import { Check } from "../controls.js";
import { useRoot } from "../root.js";

/** The code that shows a stop inside another page. */
export function EmbedPart({ stop: { link, prompt } }: { readonly stop: Stop }) {
  const root = useRoot();
  const locked = useSignal(false);
  const opened = useSignal(false);
  const home = opened.value ? new URL(root || "./", location.href).href : "";
  return (
    <details class="more" onToggle={(event) => (opened.value = event.currentTarget.open)}>
      <summary>Put it into a page</summary>
      {opened.value && (
        <>
          <Check label="Locked: without controls" value={locked.value} onSet={(on) => (locked.value = on)} />
          <pre tabIndex={0}>{embedCode({ home, link, title: prompt || "Loss Lab", locked: locked.value })}</pre>
          <p class="hint">
            For a lab that a web server hosts. `seqloss lab` itself shows in nobody's frame. The frame tells its height
            to the page by a message, seqlossHeight.
          </p>
        </>
      )}
    </details>
  );
}
