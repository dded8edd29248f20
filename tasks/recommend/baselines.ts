import type { Session } from "./sessions.js";

/** Scores of all items after the first steps of a session. */
export type Recommend = (items: readonly number[], operations: readonly number[]) => Float64Array;

/** Recommendations that only count, by name: what a network must beat to have learnt something of use. */
export function countBaselines(train: readonly Session[], items: number): Readonly<Record<string, Recommend>> {
  const popularity = countItems(train, items);
  const follow = countPairs(train, (session, t) => session.items[t]);
  const asked = countPairs(train, (session, t) => `${session.items[t]} ${session.operations[t]}`);
  const together = cosines(train, items);
  // where counts are equal, the more popular item comes first
  const total = popularity.reduce((a, b) => a + b, 0) + 1;
  const ties = popularity.map((count) => count / total);
  const backed = (counts: ReadonlyMap<number, number> | undefined, scale = 1): Float64Array => {
    const scores = ties.map((tie) => scale * tie);
    for (const [item, count] of counts ?? []) scores[item] += count;
    return scores;
  };
  const all: Record<string, Recommend> = {
    popularity: () => popularity,
    "item-item cosine": (history) => backed(together[history[history.length - 1]], 1e-6),
    "what followed the last item (Markov)": (history) => backed(follow.get(history[history.length - 1])),
  };
  if (train.every(({ operations }) => operations.every((operation) => operation === 0))) return all;
  return {
    ...all,
    "what followed the last item and operation": (history, operations) => {
      const last = history.length - 1;
      const scores = backed(follow.get(history[last]), 1e-3);
      const narrow = asked.get(`${history[last]} ${operations[last]}`) ?? new Map<number, number>();
      for (const item of follow.get(history[last])?.keys() ?? []) {
        scores[item] = (narrow.get(item) ?? 0) + 1e-3 * scores[item];
      }
      return scores;
    },
  };
}

/** How often each item comes. */
export function countItems(train: readonly Session[], items: number): Float64Array {
  const counts = new Float64Array(items);
  for (const session of train) for (const item of session.items) counts[item]++;
  return counts;
}

/** How often each item comes next, by what came before. */
function countPairs<Key>(train: readonly Session[], keyOf: (session: Session, t: number) => Key) {
  const counts = new Map<Key, Map<number, number>>();
  for (const session of train) {
    for (let t = 0; t + 1 < session.items.length; t++) {
      const key = keyOf(session, t);
      const row = counts.get(key) ?? new Map<number, number>();
      counts.set(key, row.set(session.items[t + 1], (row.get(session.items[t + 1]) ?? 0) + 1));
    }
  }
  return counts;
}

/** Of each item, the cosine with every item that it shares a session with: Σ together / √(sessions · sessions). */
function cosines(train: readonly Session[], items: number): ReadonlyMap<number, number>[] {
  const together = Array.from({ length: items }, () => new Map<number, number>());
  const sessions = new Float64Array(items);
  for (const session of train) {
    const present = [...new Set(session.items)];
    for (const a of present) {
      sessions[a]++;
      for (const b of present) if (a !== b) together[a].set(b, (together[a].get(b) ?? 0) + 1);
    }
  }
  return together.map(
    (row, a) => new Map(Array.from(row, ([b, count]) => [b, count / Math.sqrt(sessions[a] * sessions[b])])),
  );
}
