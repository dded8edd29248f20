import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Schema, State } from "./fields.js";
import { begin, commit, redo, undo } from "./history.js";
import { fromLink, toLink } from "./link.js";

/** A screen's state: read as a signal, changed by patches, undone, and kept in the address. */
export interface Store<S extends Schema> {
  readonly schema: S;
  readonly state: ReadonlySignal<State<S>>;
  readonly link: ReadonlySignal<string>;
  readonly canUndo: ReadonlySignal<boolean>;
  readonly canRedo: ReadonlySignal<boolean>;
  /** A change that can be undone. */
  set(patch: Partial<State<S>>): void;
  /** A change on the way to one, as while dragging: the next `set` closes it into one step. */
  drag(patch: Partial<State<S>>): void;
  undo(): void;
  redo(): void;
  /** Back to the state of the link that was opened. */
  reset(): void;
  /** Takes over the state of a fragment. */
  open(fragment: string): void;
}

export function createStore<S extends Schema>(schema: S, fragment = ""): Store<S> {
  let opened = fromLink(schema, fragment);
  const history = signal(begin(opened));
  const dragged = signal<State<S> | undefined>(undefined);
  const state = computed(() => dragged.value ?? history.value.present);
  const settle = (next: State<S>) => {
    dragged.value = undefined;
    if (toLink(schema, next) !== toLink(schema, history.value.present)) history.value = commit(history.value, next);
  };
  const step = (move: typeof undo<State<S>>) => {
    if (dragged.value !== undefined) settle(dragged.value);
    history.value = move(history.value);
  };
  return {
    schema,
    state,
    link: computed(() => toLink(schema, state.value)),
    canUndo: computed(() => history.value.past.length > 0),
    canRedo: computed(() => history.value.future.length > 0),
    set: (patch) => settle({ ...state.value, ...patch }),
    drag: (patch) => {
      dragged.value = { ...state.value, ...patch };
    },
    undo: () => step(undo),
    redo: () => step(redo),
    reset: () => settle(opened),
    open: (text) => {
      opened = fromLink(schema, text);
      settle(opened);
    },
  };
}
