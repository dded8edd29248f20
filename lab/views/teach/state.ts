import { choice, type State, words } from "../../state/fields.js";
import { stops, withoutAnswers } from "../../state/lesson.js";
import { toLink } from "../../state/link.js";
import type { ViewProps } from "../screen.js";

export const schema = {
  title: words("t", "", 80),
  mode: choice("m", ["write", "read"]),
  stops: stops("s"),
};

export type TeachProps = ViewProps<typeof schema, null>;

/** The link that readers get: open to read, without the answers. */
export const readersLink = (state: State<typeof schema>): string =>
  toLink(schema, { ...state, mode: "read", stops: withoutAnswers(state.stops) });
