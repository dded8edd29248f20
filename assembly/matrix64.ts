import { madd64 } from "./vector64";

// Products of float64 matrices whose rows are padded to a multiple of eight numbers.

// to [N] = row [K] · matrix [K, N], rows and columns padded with zeros; rowBytes = 8 N.
export function rowTimesMatrix(K: i32, rowBytes: usize, row: usize, matrix: usize, to: usize): void {
  const end = row + (<usize>((K + 1) & ~1) << 3);
  for (let column: usize = 0; column < rowBytes; column += 64) {
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let upper = matrix + column, lower = upper + rowBytes;
    // two rows at a time: half as many additions wait for one another
    for (let x = row; x < end; x += 16) {
      const a = v128.load64_splat(x), b = v128.load64_splat(x, 8);
      s0 = f64x2.add(s0, madd64(a, v128.load(upper), f64x2.mul(b, v128.load(lower))));
      s1 = f64x2.add(s1, madd64(a, v128.load(upper, 16), f64x2.mul(b, v128.load(lower, 16))));
      s2 = f64x2.add(s2, madd64(a, v128.load(upper, 32), f64x2.mul(b, v128.load(lower, 32))));
      s3 = f64x2.add(s3, madd64(a, v128.load(upper, 48), f64x2.mul(b, v128.load(lower, 48))));
      upper += rowBytes << 1;
      lower += rowBytes << 1;
    }
    v128.store(to + column, s0);
    v128.store(to + column, s1, 16);
    v128.store(to + column, s2, 32);
    v128.store(to + column, s3, 48);
  }
}

// to [K, K] += aᵀ · b, in tiles of 4 × 4: a and b are `count` rows [K], aBytes and bBytes apart, rows of `to` toBytes.
export function addOuterProducts(
  count: i32, K: i32, a: usize, aBytes: usize, b: usize, bBytes: usize, to: usize, toBytes: usize,
): void {
  const columns = <usize>((K + 3) & ~3) << 3;
  const end = b + <usize>count * bBytes;
  for (let i: usize = 0; i < columns; i += 32) {
    for (let j: usize = 0; j < columns; j += 32) {
      const r0 = to + (i >> 3) * toBytes + j, r1 = r0 + toBytes, r2 = r1 + toBytes, r3 = r2 + toBytes;
      let s00 = v128.load(r0), s01 = v128.load(r0, 16), s10 = v128.load(r1), s11 = v128.load(r1, 16);
      let s20 = v128.load(r2), s21 = v128.load(r2, 16), s30 = v128.load(r3), s31 = v128.load(r3, 16);
      let x = a + i;
      for (let y = b + j, last = end + j; y < last; y += bBytes, x += aBytes) {
        const y0 = v128.load(y), y1 = v128.load(y, 16);
        let factor = v128.load64_splat(x);
        s00 = madd64(factor, y0, s00);
        s01 = madd64(factor, y1, s01);
        factor = v128.load64_splat(x, 8);
        s10 = madd64(factor, y0, s10);
        s11 = madd64(factor, y1, s11);
        factor = v128.load64_splat(x, 16);
        s20 = madd64(factor, y0, s20);
        s21 = madd64(factor, y1, s21);
        factor = v128.load64_splat(x, 24);
        s30 = madd64(factor, y0, s30);
        s31 = madd64(factor, y1, s31);
      }
      v128.store(r0, s00);
      v128.store(r0, s01, 16);
      v128.store(r1, s10);
      v128.store(r1, s11, 16);
      v128.store(r2, s20);
      v128.store(r2, s21, 16);
      v128.store(r3, s30);
      v128.store(r3, s31, 16);
    }
  }
}

// to [N] += factor · row [N]
export function addMultiple(rowBytes: usize, factor: f64, row: usize, to: usize): void {
  const factors = f64x2.splat(factor);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    v128.store(to + k, madd64(factors, v128.load(row + k), v128.load(to + k)));
  }
}
