// C = A · B and C = Aᵀ · B in float32, on panels of eight columns of B that lie packed.
//
// Each element of C is summed over k in ascending order, alone, from zero, whichever tile it falls into, and then added to
// what C holds: a row of A gives the same bits in any batch, and a long sum in blocks gathers little rounding error. A tile is four rows by eight columns: eight accumulators stay in registers, and four values of A are spread.
// N, the columns of B and C, is a multiple of eight; the caller pads with zeros.

const BLOCK: i32 = 128; // rows packed, or summed, at a time where there are many

// @ts-ignore: decorator
@inline function keep(c: usize, s0: v128, s1: v128, add: bool): void {
  v128.store(c, add ? f32x4.add(v128.load(c), s0) : s0);
  v128.store(c, add ? f32x4.add(v128.load(c, 16), s1) : s1, 16);
}

// @ts-ignore: decorator
@inline function tile4(a: usize, rowStride: usize, step: usize, panel: usize, c: usize, columnBytes: usize, K: i32, add: bool): void {
  const a1 = rowStride, a2 = rowStride << 1, a3 = a2 + rowStride;
  const c1 = c + columnBytes, c2 = c1 + columnBytes, c3 = c2 + columnBytes;
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
  for (let k = 0; k < K; k++) {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let value = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(value, b0));
    s01 = f32x4.add(s01, f32x4.mul(value, b1));
    value = v128.load32_splat(a + a1);
    s10 = f32x4.add(s10, f32x4.mul(value, b0));
    s11 = f32x4.add(s11, f32x4.mul(value, b1));
    value = v128.load32_splat(a + a2);
    s20 = f32x4.add(s20, f32x4.mul(value, b0));
    s21 = f32x4.add(s21, f32x4.mul(value, b1));
    value = v128.load32_splat(a + a3);
    s30 = f32x4.add(s30, f32x4.mul(value, b0));
    s31 = f32x4.add(s31, f32x4.mul(value, b1));
    a += step;
    panel += 32;
  }
  keep(c, s00, s01, add);
  keep(c1, s10, s11, add);
  keep(c2, s20, s21, add);
  keep(c3, s30, s31, add);
}

// @ts-ignore: decorator
@inline function tile1(a: usize, step: usize, panel: usize, c: usize, K: i32, add: bool): void {
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
  for (let k = 0; k < K; k++) {
    const value = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(value, v128.load(panel)));
    s1 = f32x4.add(s1, f32x4.mul(value, v128.load(panel, 16)));
    a += step;
    panel += 32;
  }
  keep(c, s0, s1, add);
}

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

// A: M rows rowStride apart, its columns `step` apart (all in bytes). panels: packed B. C: M × N f32, packed rows.
// @ts-ignore: decorator
@inline function multiply(M: i32, N: i32, K: i32, a: usize, rowStride: usize, step: usize, panels: usize, c: usize, add: bool): void {
  const columnBytes = <usize>N << 2;
  const fours = M & ~3;
  for (let n = 0; n < N; n += 8) {
    const panel = panels + ((<usize>n * <usize>K) << 2);
    const column = c + (<usize>n << 2);
    for (let m = 0; m < fours; m += 4) {
      tile4(a + <usize>m * rowStride, rowStride, step, panel, column + <usize>m * columnBytes, columnBytes, K, add);
    }
    for (let m = fours; m < M; m++) tile1(a + <usize>m * rowStride, step, panel, column + <usize>m * columnBytes, K, add);
  }
}

// C [M, N] = A [M, K] · B, or += . Rows in blocks, so that those of A stay in the cache over all panels.
export function multiplyPacked(M: i32, N: i32, K: i32, a: usize, panels: usize, c: usize, add: bool): void {
  const rowStride = <usize>K << 2, columnBytes = <usize>N << 2;
  for (let m = 0; m < M; m += 64) {
    const rows = min(64, M - m);
    if (add) multiply(rows, N, K, a + <usize>m * rowStride, rowStride, 4, panels, c + <usize>m * columnBytes, true);
    else multiply(rows, N, K, a + <usize>m * rowStride, rowStride, 4, panels, c + <usize>m * columnBytes, false);
  }
}

// C [M, N] = Aᵀ · B with A [K, M] and B [K, N], both row-major; `panels` is workspace of 128 × N f32.
export function multiplyTransposed(M: i32, N: i32, K: i32, a: usize, b: usize, panels: usize, c: usize): void {
  const aBytes = <usize>M << 2, bBytes = <usize>N << 2;
  if (K == 0) memory.fill(c, 0, aBytes * <usize>N);
  for (let k = 0; k < K; k += BLOCK) {
    const count = min(BLOCK, K - k);
    packPanels(b + <usize>k * bBytes, bBytes, panels, N, count);
    if (k > 0) multiply(M, N, count, a + <usize>k * aBytes, 4, aBytes, panels, c, true);
    else multiply(M, N, count, a, 4, aBytes, panels, c, false);
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
