import { type Arc, type Lattice, NONE } from "./lattice.js";

/**
 * The transducer's lattice of one label (Graves 2012, figure 1): state (t, u) has read t frames and written u labels; a blank
 * goes to the next frame, a label stays in it, and a last blank ends. Scores are [T, U+1, V].
 */
export function transducerLattice(frames: number, classes: number, labels: ArrayLike<number>, blank: number): Lattice {
  const rows = labels.length + 1;
  const end = frames * rows;
  const arcs: Arc[] = [];
  for (let t = 0; t < frames; t++) {
    for (let u = 0; u < rows; u++) {
      const from = t * rows + u;
      const cell = from * classes;
      if (u < labels.length) {
        arcs.push({ from, to: from + 1, reads: [cell + labels[u]], symbol: labels[u], emits: u, time: t });
      }
      const to = t < frames - 1 ? from + rows : u === labels.length ? end : NONE;
      if (to !== NONE) arcs.push({ from, to, reads: [cell + blank], symbol: blank, emits: NONE, time: t });
    }
  }
  return { states: end + 1, arcs, size: frames * rows * classes };
}
