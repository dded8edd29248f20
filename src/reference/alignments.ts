// CTC by its definition: every alignment, listed. For tests and explanations; there are V^T strings.

/** What an alignment reads as: neighbouring repeats merged, then blanks dropped. */
export function collapse(alignment: ArrayLike<number>, blank: number): number[] {
  const labels: number[] = [];
  for (let t = 0; t < alignment.length; t++) {
    if (alignment[t] !== blank && alignment[t] !== alignment[t - 1]) labels.push(alignment[t]);
  }
  return labels;
}

/** Every string of `frames` symbols out of `classes`, in the order of counting. */
export function* strings(frames: number, classes: number): Generator<number[]> {
  const digits = new Array<number>(frames).fill(0);
  for (;;) {
    yield digits.slice();
    let t = frames - 1;
    while (t >= 0 && ++digits[t] === classes) digits[t--] = 0;
    if (t < 0) return;
  }
}

/** Every alignment of `labels` to `frames` frames. */
export function alignments(frames: number, classes: number, labels: readonly number[], blank: number): number[][] {
  const found: number[][] = [];
  for (const alignment of strings(frames, classes)) {
    const read = collapse(alignment, blank);
    if (read.length === labels.length && read.every((label, u) => label === labels[u])) found.push(alignment);
  }
  return found;
}
