import { SeqlossError } from "../core/errors.js";
import type { SequencePairs } from "../recurrent/encoderDecoder.js";
import { padIds } from "./batches.js";

/** What an encoder-decoder is given, and what it should put out: a label for each step. */
export interface PairBatch {
  readonly inputs: SequencePairs;
  /** The ids of each target, and the end symbol after them. */
  readonly labels: readonly number[][];
}

/**
 * Pairs of id sequences as an encoder-decoder is trained on them: at each step it is given the id before the one to write, the
 * start symbol at first, and at last it is to write the end symbol.
 *
 * @throws SeqlossError (LENGTH) when there are not as many targets as sources
 * @example
 * const { inputs, labels } = pairSequences([[5, 6, 7]], [[3, 4]], { start: 0, end: 1 });
 * inputs.target.data // [0, 3, 4]
 * labels // [[3, 4, 1]]
 */
export function pairSequences(
  sources: readonly ArrayLike<number>[],
  targets: readonly ArrayLike<number>[],
  { start, end }: { readonly start: number; readonly end: number },
): PairBatch {
  if (sources.length !== targets.length) {
    throw new SeqlossError("pairSequences", "LENGTH", {
      argument: "the size of targets",
      expected: `${sources.length}, one for each source`,
      found: targets.length,
    });
  }
  const target = padIds(targets.map((ids) => [start, ...Array.from(ids)]));
  return { inputs: { ...padIds(sources), target }, labels: targets.map((ids) => [...Array.from(ids), end]) };
}
