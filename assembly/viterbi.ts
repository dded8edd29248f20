// The best tagging of a linear chain of K tags (Viterbi 1967), cost included: what float64 finds, found in whole numbers.
//
// Scores are rounded to 32-bit multiples of a unit, a power of two. Sums of them are exact, so that a state of step t, in eight
// columns of which two vectors hold four each, is off by what its scores were rounded by: start, end, transitions and costs by
// half a unit, emissions by one; at most 2 t + 2 units. Scores below FLOOR are raised to it, as are states so far behind the
// best of their step: they are never too low. On the way back along one path, a predecessor that is ahead of all others by more
// than both can be off, and that was not raised, is the one that float64 finds. Where one is not, with ties above all, the
// sequence is computed in float64. The unit decides how often, never the result.
// Columns are padded to P, a multiple of eight, with scores of -Infinity.

const FLOOR: i32 = -536870912; // -2^29: three of them are a number
const CEILING: f32 = 268435456; // 2^28: the largest score
// What states of step t - 1 with the transition from them, or with the score of the end, must be apart by.
// @ts-ignore: decorator
@inline function apart(t: i32): i32 {
  return 4 * (t + 1);
}

// transitions, costs: K×P f64, from row to column; start, end: P f64; costs 0 for none. whole: P × (3 K + 2) i32 out: transitions,
// their transpose, costs, start, end, as multiples of 1 / units. Returns whether all fit.
export function roundChain(
  K: i32, P: i32, units: f64, transitions: usize, start: usize, end: usize, costs: usize, whole: usize,
): bool {
  const matrix = <usize>(K * P) << 2, row = <usize>P << 2;
  let most = max(roundedTo(start, P, units, whole + 3 * matrix), roundedTo(end, P, units, whole + 3 * matrix + row));
  most = max(most, roundedTo(transitions, K * P, units, whole));
  if (costs != 0) most = max(most, roundedTo(costs, K * P, units, whole + 2 * matrix));
  const transposed = whole + matrix;
  for (let j: usize = 0; j < <usize>K; j++) {
    const to = transposed + row * j;
    for (let i: usize = 0; i < <usize>K; i++) store<i32>(to + (i << 2), load<i32>(whole + row * i + (j << 2)));
    for (let i: usize = K; i < <usize>P; i++) store<i32>(to + (i << 2), FLOOR);
  }
  return most <= <f64>CEILING;
}

// Rounds to multiples of 1 / units; returns the largest.
function roundedTo(from: usize, count: i32, units: f64, to: usize): f64 {
  let most: f64 = -Infinity;
  for (let i: usize = 0; i < <usize>count; i++) {
    const x = nearest(load<f64>(from + (i << 3)) * units);
    most = max(most, x);
    store<i32>(to + (i << 2), <i32>min(max(x, <f64>FLOOR), <f64>CEILING));
  }
  return most;
}

// The tagging of the largest score plus cost. emissions: T×K f32. transitions: K×P f64; start, end: P f64. costs: K×P f64, the
// row of the gold tag is added; 0 for none. gold: T i32. tags: T i32 out. whole: of roundChain with units; 0 for float64 alone.
// work: P × 2 (T + 1) f64. T >= 1.
// Of equal taggings the one with the lowest tag at the last step where they differ. Returns its score plus cost; -Infinity
// where all are forbidden; NaN where an emission is NaN or Infinity.
export function bestTagging(
  T: i32, K: i32, P: i32, emissions: usize, transitions: usize, start: usize, end: usize, costs: usize, gold: usize,
  tags: usize, whole: usize, units: f32, work: usize,
): f64 {
  if (whole != 0 && bestInWhole(T, K, P, emissions, costs, gold, tags, whole, units, work)) {
    return taggingScore(T, K, P, emissions, transitions, start, end, costs, gold, tags);
  }
  for (let x = emissions, last = emissions + (<usize>(T * K) << 2); x < last; x += 4) {
    if (!(load<f32>(x) < Infinity)) return NaN;
  }
  return bestInFloat64(T, K, P, emissions, transitions, start, end, costs, gold, tags, work);
}

