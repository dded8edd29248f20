export interface MulticlassMargin {
  readonly margin: number;
  readonly squared: boolean;
  readonly rivals: "sum" | "max";
}

/**
 * Σ (or max) over rivals k ≠ y of max(0, m + s_k − s_y), or of its square; each rival that counts pushes its own score down and
 * the label's up. Of equally close rivals the lowest id counts; a margin met exactly has the slope 0. A label at -Infinity costs
 * Infinity, with a zero gradient.
 */
export function multiclassHingeRow(
  scores: ArrayLike<number>,
  label: number,
  { margin, squared, rivals }: MulticlassMargin,
): { loss: number; grad: Float64Array } {
  const grad = new Float64Array(scores.length);
  const excluded = scores[label] === Number.NEGATIVE_INFINITY && !Array.from(scores).some(Number.isNaN);
  if (excluded) return { loss: Number.POSITIVE_INFINITY, grad };
  const gap = (k: number) => margin + scores[k] - scores[label];
  let counted = Array.from({ length: scores.length }, (_, k) => k).filter((k) => k !== label);
  if (rivals === "max")
    counted = counted.length === 0 ? [] : [counted.reduce((best, k) => (gap(k) > gap(best) ? k : best))];
  let loss = 0;
  for (const k of counted) {
    const missing = gap(k);
    if (missing <= 0) continue;
    loss += squared ? missing ** 2 : missing; // regression-and-hinge.md (6)
    const slope = squared ? 2 * missing : 1;
    grad[k] += slope;
    grad[label] -= slope;
  }
  return { loss, grad: Number.isNaN(loss) ? grad.fill(Number.NaN) : grad };
}
