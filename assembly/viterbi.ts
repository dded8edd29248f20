import { loadSome } from "./partial";

// The best tagging of a linear chain of K tags (Viterbi 1967), cost included: what float64 finds, found in whole numbers.
//
// Scores are rounded to 32-bit multiples of a unit, four in a vector. Sums of those are exact, so a state of step t is off by what
// its scores were rounded by: emissions by one unit, start, transitions and costs by half of one, together at most 2 t + 2.
// Scores and states below FLOOR, relative to the best of the step before, are raised to it: no state is lower than it may be.
// On the way back, the tag that is ahead of all others by more than both can be off, and float64 itself, 5 (t + 2), and that was not
// raised, is the one that float64 finds. Where none is, as with ties, float64 computes the sequence. The unit decides how often,
// never the result.
// Columns are padded to P, a multiple of eight, with scores of -Infinity and costs of 0.

const FLOOR: i32 = -536870912; // -2^29
const CEILING: f32 = 134217728; // 2^27, the largest score: a state is three of them at most, and no sum of four numbers wraps

// transitions, costs: K×P f64, from row to column; start, end: P f64. whole: P × (3 K + 2) i32 out: transitions,
// their transpose, costs, start, end, as multiples of 1 / units. Returns whether all fit.
export function roundChain(
  K: i32, P: i32, units: f64, transitions: usize, start: usize, end: usize, costs: usize, whole: usize,
): bool {
  const matrix = <usize>(K * P) << 2, row = <usize>P << 2;
  const matrices = max(roundedTo(transitions, K * P, units, whole), roundedTo(costs, K * P, units, whole + 2 * matrix));
  const rows = max(roundedTo(start, P, units, whole + 3 * matrix), roundedTo(end, P, units, whole + 3 * matrix + row));
  const transposed = whole + matrix;
  for (let j: usize = 0; j < <usize>K; j++) {
    const to = transposed + row * j;
    for (let i: usize = 0; i < <usize>K; i++) store<i32>(to + (i << 2), load<i32>(whole + row * i + (j << 2)));
    for (let i: usize = K; i < <usize>P; i++) store<i32>(to + (i << 2), FLOOR);
  }
  return max(matrices, rows) <= <f64>CEILING;
}

