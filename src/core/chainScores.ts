import { type Batch, toBatch } from "./batch.js";
import { SeqlossError } from "./errors.js";
import { keepLast } from "./keepLast.js";
import {
  type FloatArray,
  flatten,
  isTensor,
  type Nested,
  NO_DOUBLES,
  NO_FLOATS,
  NO_INTEGERS,
  NO_SHAPE,
  type TensorLike,
} from "./tensor.js";
import { type Reused, Workspace } from "./workspace.js";

/** The scores of a linear chain that are shared by all steps. −Infinity forbids. */
export interface ChainOptions {
  /** [K, K], the score of going from tag i to tag j, `transitions[i][j]`. Default zeros. */
  readonly transitions?: TensorLike;
  /** [K], the score of beginning with a tag. Default zeros. */
  readonly start?: ArrayLike<number>;
  /** [K], the score of ending with a tag, at the last real step. Default zeros. */
  readonly end?: ArrayLike<number>;
  /** The real steps of each sequence; default the whole time axis. Padding past them is never read. */
  readonly lengths?: ArrayLike<number>;
  /** [B][T] of 0 and 1, instead of `lengths`: 1 for real steps, all of them before the first 0. */
  readonly mask?: readonly ArrayLike<number>[];
}

/** A checked batch of chains: emissions [B, T, K], and what all steps share. */
export interface ChainBatch extends Batch {
  readonly transitions: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

class ReusedChains implements ChainBatch, Reused {
  data: FloatArray = NO_FLOATS;
  shape = NO_SHAPE;
  batch = 0;
  time = 0;
  width = 0;
  lengths = NO_INTEGERS;
  transitions = NO_DOUBLES;
  start = NO_DOUBLES;
  end = NO_DOUBLES;

  forget(): void {
    this.data = NO_FLOATS;
    this.shape = NO_SHAPE;
  }
}

const layoutOf = keepLast((where: string) => ({ where, argument: "emissions", classes: true }));

/** Chains of nothing. */
export const NO_CHAINS: ChainBatch = new ReusedChains();

/** @param workspace what the scores and the lengths live in; default one of their own */
export function readChains(
  where: string,
  emissions: TensorLike,
  options: ChainOptions,
  workspace = new Workspace(),
): ChainBatch {
  const given = options.mask === undefined ? options.lengths : readMask(where, options);
  const batch = toBatch(emissions, layoutOf(where), given, workspace);
  if (batch.shape.length !== 3) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of emissions",
      expected: "[batch, steps, tags]",
      found: batch.shape,
    });
  }
  const K = batch.width;
  const chains = workspace.object("chains", ReusedChains);
  chains.data = batch.data;
  chains.shape = batch.shape;
  chains.batch = batch.batch;
  chains.time = batch.time;
  chains.width = K;
  chains.lengths = batch.lengths;
  chains.start = workspace.float64("start", K);
  chains.end = workspace.float64("end", K);
  chains.transitions = workspace.float64("transitions", K * K);
  readMatrix(where, options.transitions, K, chains.transitions);
  readScores(where, "start", options.start, chains.start);
  readScores(where, "end", options.end, chains.end);
  return chains;
}

function readMatrix(where: string, given: TensorLike | undefined, K: number, scores: Float64Array): void {
  if (given === undefined) return;
  const { data, shape } = isTensor(given) ? given : flatten(where, "transitions", given as Nested);
  if (shape.length !== 2 || shape[0] !== K || shape[1] !== K || data.length !== K * K) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of transitions",
      expected: `[${K}, ${K}], from each tag (row) to each tag (column)`,
      found: shape,
    });
  }
  readScores(where, "transitions", data, scores, K);
}

function readScores(
  where: string,
  name: string,
  given: ArrayLike<number> | undefined,
  scores: Float64Array,
  columns?: number,
): void {
  const size = scores.length;
  if (given === undefined) return;
  if (given.length !== size) {
    throw new SeqlossError(where, "LENGTH", {
      argument: `the size of ${name}`,
      expected: `${size}, one score for each tag`,
      found: given.length,
    });
  }
  for (let i = 0; i < size; i++) {
    scores[i] = given[i];
    if (scores[i] < Number.POSITIVE_INFINITY) continue;
    const place = columns === undefined ? `[${i}]` : `[${Math.floor(i / columns)}][${i % columns}]`;
    const expected = "a finite number, or -Infinity to forbid it";
    throw new SeqlossError(where, "VALUE", { argument: `${name}${place}`, expected, found: given[i] });
  }
}

/** Lengths from a mask. A hole has no meaning in a chain: the steps around it would be neighbours, or not. */
function readMask(where: string, { mask = [], lengths }: ChainOptions): number[] {
  if (lengths !== undefined) {
    throw new SeqlossError(where, "OPTION", {
      argument: "mask",
      expected: "to be left out where lengths is given",
      found: mask.map((row) => Array.from(row)),
    });
  }
  return mask.map((row, b) => {
    let length = 0;
    for (let t = 0; t < row.length; t++) {
      if (row[t] !== 0 && row[t] !== 1) {
        throw new SeqlossError(where, "VALUE", { argument: `mask[${b}][${t}]`, expected: "0 or 1", found: row[t] });
      }
      if (row[t] === 1 && t > length) {
        throw new SeqlossError(where, "VALUE", {
          argument: `mask[${b}][${t}]`,
          expected: "0, as the steps before it are masked already",
          found: 1,
          advice: "A chain has no holes: real steps come first, padding after them.",
        });
      }
      if (row[t] === 1) length++;
    }
    return length;
  });
}