// Returns whether whole numbers settle the tags.
function bestInWhole(
  T: i32, K: i32, P: i32, emissions: usize, costs: usize, gold: usize, tags: usize, whole: usize, units: f32, work: usize,
): bool {
  const rowBytes = <usize>P << 2, given = <usize>K << 2, matrix = rowBytes * <usize>K;
  const transposed = whole + matrix, wholeCosts = transposed + matrix, start = wholeCosts + matrix, end = start + rowBytes;
  const vectors = given & ~15;
  const factor = f32x4.splat(units), limit = f32x4.splat(CEILING / units);
  let low = f32x4.eq(factor, factor); // where all emissions are below the ceiling
  for (let t = 0; t < T; t++) {
    const states = work + rowBytes * <usize>t;
    if (t == 0) memory.copy(states, start, rowBytes);
    else largestWhole(K, P, states - rowBytes, whole, states);
    const x = emissions + given * <usize>t;
    const cost = wholeCosts + rowBytes * <usize>load<i32>(gold + (<usize>t << 2));
    let most = i32x4.splat(i32.MIN_VALUE);
    for (let k: usize = 0; k < vectors; k += 16) {
      const emission = v128.load(x + k);
      low = v128.and(low, f32x4.lt(emission, limit));
      let state = i32x4.add(v128.load(states + k), wholeOf(emission, factor));
      if (costs != 0) state = i32x4.add(state, v128.load(cost + k));
      most = i32x4.max_s(most, state);
      v128.store(states + k, state);
    }
    if (vectors < given) {
      const emission = lastOf(x + vectors, given - vectors);
      low = v128.and(low, f32x4.lt(emission, limit));
      let state = i32x4.add(v128.load(states + vectors), wholeOf(emission, factor));
      if (costs != 0) state = i32x4.add(state, v128.load(cost + vectors));
      most = i32x4.max_s(most, state);
      v128.store(states + vectors, state);
    }
    const best = i32x4.splat(largestOf(most)), floor = i32x4.add(best, i32x4.splat(FLOOR));
    for (let k: usize = 0; k < given; k += 16) {
      v128.store(states + k, i32x4.sub(i32x4.max_s(v128.load(states + k), floor), best));
    }
    for (let k = (given + 15) & ~15; k < rowBytes; k += 16) v128.store(states + k, i32x4.splat(FLOOR));
  }
  if (!i32x4.all_true(low)) return false;
  let towards = end;
  for (let t = T - 1; t >= 0; t--) {
    const tag = leading(P, work + rowBytes * <usize>t, towards, apart(t + 1));
    if (tag < 0 || load<f32>(emissions + given * <usize>t + (<usize>tag << 2)) * units <= <f32>FLOOR) return false;
    store<i32>(tags + (<usize>t << 2), tag);
    towards = transposed + rowBytes * <usize>tag;
  }
  return true;
}

// The last one to three numbers of a row, and -Infinity behind them.
// @ts-ignore: decorator
@inline function lastOf(x: usize, bytes: usize): v128 {
  let v = f32x4.replace_lane(f32x4.splat(-Infinity), 0, load<f32>(x));
  if (bytes > 4) v = f32x4.replace_lane(v, 1, load<f32>(x, 4));
  if (bytes > 8) v = f32x4.replace_lane(v, 2, load<f32>(x, 8));
  return v;
}

// @ts-ignore: decorator
@inline function wholeOf(x: v128, units: v128): v128 {
  return i32x4.max_s(i32x4.trunc_sat_f32x4_s(f32x4.mul(x, units)), i32x4.splat(FLOOR));
}

