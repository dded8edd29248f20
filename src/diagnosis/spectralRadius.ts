/** Rounds of the power iteration; the growth of the second half is averaged. */
const ROUNDS = 200;

/**
 * The largest absolute value of a square matrix's eigenvalues, by the power iteration; complex pairs make single steps swing, so
 * the growth is a geometric mean over many.
 */
export function spectralRadius(matrix: ArrayLike<number>, size: number): number {
  let x = Float64Array.from({ length: size }, (_, i) => 1 + i / size);
  let grown = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) next[i] += matrix[i * size + j] * x[j];
    const norm = Math.hypot(...next);
    if (norm === 0) return 0;
    if (round >= ROUNDS / 2) grown += Math.log(norm / Math.hypot(...x));
    x = next.map((value) => value / norm);
  }
  return Math.exp(grown / (ROUNDS / 2));
}
