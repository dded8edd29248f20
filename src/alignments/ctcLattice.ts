import { extendedLabel } from "../reference/ctc.js";
import { type Arc, type Lattice, NONE } from "./lattice.js";

/**
 * CTC's lattice of one label (Graves et al. 2006, section 4.1): state (t, s) is symbol s of the extended label at frame t,
 * between a start and an end. Scores are [T, V].
 */
export function ctcLattice(frames: number, classes: number, labels: ArrayLike<number>, blank: number): Lattice {
  const symbols = extendedLabel(labels, blank);
  const S = symbols.length;
  const end = 1 + frames * S;
  const node = (t: number, s: number) => 1 + t * S + s;
  const arcs: Arc[] = [];
  if (frames === 0) {
    if (labels.length === 0) arcs.push({ from: 0, to: end, reads: [], symbol: NONE, emits: NONE, time: 0 });
    return { states: end + 1, arcs, size: 0 };
  }
  const enter = (t: number, s: number, from: number, fresh: boolean) => {
    const emits = fresh && s % 2 === 1 ? (s - 1) / 2 : NONE;
    arcs.push({ from, to: node(t, s), reads: [t * classes + symbols[s]], symbol: symbols[s], emits, time: t });
  };
  for (let s = 0; s < Math.min(2, S); s++) enter(0, s, 0, true);
  for (let t = 1; t < frames; t++) {
    for (let s = 0; s < S; s++) {
      const skips = s >= 2 && symbols[s] !== blank && symbols[s] !== symbols[s - 2];
      enter(t, s, node(t - 1, s), false);
      if (s >= 1) enter(t, s, node(t - 1, s - 1), true);
      if (skips) enter(t, s, node(t - 1, s - 2), true);
    }
  }
  for (let s = Math.max(0, S - 2); s < S; s++) {
    arcs.push({ from: node(frames - 1, s), to: end, reads: [], symbol: NONE, emits: NONE, time: frames - 1 });
  }
  return { states: end + 1, arcs, size: frames * classes };
}
