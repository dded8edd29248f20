// Valid where the engine has what the other modules are built from: SIMD, or relaxed SIMD.
export function probe(at: usize): void {
  const x = v128.load(at);
  v128.store(at, ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, x, x) : f32x4.add(f32x4.mul(x, x), x));
}
