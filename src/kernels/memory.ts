import { SeqlossError } from "../core/errors.js";

const ALIGNMENT = 64;
/** Views that are kept of each type of number, a power of two. */
const SLOTS = 512;
/** Slots that a view may be kept in: its own and those behind. */
const WAYS = 8;
export const PAGE = 65536;
/** What 32-bit addresses reach, less a page: the end of the last array would be address 2³², which is 0 to a kernel. */
export const MEMORY_LIMIT = 2 ** 32 - PAGE;

type Numbers = Float32Array | Float64Array | Int32Array;
type NumbersType<Data extends Numbers> = new (buffer: ArrayBufferLike, start: number, size: number) => Data;

/** A memory and views of places in it, the latest of which are kept: a computation that is done again takes the same ones. */
export class Place {
  private readonly floats: Float32Array[] = [];
  private readonly doubles: Float64Array[] = [];
  private readonly integers: Int32Array[] = [];
  private replaced = 0;

  constructor(readonly memory: WebAssembly.Memory) {}

  f32(address: number, count: number): Float32Array {
    return this.view(this.floats, Float32Array, address, count);
  }

  f64(address: number, count: number): Float64Array {
    return this.view(this.doubles, Float64Array, address, count);
  }

  i32(address: number, count: number): Int32Array {
    return this.view(this.integers, Int32Array, address, count);
  }

  private view<Data extends Numbers>(kept: Data[], Type: NumbersType<Data>, address: number, count: number): Data {
    // multiplied, so that arrays of one call, whose sizes are often powers of two, do not share a slot
    const own = Math.imul((address / ALIGNMENT) ^ Math.imul(count, 40503), 0x9e3779b1) >>> 16;
    for (let way = 0; way < WAYS; way++) {
      const known = kept[(own + way) % SLOTS];
      // of a view whose memory has grown since, offset and size are 0
      if (known?.byteOffset === address && known.length === count) return known;
    }
    const view = new Type(this.memory.buffer, address, count);
    kept[(own + (this.replaced++ % WAYS)) % SLOTS] = view;
    return view;
  }
}

/**
 * Bytes from a multiple of eight to the number at `start`. Into shared memory and out of it engines copy eight bytes at a time
 * where both places are so far from one, else a single byte: a copy that is laid so far from one is ten times as fast.
 */
export function oddBytes(array: Float32Array, start: number): number {
  return (array.byteOffset + 4 * start) & 7;
}

interface Gap {
  start: number;
  end: number;
}

/**
 * One WebAssembly memory: the first page holds the modules' constants, the rest blocks, with a list of the gaps between them in address
 * order, some of them empty, merged when they touch. A kernel reserves all it needs, *then* takes views, calls, copies its results out and
 * releases: reserving may grow the memory, which detaches every view taken before.
 */
export class Heap extends Place {
  private readonly gaps: Gap[];
  /** The blocks that are reserved, the first `blocks` of these: where each begins, and its size. */
  private readonly starts: number[] = [];
  private readonly sizes: number[] = [];
  private blocks = 0;

  constructor(memory: WebAssembly.Memory) {
    super(memory);
    this.gaps = [{ start: PAGE, end: memory.buffer.byteLength }];
  }

  /**
   * Reserves a block and returns its address, 64-byte aligned. Its contents are undefined.
   *
   * @param where whom an error names
   * @throws SeqlossError (MEMORY) when the memory cannot grow that far; everything reserved before stays usable
   */
  reserve(bytes: number, where = "kernels"): number {
    const size = align(Math.max(bytes, 1));
    const gap = this.gaps[this.firstGap(size)] ?? this.grow(size, where);
    const start = gap.start;
    gap.start += size;
    this.starts[this.blocks] = start;
    this.sizes[this.blocks++] = size;
    return start;
  }

