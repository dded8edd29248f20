import { SeqlossError } from "../core/errors.js";
import { Random } from "../core/random.js";
import type { SequenceBatch } from "../recurrent/layer.js";

/**
 * Sequences of vectors of one width as a padded batch [B, T, width].
 * @example
 * padSequences([Float32Array.of(1, 2), Float32Array.of(3, 4, 5, 6)], 2).shape // [2, 2, 2]
 */
export function padSequences(sequences: readonly Float32Array[], width: number): SequenceBatch {
  const lengths = Int32Array.from(sequences, ({ length }, b) => {
    if (length % width !== 0) {
      throw new SeqlossError("padSequences", "SHAPE", {
        argument: `the size of sequences[${b}]`,
        expected: `a multiple of ${width}, the numbers in each step`,
        found: length,
      });
    }
    return length / width;
  });
  const time = lengths.reduce((most, length) => Math.max(most, length), 0);
  const data = new Float32Array(sequences.length * time * width);
  sequences.forEach((sequence, b) => data.set(sequence, b * time * width));
  return { data, shape: [sequences.length, time, width], lengths };
}

/**
 * Indices of `count` examples in an order of its own for each epoch, which the seed determines: the i-th index is the same
 * whenever it is asked for, so a resumed run needs only its position.
 *
 * @example
 * const order = shuffledOrder(10, 1);
 * order(3) === order(3) // true
 */
export function shuffledOrder(count: number, seed: number): (position: number) => number {
  let epoch = -1;
  let order = new Int32Array(0);
  return (position) => {
    const wanted = Math.floor(position / count);
    if (wanted !== epoch) {
      epoch = wanted;
      order = new Random(seed, epoch).shuffle(Int32Array.from({ length: count }, (_, i) => i));
    }
    return order[position % count];
  };
}

/**
 * Sequences of ids as a padded batch [B, T], as an embedding reads them.
 * @example
 * padIds([[3, 1], [2]]).shape // [2, 2]
 */
export function padIds(sequences: readonly ArrayLike<number>[]): SequenceBatch {
  const { data, shape, lengths } = padSequences(
    sequences.map((ids) => Float32Array.from(ids)),
    1,
  );
  return { data, shape: shape.slice(0, 2), lengths };
}
