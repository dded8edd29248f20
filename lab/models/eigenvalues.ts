/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

const ROUNDS = 60;

/**
 * The eigenvalues of a real square matrix, row by row: QR steps with Wilkinson's shift on its Hessenberg form, in complex numbers
 * (Golub and Van Loan, sections 7.4 and 7.5). For drawing: a value that does not settle is left as it is after 60 rounds.
 */
export function eigenvalues(matrix: ArrayLike<number>, n: number): Complex[] {
  const re = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => matrix[i * n + j]));
  const im = Array.from({ length: n }, () => new Float64Array(n));
  toHessenberg(re, n);
  const found: Complex[] = [];
  for (let end = n - 1, round = 0; end >= 0; ) {
    const small = end > 0 ? Math.hypot(re[end][end - 1], im[end][end - 1]) : 0;
    const near =
      end > 0 ? Math.hypot(re[end][end], im[end][end]) + Math.hypot(re[end - 1][end - 1], im[end - 1][end - 1]) : 1;
    if (end === 0 || small <= 1e-14 * near || round === ROUNDS) {
      found.push({ re: re[end][end], im: im[end][end] });
      end--;
      round = 0;
      continue;
    }
    round++;
    qrStep(re, im, end, round % 11 === 10 ? { re: small, im: small } : shift(re, im, end));
  }
  return found;
}

/** Gaussian similarity transformations; zeros below the first subdiagonal. */
function toHessenberg(a: Float64Array[], n: number): void {
  for (let m = 1; m < n - 1; m++) {
    let pivot = m;
    for (let i = m + 1; i < n; i++) if (Math.abs(a[i][m - 1]) > Math.abs(a[pivot][m - 1])) pivot = i;
    if (a[pivot][m - 1] === 0) continue;
    [a[m], a[pivot]] = [a[pivot], a[m]];
    for (const row of a) [row[m], row[pivot]] = [row[pivot], row[m]];
    for (let i = m + 1; i < n; i++) {
      const factor = a[i][m - 1] / a[m][m - 1];
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) a[i][j] -= factor * a[m][j];
      for (let j = 0; j < n; j++) a[j][m] += factor * a[j][i];
    }
  }
}

const times = (a: Complex, b: Complex): Complex => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });

function root({ re, im }: Complex): Complex {
  const size = Math.hypot(re, im);
  const real = Math.sqrt((size + Math.abs(re)) / 2);
  if (real === 0) return { re: 0, im: 0 };
  return re >= 0 ? { re: real, im: im / (2 * real) } : { re: Math.abs(im) / (2 * real), im: im < 0 ? -real : real };
}

/** The eigenvalue of the last two rows that is nearer to the last entry. */
function shift(re: Float64Array[], im: Float64Array[], end: number): Complex {
  const at = (i: number, j: number): Complex => ({ re: re[i][j], im: im[i][j] });
  const [a, b, c, d] = [at(end - 1, end - 1), at(end - 1, end), at(end, end - 1), at(end, end)];
  const half = { re: (a.re - d.re) / 2, im: (a.im - d.im) / 2 };
  const [square, product] = [times(half, half), times(b, c)];
  const r = root({ re: square.re + product.re, im: square.im + product.im });
  const sign = half.re * r.re + half.im * r.im >= 0 ? -1 : 1;
  return { re: d.re + half.re + sign * r.re, im: d.im + half.im + sign * r.im };
}

/** H − μ = QR, then RQ + μ, by Givens rotations on rows and columns 0..end. */
function qrStep(re: Float64Array[], im: Float64Array[], end: number, mu: Complex): void {
  for (let i = 0; i <= end; i++) {
    re[i][i] -= mu.re;
    im[i][i] -= mu.im;
  }
  const turns: { c: Complex; s: Complex }[] = [];
  for (let k = 0; k < end; k++) {
    const size = Math.hypot(re[k][k], im[k][k], re[k + 1][k], im[k + 1][k]);
    const c = size === 0 ? { re: 1, im: 0 } : { re: re[k][k] / size, im: im[k][k] / size };
    const s = size === 0 ? { re: 0, im: 0 } : { re: re[k + 1][k] / size, im: im[k + 1][k] / size };
    turns.push({ c, s });
    for (let j = k; j <= end; j++) {
      const [x, y] = [
        { re: re[k][j], im: im[k][j] },
        { re: re[k + 1][j], im: im[k + 1][j] },
      ];
      // the upper row: conj(c) x + conj(s) y; the lower: −s x + c y
      re[k][j] = c.re * x.re + c.im * x.im + s.re * y.re + s.im * y.im;
      im[k][j] = c.re * x.im - c.im * x.re + s.re * y.im - s.im * y.re;
      re[k + 1][j] = -(s.re * x.re - s.im * x.im) + c.re * y.re - c.im * y.im;
      im[k + 1][j] = -(s.re * x.im + s.im * x.re) + c.re * y.im + c.im * y.re;
    }
  }
  turns.forEach(({ c, s }, k) => {
    for (let i = 0; i <= Math.min(k + 1, end); i++) {
      const [x, y] = [
        { re: re[i][k], im: im[i][k] },
        { re: re[i][k + 1], im: im[i][k + 1] },
      ];
      // columns by the conjugate transpose: c x + s y, and −conj(s) x + conj(c) y
      re[i][k] = c.re * x.re - c.im * x.im + s.re * y.re - s.im * y.im;
      im[i][k] = c.re * x.im + c.im * x.re + s.re * y.im + s.im * y.re;
      re[i][k + 1] = -(s.re * x.re + s.im * x.im) + c.re * y.re + c.im * y.im;
      im[i][k + 1] = -(s.re * x.im - s.im * x.re) + c.re * y.im - c.im * y.re;
    }
  });
  for (let i = 0; i <= end; i++) {
    re[i][i] += mu.re;
    im[i][i] += mu.im;
  }
}
