import type { Schema } from "../state/fields.js";
import type { Store } from "../state/store.js";

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input:not([type=range],[type=checkbox],[type=radio]), textarea");

/** Undo and redo of controls, outside of text that has an undo of its own. */
export function keepShortcuts<S extends Schema>(store: Store<S>): void {
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || typing(event.target)) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) store.redo();
    else store.undo();
  });
}
