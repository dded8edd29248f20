import { recurrentKernels } from "./recurrentKernels.js";
import { callEach, threadCount } from "./threads.js";

// Matrix products shared among threads. Each number of a result is summed by one thread, in the order in which one thread alone
// would, so that how many there are changes no bit.

/** Multiplications that are worth waking another thread for. */
export const WORTH_SHARING = 1 << 19;

/** 0 to `size` in parts of a multiple of `grain`: one, or about as many as there are threads. */
function parts(size: number, grain: number, work: number): { start: number; count: number }[] {
  const threads = work < WORTH_SHARING ? 1 : threadCount();
  const step = Math.max(grain, Math.ceil(size / threads / grain) * grain);
  const found = [];
  for (let start = 0; start < size; start += step) found.push({ start, count: Math.min(step, size - start) });
  return found;
}

/** Bytes of workspace that `multiplyTransposed` needs for at most so many rows and columns of the result. */
export function transposedWorkspace(M: number, N: number): number {
  return threadCount() * transposedBytes(M, N);
}

/** Rows of B that are packed at a time, and columns of A beside them: as assembly/matmul.ts has them. */
const [BLOCK, STRIP] = [128, 60];
const transposedBytes = (M: number, N: number) => Math.ceil((4 * BLOCK * (N + Math.min(M, STRIP))) / 64) * 64;

interface Operands {
  /** rows × K, each `stride` numbers after the one before. */
  readonly a: number;
  readonly stride: number;
  readonly panels: number;
  readonly c: number;
  readonly bias?: number;
}

/** A · B, and the bias in each row: `panels` B packed, N a multiple of eight. */
export function multiplyRows(
  memory: WebAssembly.Memory,
  { rows, N, K }: { readonly rows: number; readonly N: number; readonly K: number },
  { a, stride, panels, c, bias }: Operands,
): void {
  const shares = parts(rows, 12, rows * N * K);
  const at = (address: number, start: number, width: number) => address + 4 * start * width;
  const products = shares.map(({ start, count }) => {
    return [count, N, K, at(a, start, stride), 4 * stride, panels, at(c, start, N), 0];
  });
  callEach(recurrentKernels, memory, "multiplyPacked", products);
  if (bias === undefined) return;
  const sums = shares.map(({ start, count }) => [count, N, at(c, start, N), bias]);
  callEach(recurrentKernels, memory, "addBias", sums);
}

/** One of the products Aᵀ · B that `multiplyTransposed` computes at a time: A of K × M numbers, B of K × N. */
export interface TransposedProduct {
  readonly M: number;
  /** A multiple of eight. */
  readonly N: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Products of the same K; `work` is workspace of `transposedWorkspace` bytes. */
export function multiplyTransposed(
  memory: WebAssembly.Memory,
  K: number,
  products: readonly TransposedProduct[],
  work: number,
): void {
  const calls = products.flatMap(({ M, N, a, b, c }) =>
    parts(M, 12, M * N * K).map(({ start, count }) => [
      ...[count, N, K, a + 4 * start, 4 * M, b],
      ...[work, c + 4 * start * N],
    ]),
  );
  const bytes = Math.max(...products.map(({ M, N }) => transposedBytes(M, N)));
  callEach(recurrentKernels, memory, "multiplyTransposed", calls, { argument: 6, bytes });
}
