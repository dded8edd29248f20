import { SeqlossError } from "../core/errors.js";
import { type Kernels, kernels } from "./instance.js";

// One memory, one list of free blocks in address order, merged when they touch. A kernel reserves all it needs,
// *then* takes views, calls, copies its results out and releases: reserving may grow the memory, which detaches
// every view taken before.

const ALIGNMENT = 64;
const PAGE = 65536;
const LIMIT = 2 ** 32;

interface Gap {
  start: number;
  end: number;
}

let gaps: Gap[] | undefined;
const sizes = new Map<number, number>();

function module(): Kernels {
  const found = kernels();
  if (found === undefined)
    throw new Error("no kernel runs without WebAssembly SIMD; the caller must ask kernels() first");
  return found;
}

/**
 * Reserves a block of the kernels' memory and returns its address, 64-byte aligned. Its contents are undefined.
 *
 * @throws SeqlossError (MEMORY) when the memory cannot grow that far; everything reserved before stays usable
 */
export function reserve(bytes: number): number {
  const { memory, heapBase } = module();
  gaps ??= [{ start: align(heapBase() >>> 0), end: memory.buffer.byteLength }];
  const size = align(Math.max(bytes, 1));
  let gap = gaps.find(({ start, end }) => end - start >= size);
  if (gap === undefined) {
    gap = grow(memory, gaps, size);
  }
  const start = gap.start;
  gap.start += size;
  if (gap.start === gap.end) gaps.splice(gaps.indexOf(gap), 1);
  sizes.set(start, size);
  return start;
}

/** Gives a block back. */
export function release(address: number): void {
  const size = sizes.get(address);
  if (size === undefined || gaps === undefined) throw new Error(`release: no block was reserved at ${address}`);
  sizes.delete(address);
  const end = address + size;
  const after = gaps.findIndex(({ start }) => start >= end);
  const index = after === -1 ? gaps.length : after;
  const previous = gaps[index - 1];
  const next = gaps[index];
  const touchesPrevious = previous?.end === address;
  const touchesNext = next?.start === end;
  if (touchesPrevious && touchesNext) {
    previous.end = next.end;
    gaps.splice(index, 1);
  } else if (touchesPrevious) previous.end = end;
  else if (touchesNext) next.start = address;
  else gaps.splice(index, 0, { start: address, end });
}

function grow(memory: WebAssembly.Memory, free: Gap[], size: number): Gap {
  const last = free.at(-1);
  const end = memory.buffer.byteLength;
  const touching = last !== undefined && last.end === end;
  const missing = size - (touching ? last.end - last.start : 0);
  const pages = Math.ceil(missing / PAGE);
  try {
    if (!Number.isSafeInteger(size) || end + pages * PAGE > LIMIT) throw new RangeError("past 4 GiB");
    memory.grow(pages);
  } catch (cause) {
    throw new SeqlossError("kernels", "MEMORY", {
      argument: "the memory needed",
      expected: `at most ${LIMIT} bytes in all, and as much as this machine grants`,
      found: end + pages * PAGE,
      advice: `Use a smaller batch or shorter sequences. (${(cause as Error).message})`,
    });
  }
  if (touching) {
    last.end = memory.buffer.byteLength;
    return last;
  }
  const gap = { start: end, end: memory.buffer.byteLength };
  free.push(gap);
  return gap;
}

const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** A view of the memory, valid until the next `reserve`: take it, use it, drop it. */
export const view = {
  f32: (address: number, count: number) => new Float32Array(module().memory.buffer, address, count),
  f64: (address: number, count: number) => new Float64Array(module().memory.buffer, address, count),
  i32: (address: number, count: number) => new Int32Array(module().memory.buffer, address, count),
};

/**
 * Runs `work` with one block for each size in `bytes`, and releases them when it returns or throws.
 * @example withBlocks([4 * n, 8 * n], ([input, output]) => { … })
 */
export function withBlocks<Result>(
  bytes: readonly number[],
  work: (addresses: readonly number[], module: Kernels) => Result,
): Result {
  const addresses: number[] = [];
  try {
    for (const size of bytes) addresses.push(reserve(size));
    return work(addresses, module());
  } finally {
    for (const address of addresses) release(address);
  }
}

/** Bytes reserved at this moment: flat over any number of calls, unless something leaks. */
export function reservedBytes(): number {
  let total = 0;
  for (const size of sizes.values()) total += size;
  return total;
}
