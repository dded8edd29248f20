// Two lanes of float64: ln(1 + u); e^x as a mantissa and a whole power of two, and numbers held that way.
//
// Such a number is m · 2^n, n a whole number, itself a float64: no product of exponentials leaves that range. 0 has m = 0 or
// n = -Infinity. Constants live in memory, two lanes each, as in vector.ts.

const TABLE: usize = memory.data<f64>([
  2.505210838544172e-8, 2.505210838544172e-8,
  2.755731922398589e-7, 2.755731922398589e-7,
  2.7557319223985893e-6, 2.7557319223985893e-6,
  2.48015873015873e-5, 2.48015873015873e-5,
  1.984126984126984e-4, 1.984126984126984e-4,
  1.388888888888889e-3, 1.388888888888889e-3,
  8.333333333333333e-3, 8.333333333333333e-3,
  4.1666666666666664e-2, 4.1666666666666664e-2,
  0.16666666666666666, 0.16666666666666666,
  0.5, 0.5,
  1, 1,
  1.4426950408889634, 1.4426950408889634,
  0.6931471803691238, 0.6931471803691238,
  1.9082149292705877e-10, 1.9082149292705877e-10,
  0.3466, 0.3466,
  -0.3466, -0.3466,
  4503599627371519, 4503599627371519,
  3.054936363499605e-151, 3.054936363499605e-151,
  -Infinity, -Infinity,
  -1000, -1000,
  2.0 / 15, 2.0 / 15, 2.0 / 13, 2.0 / 13, 2.0 / 11, 2.0 / 11, 2.0 / 9, 2.0 / 9,
  2.0 / 7, 2.0 / 7, 0.4, 0.4, 2.0 / 3, 2.0 / 3, 2, 2,
  0.6931471805599453, 0.6931471805599453,
], 16);
const ONE = 10, PER_LN2 = 11, LN2_HIGH = 12, LN2_LOW = 13, MOST = 14, LEAST = 15, BIASED = 16, FAINTEST = 17, NOTHING = 18, LEAST_POWER = 19;
const ARTANH = 20, TWO = 27, LN2 = 28;

// @ts-ignore: decorator
@inline function constant(index: usize): v128 {
  return v128.load(TABLE + (index << 4));
}

// a b + c
// @ts-ignore: decorator
@inline export function madd64(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(a, b, c) : f64x2.add(f64x2.mul(a, b), c);
}

// The power of two of e^x; -Infinity for e^-Infinity.
// @ts-ignore: decorator
@inline export function powerOf(x: v128): v128 {
  return f64x2.nearest(f64x2.mul(x, constant(PER_LN2)));
}

// The mantissa of e^x, whose power is n: Taylor's series to the degree 11 on |f| <= ln(2)/2, within 1e-14 relative. Between √½ and √2,
// also where x is -Infinity or so large that its fraction is lost.
// @ts-ignore: decorator
@inline export function mantissaOf(x: v128, n: v128): v128 {
  let f = f64x2.sub(f64x2.sub(x, f64x2.mul(n, constant(LN2_HIGH))), f64x2.mul(n, constant(LN2_LOW)));
  f = f64x2.pmin(constant(MOST), f64x2.pmax(constant(LEAST), f));
  let p = madd64(f, constant(0), constant(1));
  p = madd64(p, f, constant(2));
  p = madd64(p, f, constant(3));
  p = madd64(p, f, constant(4));
  p = madd64(p, f, constant(5));
  p = madd64(p, f, constant(6));
  p = madd64(p, f, constant(7));
  p = madd64(p, f, constant(8));
  p = madd64(p, f, constant(9));
  p = madd64(p, f, constant(ONE));
  return madd64(p, f, constant(ONE));
}

// m · 2^n; exactly 0 below 2^-500, so that products of two are never subnormal. n is at most 1000, m at most 2^500.
// @ts-ignore: decorator
@inline export function scaled(m: v128, n: v128): v128 {
  const power = i64x2.shl(f64x2.add(f64x2.pmax(constant(LEAST_POWER), n), constant(BIASED)), 52);
  const value = f64x2.mul(m, power);
  return v128.and(value, f64x2.ge(value, constant(FAINTEST)));
}

// Of a number x >= 0: m between 1 and 2.
// @ts-ignore: decorator
@inline export function fractionOf(x: v128): v128 {
  return v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), constant(ONE));
}

// Of a number x >= 0: n, -Infinity for 0.
// @ts-ignore: decorator
@inline export function exponentOf(x: v128): v128 {
  const biased = v128.or(i64x2.shr_u(x, 52), i64x2.splat(0x4330000000000000));
  return v128.bitselect(constant(NOTHING), f64x2.sub(biased, constant(BIASED)), f64x2.eq(x, f64x2.splat(0)));
}

// ln(1 + u) for u >= 0, within 1e-13 relative, however small u is: 1 + u = 2^n (1 + f) with 1 + f between √½ and √2, and
// ln(1 + f) = 2 artanh(f / (2 + f)) by its series. What it is of NaN has no meaning.
// @ts-ignore: decorator
@inline export function log1p64(u: v128): v128 {
  const x = i64x2.add(f64x2.add(constant(ONE), u), i64x2.splat(0x95f6400000000)); // carries into n where 1 + f is above √2
  const n = f64x2.sub(v128.or(i64x2.shr_u(x, 52), i64x2.splat(0x4330000000000000)), constant(BIASED));
  const scaled = i64x2.add(v128.and(x, i64x2.splat(0xfffffffffffff)), i64x2.splat(0x3fe6a09c00000000));
  const f = v128.bitselect(u, f64x2.sub(scaled, constant(ONE)), f64x2.eq(n, f64x2.splat(0)));
  const s = f64x2.div(f, f64x2.add(constant(TWO), f));
  const square = f64x2.mul(s, s);
  let p = madd64(square, constant(ARTANH), constant(ARTANH + 1));
  p = madd64(p, square, constant(ARTANH + 2));
  p = madd64(p, square, constant(ARTANH + 3));
  p = madd64(p, square, constant(ARTANH + 4));
  p = madd64(p, square, constant(ARTANH + 5));
  p = madd64(p, square, constant(ARTANH + 6));
  p = madd64(p, square, constant(TWO));
  return madd64(p, s, f64x2.mul(n, constant(LN2)));
}

// The larger of two lanes.
// @ts-ignore: decorator
@inline export function largest(v: v128): f64 {
  return max(f64x2.extract_lane(v, 0), f64x2.extract_lane(v, 1));
}

// Two numbers, or where `count` is 1 the last and -Infinity.
// @ts-ignore: decorator
@inline export function loadPair(at: usize, count: i32): v128 {
  return count > 1 ? v128.load(at) : f64x2.replace_lane(constant(NOTHING), 0, load<f64>(at));
}
