// The vector arithmetic that every kernel shares: exp on four lanes, and horizontal maximum and sum.
//
// Constants live in memory, four lanes each: V8 rebuilds a v128.const inside a hot loop, a load is cheaper.
// pmax and pmin replace max and min, whose NaN rules cost several instructions a lane on x86.

const TABLE: usize = memory.data<f32>([
  0.008290272146400128, 0.008290272146400128, 0.008290272146400128, 0.008290272146400128,
  0.04189816025241883, 0.04189816025241883, 0.04189816025241883, 0.04189816025241883,
  0.16667638130920642, 0.16667638130920642, 0.16667638130920642, 0.16667638130920642,
  0.49999147836406815, 0.49999147836406815, 0.49999147836406815, 0.49999147836406815,
  0.9999997063112033, 0.9999997063112033, 0.9999997063112033, 0.9999997063112033,
  1, 1, 1, 1,
  -87, -87, -87, -87,
  1.4426950408889634, 1.4426950408889634, 1.4426950408889634, 1.4426950408889634,
  12582912, 12582912, 12582912, 12582912,
  0.693359375, 0.693359375, 0.693359375, 0.693359375,
  -2.12194440e-4, -2.12194440e-4, -2.12194440e-4, -2.12194440e-4,
  87, 87, 87, 87,
  1.4269070369721428e-8, 1.4269070369721428e-8, 1.4269070369721428e-8, 1.4269070369721428e-8,
  2.125093487848062e-5, 2.125093487848062e-5, 2.125093487848062e-5, 2.125093487848062e-5,
  3.5340203903615475e-3, 3.5340203903615475e-3, 3.5340203903615475e-3, 3.5340203903615475e-3,
  0.13413241505622864, 0.13413241505622864, 0.13413241505622864, 0.13413241505622864,
  8.145060519382241e-7, 8.145060519382241e-7, 8.145060519382241e-7, 8.145060519382241e-7,
  3.348854079376906e-4, 3.348854079376906e-4, 3.348854079376906e-4, 3.348854079376906e-4,
  0.06666666666666667, 0.06666666666666667, 0.06666666666666667, 0.06666666666666667,
  0.07692307692307693, 0.07692307692307693, 0.07692307692307693, 0.07692307692307693,
  0.09090909090909091, 0.09090909090909091, 0.09090909090909091, 0.09090909090909091,
  0.1111111111111111, 0.1111111111111111, 0.1111111111111111, 0.1111111111111111,
  0.14285714285714285, 0.14285714285714285, 0.14285714285714285, 0.14285714285714285,
  0.2, 0.2, 0.2, 0.2,
  0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333,
  7.888609052210118e-31, 7.888609052210118e-31, 7.888609052210118e-31, 7.888609052210118e-31,
  0.016580544292800255, 0.016580544292800255, 0.016580544292800255, 0.016580544292800255,
  0.08379632050483767, 0.08379632050483767, 0.08379632050483767, 0.08379632050483767,
  0.33335276261841285, 0.33335276261841285, 0.33335276261841285, 0.33335276261841285,
  0.9999829567281363, 0.9999829567281363, 0.9999829567281363, 0.9999829567281363,
  1.9999994126224065, 1.9999994126224065, 1.9999994126224065, 1.9999994126224065,
  2, 2, 2, 2,
  0.0026529318171298133, 0.0026529318171298133, 0.0026529318171298133, 0.0026529318171298133,
  0.019343131904633857, 0.019343131904633857, 0.019343131904633857, 0.019343131904633857,
  0.11101468776054514, 0.11101468776054514, 0.11101468776054514, 0.11101468776054514,
  0.48044482542686745, 0.48044482542686745, 0.48044482542686745, 0.48044482542686745,
  1.3862939539807677, 1.3862939539807677, 1.3862939539807677, 1.3862939539807677,
  12583038, 12583038, 12583038, 12583038,
  0.02602272666990757, 0.02602272666990757, 0.02602272666990757, 0.02602272666990757,
  0.4674656391143799, 0.4674656391143799, 0.4674656391143799, 0.4674656391143799,
  8.5, 8.5, 8.5, 8.5,
  -8.5, -8.5, -8.5, -8.5,
  -1, -1, -1, -1,
], 16);

