/** The largest of what `value` gives, at least 0; of lists that are too long to be the arguments of Math.max too. */
export function largestOf<Item>(items: Iterable<Item>, value: (item: Item) => number): number {
  let most = 0;
  for (const item of items) most = Math.max(most, value(item));
  return most;
}

/** ln(e^a + e^b), exact where either is -Infinity. */
export function logAdd(a: number, b: number): number {
  const most = Math.max(a, b);
  if (!Number.isFinite(most)) return most;
  return most + Math.log1p(Math.exp(Math.min(a, b) - most));
}

/** ln Σ e^x. Over nothing, or over -Infinity alone, it is -Infinity. */
export function logSumExp(values: ArrayLike<number>, start = 0, end = values.length): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i++) most = Math.max(most, values[i]);
  if (!Number.isFinite(most)) return most;
  let sum = 0;
  for (let i = start; i < end; i++) sum += Math.exp(values[i] - most);
  return most + Math.log(sum);
}

/**
 * ln softmax of one row. The largest is subtracted before the logarithm of the sum is, so that rows of any magnitude keep
 * their differences. All of them -Infinity stay so; NaN or +Infinity among them makes the row NaN. `row` takes the result
 * where one is given.
 */
export function logSoftmax(
  values: ArrayLike<number>,
  start = 0,
  end = values.length,
  row: Float64Array = new Float64Array(end - start),
): Float64Array {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i++) most = Math.max(most, values[i]);
  if (most === Number.NEGATIVE_INFINITY) return row.fill(most);
  let sum = 0;
  for (let i = start; i < end; i++) sum += Math.exp(values[i] - most);
  const logSum = Math.log(sum);
  for (let k = 0; k < row.length; k++) row[k] = values[start + k] - most - logSum;
  return row;
}

/**
 * The correctly rounded sum of the numbers, whatever their order. Infinities and NaN follow ordinary addition.
 *
 * The rounding errors of plain addition are known exactly (Knuth 1969, TwoSum), and so is their sum, unless the numbers lie very
 * far apart: then one addition gives the result.
 */
export function exactSum(values: ArrayLike<number>): number {
  exactSumInto(values, total);
  return total[0];
}

const total = new Float64Array(1);

/** The same, written `into` an array: a number that a function returns is a new object, unless the engine inlines the function. */
export function exactSumInto(values: ArrayLike<number>, into: Float64Array): void {
  let sum = 0;
  let errors = 0;
  let rest = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    const next = sum + x;
    const back = next - sum;
    const error = sum - (next - back) + (x - back);
    sum = next;
    const nextErrors = errors + error;
    const backErrors = nextErrors - errors;
    rest += Math.abs(errors - (nextErrors - backErrors) + (error - backErrors));
    errors = nextErrors;
  }
  into[0] = rest === 0 ? sum + errors : sumOfPartials(values);
}

/** Non-overlapping doubles, smallest first: more than 40 of them do not fit between the smallest and the largest. */
const partials = new Float64Array(64);

/** The same of any numbers (Shewchuk 1997, exact partial sums). */
function sumOfPartials(values: ArrayLike<number>): number {
  let count = 0;
  let special = 0;
  for (let i = 0; i < values.length; i++) {
    let x = values[i];
    if (!Number.isFinite(x)) {
      special += x;
      continue;
    }
    let kept = 0;
    for (let n = 0; n < count; n++) {
      const y = partials[n];
      const high = x + y;
      const low = Math.abs(x) < Math.abs(y) ? x - (high - y) : y - (high - x);
      if (low !== 0) partials[kept++] = low;
      x = high;
    }
    partials[kept] = x;
    count = kept + 1;
  }
  if (special !== 0) return special;
  return roundPartials(count);
}

/** The first `count` partials to the nearest double: half-way cases look one partial further. */
function roundPartials(count: number): number {
  let n = count - 1;
  if (n < 0) return 0;
  let high = partials[n];
  let low = 0;
  while (n > 0 && low === 0) {
    const x = high;
    const y = partials[--n];
    high = x + y;
    low = y - (high - x);
  }
  if (n > 0 && Math.sign(low) === Math.sign(partials[n - 1])) {
    const twice = low * 2;
    const nudged = high + twice;
    if (twice === nudged - high) return nudged;
  }
  return high;
}

/** C(n, k): 0 for k outside 0..n; exact while it is below 2^53. */
export function binomial(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return Math.round(value);
}
