import { SeqlossError } from "../core/errors.js";
import { Random } from "../core/random.js";

export interface BucketOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** Batches among whose examples lengths are sorted: more give batches more alike inside, and less random ones. Default 50. */
  readonly pool?: number;
}

/**
 * Batches of examples of similar lengths, so that little is padded. Each epoch shuffles the examples, sorts them by length
 * within pools of some batches, and takes the batches in random order; every example comes once an epoch, and one batch may be
 * smaller. The indices of batch `step` depend on the seed alone, so a resumed run needs only its position.
 *
 * @param lengths of the examples, at least one
 * @throws SeqlossError (VALUE) when there is no example, or a count is no whole number above 0
 * @example
 * const batch = bucketedBatches([9, 2, 8, 1], { batchSize: 2, seed: 1 });
 * const lists = [Array.from(batch(0)).sort(), Array.from(batch(1)).sort()].sort();
 * lists // [[0, 2], [1, 3]]
 */
export function bucketedBatches(
  lengths: ArrayLike<number>,
  { batchSize, seed, pool = 50 }: BucketOptions,
): (step: number) => Int32Array {
  const count = lengths.length;
  for (const [argument, found] of Object.entries({ "the number of lengths": count, batchSize, pool })) {
    if (Number.isInteger(found) && found >= 1) continue;
    throw new SeqlossError("bucketedBatches", "VALUE", { argument, expected: "a whole number of at least 1", found });
  }
  const perEpoch = Math.ceil(count / batchSize);
  let epoch = -1;
  let batches: Int32Array[] = [];
  return (step) => {
    const wanted = Math.floor(step / perEpoch);
    if (wanted !== epoch) {
      epoch = wanted;
      const random = new Random(seed, epoch);
      const order = random.shuffle(Int32Array.from({ length: count }, (_, i) => i));
      for (let start = 0; start < count; start += pool * batchSize) {
        order.subarray(start, start + pool * batchSize).sort((a, b) => lengths[a] - lengths[b] || a - b);
      }
      const cut = Array.from({ length: perEpoch }, (_, n) => order.slice(n * batchSize, (n + 1) * batchSize));
      batches = Array.from(random.shuffle(Int32Array.from(cut.keys())), (n) => cut[n]);
    }
    return batches[step % perEpoch];
  };
}