  /** Gives a block back. */
  release(address: number): void {
    const { gaps, starts, sizes } = this;
    const last = this.blocks - 1;
    const block = starts.lastIndexOf(address, last);
    if (last === -1 || block === -1) throw new Error(`release: no block was reserved at ${address}`);
    const size = sizes[block];
    starts[block] = starts[last];
    sizes[block] = sizes[last];
    this.blocks = last;
    const end = address + size;
    let index = 0;
    while (index < gaps.length && gaps[index].start < end) index++;
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

  /** Bytes reserved at this moment: flat over any number of calls, unless something leaks. */
  get reservedBytes(): number {
    let total = 0;
    for (let n = 0; n < this.blocks; n++) total += this.sizes[n];
    return total;
  }

  /** The first gap of at least so many bytes; past the last where there is none. */
  private firstGap(size: number): number {
    const { gaps } = this;
    let index = 0;
    while (index < gaps.length && gaps[index].end - gaps[index].start < size) index++;
    return index;
  }

  private grow(size: number, where: string): Gap {
    const { gaps, memory } = this;
    const last = gaps.at(-1);
    const end = memory.buffer.byteLength;
    const touching = last !== undefined && last.end === end;
    const missing = size - (touching ? last.end - last.start : 0);
    const pages = Math.ceil(missing / PAGE);
    const total = end + pages * PAGE;
    const argument = `the kernels' memory, in bytes, with the ${size} asked for,`;
    const advice = "Use a smaller batch or shorter sequences; a recurrent layer needs less with `checkpoint`.";
    granted(where, { argument, total, advice }, () => memory.grow(pages));
    if (touching) {
      last.end = memory.buffer.byteLength;
      return last;
    }
    const gap = { start: end, end: memory.buffer.byteLength };
    gaps.push(gap);
    return gap;
  }
}

/** What is asked for, in the words of an error. */
interface Asked {
  readonly argument: string;
  /** Bytes in all. */
  readonly total: number;
  readonly advice: string;
}

/** @throws SeqlossError (MEMORY) in the name of `where` when the total is past the limit, or the engine refuses it */
function granted<Given>(where: string, { argument, total, advice }: Asked, take: () => Given): Given {
  const refused = (expected: string) => new SeqlossError(where, "MEMORY", { argument, expected, found: total, advice });
  if (!(total <= MEMORY_LIMIT)) throw refused(`at most ${MEMORY_LIMIT} (4 GiB, less a page)`);
  try {
    return take();
  } catch (cause) {
    throw refused(`as much as this machine grants (${(cause as Error).message})`);
  }
}

/**
 * A memory of its own that never grows.
 * @throws SeqlossError (MEMORY) in the name of `where`
 */
export function takeMemory(where: string, asked: Asked, shared: boolean): WebAssembly.Memory {
  const pages = Math.ceil(asked.total / PAGE);
  return granted(where, asked, () => new WebAssembly.Memory({ initial: pages, maximum: pages, shared }));
}

const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

let current: Heap | undefined;

/** The heap that kernels work on unless their tensors lie elsewhere. */
export function heap(): Heap {
  current ??= takeHeap("kernels", false);
  return current;
}

/** From now on kernels work on a new heap, which threads may share; blocks of the old one stay what they are. */
export function changeHeap(where: string, shared: boolean): void {
  current = takeHeap(where, shared);
}

/**
 * Pages that a heap begins with, 24 MiB: they are the system's until they are written. A memory that grows detaches its buffer, and
 * from the first detached buffer on V8 takes longer over every typed array of the program, a beam search a sixth; but a first one
 * of 32 MiB makes it collect its garbage at once.
 */
const INITIAL_PAGES = 384;

function takeHeap(where: string, shared: boolean): Heap {
  const initial = INITIAL_PAGES;
  const asked = {
    argument: "the kernels' memory, in bytes,",
    total: initial * PAGE,
    advice: "Close what holds memory.",
  };
  const take = () => new WebAssembly.Memory({ initial, maximum: MEMORY_LIMIT / PAGE, shared });
  return new Heap(granted(where, asked, take));
}

/**
 * Runs `work` with one block for each size in `bytes`, and releases them when it returns or throws. The blocks lie one after
 * another.
 *
 * @param where whom an error names
 * @throws SeqlossError (MEMORY) when the memory cannot be had
 * @example withBlocks("dense", [4 * n, 8 * n], ([input, output], heap) => { … })
 */
export function withBlocks<Result>(
  where: string,
  bytes: readonly number[],
  work: (addresses: readonly number[], heap: Heap) => Result,
): Result {
  const from = heap();
  const start = from.reserve(endOf(bytes), where);
  try {
    return work(addressesFrom(start, bytes), from);
  } finally {
    from.release(start);
  }
}

/** Where the next of several arrays in one block begins: behind `bytes` from `address` on, 64-byte aligned. */
export const after = (address: number, bytes: number): number => address + align(bytes);

/** The addresses of blocks of these sizes, one after another, 64-byte aligned. */
function addressesFrom(start: number, bytes: readonly number[]): readonly number[] {
  let next = start;
  return bytes.map((size) => {
    const address = next;
    next += align(size);
    return address;
  });
}

/** The bytes that such blocks take. */
function endOf(bytes: readonly number[]): number {
  let end = 0;
  for (const size of bytes) end += align(size);
  return end;
}
