/** States that were, the one that is, and those that were undone. */
export interface History<Value> {
  readonly past: readonly Value[];
  readonly present: Value;
  readonly future: readonly Value[];
}

const DEEPEST = 200;

export const begin = <Value>(present: Value): History<Value> => ({ past: [], present, future: [] });

export function commit<Value>({ past, present }: History<Value>, next: Value): History<Value> {
  return { past: [...past, present].slice(-DEEPEST), present: next, future: [] };
}

export function undo<Value>(history: History<Value>): History<Value> {
  const { past, present, future } = history;
  const before = past.at(-1);
  return before === undefined ? history : { past: past.slice(0, -1), present: before, future: [present, ...future] };
}

export function redo<Value>(history: History<Value>): History<Value> {
  const { past, present, future } = history;
  if (future.length === 0) return history;
  return { past: [...past, present], present: future[0], future: future.slice(1) };
}
