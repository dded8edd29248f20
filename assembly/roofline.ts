// The loops of bench/roofline.mjs: nothing but what is measured.
import {
  madd, SOFT_BIAS, SOFT_FIRST, SOFT_LAST, SOFT_LEAST, SOFT_PER_LN2, softConstant, softExponential, softFraction, softPower,
} from "./vector";

// 12 independent sums of products with numbers from the nearest cache, so that none waits for another: n × 12 × 8 operations.
export function multiplyAdds(n: i32, at: usize): void {
  const y = v128.load(at);
  let a = y,
    b = y,
    c = y,
    d = y,
    e = y,
    f = y,
    g = y,
    h = y,
    i = y,
    j = y,
    k = y,
    l = y;
  for (let step = 0; step < n; step++) {
    const x = at + ((<usize>(step & 15)) << 8);
    a = madd(v128.load(x), y, a);
    b = madd(v128.load(x, 16), y, b);
    c = madd(v128.load(x, 32), y, c);
    d = madd(v128.load(x, 48), y, d);
    e = madd(v128.load(x, 64), y, e);
    f = madd(v128.load(x, 80), y, f);
    g = madd(v128.load(x, 96), y, g);
    h = madd(v128.load(x, 112), y, h);
    i = madd(v128.load(x, 128), y, i);
    j = madd(v128.load(x, 144), y, j);
    k = madd(v128.load(x, 160), y, k);
    l = madd(v128.load(x, 176), y, l);
  }
  const first = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(e, f));
  const second = f32x4.add(f32x4.add(f32x4.add(g, h), f32x4.add(i, j)), f32x4.add(k, l));
  v128.store(at + 8192, f32x4.add(first, second));
}

// The same of whole numbers, the larger of each and a sum: n × 12 × 8 operations.
export function largestSums(n: i32, at: usize): void {
  const y = v128.load(at);
  let a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
  for (let step = 0; step < n; step++) {
    const x = at + ((<usize>(step & 15)) << 8);
    a = i32x4.max_s(a, i32x4.add(v128.load(x), y));
    b = i32x4.max_s(b, i32x4.add(v128.load(x, 16), y));
    c = i32x4.max_s(c, i32x4.add(v128.load(x, 32), y));
    d = i32x4.max_s(d, i32x4.add(v128.load(x, 48), y));
    e = i32x4.max_s(e, i32x4.add(v128.load(x, 64), y));
    f = i32x4.max_s(f, i32x4.add(v128.load(x, 80), y));
    g = i32x4.max_s(g, i32x4.add(v128.load(x, 96), y));
    h = i32x4.max_s(h, i32x4.add(v128.load(x, 112), y));
    i = i32x4.max_s(i, i32x4.add(v128.load(x, 128), y));
    j = i32x4.max_s(j, i32x4.add(v128.load(x, 144), y));
    k = i32x4.max_s(k, i32x4.add(v128.load(x, 160), y));
    l = i32x4.max_s(l, i32x4.add(v128.load(x, 176), y));
  }
  const first = i32x4.add(i32x4.add(i32x4.add(a, b), i32x4.add(c, d)), i32x4.add(e, f));
  const second = i32x4.add(i32x4.add(i32x4.add(g, h), i32x4.add(i, j)), i32x4.add(k, l));
  v128.store(at + 8192, i32x4.add(first, second));
}

// The exponential of a softmax on an array that stays in the nearest cache, in two parts as softmax.ts takes it.
export function exponentials(repeats: i32, count: i32, at: usize): void {
  const perLn2 = softConstant(SOFT_PER_LN2), bias = softConstant(SOFT_BIAS), least = softConstant(SOFT_LEAST);
  const p5 = softConstant(SOFT_FIRST), p4 = softConstant(SOFT_FIRST + 1), p3 = softConstant(SOFT_FIRST + 2);
  const p2 = softConstant(SOFT_FIRST + 3), p1 = softConstant(SOFT_FIRST + 4), p0 = softConstant(SOFT_LAST);
  for (let n = 0; n < repeats; n++) {
    let y = f32x4.pmax(v128.load(at), least);
    let power = softPower(y, perLn2, bias), f = softFraction(y, perLn2, bias, power);
    for (let k: usize = 0; k < (<usize>count) << 2; k += 32) {
      y = f32x4.pmax(v128.load(at + k, 16), least);
      const second = softPower(y, perLn2, bias), secondF = softFraction(y, perLn2, bias, second);
      v128.store(at + k, softExponential(f, power, p5, p4, p3, p2, p1, p0));
      y = f32x4.pmax(v128.load(at + k, 32), least);
      power = softPower(y, perLn2, bias);
      f = softFraction(y, perLn2, bias, power);
      v128.store(at + k, softExponential(secondF, second, p5, p4, p3, p2, p1, p0), 16);
    }
  }
}

export function copies(repeats: i32, bytes: usize, from: usize, to: usize): void {
  for (let n = 0; n < repeats; n++) memory.copy(to, from, bytes);
}
