// C = A · B and C = Aᵀ · B in float32, on panels of eight columns of B that lie packed.
//
// Each element of C is summed over k in ascending order, alone, from zero, whichever tile it falls into, and then added to
// what C holds: a row of A gives the same bits in any batch, and a long sum in blocks gathers little rounding error.
// N, the columns of B and C, is a multiple of eight; the caller pads with zeros.

import { tile1, tile4, tile6 } from "./tiles.generated";

const BLOCK: i32 = 128; // rows packed, or summed, at a time where there are many
const ROWS: i32 = 60; // rows of A that stay in the cache over all panels of B

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

// C (+)= A · B with A: M rows of K numbers, rowStride bytes apart; panels: packed B; C: M × N, packed rows. Tiles are six
// rows high where a product and its sum are one instruction, which leaves registers for them, and four elsewhere; what they do
// not divide is left to fours and ones.
function multiply(M: i32, N: i32, K: i32, a: usize, rowStride: usize, panels: usize, c: usize, add: bool): void {
  const columnBytes = <usize>N << 2;
  const left = M % 6;
  const sixes = !ASC_FEATURE_RELAXED_SIMD ? 0 : left == 2 && M >= 8 ? M - 8 : M - left;
  for (let n = 0; n < N; n += 8) {
    const panel = panels + ((<usize>n * <usize>K) << 2);
    const column = c + (<usize>n << 2);
    let m = 0;
    for (; m < sixes; m += 6) tile6(a + <usize>m * rowStride, rowStride, panel, column + <usize>m * columnBytes, columnBytes, K, add);
    for (; m + 4 <= M; m += 4) tile4(a + <usize>m * rowStride, rowStride, panel, column + <usize>m * columnBytes, columnBytes, K, add);
    for (; m < M; m++) tile1(a + <usize>m * rowStride, rowStride, panel, column + <usize>m * columnBytes, columnBytes, K, add);
  }
}

// C [M, N] = A [M, K] · B, or += . Rows in blocks, so that those of A stay in the cache over all panels.
export function multiplyPacked(M: i32, N: i32, K: i32, a: usize, panels: usize, c: usize, add: bool): void {
  const rowStride = <usize>K << 2, columnBytes = <usize>N << 2;
  for (let m = 0; m < M; m += ROWS) {
    const rows = min(ROWS, M - m);
    multiply(rows, N, K, a + <usize>m * rowStride, rowStride, panels, c + <usize>m * columnBytes, add);
  }
}

// M columns of rows k of A, aBytes apart → M rows of K numbers
function transpose(a: usize, aBytes: usize, M: i32, K: i32, out: usize): void {
  const bytes = <usize>K << 2;
  for (let m = 0; m < M; m++, a += 4, out += bytes) {
    let from = a;
    for (let k: usize = 0; k < bytes; k += 4, from += aBytes) store<f32>(out + k, load<f32>(from));
  }
}

// C [M, N] = Aᵀ · B with A [K, M], its rows aBytes apart, and B [K, N], both row-major; `work` is workspace of 128 × (N + M) f32.
export function multiplyTransposed(
  M: i32, N: i32, K: i32, a: usize, aBytes: usize, b: usize, work: usize, c: usize,
): void {
  const bBytes = <usize>N << 2;
  const rowsOfA = work + <usize>BLOCK * bBytes;
  if (K == 0) memory.fill(c, 0, (<usize>M << 2) * <usize>N);
  for (let k = 0; k < K; k += BLOCK) {
    const count = min(BLOCK, K - k);
    packPanels(b + <usize>k * bBytes, bBytes, work, N, count);
    transpose(a + <usize>k * aBytes, aBytes, M, count, rowsOfA);
    multiplyPacked(M, N, count, rowsOfA, work, c, k > 0);
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
