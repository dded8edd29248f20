import { type Arc, arcScore, type Lattice, type Path } from "./lattice.js";

interface Partial {
  readonly score: number;
  readonly arc: Arc | undefined;
  readonly before: Partial | undefined;
}

/** A move into a state, and how many of the paths before it have been taken already. */
interface Entry {
  readonly arc: Arc;
  readonly score: number;
  taken: number;
}

/** The paths into a state as far as they are known, best first. */
interface Ranking {
  readonly entries: Entry[];
  readonly found: Partial[];
  /** There are no more. */
  complete: boolean;
}

/**
 * The k paths of the largest score, best first. Of equal ones, the one whose last difference is the earlier arc comes first.
 *
 * The next path into a state continues the next one into some state before it, so that only those are ever found which the k
 * asked for need (Huang and Chiang 2005, algorithm 3): about k times the length of a path.
 */
export function bestPaths({ states, arcs }: Lattice, scores: ArrayLike<number>, k: number): Path[] {
  const rankings = Array.from({ length: states }, (): Ranking => ({ entries: [], found: [], complete: false }));
  rankings[0].found.push({ score: 0, arc: undefined, before: undefined });
  rankings[0].complete = true;
  for (const arc of arcs) {
    const score = arcScore(arc, scores);
    if (score > Number.NEGATIVE_INFINITY) rankings[arc.to].entries.push({ arc, score, taken: 0 });
  }
  const last = rankings[states - 1];
  while (last.found.length < k && !last.complete) findNext(rankings, states - 1);
  return last.found.slice(0, k).map(toPath);
}

/** Finds the next path into a state, or that there is none; first what it depends on, which may reach back to the start. */
function findNext(rankings: readonly Ranking[], state: number): void {
  const pending = [state];
  while (pending.length > 0) {
    const ranking = rankings[pending[pending.length - 1]];
    const unknown = ranking.entries.find(({ arc, taken }) => {
      const before = rankings[arc.from];
      return taken === before.found.length && !before.complete;
    });
    if (unknown !== undefined) {
      pending.push(unknown.arc.from);
      continue;
    }
    pending.pop();
    let best: Entry | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (const entry of ranking.entries) {
      const before = rankings[entry.arc.from].found[entry.taken];
      if (before === undefined || before.score + entry.score <= most) continue;
      best = entry;
      most = before.score + entry.score;
    }
    if (best === undefined) ranking.complete = true;
    else ranking.found.push({ score: most, arc: best.arc, before: rankings[best.arc.from].found[best.taken++] });
  }
}

function toPath(last: Partial): Path {
  const path: Arc[] = [];
  for (let at: Partial | undefined = last; at?.arc !== undefined; at = at.before) path.push(at.arc);
  return { arcs: path.reverse(), score: last.score };
}