// @ts-ignore: decorator
@inline function largestOf(v: v128): i32 {
  const a = i32x4.max_s(v, i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return max(i32x4.extract_lane(a, 0), i32x4.extract_lane(a, 1));
}

// The state for which state + score is ahead of all others by more than `gap`, both unraised; -1 where there is none.
function leading(P: i32, states: usize, scores: usize, gap: i32): i32 {
  const rowBytes = <usize>P << 2;
  let most = i32x4.splat(i32.MIN_VALUE);
  for (let k: usize = 0; k < rowBytes; k += 16) most = i32x4.max_s(most, i32x4.add(v128.load(states + k), v128.load(scores + k)));
  const near = i32x4.splat(largestOf(most) - gap - 1);
  let found = -1;
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const lanes = i32x4.bitmask(i32x4.gt_s(i32x4.add(v128.load(states + k), v128.load(scores + k)), near));
    if (lanes == 0) continue;
    if (found >= 0 || (lanes & (lanes - 1)) != 0) return -1;
    found = (<i32>k >> 2) + ctz(lanes);
  }
  const at = <usize>found << 2;
  return load<i32>(states + at) > FLOOR && load<i32>(scores + at) > FLOOR ? found : -1;
}

// out [P] = the largest over i of x[i] + transitions[i][column], in blocks of 24 columns.
function largestWhole(K: i32, P: i32, x: usize, transitions: usize, out: usize): void {
  const rowBytes = <usize>P << 2;
  const end = x + (<usize>K << 2);
  let column: usize = 0;
  for (; column + 96 <= rowBytes; column += 96) {
    let a = i32x4.splat(i32.MIN_VALUE), b = a, c = a, d = a, e = a, f = a;
    let w = transitions + column;
    for (let at = x; at < end; at += 4, w += rowBytes) {
      const from = v128.load32_splat(at);
      a = i32x4.max_s(a, i32x4.add(from, v128.load(w)));
      b = i32x4.max_s(b, i32x4.add(from, v128.load(w, 16)));
      c = i32x4.max_s(c, i32x4.add(from, v128.load(w, 32)));
      d = i32x4.max_s(d, i32x4.add(from, v128.load(w, 48)));
      e = i32x4.max_s(e, i32x4.add(from, v128.load(w, 64)));
      f = i32x4.max_s(f, i32x4.add(from, v128.load(w, 80)));
    }
    v128.store(out + column, a);
    v128.store(out + column, b, 16);
    v128.store(out + column, c, 32);
    v128.store(out + column, d, 48);
    v128.store(out + column, e, 64);
    v128.store(out + column, f, 80);
  }
  for (; column < rowBytes; column += 32) {
    let a = i32x4.splat(i32.MIN_VALUE), b = a;
    let w = transitions + column;
    for (let at = x; at < end; at += 4, w += rowBytes) {
      const from = v128.load32_splat(at);
      a = i32x4.max_s(a, i32x4.add(from, v128.load(w)));
      b = i32x4.max_s(b, i32x4.add(from, v128.load(w, 16)));
    }
    v128.store(out + column, a);
    v128.store(out + column, b, 16);
  }
}

// The score plus cost of one tagging, added as bestInFloat64 adds it.
function taggingScore(
  T: i32, K: i32, P: i32, emissions: usize, transitions: usize, start: usize, end: usize, costs: usize, gold: usize,
  tags: usize,
): f64 {
  const rowBytes = <usize>P << 3;
  let scores = start, score: f64 = 0, tag: usize = 0;
  for (let t: usize = 0; t < <usize>T; t++) {
    tag = load<i32>(tags + (t << 2));
    score += load<f64>(scores + (tag << 3));
    score += <f64>load<f32>(emissions + (<usize>K * t << 2) + (tag << 2));
    if (costs != 0) score += load<f64>(costs + rowBytes * <usize>load<i32>(gold + (t << 2)) + (tag << 3));
    scores = transitions + rowBytes * tag;
  }
  return score + load<f64>(end + (tag << 3));
}

