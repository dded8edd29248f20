/** Where a label was read. */
export interface LabelSpan {
  readonly label: number;
  /** The first frame of the label. */
  readonly start: number;
  /** The frame after its last one. */
  readonly end: number;
  /** ln of the probability of the label over its frames, their sum; e^(score / (end − start)) is a mean confidence in 0..1. */
  readonly score: number;
}

/** The runs of a path, blanks left out: merging repeats and dropping blanks is reading one label from each run. */
export function labelSpans(path: ArrayLike<number>, scores: ArrayLike<number>, blank: number): LabelSpan[] {
  const spans: LabelSpan[] = [];
  for (let start = 0, end = 0; start < path.length; start = end) {
    let score = 0;
    while (end < path.length && path[end] === path[start]) score += scores[end++];
    if (path[start] !== blank) spans.push({ label: path[start], start, end, score });
  }
  return spans;
}
