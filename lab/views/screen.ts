import type { ComponentType } from "preact";
import type { Schema, State } from "../state/fields.js";
import type { Store } from "../state/store.js";
import type { Ask } from "../worker/topics.js";

/** What a screen's view is given: the state, the library's answer to it, and how to ask for more. */
export interface ViewProps<S extends Schema, Answer> {
  readonly store: Store<S>;
  /** The state that the answer is for; the store may be a step ahead. */
  readonly state: State<S>;
  readonly answer: Answer;
  readonly ask: Ask;
}

/** One screen: its controls, what it asks of the library, how it looks. */
export interface Screen<S extends Schema, Answer> {
  /** Its folder in the address: "ctc/". */
  readonly path: string;
  readonly title: string;
  /** For search engines and link previews. */
  readonly about: string;
  readonly schema: S;
  answer(state: State<S>, ask: Ask): Promise<Answer>;
  /** What the page at rest holds besides, where it takes longer than a control may. */
  atRest?(state: State<S>, ask: Ask): Promise<Answer>;
  readonly View: ComponentType<ViewProps<S, Answer>>;
}

// biome-ignore lint/suspicious/noExplicitAny: a screen of any state and answer
export type AnyScreen = Screen<any, any>;
