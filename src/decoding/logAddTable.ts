import { logAdd } from "../core/numeric.js";

/** ln(1 + e^-gap) is within 2^-53 of 0 past this. */
const END = 37;
/** Points for a unit of the gap: the sixth term of Taylor's series is below 2^-53 half-way between two. */
const POINTS = 64;
const TERMS = 6;

let table: Float64Array | undefined;

/** For each point the coefficients of Taylor's series of ln(1 + e^-gap) around it. */
function makeTable(): Float64Array {
  const series = new Float64Array((END * POINTS + 1) * TERMS);
  for (let point = 0; point <= END * POINTS; point++) {
    const gap = point / POINTS;
    const s = 1 / (1 + Math.exp(gap)); // minus the first derivative; s' = -q, q' = -q · r, r' = 2 · q
    const q = s * (1 - s);
    const r = 1 - 2 * s;
    const terms = [logAdd(0, -gap), -s, q / 2, (-q * r) / 6, (q * (1 - 6 * q)) / 24, (-q * r * (1 - 12 * q)) / 120];
    series.set(terms, point * TERMS);
  }
  return series;
}

/** As `logAdd` to within 2e-16 of the result or 1, whichever is larger, without an exponential or a logarithm. Never NaN for two -Infinity. */
export function quickLogAdd(a: number, b: number): number {
  const most = a > b ? a : b;
  const gap = a > b ? a - b : b - a;
  if (!(gap < END)) return most; // also where both are -Infinity
  table ??= makeTable();
  const point = Math.floor(gap * POINTS + 0.5);
  const x = gap - point / POINTS;
  const c = point * TERMS;
  const t = table;
  return most + (t[c] + x * (t[c + 1] + x * (t[c + 2] + x * (t[c + 3] + x * (t[c + 4] + x * t[c + 5])))));
}
