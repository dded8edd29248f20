/**
 * A ragged batch without its padding: the sequences in descending length, step t holding the first counts[t] of them.
 * Row of sequence `order[i]` at step t: offsets[t] + i. No kernel needs a mask, and no time is spent on padding.
 */
export interface Packing {
  readonly order: Int32Array;
  readonly counts: Int32Array;
  readonly offsets: Int32Array;
  readonly rows: number;
  readonly time: number;
}

export function planPacking(lengths: Int32Array, time: number): Packing {
  const order = Int32Array.from(lengths.keys()).sort((a, b) => lengths[b] - lengths[a] || a - b);
  const steps = lengths.length === 0 ? 0 : lengths[order[0]];
  const counts = new Int32Array(steps);
  const offsets = new Int32Array(steps);
  let active = lengths.length;
  let rows = 0;
  for (let t = 0; t < steps; t++) {
    while (active > 0 && lengths[order[active - 1]] <= t) active--;
    counts[t] = active;
    offsets[t] = rows;
    rows += active;
  }
  return { order, counts, offsets, rows, time };
}

/** Some sequences that stand together in `order`: their rows at step t are starts[t] to starts[t] + counts[t]. */
export interface Shard {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
}

/** The batch in at most `most` shards of about as many rows each. */
export function shardsOf({ counts, offsets, rows }: Packing, most: number): Shard[] {
  const sequences = counts[0] ?? 0;
  const ends: number[] = [];
  let seen = 0;
  for (let i = 0, steps = counts.length; i < sequences; i++) {
    while (counts[steps - 1] <= i) steps--;
    seen += steps;
    if (seen * most >= rows * (ends.length + 1)) ends.push(i + 1);
  }
  return ends.map((end, n) => {
    const first = ends[n - 1] ?? 0;
    const steps = counts.findLastIndex((count) => count > first) + 1;
    return {
      starts: offsets.slice(0, steps).map((offset) => offset + first),
      counts: counts.slice(0, steps).map((count) => Math.min(count, end) - first),
    };
  });
}

/** Batch-first rows of `width` numbers → packed rows `stride` apart; `packed` past the width is left as it is. */
export function pack(batch: Float32Array, width: number, packing: Packing, packed: Float32Array, stride: number): void {
  const { order, counts, offsets, time } = packing;
  for (let t = 0; t < counts.length; t++) {
    for (let i = 0; i < counts[t]; i++) {
      const from = (order[i] * time + t) * width;
      packed.set(batch.subarray(from, from + width), (offsets[t] + i) * stride);
    }
  }
}

/** The reverse: packed rows → batch-first, zeros where there is padding. */
export function unpack(packed: Float32Array, stride: number, packing: Packing, width: number): Float32Array {
  const { order, counts, offsets, time } = packing;
  const batch = new Float32Array(order.length * time * width);
  for (let t = 0; t < counts.length; t++) {
    for (let i = 0; i < counts[t]; i++) {
      const from = (offsets[t] + i) * stride;
      batch.set(packed.subarray(from, from + width), (order[i] * time + t) * width);
    }
  }
  return batch;
}