// Rounds an even count of numbers to multiples of 1 / units; returns the largest.
function roundedTo(from: usize, count: i32, units: f64, to: usize): f64 {
  const factor = f64x2.splat(units), floor = f64x2.splat(<f64>FLOOR), ceiling = f64x2.splat(<f64>CEILING);
  let most = floor;
  for (const end = to + (<usize>count << 2); to < end; to += 8, from += 16) {
    const x = f64x2.pmax(f64x2.nearest(f64x2.mul(v128.load(from), factor)), floor);
    most = f64x2.pmax(most, x);
    v128.store64_lane(to, i32x4.trunc_sat_f64x2_s_zero(f64x2.pmin(x, ceiling)), 0);
  }
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

// Sequences that take their steps together: a transition is loaded once for all of them.
const TOGETHER: i32 = 4;

// The taggings of the largest score plus cost of `count` sequences, 1 to TOGETHER, which lie one behind another. lengths: count
// i32, each >= 1. emissions: steps×K f32. transitions: K×P f64; start, end: P f64. costs: K×P f64, the row of the gold tag is
// added. gold: steps i32. tags: steps i32 out. whole: of roundChain with units; 0 for float64 alone. scores: count f64 out.
// work: P × 2 (longest + 1) f64.
// Of equal taggings the one with the lowest tag at the last step where they differ. Its score includes the cost; -Infinity where
// all are forbidden; NaN where an emission is NaN or Infinity.
export function bestTaggings(
  count: i32, lengths: usize, K: i32, P: i32, emissions: usize, transitions: usize, start: usize, end: usize, costs: usize,
  gold: usize, tags: usize, whole: usize, units: f32, scores: usize, work: usize,
): void {
  const bests = work + (<usize>(P * stepsOf(count, lengths)) << 2); // of each sequence's latest step
  const together = whole != 0 && count == TOGETHER ? stepsTogether(lengths, K, P, emissions, gold, whole, units, work, bests) : 0;
  let left = 0; // the sequences that need float64, a bit for each: it works where the states of all lie
  for (let n = 0, first: usize = 0; n < count; n++) {
    const T = load<i32>(lengths + (<usize>n << 2));
    const x = emissions + (<usize>K * first << 2), own = gold + (first << 2), found = tags + (first << 2);
    const states = work + (<usize>P * first << 2);
    if (whole != 0 && below(x, T * K, CEILING / units)) {
      for (let t = together; t < T; t++) {
        if (t > 0) leadTo(K, P, states + (<usize>(P * (t - 1)) << 2), whole);
        addScores(t, K, P, x, own, whole, units, states, bests + (<usize>n << 2));
      }
      if (tracedBack(T, K, P, x, whole, units, states, found)) {
        store<f64>(scores + (<usize>n << 3), taggingScore(T, K, P, x, transitions, start, end, costs, own, found));
      } else left |= 1 << n;
    } else left |= 1 << n;
    first += T;
  }
  for (let n = 0, first: usize = 0; left >> n != 0; n++) {
    const T = load<i32>(lengths + (<usize>n << 2));
    if ((left >> n) & 1) {
      const x = emissions + (<usize>K * first << 2), own = gold + (first << 2), found = tags + (first << 2);
      const score = below(x, T * K, Infinity)
        ? bestInFloat64(T, K, P, x, transitions, start, end, costs, own, found, work)
        : NaN;
      store<f64>(scores + (<usize>n << 3), score);
    }
    first += T;
  }
}

function stepsOf(count: i32, lengths: usize): i32 {
  let steps = 0;
  for (let n: usize = 0; n < <usize>count; n++) steps += load<i32>(lengths + (n << 2));
  return steps;
}

// The states of TOGETHER sequences, for as many steps as all have, which are returned.
function stepsTogether(
  lengths: usize, K: i32, P: i32, emissions: usize, gold: usize, whole: usize, units: f32, work: usize, bests: usize,
): i32 {
  const second = load<i32>(lengths), third = second + load<i32>(lengths, 4), fourth = third + load<i32>(lengths, 8);
  const shortest = min(min(second, load<i32>(lengths, 4)), min(load<i32>(lengths, 8), load<i32>(lengths, 12)));
  const b = work + (<usize>(P * second) << 2), c = work + (<usize>(P * third) << 2), d = work + (<usize>(P * fourth) << 2);
  for (let t = 0; t < shortest; t++) {
    const before = <usize>(P * (t - 1)) << 2;
    if (t > 0) allLeadTo(K, P, work + before, b + before, c + before, d + before, whole);
    for (let n: usize = 0, first: usize = 0; n < <usize>TOGETHER; n++) {
      const x = emissions + (<usize>K * first << 2), states = work + (<usize>P * first << 2);
      addScores(t, K, P, x, gold + (first << 2), whole, units, states, bests + (n << 2));
      first += load<i32>(lengths + (n << 2));
    }
  }
  return shortest;
}

// Adds the emissions of step t and the costs to its states, and takes the largest of step t - 1 off, which lies in `best`; the
// largest of step t will lie there.
function addScores(
  t: i32, K: i32, P: i32, emissions: usize, gold: usize, whole: usize, units: f32, states: usize, best: usize,
): void {
  const rowBytes = <usize>P << 2, given = <usize>K << 2, matrix = rowBytes * <usize>K;
  const row = states + rowBytes * <usize>t, x = emissions + given * <usize>t;
  if (t == 0) {
    memory.copy(row, whole + 3 * matrix, rowBytes);
    store<i32>(best, 0);
  }
  const cost = whole + 2 * matrix + rowBytes * <usize>load<i32>(gold + (<usize>t << 2));
  const factor = f32x4.splat(units), floor = i32x4.splat(FLOOR), before = v128.load32_splat(best);
  let most = floor;
  let k: usize = 0;
  for (; k + 16 <= given; k += 16) {
    const state = stateOf(v128.load(row + k), f32x4.mul(v128.load(x + k), factor), v128.load(cost + k), before, floor);
    most = i32x4.max_s(most, state);
    v128.store(row + k, state);
  }
  if (k < given) {
    const state = stateOf(v128.load(row + k), f32x4.mul(loadSome(x + k, <i32>(given - k) >> 2), factor), v128.load(cost + k), before, floor);
    most = i32x4.max_s(most, state);
    v128.store(row + k, state);
  }
  if (((K + 3) & ~3) < P) v128.store(row + rowBytes - 16, floor);
  store<i32>(best, largestOf(most));
}

// @ts-ignore: decorator
@inline function stateOf(led: v128, emission: v128, cost: v128, before: v128, floor: v128): v128 {
  const score = i32x4.add(i32x4.max_s(i32x4.trunc_sat_f32x4_s(emission), floor), cost);
  return i32x4.max_s(i32x4.add(i32x4.sub(led, before), score), floor);
}

// Goes back along the best path: writes its tags, and returns whether float64 would find the same.
function tracedBack(
  T: i32, K: i32, P: i32, emissions: usize, whole: usize, units: f32, states: usize, tags: usize,
): bool {
  const rowBytes = <usize>P << 2, given = <usize>K << 2, matrix = rowBytes * <usize>K;
  let onwards = whole + 3 * matrix + rowBytes; // the scores of what follows each tag
  for (let t = T - 1; t >= 0; t--) {
    const tag = leading(P, states + rowBytes * <usize>t, onwards, 5 * (t + 2));
    if (tag < 0 || load<f32>(emissions + given * <usize>t + (<usize>tag << 2)) * units <= <f32>FLOOR) return false;
    store<i32>(tags + (<usize>t << 2), tag);
    onwards = whole + matrix + rowBytes * <usize>tag;
  }
  return true;
}

// Whether all numbers are below the limit: not where one is NaN.
function below(x: usize, count: i32, limit: f32): bool {
  const end = x + (<usize>count << 2);
  const limits = f32x4.splat(limit);
  let all = f32x4.eq(limits, limits);
  for (; x + 16 <= end; x += 16) all = v128.and(all, f32x4.lt(v128.load(x), limits));
  for (; x < end; x += 4) if (!(load<f32>(x) < limit)) return false;
  return i32x4.all_true(all);
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

// The row behind `states` becomes the largest over i of states[i] + transitions[i][column], in blocks of 24 columns.
function leadTo(K: i32, P: i32, states: usize, transitions: usize): void {
  const rowBytes = <usize>P << 2, end = states + (<usize>K << 2);
  const to = states + rowBytes;
  const lowest = i32x4.splat(i32.MIN_VALUE);
  let column: usize = 0;
  for (; column + 96 <= rowBytes; column += 96) {
    let a = lowest, b = lowest, c = lowest, d = lowest, e = lowest, f = lowest;
    let w = transitions + column;
    for (let at = states; at < end; at += 4, w += rowBytes) {
      const state = v128.load32_splat(at);
      a = i32x4.max_s(a, i32x4.add(state, v128.load(w)));
      b = i32x4.max_s(b, i32x4.add(state, v128.load(w, 16)));
      c = i32x4.max_s(c, i32x4.add(state, v128.load(w, 32)));
      d = i32x4.max_s(d, i32x4.add(state, v128.load(w, 48)));
      e = i32x4.max_s(e, i32x4.add(state, v128.load(w, 64)));
      f = i32x4.max_s(f, i32x4.add(state, v128.load(w, 80)));
    }
    v128.store(to + column, a);
    v128.store(to + column, b, 16);
    v128.store(to + column, c, 32);
    v128.store(to + column, d, 48);
    v128.store(to + column, e, 64);
    v128.store(to + column, f, 80);
  }
  for (; column < rowBytes; column += 32) {
    let a = lowest, b = lowest;
    let w = transitions + column;
    for (let at = states; at < end; at += 4, w += rowBytes) {
      const state = v128.load32_splat(at);
      a = i32x4.max_s(a, i32x4.add(state, v128.load(w)));
      b = i32x4.max_s(b, i32x4.add(state, v128.load(w, 16)));
    }
    v128.store(to + column, a);
    v128.store(to + column, b, 16);
  }
}

// The same for the rows of four sequences, in blocks of eight columns.
function allLeadTo(K: i32, P: i32, a: usize, b: usize, c: usize, d: usize, transitions: usize): void {
  const rowBytes = <usize>P << 2, given = <usize>K << 2;
  for (let column: usize = 0; column < rowBytes; column += 32) {
    let aLeft = i32x4.splat(i32.MIN_VALUE), aRight = aLeft, bLeft = aLeft, bRight = aLeft;
    let cLeft = aLeft, cRight = aLeft, dLeft = aLeft, dRight = aLeft;
    let w = transitions + column;
    for (let i: usize = 0; i < given; i += 4, w += rowBytes) {
      const left = v128.load(w), right = v128.load(w, 16);
      const inA = v128.load32_splat(a + i), inB = v128.load32_splat(b + i);
      aLeft = i32x4.max_s(aLeft, i32x4.add(inA, left));
      aRight = i32x4.max_s(aRight, i32x4.add(inA, right));
      bLeft = i32x4.max_s(bLeft, i32x4.add(inB, left));
      bRight = i32x4.max_s(bRight, i32x4.add(inB, right));
      const inC = v128.load32_splat(c + i), inD = v128.load32_splat(d + i);
      cLeft = i32x4.max_s(cLeft, i32x4.add(inC, left));
      cRight = i32x4.max_s(cRight, i32x4.add(inC, right));
      dLeft = i32x4.max_s(dLeft, i32x4.add(inD, left));
      dRight = i32x4.max_s(dRight, i32x4.add(inD, right));
    }
    const to = rowBytes + column;
    v128.store(a + to, aLeft);
    v128.store(a + to, aRight, 16);
    v128.store(b + to, bLeft);
    v128.store(b + to, bRight, 16);
    v128.store(c + to, cLeft);
    v128.store(c + to, cRight, 16);
    v128.store(d + to, dLeft);
    v128.store(d + to, dRight, 16);
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
    score += load<f64>(costs + rowBytes * <usize>load<i32>(gold + (t << 2)) + (tag << 3));
    scores = transitions + rowBytes * tag;
  }
  return score + load<f64>(end + (tag << 3));
}

// The tagging of the largest score plus cost, in float64.
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
    const cost = costs + rowBytes * <usize>load<i32>(gold + (<usize>t << 2));
    for (let k: usize = 0; k < <usize>K; k++) {
      const score = load<f64>(into + (k << 3)) + <f64>load<f32>(x + (k << 2));
      store<f64>(best + (k << 3), score + load<f64>(cost + (k << 3)));
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
