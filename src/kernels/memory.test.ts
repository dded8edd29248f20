import { afterEach, describe, expect, it, vi } from "vitest";
import { Random } from "../core/random.js";
import { Workspace } from "../core/workspace.js";
import { lstm } from "../recurrent/recurrent.js";
import { crossEntropyRows } from "./crossEntropy.js";
import { heap, oddBytes, PAGE, withBlocks } from "./memory.js";
import { recurrenceBytes } from "./recurrence.js";

afterEach(() => vi.restoreAllMocks());

describe("the kernels' memory", () => {
  it("gives blocks that do not overlap, aligned to 64 bytes, under any order of reserving and releasing", () => {
    const random = new Random(1);
    const held = new Map<number, { count: number; mark: number }>();
    for (let step = 0; step < 3000; step++) {
      if (held.size > 0 && random.uniform() < 0.48) {
        const [address, { count, mark }] = [...held][random.integer(held.size)];
        expect(
          heap()
            .i32(address, count)
            .every((word) => word === mark),
        ).toBe(true);
        heap().release(address);
        held.delete(address);
      } else {
        const count = 1 + random.integer(5000);
        const address = heap().reserve(4 * count);
        expect(address % 64).toBe(0);
        heap().i32(address, count).fill(step);
        held.set(address, { count, mark: step });
      }
    }
    for (const address of held.keys()) heap().release(address);
    expect(heap().reservedBytes).toBe(0);
  });

  it("uses a hole again once its neighbours are free too", () => {
    const blocks = [1, 2, 3].map(() => heap().reserve(1000));
    const size = heap().memory.buffer.byteLength;
    for (const address of blocks) heap().release(address);
    const joined = heap().reserve(3000);
    expect(joined).toBe(blocks[0]);
    expect(heap().memory.buffer.byteLength).toBe(size);
    heap().release(joined);
  });

  it("row 72: a throw in the middle leaks nothing", () => {
    const before = heap().reservedBytes;
    expect(() =>
      withBlocks("a test", [1000, 2000], () => {
        throw new Error("in the middle");
      }),
    ).toThrow("in the middle");
    expect(heap().reservedBytes).toBe(before);
  });

  it("row 73: a refused growth is a typed error, and the library works on", () => {
    vi.spyOn(heap().memory, "grow").mockImplementation(() => {
      throw new RangeError("no more memory");
    });
    const before = heap().reservedBytes;
    expect(() => heap().reserve(2 ** 31)).toThrow(expect.objectContaining({ code: "MEMORY" }));
    expect(heap().reservedBytes).toBe(before);
    const losses = new Float64Array(1);
    const rows = { scales: Float64Array.of(1), losses };
    crossEntropyRows(3, new Float32Array(3), Int32Array.of(1), rows, new Float32Array(3), new Workspace());
    expect(losses[0]).toBeCloseTo(Math.log(3), 6);
  });

  it("row 71: a size past 4 GiB is refused before any growth", () => {
    const grow = vi.spyOn(heap().memory, "grow");
    for (const bytes of [65536 * 65536 * 4, 2 ** 32 - PAGE, Number.POSITIVE_INFINITY]) {
      expect(() => heap().reserve(bytes)).toThrow(expect.objectContaining({ code: "MEMORY" }));
    }
    expect(grow).not.toHaveBeenCalled();
  });

  it("an error says whose memory it is, what was asked for, the limit, and what to do", () => {
    const before = heap().reservedBytes;
    const grow = vi.spyOn(heap().memory, "grow");
    expect(() => withBlocks("dense", [64, 2 ** 32], () => 0)).toThrow(
      /^dense: the kernels' memory, in bytes, with the 4294967360 asked for, is \d+; expected at most 4294901760 \(4 GiB/,
    );
    expect(grow).not.toHaveBeenCalled();
    grow.mockImplementation(() => {
      throw new RangeError("out of it");
    });
    expect(() => heap().reserve(heap().memory.buffer.byteLength, "lstm")).toThrow(
      /^lstm: .* as much as this machine grants \(out of it\)\. Use a smaller batch or shorter sequences; .*`checkpoint`/,
    );
    expect(heap().reservedBytes).toBe(before);
  });

  it("a recurrent layer past 4 GiB is refused in its own name", () => {
    const [B, T, H] = [7, 100_000, 256];
    const bytes = recurrenceBytes({ cell: "elman", inputs: 1, hidden: H }, new Int32Array(B).fill(T), T);
    expect(bytes).toBeLessThan(2 ** 32); // an Elman network still fits, an LSTM does not
    const grow = vi.spyOn(heap().memory, "grow");
    const input = { data: new Float32Array(B * T), shape: [B, T, 1], lengths: new Int32Array(B).fill(T) };
    expect(() => lstm({ inputs: 1, hidden: H, seed: 1 }).forward(input)).toThrow(
      /^lstm: the kernels' memory, in bytes/,
    );
    expect(grow).not.toHaveBeenCalled();
  });

  it("row 70: results are the same when the memory grows between every two calls", () => {
    const random = new Random(2);
    const logits = Float32Array.from({ length: 40 }, () => random.normal());
    const call = () => {
      const [losses, grad] = [new Float64Array(5), new Float32Array(40)];
      const [labels, scales] = [Int32Array.of(0, 1, 2, 3, 4), new Float64Array(5).fill(1)];
      crossEntropyRows(8, logits, labels, { scales, losses }, grad, new Workspace());
      return [...losses, ...grad];
    };
    const first = call();
    for (let i = 0; i < 3; i++) {
      heap().memory.grow(1);
      expect(call()).toEqual(first);
    }
  });
});

it("a copy is laid as far from a multiple of eight bytes as what is copied", () => {
  const numbers = new Float32Array(8);
  expect([0, 1, 2, 3].map((start) => oddBytes(numbers, start))).toEqual([0, 4, 0, 4]);
  expect(oddBytes(numbers.subarray(1), 2)).toBe(4);
});
