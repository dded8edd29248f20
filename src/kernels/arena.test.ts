import { describe, expect, it, vi } from "vitest";
import { Random } from "../core/random.js";
import { crossEntropy } from "../losses/crossEntropy.js";
import { ctcLoss } from "../losses/ctc.js";
import { arenaOf, kernelTensors, planArena } from "./arena.js";

const random = new Random(1);

describe("kernelTensors", () => {
  it("computes in place what is computed elsewhere, to the bit", () => {
    for (const V of [3, 29, 200]) {
      const [B, T] = [4, 12];
      const [logits, into] = kernelTensors([B, T, V], 2);
      for (let i = 0; i < logits.data.length; i++) logits.data[i] = 3 * random.normal();
      into.data.fill(7);
      const copy = { data: logits.data.slice(), shape: logits.shape };
      const ids = Array.from({ length: B }, () => Array.from({ length: T }, () => random.integer(V)));
      const labels = Array.from({ length: B }, () => Array.from({ length: 4 }, () => 1 + random.integer(V - 1)));
      const options = { lengths: [12, 5, 9, 0], weights: [1, 0, -2, 1] };
      const cases = [
        [ctcLoss(logits, labels, { ...options, into: into.data }), ctcLoss(copy, labels, options)],
        [crossEntropy(logits, ids, { ...options, into: into.data }), crossEntropy(copy, ids, options)],
      ];
      // the first result's gradient is the second's too, being one buffer
      const again = ctcLoss(logits, labels, { ...options, into: into.data });
      expect(again.grad.data).toBe(into.data);
      expect(Array.from(again.grad.data)).toEqual(Array.from(cases[0][1].grad.data));
      const tokens = crossEntropy(logits, ids, { ...options, into: into.data });
      expect(Array.from(tokens.grad.data)).toEqual(Array.from(cases[1][1].grad.data));
      for (const [inPlace, elsewhere] of cases) {
        expect(inPlace.value).toBe(elsewhere.value);
        expect(Array.from(inPlace.losses)).toEqual(Array.from(elsewhere.losses));
      }
      expect(Array.from(logits.data)).toEqual(Array.from(copy.data));
    }
  });

  it("handles what the kernel does not settle: NaN, labels that do not fit, exponents too far apart", () => {
    const [logits, into] = kernelTensors([3, 2, 3], 2);
    logits.data.set([0, Number.NaN, 0, 0, 0, 0, 1, 2, 3, 1, 2, 3, 0, 3e5, -3e5, 3e5, 0, 0]);
    const copy = { data: logits.data.slice(), shape: logits.shape };
    for (const labels of [
      [[1], [1, 1], [2]],
      [[1], [], [1, 2]],
    ]) {
      const inPlace = ctcLoss(logits, labels, { into: into.data, reduction: "none" });
      const elsewhere = ctcLoss(copy, labels, { reduction: "none" });
      expect(Array.from(inPlace.losses)).toEqual(Array.from(elsewhere.losses));
      expect(Array.from(inPlace.grad.data)).toEqual(Array.from(elsewhere.grad.data));
    }
  });

  it("falls back to copies where there is no gradient, another buffer, the same buffer, or too little workspace", () => {
    const [logits, into] = kernelTensors([1, 3, 4], 2);
    const [far] = kernelTensors([1, 3, 4]);
    const exact = ctcLoss({ data: logits.data.slice(), shape: logits.shape }, [[1, 2]]);
    expect(ctcLoss(logits, [[1, 2]], { gradient: false }).value).toBe(exact.value);
    expect(Array.from(ctcLoss(logits, [[1, 2]], { into: far.data }).grad.data)).toEqual(Array.from(exact.grad.data));
    expect(arenaOf(logits.data, into.data)).toBeDefined();
    expect(arenaOf(logits.data, logits.data)).toBeUndefined();
    expect(arenaOf(logits.data, far.data)).toBeUndefined();
    expect(arenaOf(new Float32Array(2), new Float32Array(2))).toBeUndefined();
    const [long, grad] = kernelTensors([1, 3000, 3], 2);
    const label = Array.from({ length: 1400 }, (_, u) => 1 + (u % 2));
    const plain = ctcLoss({ data: long.data.slice(), shape: long.shape }, [label]);
    expect(ctcLoss(long, [label], { into: grad.data }).value).toBe(plain.value);
    expect(Array.from(grad.data)).toEqual(Array.from(plain.grad.data));
    const same = logits.data.slice();
    ctcLoss(logits, [[1, 2]], { into: logits.data });
    expect(Array.from(logits.data)).not.toEqual(Array.from(same));
    expect(Array.from(logits.data)).toEqual(Array.from(exact.grad.data));
  });

  it("are zeros, of any shape, next to one another in one memory", () => {
    const tensors = kernelTensors([2, 5], 3);
    expect(tensors.map(({ data, shape }) => [data.length, shape])).toEqual([1, 2, 3].map(() => [10, [2, 5]]));
    expect(tensors.every(({ data }) => data.every((x) => x === 0))).toBe(true);
    expect(new Set(tensors.map(({ data }) => data.buffer)).size).toBe(1);
    expect(kernelTensors([0, 4])[0].data).toHaveLength(0);
  });

  it("past 4 GiB are refused with the bytes, the limit, and what to do; the arena's plan is its size", () => {
    const taken = vi.spyOn(WebAssembly, "Memory");
    expect(() => kernelTensors([60_000, 1000, 10], 2)).toThrow(
      "kernelTensors: the memory, in bytes, of 2 tensors [60000, 1000, 10] and a workspace is 4816896000; " +
        "expected at most 4294901760 (4 GiB, less a page). Use a smaller batch, or tensors from `zeros`",
    );
    expect(taken).not.toHaveBeenCalled();
    taken.mockRestore();
    const [logits] = kernelTensors([3, 1000, 77], 2);
    expect(planArena(3 * 1000 * 77, 2).total).toBe(logits.data.buffer.byteLength);
  });

  it("that the machine does not grant are the same error", () => {
    const refused = vi.spyOn(WebAssembly, "Memory").mockImplementation(
      class {
        constructor() {
          throw new RangeError("could not allocate memory");
        }
      } as never,
    );
    expect(() => kernelTensors([2, 3])).toThrow(
      /^kernelTensors: .* as much as this machine grants \(could not allocate/,
    );
    refused.mockRestore();
  });
});
