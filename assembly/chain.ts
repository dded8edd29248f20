import { log } from "./scalar";
import { exponentials, rowMaximum } from "./softmax";
import { madd, maximum, sum } from "./vector";

// A linear chain of K tags: sums over all taggings (Lafferty et al. 2001).
//
// Sums are of plain float32 numbers, multiplied at each step by a power of two that brings the largest to [1, 2). What is
// fainter than 2^-126 is lost. The passes prove that it does not matter: no step's largest falls below FAINTEST before it is
// brought back, and alpha · beta, summed over the tags of a step, never below CERTAIN, so that what is lost of T K states is at
// most a share of T K 2^-36 of all. Where the proof fails, and where rounding
// errors would add up over many steps, the caller takes the sums of crf.ts instead.
// Columns are padded to P, a multiple of eight, with weights of 0.

const FAINTEST: f32 = 8.881784197001252e-16; // 2^-50
const CERTAIN: f32 = 9.094947017729282e-13; // 2^-40
// The power of two that brings x, positive and normal, to [1, 2); its exponent is what `exponentOf` says, negated.
// @ts-ignore: decorator
@inline function powerFor(x: f32): f32 {
  return reinterpret<f32>((254 - (reinterpret<i32>(x) >> 23)) << 23);
}

// @ts-ignore: decorator
@inline function exponentOf(x: f32): i32 {
  return (reinterpret<i32>(x) >> 23) - 127;
}

// out [P] = x [K] · weights [K, P], in blocks of 24 columns, whose six sums wait for one another no longer than they take.
function product(K: i32, P: i32, x: usize, weights: usize, out: usize): void {
  const rowBytes = <usize>P << 2;
  const end = x + (<usize>K << 2);
  let column: usize = 0;
  for (; column + 96 <= rowBytes; column += 96) {
    let a = f32x4.splat(0), b = a, c = a, d = a, e = a, f = a;
    let w = weights + column;
    for (let at = x; at < end; at += 4, w += rowBytes) {
      const factor = v128.load32_splat(at);
      a = madd(factor, v128.load(w), a);
      b = madd(factor, v128.load(w, 16), b);
      c = madd(factor, v128.load(w, 32), c);
      d = madd(factor, v128.load(w, 48), d);
      e = madd(factor, v128.load(w, 64), e);
      f = madd(factor, v128.load(w, 80), f);
    }
    v128.store(out + column, a);
    v128.store(out + column, b, 16);
    v128.store(out + column, c, 32);
    v128.store(out + column, d, 48);
    v128.store(out + column, e, 64);
    v128.store(out + column, f, 80);
  }
  for (; column < rowBytes; column += 32) {
    let a = f32x4.splat(0), b = a;
    let w = weights + column;
    for (let at = x; at < end; at += 4, w += rowBytes) {
      const factor = v128.load32_splat(at);
      a = madd(factor, v128.load(w), a);
      b = madd(factor, v128.load(w, 16), b);
    }
    v128.store(out + column, a);
    v128.store(out + column, b, 16);
  }
}

// to = a × b over P numbers; returns the largest.
// @ts-ignore: decorator
@inline function multiplied(P: i32, a: usize, b: usize, to: usize): f32 {
  let most = f32x4.splat(0);
  for (let k: usize = 0; k < <usize>P << 2; k += 16) {
    const v = f32x4.mul(v128.load(a + k), v128.load(b + k));
    v128.store(to + k, v);
    most = f32x4.pmax(most, v);
  }
  return maximum(most);
}

// @ts-ignore: decorator
@inline function scaleTo(P: i32, from: usize, factor: f32, to: usize): void {
  const by = f32x4.splat(factor);
  for (let k: usize = 0; k < <usize>P << 2; k += 16) v128.store(to + k, f32x4.mul(v128.load(from + k), by));
}

// Σ a × b
// @ts-ignore: decorator
@inline function inner(P: i32, a: usize, b: usize): f32 {
  let total = f32x4.splat(0);
  for (let k: usize = 0; k < <usize>P << 2; k += 16) {
    total = f32x4.add(total, f32x4.mul(v128.load(a + k), v128.load(b + k)));
  }
  return sum(total);
}

// e^(row − its largest) → out, and 0 on padding; returns the largest.
function exponentialRow(K: i32, P: i32, x: usize, out: usize): f32 {
  const most = rowMaximum(x, K);
  exponentials(x, out, K, most);
  memory.fill(out + (<usize>K << 2), 0, <usize>(P - K) << 2);
  return most;
}

