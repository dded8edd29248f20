// C = A · B and C = Aᵀ · B in float32, on panels of eight columns of B that lie packed.
//
// Each element of C is summed over k in ascending order, alone, from zero, whichever tile it falls into, and then added to
// what C holds: a row of A gives the same bits in any batch, and a long sum in blocks gathers little rounding error.
// N, the columns of B and C, is a multiple of eight; the caller pads with zeros.

import { tileColumns1, tileColumns4, tileColumns6, tileRows1, tileRows4, tileRows6 } from "./tiles.generated";

const BLOCK: i32 = 128; // rows packed, or summed, at a time where there are many
const STRIP: i32 = 60; // rows of A, or columns, that stay in the cache over all panels of B

// rows k of B [K, N] (rowBytes apart) → panels of eight columns, each K × 8
export function packPanels(b: usize, rowBytes: usize, panels: usize, N: i32, K: i32): void {
  for (let n = 0; n < N; n += 8) {
    let from = b + (<usize>n << 2);
    for (let k = 0; k < K; k++) {
      v128.store(panels, v128.load(from));
      v128.store(panels, v128.load(from, 16), 16);
      panels += 32;
      from += rowBytes;
    }
  }
}

// rows n of W [N, K] → panels of its transpose: as packPanels of B = Wᵀ. N is a multiple of eight.
export function packTransposed(w: usize, panels: usize, N: i32, K: i32): void {
  const bytes = <usize>K << 2;
  for (let n = 0; n < N; n += 8, w += 8 * bytes) {
    packEight(w, bytes, panels, K);
    panels += 8 * bytes;
  }
}

// eight rows of K numbers → K rows of eight
// @ts-ignore: decorator
@inline function packEight(w: usize, bytes: usize, panel: usize, K: i32): void {
  const end = w + bytes, whole = w + ((<usize>K & ~3) << 2);
  for (; w < whole; w += 16, panel += 128) {
    packFour(w, bytes, panel);
    packFour(w + 4 * bytes, bytes, panel + 16);
  }
  for (; w < end; w += 4, panel += 32) {
    for (let row: usize = 0; row < 8; row++) store<f32>(panel + (row << 2), load<f32>(w + row * bytes));
  }
}

// four numbers of each of four rows → the same, transposed, rows 32 bytes apart
// @ts-ignore: decorator
@inline function packFour(w: usize, bytes: usize, to: usize): void {
  const a = v128.load(w), b = v128.load(w + bytes), c = v128.load(w + 2 * bytes), d = v128.load(w + 3 * bytes);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7), cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(ab, cd, 0, 2));
  v128.store(to, v128.shuffle<f64>(ab, cd, 1, 3), 32);
  v128.store(to, v128.shuffle<f64>(ab2, cd2, 0, 2), 64);
  v128.store(to, v128.shuffle<f64>(ab2, cd2, 1, 3), 96);
}

// How many of M rows go through tiles of six, which a product and its sum in one instruction leave registers for; what they do not
// divide is left to fours and ones.
// @ts-ignore: decorator
@inline function rowsInSixes(M: i32): i32 {
  const left = M % 6;
  return !ASC_FEATURE_RELAXED_SIMD ? 0 : left == 2 && M >= 8 ? M - 8 : M - left;
}

// C (+)= A · B with A: M rows of K numbers, aBytes apart; or Aᵀ · B with A: K rows of M `columns`. panels: packed B; C: M × N, packed.
// @ts-ignore: decorator
@inline function multiplyStrip(columns: bool, M: i32, N: i32, K: i32, a: usize, aBytes: usize, panels: usize, c: usize, add: bool): void {
  const columnBytes = <usize>N << 2, next: usize = columns ? 4 : aBytes;
  const sixes = rowsInSixes(M);
  for (let n = 0; n < N; n += 8) {
    const panel = panels + ((<usize>n * <usize>K) << 2);
    let m = 0, from = a, to = c + (<usize>n << 2);
    for (; m < sixes; m += 6, from += 6 * next, to += 6 * columnBytes) {
      if (columns) tileColumns6(from, aBytes, panel, to, columnBytes, K, add);
      else tileRows6(from, aBytes, panel, to, columnBytes, K, add);
    }
    for (; m + 4 <= M; m += 4, from += 4 * next, to += 4 * columnBytes) {
      if (columns) tileColumns4(from, aBytes, panel, to, columnBytes, K, add);
      else tileRows4(from, aBytes, panel, to, columnBytes, K, add);
    }
    for (; m < M; m++, from += next, to += columnBytes) {
      if (columns) tileColumns1(from, aBytes, panel, to, columnBytes, K, add);
      else tileRows1(from, aBytes, panel, to, columnBytes, K, add);
    }
  }
}

