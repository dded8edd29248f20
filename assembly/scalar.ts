// Float64 functions of one number. The standard library's log and pow read tables of 8 KB, which would be most of a module.

// ln x for positive, normal x: x = 2^n (1 + f) with 1 + f between √½ and √2, so that f is exact.
export function log(x: f64): f64 {
  const bits = reinterpret<u64>(x) + 0x95f6400000000; // carries into the exponent where the fraction is above √2
  const n = <i32>(bits >>> 52) - 1023;
  const scaled = reinterpret<f64>((bits & 0xfffffffffffff) + 0x3fe6a09c00000000);
  return Math.log1p(scaled - 1) + <f64>n * Math.LN2;
}

// 2^exponent, 0 below the normal numbers.
export function powerOfTwo(exponent: i32): f64 {
  return exponent < -1022 ? 0 : reinterpret<f64>(<u64>(exponent + 1023) << 52);
}
