import { effect, signal } from "@preact/signals";
import { hydrate, render } from "preact";
import { unpack } from "../models/rest.js";
import { keepAddress } from "../state/address.js";
import type { Schema } from "../state/fields.js";
import { isRecord, keep, kept } from "../state/kept.js";
import { initialState } from "../state/link.js";
import { createStore } from "../state/store.js";
import { ask } from "../worker/ask.js";
import { type Answered, App } from "./app.js";
import { tellHeight } from "./embedded.js";
import { keepOffline } from "./offline.js";
import type { Screen } from "./screen.js";
import { keepShortcuts } from "./shortcuts.js";

/**
 * Wakes a prerendered page. At rest its answer is in the page, and it is taken over at once; a state from the address is asked for
 * first. From then on each new state is answered by the worker; while an answer is under way only the newest state waits.
 */
export async function start<S extends Schema, Answer>(screen: Screen<S, Answer>): Promise<void> {
  const place = document.getElementById("app") as HTMLElement;
  const root = place.dataset.root ?? "";
  const store = createStore(screen.schema, location.hash);
  const rest = document.getElementById("rest")?.textContent;
  const asIs = store.link.value === "" && rest != null;
  const answered = signal<Answered<S, Answer>>(
    asIs ? { state: store.state.value, answer: unpack(rest) as Answer } : await firstAnswer(screen, store.state.value),
  );
  const page = <App screen={screen} store={store} answered={answered} ask={ask} root={root} />;
  if (asIs) {
    hydrate(page, place);
    warm(() => screen.answer(store.state.value, ask));
  } else {
    place.replaceChildren();
    render(page, place);
  }

  let busy = false;
  const update = async () => {
    if (busy) return;
    busy = true;
    for (;;) {
      const state = store.state.value;
      if (state === answered.value.state) break;
      try {
        answered.value = { state, answer: await screen.answer(state, ask) };
      } catch (error) {
        answered.value = { ...answered.value, state, problem: (error as Error).message };
      }
    }
    busy = false;
    place.dataset.ready = store.link.value || "#";
  };
  effect(() => {
    store.state.value;
    update();
  });
  keep("visited", { ...kept("visited", isRecord, {}), [screen.path]: true });
  keepAddress(store);
  keepShortcuts(store);
  keepOffline(root);
  tellHeight();
}

/** Has the worker ready before it is needed, once the page has nothing else to do. */
function warm(asks: () => Promise<unknown>): void {
  const later = globalThis.requestIdleCallback ?? setTimeout;
  later(() => asks().catch(() => {})); // what is wrong is said when a control is used
}

async function firstAnswer<S extends Schema, Answer>(
  screen: Screen<S, Answer>,
  state: Answered<S, Answer>["state"],
): Promise<Answered<S, Answer>> {
  try {
    return { state, answer: await screen.answer(state, ask) };
  } catch (error) {
    const answer = await screen.answer(initialState(screen.schema), ask);
    return { state, answer, problem: (error as Error).message };
  }
}
