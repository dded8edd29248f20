import { madd } from "../vector";

// Valid where the engine has what the other modules are built from: SIMD, or relaxed SIMD.
export function probe(at: usize): void {
  v128.store(at, madd(v128.load(at), v128.load(at), v128.load(at)));
}