// @ts-ignore: decorator
@inline function constant(index: usize): v128 {
  return v128.load(TABLE + (index << 4));
}

// a b + c; in the relaxed build in one instruction where the processor has it, rounded once.
// @ts-ignore: decorator
@inline export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

// c - a b
// @ts-ignore: decorator
@inline function subtractProduct(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_nmadd(a, b, c) : f32x4.sub(c, f32x4.mul(a, b));
}

// exp(f) on |f| <= ln(2)/2: a polynomial of degree 5, relative error 1.7e-7.
// @ts-ignore: decorator
@inline export function expPolynomial(f: v128): v128 {
  let p = madd(f, constant(0), constant(1));
  p = madd(p, f, constant(2));
  p = madd(p, f, constant(3));
  p = madd(p, f, constant(4));
  return madd(p, f, constant(5));
}

// x / ln 2 rounded to a whole number n, as a float whose low bits hold n: see wholeOf and remainder.
// @ts-ignore: decorator
@inline export function biasedPower(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, constant(7)), constant(8));
}

// n of a biased power, as four integers.
// @ts-ignore: decorator
@inline export function wholeOf(biased: v128): v128 {
  return i32x4.sub(biased, i32x4.splat(0x4b400000));
}

// x - n ln 2, with ln 2 in two parts (Cody and Waite).
// @ts-ignore: decorator
@inline export function remainder(x: v128, biased: v128): v128 {
  const n = f32x4.sub(biased, constant(8));
  return subtractProduct(n, constant(10), subtractProduct(n, constant(9), x));
}

// exp(x) for x <= 88, relative error 2e-7. From about -87 down it is exactly 0, as is exp(-Infinity). NaN stays NaN.
//
// A polynomial times 2^(n - 1), whose factor of 2 the coefficients hold: a power that leaves the normal numbers is 0, so that no
// product is subnormal, which would cost ten times a normal one.
// @ts-ignore: decorator
@inline export function exp4(x: v128): v128 {
  const y = f32x4.pmax(x, constant(6));
  const biased = madd(y, constant(7), constant(37));
  const n = f32x4.sub(biased, constant(37));
  const f = subtractProduct(n, constant(10), subtractProduct(n, constant(9), y));
  let p = madd(f, constant(26), constant(27));
  p = madd(p, f, constant(28));
  p = madd(p, f, constant(29));
  p = madd(p, f, constant(30));
  return f32x4.mul(madd(p, f, constant(31)), i32x4.shl(biased, 23));
}

// exp(x) for x <= 0 as a power of 2, a third faster: the relative error grows to 2e-7 + 6e-8 |x|, the absolute one stays below 2e-7.
// For a softmax, not for a product over many steps. In two parts, so that a loop can take the first of one vector while it waits
// for the second of another: softPower, and from it the fraction; softExponential. As in exp4, what underflows is exactly 0, and
// NaN stays NaN. A loop holds the constants in registers: they are arguments.
export const SOFT_LEAST = 6, SOFT_PER_LN2 = 7, SOFT_BIAS = 37, SOFT_FIRST = 32, SOFT_LAST = 31;

// @ts-ignore: decorator
@inline export function softConstant(index: i32): v128 {
  return constant(index);
}

// x / ln 2, rounded to a whole number n, as a float whose low bits hold it.
// @ts-ignore: decorator
@inline export function softPower(x: v128, perLn2: v128, bias: v128): v128 {
  return madd(x, perLn2, bias);
}

