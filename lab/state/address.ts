import { effect } from "@preact/signals";
import type { Schema } from "./fields.js";
import type { Store } from "./store.js";

/** The address is written at most this often while something is dragged, in milliseconds. */
const PAUSE = 250;

/** Keeps the address and the store the same, both ways. */
export function keepAddress<S extends Schema>(store: Store<S>): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const fragment = store.link.value;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (fragment !== location.hash) history.replaceState(null, "", fragment || location.pathname + location.search);
    }, PAUSE);
  });
  // the event's own address: what was waiting to be written may have taken its place by now
  addEventListener("hashchange", ({ newURL }) => store.open(new URL(newURL).hash));
}
