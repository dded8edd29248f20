import { type Arc, type Lattice, NONE } from "./lattice.js";

/**
 * All taggings of a linear chain (Lafferty et al. 2001): state (t, k) is tag k at step t. Scores are the emissions [T, K],
 * then the transitions [K, K] (from, to), the start [K] and the end [K].
 */
export function chainLattice(steps: number, tags: number): Lattice {
  const transitions = steps * tags;
  const start = transitions + tags * tags;
  const stop = start + tags;
  const end = 1 + steps * tags;
  const arcs: Arc[] = [];
  for (let t = 0; t < steps; t++) {
    for (let k = 0; k < tags; k++) {
      const at = { to: 1 + t * tags + k, symbol: k, emits: t, time: t };
      const emission = t * tags + k;
      if (t === 0) arcs.push({ ...at, from: 0, reads: [emission, start + k] });
      else {
        for (let i = 0; i < tags; i++) {
          arcs.push({ ...at, from: 1 + (t - 1) * tags + i, reads: [emission, transitions + i * tags + k] });
        }
      }
    }
  }
  if (steps === 0) arcs.push({ from: 0, to: end, reads: [], symbol: NONE, emits: NONE, time: 0 });
  else {
    for (let k = 0; k < tags; k++) {
      const from = end - tags + k;
      arcs.push({ from, to: end, reads: [stop + k], symbol: NONE, emits: NONE, time: steps - 1 });
    }
  }
  return { states: end + 1, arcs, size: stop + tags };
}
