import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { bar, type Entry, found } from "../models/routes.js";
import type { Store } from "../state/store.js";
import type { Ask } from "../worker/topics.js";
import { copyLink } from "./copyLink.js";
import { Dialog } from "./dialog.js";
import { flipTheme } from "./theme.js";

interface Props {
  readonly ask: Ask;
  // biome-ignore lint/suspicious/noExplicitAny: the store of any screen
  readonly store: Store<any>;
  readonly root: string;
  readonly onClose: () => void;
}

/** Everything that can be gone to or done, found by typing. */
export function Palette({ ask, store, root, onClose }: Props) {
  const typed = useSignal("");
  const at = useSignal(0);
  const losses = useSignal<readonly Entry[]>([]);
  useEffect(() => {
    ask("losses", "names").then((names) => {
      losses.value = names.map(({ name, family }) => ({ name, group: `loss, ${family}`, path: `losses/${name}/` }));
    });
  }, [ask, losses]);
  const entries: Entry[] = [
    { name: "Home", group: "screen", path: "" },
    ...bar.map(({ name, path }) => ({ name, path, group: "screen" })),
    { name: "Compare", group: "screen", path: "compare/" },
    { name: "Teach", group: "screen", path: "teach/" },
    { name: "Copy the link to this state", group: "action", run: copyLink },
    { name: "Undo", group: "action", run: store.undo },
    { name: "Redo", group: "action", run: store.redo },
    { name: "Reset: back to what the link shows", group: "action", run: store.reset },
    { name: "Light or dark", group: "action", run: flipTheme },
    ...losses.value,
  ];
  const matches = found(entries, typed.value).slice(0, 12);
  const take = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    onClose();
    if (entry.path !== undefined) location.href = root + entry.path || "./";
    entry.run?.();
  };
  const move = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by !== 0) at.value = (at.value + by + matches.length) % Math.max(matches.length, 1);
    else if (event.key === "Enter") take(matches[at.value]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog label="Search" onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-label="Search screens, losses and actions"
        aria-expanded="true"
        aria-controls="found"
        aria-activedescendant={matches.length > 0 ? `found-${at.value}` : undefined}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          at.value = 0;
        }}
        onKeyDown={move}
      />
      <div id="found" role="listbox" aria-label="Found">
        {matches.map((entry, i) => (
          <div
            key={entry.name}
            id={`found-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at.value}
            onClick={() => take(entry)}
          >
            <span>{entry.name}</span>
            <span class="muted">{entry.group}</span>
          </div>
        ))}
      </div>
      {matches.length === 0 && <p class="muted">Nothing has these words.</p>}
    </Dialog>
  );
}
