export interface MulticlassMargin {
  readonly margin: number;
  readonly squared: boolean;
  readonly rivals: "sum" | "max";
}

/** What is written for one row of scores. */
export interface HingeRow {
  loss: number;
  /** One slope for each class. */
  readonly slopes: Float64Array;
}

/**
 * Σ (or max) over rivals k ≠ y of max(0, m + s_k − s_y), or of its square; each rival that counts pushes its own score down and
 * the label's up. Of equally close rivals the lowest id counts; a margin met exactly has the slope 0. A label at -Infinity costs
 * Infinity, with a zero gradient.
 *
 * @param scores those of the row begin at `start`
 * @param row what is written; its slopes are as many as there are classes
 */
export function multiclassHingeRow(
  scores: ArrayLike<number>,
  start: number,
  label: number,
  { margin, squared, rivals }: MulticlassMargin,
  row: HingeRow,
): void {
  const { slopes } = row;
  const K = slopes.length;
  const wanted = scores[start + label];
  slopes.fill(0);
  row.loss = Number.POSITIVE_INFINITY;
  if (wanted === Number.NEGATIVE_INFINITY && !hasNaN(scores, start, K)) return;
  const only = rivals === "max" ? closestRival(scores, start, label, K, margin) : undefined;
  let loss = 0;
  for (let k = 0; k < K; k++) {
    if (k === label || (only !== undefined && k !== only)) continue;
    const missing = margin + scores[start + k] - wanted;
    if (missing <= 0) continue;
    loss += squared ? missing ** 2 : missing; // regression-and-hinge.md (6)
    const slope = squared ? 2 * missing : 1;
    slopes[k] += slope;
    slopes[label] -= slope;
  }
  row.loss = loss;
  if (Number.isNaN(loss)) slopes.fill(Number.NaN);
}

function closestRival(scores: ArrayLike<number>, start: number, label: number, K: number, margin: number): number {
  const gap = (k: number) => margin + scores[start + k] - scores[start + label];
  let closest = label === 0 ? 1 : 0;
  for (let k = closest + 1; k < K; k++) if (k !== label && gap(k) > gap(closest)) closest = k;
  return closest;
}

function hasNaN(scores: ArrayLike<number>, start: number, K: number): boolean {
  for (let k = 0; k < K; k++) if (Number.isNaN(scores[start + k])) return true;
  return false;
}
