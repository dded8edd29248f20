// The forward sums of a lattice as products in float32: what happens to them without logarithms.
import type { LatticeAnswer } from "../worker/answers/ctc.js";

export interface Float32Sums {
  /** The sum over the alignments, as float32 has it. */
  readonly total: number;
  /** Nodes whose forward sum should be above 0, and is not. */
  readonly lost: ReadonlySet<number>;
  /** The first frame, from 1, at which a forward sum is lost; undefined where none is. */
  readonly from: number | undefined;
}

/** CTC's recurrence, each sum and product rounded to float32. */
export function float32Sums({ nodes, moves, rows, frames }: LatticeAnswer): Float32Sums {
  const { fround, exp } = Math;
  const alpha = new Float32Array(nodes.length);
  // every move into a node comes before those out of it
  for (const { from, to, logProb } of moves) alpha[to] += fround((from < 0 ? 1 : alpha[from]) * fround(exp(logProb)));
  const lost = new Set(
    nodes.flatMap(({ alpha: exact, beta }, i) => (Number.isFinite(exact + beta) && alpha[i] === 0 ? [i] : [])),
  );
  const [first] = lost;
  const ends = [rows.length - 1, rows.length - 2].filter((row) => row >= 0);
  const total = ends.reduce((sum, row) => fround(sum + alpha[(frames - 1) * rows.length + row]), 0);
  return { total, lost, from: first === undefined ? undefined : nodes[first].time + 1 };
}

/** What came of it, in a sentence. */
export function float32Sentence(
  { total, from }: Float32Sums,
  loss: number,
  shown: (x: number, digits?: number) => string,
): string {
  const got = -Math.log(total);
  if (from !== undefined && total === 0)
    return `From frame ${from} on, sums of products are below 1.4e−45 and become 0: the loss would be +∞. With logarithms it is ${shown(loss, 5)}.`;
  const off = Math.abs(got - loss);
  const before = from === undefined ? "" : ` Sums at frame ${from} and later have become 0.`;
  return `As products in float32 the loss is ${shown(got, 6)}; with logarithms ${shown(loss, 6)}, ${shown(off, 2)} apart.${before} More frames, or smaller scores, and it breaks.`;
}