// The same in float64; largest sums of each state and each tag lie there for the way back.
function bestInFloat64(
  T: i32, K: i32, P: i32, emissions: usize, transitions: usize, start: usize, end: usize, costs: usize, gold: usize,
  tags: usize, work: usize,
): f64 {
  const rowBytes = <usize>P << 3;
  const before = work + rowBytes * <usize>T; // the largest score that leads to each tag, without the step's own
  for (let t = 0; t < T; t++) {
    const best = work + rowBytes * <usize>t, into = before + rowBytes * <usize>t;
    if (t == 0) memory.copy(into, start, rowBytes);
    else largest(K, P, best - rowBytes, transitions, into);
    const x = emissions + (<usize>K << 2) * <usize>t;
    const cost = costs == 0 ? 0 : costs + rowBytes * <usize>load<i32>(gold + (<usize>t << 2));
    for (let k: usize = 0; k < <usize>K; k++) {
      let score = load<f64>(into + (k << 3)) + <f64>load<f32>(x + (k << 2));
      if (cost != 0) score += load<f64>(cost + (k << 3));
      store<f64>(best + (k << 3), score);
    }
  }
  const best = work + rowBytes * <usize>(T - 1);
  let score: f64 = -Infinity;
  let tag = 0;
  for (let k = 0; k < K; k++) {
    const found = load<f64>(best + (<usize>k << 3)) + load<f64>(end + (<usize>k << 3));
    if (found > score) {
      score = found;
      tag = k;
    }
  }
  for (let t = T - 1; t >= 0; t--) {
    store<i32>(tags + (<usize>t << 2), tag);
    if (t == 0) break;
    const most = load<f64>(before + rowBytes * <usize>t + (<usize>tag << 3));
    const from = work + rowBytes * <usize>(t - 1);
    let previous = 0;
    for (let i = 0; i < K; i++) {
      if (load<f64>(from + (<usize>i << 3)) + load<f64>(transitions + rowBytes * <usize>i + (<usize>tag << 3)) == most) {
        previous = i;
        break;
      }
    }
    tag = previous;
  }
  return score;
}

// out [P] = the largest over i of x[i] + transitions[i][column], in blocks of eight columns. Two rows at a time: half as many
// comparisons wait for one another.
function largest(K: i32, P: i32, x: usize, transitions: usize, out: usize): void {
  const rowBytes = <usize>P << 3;
  const end = x + (<usize>K << 3), even = x + (<usize>(K & ~1) << 3);
  for (let column: usize = 0; column < rowBytes; column += 64) {
    let a = f64x2.splat(-Infinity), b = a, c = a, d = a;
    let w = transitions + column;
    let at = x;
    for (; at < even; at += 16) {
      const v = w + rowBytes;
      const first = v128.load64_splat(at), second = v128.load64_splat(at, 8);
      a = f64x2.pmax(a, f64x2.pmax(f64x2.add(first, v128.load(w)), f64x2.add(second, v128.load(v))));
      b = f64x2.pmax(b, f64x2.pmax(f64x2.add(first, v128.load(w, 16)), f64x2.add(second, v128.load(v, 16))));
      c = f64x2.pmax(c, f64x2.pmax(f64x2.add(first, v128.load(w, 32)), f64x2.add(second, v128.load(v, 32))));
      d = f64x2.pmax(d, f64x2.pmax(f64x2.add(first, v128.load(w, 48)), f64x2.add(second, v128.load(v, 48))));
      w = v + rowBytes;
    }
    if (at < end) {
      const last = v128.load64_splat(at);
      a = f64x2.pmax(a, f64x2.add(last, v128.load(w)));
      b = f64x2.pmax(b, f64x2.add(last, v128.load(w, 16)));
      c = f64x2.pmax(c, f64x2.add(last, v128.load(w, 32)));
      d = f64x2.pmax(d, f64x2.add(last, v128.load(w, 48)));
    }
    v128.store(out + column, a);
    v128.store(out + column, b, 16);
    v128.store(out + column, c, 32);
    v128.store(out + column, d, 48);
  }
}