// emissions: T×K f32. gold: T i32. start, end: P f32, e^(score − largest). weights: K×P f32, e^(transition − largest), and
// its transpose. alphas: T×P f32 out, alpha of each step up to a power of two. pairs: T×P f32 out, so that
// Σ_t alphas[t][i] · pairs[t][j], times weights[i][j], is scale · the expected count of the transition; grad: T×K f32 out,
// (marginal − gold) · scale; 0 leaves pairs and grad out. work: P × (T + 4) f32. T >= 1.
// Returns ln Σ e^score over the taggings other than gold, less T − 1 times the largest transition and the largest start and
// end, which the caller adds; -Infinity where they are too faint to be seen beside gold. `status` becomes 1 where float32 does
// not settle it, as with NaN; else 0.
export function chainSequence(
  T: i32, K: i32, P: i32, emissions: usize, gold: usize, start: usize, end: usize, weights: usize, transposed: usize,
  alphas: usize, pairs: usize, scale: f32, grad: usize, status: usize, work: usize,
): f64 {
  const rowBytes = <usize>P << 2, given = <usize>K << 2;
  const rows = work; // e^emission of each step
  const others = work + rowBytes * <usize>T, next = others + rowBytes, beta = next + rowBytes, carried = beta + rowBytes;
  store<i32>(status, 0);
  let scaled: f64 = 0; // ln of what the numbers were divided by
  let exponents = 0;
  let on: f32 = 1; // the gold tagging's own share, which `others` leave out
  for (let t = 0; t < T; t++) {
    const row = rows + rowBytes * <usize>t, alpha = alphas + rowBytes * <usize>t;
    const tag = load<i32>(gold + (<usize>t << 2)), at = <usize>tag << 2;
    const most = exponentialRow(K, P, emissions + given * <usize>t, row);
    if (!(abs(most) < Infinity)) return uncertain(status);
    scaled += <f64>most;
    if (t == 0) {
      memory.copy(next, start, rowBytes);
      on = load<f32>(next + at);
      store<f32>(next + at, 0);
    } else {
      const before = <usize>load<i32>(gold + (<usize>(t - 1) << 2));
      product(K, P, others, weights, next);
      const left = weights + rowBytes * before;
      const kept = load<f32>(next + at), share = f32x4.splat(on);
      for (let k: usize = 0; k < rowBytes; k += 16) {
        v128.store(next + k, f32x4.add(v128.load(next + k), f32x4.mul(share, v128.load(left + k))));
      }
      store<f32>(next + at, kept);
      on *= load<f32>(left + at);
    }
    let largest = multiplied(P, next, row, next);
    on *= load<f32>(row + at);
    largest = max(largest, on);
    if (!(largest >= FAINTEST)) return uncertain(status);
    const factor = powerFor(largest);
    exponents += exponentOf(largest);
    on *= factor;
    scaleTo(P, next, factor, others);
    memory.copy(alpha, others, rowBytes);
    store<f32>(alpha + at, load<f32>(alpha + at) + on);
  }
  const left = inner(P, others, end);
  const lnOthers = (left > 0 ? log(<f64>left) : -Infinity) + scaled + <f64>exponents * Math.LN2;

  // the backward pass proves what the forward pass found, whether or not a gradient is wanted
  memory.copy(beta, end, rowBytes);
  for (let t = T - 1; t >= 0; t--) {
    const row = rows + rowBytes * <usize>t, alpha = alphas + rowBytes * <usize>t;
    if (t < T - 1) product(K, P, carried, transposed, beta);
    let most = f32x4.splat(0);
    for (let k: usize = 0; k < rowBytes; k += 16) most = f32x4.pmax(most, v128.load(beta + k));
    const largest = maximum(most);
    if (!(largest >= FAINTEST)) return uncertain(status);
    const factor = powerFor(largest);
    if (grad != 0 && t < T - 1) {
      const here = pairs + rowBytes * <usize>t;
      scaleTo(P, carried, scale / inner(P, alpha, beta), here);
    } else if (grad != 0) memory.fill(pairs + rowBytes * <usize>t, 0, rowBytes);
    scaleTo(P, beta, factor, beta);
    const z = inner(P, alpha, beta);
    if (!(z >= CERTAIN)) return uncertain(status);
    if (grad != 0) marginals(K, P, alpha, beta, scale / z, next, grad + given * <usize>t, load<i32>(gold + (<usize>t << 2)));
    const passed = multiplied(P, beta, row, carried);
    if (!(passed >= FAINTEST)) return uncertain(status);
    scaleTo(P, carried, powerFor(passed), carried);
  }
  return lnOthers;
}

function uncertain(status: usize): f64 {
  store<i32>(status, 1);
  return NaN;
}

// scale · (alpha · beta / z − gold): the gold tag's is what the others have, negated, so that no difference is taken.
// @ts-ignore: decorator
@inline function marginals(K: i32, P: i32, alpha: usize, beta: usize, scale: f32, row: usize, grad: usize, gold: i32): void {
  const at = <usize>gold << 2;
  const by = f32x4.splat(scale);
  for (let k: usize = 0; k < <usize>P << 2; k += 16) {
    v128.store(row + k, f32x4.mul(f32x4.mul(v128.load(alpha + k), v128.load(beta + k)), by));
  }
  store<f32>(row + at, 0);
  let total = f32x4.splat(0);
  for (let k: usize = 0; k < <usize>P << 2; k += 16) total = f32x4.add(total, v128.load(row + k));
  store<f32>(row + at, -sum(total));
  memory.copy(grad, row, <usize>K << 2);
}