// C [M, N] = A [M, K] · B, or += ; rows of A aBytes apart. Rows in strips, so that those of A stay in the cache over all panels.
export function multiplyPacked(
  M: i32, N: i32, K: i32, a: usize, aBytes: usize, panels: usize, c: usize, add: bool,
): void {
  const columnBytes = <usize>N << 2;
  for (let m = 0; m < M; m += STRIP) {
    const rows = min(STRIP, M - m);
    multiplyStrip(false, rows, N, K, a + <usize>m * aBytes, aBytes, panels, c + <usize>m * columnBytes, add);
  }
}

// K rows of M numbers, aBytes apart → the same, packed
function packRows(a: usize, aBytes: usize, M: i32, K: i32, to: usize): void {
  const bytes = <usize>M << 2, whole = bytes & ~15;
  for (let k = 0; k < K; k++, a += aBytes, to += bytes) {
    for (let at: usize = 0; at < whole; at += 16) v128.store(to + at, v128.load(a + at));
    for (let at = whole; at < bytes; at += 4) store<f32>(to + at, load<f32>(a + at));
  }
}

// C [M, N] = Aᵀ · B with A [K, M], its rows aBytes apart, and B [K, N], row-major; `work` is workspace of 128 × (N + min(M, 60)) f32.
export function multiplyTransposed(
  M: i32, N: i32, K: i32, a: usize, aBytes: usize, b: usize, work: usize, c: usize,
): void {
  const bBytes = <usize>N << 2;
  const strip = work + <usize>BLOCK * bBytes;
  if (K == 0) memory.fill(c, 0, (<usize>M << 2) * <usize>N);
  for (let k = 0; k < K; k += BLOCK) {
    const count = min(BLOCK, K - k);
    packPanels(b + <usize>k * bBytes, bBytes, work, N, count);
    const rows = a + <usize>k * aBytes;
    for (let m = 0; m < M; m += STRIP) {
      const columns = min(STRIP, M - m);
      packRows(rows + (<usize>m << 2), aBytes, columns, count, strip);
      multiplyStrip(true, columns, N, count, strip, <usize>columns << 2, work, c + <usize>m * bBytes, k > 0);
    }
  }
}

// out[n] = Σ over rows of a[row][n], in blocks of rows as above; N a multiple of four. work: N f32.
export function columnSums(rows: i32, N: i32, a: usize, work: usize, out: usize): void {
  const bytes = <usize>N << 2;
  memory.fill(out, 0, bytes);
  for (let start = 0; start < rows; start += BLOCK) {
    memory.fill(work, 0, bytes);
    const count = min(BLOCK, rows - start);
    for (let row = 0; row < count; row++, a += bytes) addRow(bytes, work, a);
    addRow(bytes, out, work);
  }
}

// @ts-ignore: decorator
@inline function addRow(bytes: usize, to: usize, row: usize): void {
  for (let n: usize = 0; n < bytes; n += 16) v128.store(to + n, f32x4.add(v128.load(to + n), v128.load(row + n)));
}

// Each row of a [rows, N] += bias [N].
export function addBias(rows: i32, N: i32, a: usize, bias: usize): void {
  const bytes = <usize>N << 2;
  for (let row = 0; row < rows; row++, a += bytes) addRow(bytes, a, bias);
}
