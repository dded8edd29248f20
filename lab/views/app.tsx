import { type ReadonlySignal, useComputed } from "@preact/signals";
import type { Schema, State } from "../state/fields.js";
import type { Store } from "../state/store.js";
import type { Ask } from "../worker/topics.js";
import type { Screen } from "./screen.js";
import { Shell } from "./shell.js";

/** What the library last said, and for which state; a problem where it refused the newest one. */
export interface Answered<S extends Schema, Answer> {
  readonly state: State<S>;
  readonly answer: Answer;
  readonly problem?: string;
}

interface Props<S extends Schema, Answer> {
  readonly screen: Screen<S, Answer>;
  readonly store: Store<S>;
  readonly answered: ReadonlySignal<Answered<S, Answer>>;
  readonly ask: Ask;
  /** The way from this page to the lab's first: "", "../", … */
  readonly root: string;
}

export function App<S extends Schema, Answer>({ screen, store, answered, ask, root }: Props<S, Answer>) {
  const { state, answer, problem } = useComputed(() => answered.value).value;
  const { View } = screen;
  return (
    <Shell screen={screen} store={store} ask={ask} root={root}>
      {problem !== undefined && (
        <p class="note error" role="alert">
          <b>Not possible:</b> {problem}
        </p>
      )}
      <View store={store} state={state} answer={answer} ask={ask} />
    </Shell>
  );
}