// x / ln 2 - n, between -1/2 and 1/2.
// @ts-ignore: decorator
@inline export function softFraction(x: v128, perLn2: v128, bias: v128, power: v128): v128 {
  return madd(x, perLn2, f32x4.sub(bias, power));
}

// 2^(f + n): a polynomial in f of degree 5, times 2^(n - 1), whose factor of 2 the coefficients hold. Without an instruction that
// multiplies and adds, in pairs: more of them, but fewer that wait for one another.
// @ts-ignore: decorator
@inline export function softExponential(f: v128, power: v128, p5: v128, p4: v128, p3: v128, p2: v128, p1: v128, p0: v128): v128 {
  let p = madd(f, p5, p4);
  if (ASC_FEATURE_RELAXED_SIMD) {
    p = madd(p, f, p3);
    p = madd(p, f, p2);
    p = madd(p, f, p1);
    p = madd(p, f, p0);
  } else {
    const square = f32x4.mul(f, f);
    p = madd(p, square, madd(f, p3, p2));
    p = madd(p, square, madd(f, p1, p0));
  }
  return f32x4.mul(p, i32x4.shl(power, 23));
}

// @ts-ignore: decorator
@inline export function maximum(v: v128): f32 {
  const a = f32x4.pmax(v, i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return f32x4.extract_lane(f32x4.pmax(a, i8x16.shuffle(a, a, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11)), 0);
}

// @ts-ignore: decorator
@inline export function sum(v: v128): f32 {
  const a = f32x4.add(v, i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1);
}

// 1 / (1 + e^-x)
// @ts-ignore: decorator
@inline export function sigmoid4(x: v128): v128 {
  const one = constant(5);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.pmin(f32x4.neg(x), constant(11)))));
}

// tanh x, within 4e-7 relative, never past ±1: x P(x²) / Q(x²), both of degree 4, fitted on |x| <= 8.5, past which it is ±1 within
// rounding. NaN stays NaN.
// @ts-ignore: decorator
@inline export function tanh4(x: v128): v128 {
  const one = constant(5);
  const y = f32x4.pmin(f32x4.pmax(x, constant(41)), constant(40));
  const square = f32x4.mul(y, y);
  let p = madd(square, constant(12), constant(13));
  p = madd(p, square, constant(14));
  p = madd(p, square, constant(15));
  p = madd(p, square, one);
  let q = madd(square, constant(16), constant(17));
  q = madd(q, square, constant(38));
  q = madd(q, square, constant(39));
  q = madd(q, square, one);
  return f32x4.pmin(f32x4.pmax(f32x4.div(f32x4.mul(y, p), q), constant(42)), one);
}

// x, or 0 below 2^-100. A gradient that vanishes over many steps would end as a subnormal number and stay one, and arithmetic
// on those costs many times as much: WebAssembly has no flush-to-zero. NaN stays NaN.
// @ts-ignore: decorator
@inline export function flushTiny(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), constant(25)));
}

// @ts-ignore: decorator
@inline export function constantOne(): v128 {
  return constant(5);
}

// ln(1 + u) for 0 <= u <= 1, within 3e-7 relative: 2 artanh(u / (2 + u)) by its series.
// @ts-ignore: decorator
@inline export function log1p4(u: v128): v128 {
  const one = constant(5);
  const s = f32x4.div(u, f32x4.add(u, f32x4.add(one, one)));
  const square = f32x4.mul(s, s);
  let p = f32x4.add(f32x4.mul(square, constant(18)), constant(19));
  p = f32x4.add(f32x4.mul(p, square), constant(20));
  p = f32x4.add(f32x4.mul(p, square), constant(21));
  p = f32x4.add(f32x4.mul(p, square), constant(22));
  p = f32x4.add(f32x4.mul(p, square), constant(23));
  p = f32x4.add(f32x4.mul(p, square), constant(24));
  p = f32x4.add(f32x4.mul(p, square), one);
  return f32x4.mul(f32x4.add(s, s), p);
}
