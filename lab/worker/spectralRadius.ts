import { Random } from "../../src/index.js";

export type Matrix = Float64Array<ArrayBuffer>;

export function multiply(a: Matrix, b: Matrix, n: number): Matrix {
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k];
      for (let j = 0; j < n; j++) product[i * n + j] += factor * b[k * n + j];
    }
  }
  return product;
}

const size = (matrix: Matrix): number => Math.hypot(...matrix);

/** The largest absolute eigenvalue: ‖W^k‖^(1/k) for k = 2^20, by squaring (Gelfand). */
export function spectralRadius(weights: ArrayLike<number>, n: number): number {
  let matrix = Float64Array.from(weights);
  let logarithm = 0;
  let power = 1;
  for (let round = 0; round < 20; round++) {
    const norm = size(matrix);
    if (norm === 0) return 0;
    logarithm += Math.log(norm) / power;
    matrix = multiply(
      matrix.map((x) => x / norm),
      matrix.map((x) => x / norm),
      n,
    );
    power *= 2;
  }
  return Math.exp(logarithm + Math.log(size(matrix)) / power);
}

/** Recurrent weights of a spectral radius. */
export function drawRecurrent(
  into: Float32Array,
  hidden: number,
  { radius, seed }: { readonly radius: number; readonly seed: number },
): void {
  const random = new Random(seed, 5);
  for (let i = 0; i < into.length; i++) into[i] = random.normal() / Math.sqrt(hidden);
  const now = spectralRadius(into, hidden);
  for (let i = 0; i < into.length; i++) into[i] *= radius / now;
}
