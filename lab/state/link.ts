import type { Field, Schema, State } from "./fields.js";

/** Links of another version are read as far as their keys are known. */
const VERSION = "1";
/** Longer ones are not read: nobody's hand wrote them. */
const LONGEST = 8192;

export function initialState<S extends Schema>(schema: S): State<S> {
  return Object.fromEntries(Object.entries(schema).map(([name, field]) => [name, field.initial])) as State<S>;
}

/** The fragment that stands for a state: only what differs from the start. Empty for the start itself. */
export function toLink<S extends Schema>(schema: S, state: State<S>): string {
  const parts = new URLSearchParams();
  for (const [name, field] of Object.entries(schema)) {
    const text = field.write(state[name]);
    if (text !== field.write(field.initial)) parts.set(field.key, text);
  }
  return parts.size === 0 ? "" : `#v=${VERSION}&${parts}`;
}

/** The state that a fragment stands for; what is unknown, malformed or left out is as at the start. */
export function fromLink<S extends Schema>(schema: S, fragment: string): State<S> {
  const start = initialState(schema);
  if (fragment.length > LONGEST) return start;
  const parts = new URLSearchParams(fragment.replace(/^#/, ""));
  const given = Object.entries(schema).flatMap(([name, field]) => {
    const text = parts.get(field.key);
    const value = text === null ? undefined : field.read(text);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...start, ...Object.fromEntries(given) };
}

/** A second state inside a state; undefined where there is none. */
export function nested<S extends Schema>(key: string, schema: S): Field<State<S> | undefined> {
  return {
    key,
    initial: undefined,
    read: (text) => (text === "" ? undefined : fromLink(schema, text)),
    write: (value) => (value === undefined ? "" : toLink(schema, value).slice(1) || `v=${VERSION}`),
    draw: (uniform) =>
      uniform() < 0.3
        ? undefined
        : (Object.fromEntries(Object.entries(schema).map(([name, field]) => [name, field.draw(uniform)])) as State<S>),
  };
}
