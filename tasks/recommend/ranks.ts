import { type Layer, rankingMetrics } from "../../src/index.js";
import type { Progress } from "../task.js";
import type { Recommend } from "./baselines.js";
import { before, toInputs } from "./model.js";
import type { Session } from "./sessions.js";

/** The rank of each item that counts, among all items, by session; equal scores count against it. */
export type Ranks = readonly ArrayLike<number>[];

/** Sessions to a batch. */
const BATCH = 100;

/** By the network. */
export function ranksOf(model: Layer, sessions: readonly Session[], progress?: Progress): Ranks {
  const ranks: ArrayLike<number>[] = [];
  for (let start = 0; start < sessions.length; start += BATCH) {
    const some = sessions.slice(start, start + BATCH);
    const { data, shape, lengths } = model.forward(toInputs(some.map(before)), { training: false });
    const [, T, items] = shape;
    some.forEach((session, b) => {
      const scores = data.subarray((b * T + session.from - 1) * items, (b * T + lengths[b]) * items);
      const next = session.items.slice(session.from);
      ranks.push(rankingMetrics({ data: scores, shape: [next.length, items] }, next).ranks);
    });
    progress?.(start + some.length, sessions.length, "the network");
  }
  return ranks;
}

/** By a baseline. */
export function rankAll(recommend: Recommend, sessions: readonly Session[], progress?: (done: number) => void): Ranks {
  return sessions.map(({ items, operations, from }, done) => {
    if (done % BATCH === 0) progress?.(done);
    return Float64Array.from({ length: items.length - from }, (_, n) => {
      const data = recommend(items.slice(0, from + n), operations.slice(0, from + n));
      return rankingMetrics({ data, shape: [1, data.length] }, [items[from + n]]).ranks[0];
    });
  });
}
