import { afterEach, describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { zeros } from "../core/tensor.js";
import { crossEntropy } from "../losses/crossEntropy.js";
import { ctcLoss } from "../losses/ctc.js";
import { dense } from "../recurrent/dense.js";
import { sequential, zeroGrad } from "../recurrent/layer.js";
import { elman, gru, lstm } from "../recurrent/recurrent.js";
import { adam } from "../training/optimiser.js";
import { kernelTensors } from "./arena.js";
import { heap } from "./memory.js";
import { stepKernels } from "./stepKernels.js";
import { callEach, threadCount, useThreads } from "./threads.js";

afterEach(() => useThreads(1));

const random = new Random(1);

function draw(B: number, T: number, V: number) {
  const data = Float32Array.from({ length: B * T * V }, () => 4 * random.normal());
  const ids = Array.from({ length: B }, () => Array.from({ length: T }, () => random.integer(V)));
  const labels = Array.from({ length: B }, () =>
    Array.from({ length: random.integer(T / 3) }, () => 1 + random.integer(V - 1)),
  );
  const lengths = Array.from({ length: B }, () => random.integer(T + 1));
  const weights = Array.from({ length: B }, (_, b) => [1, 0, -2.5, 1 / 3][b % 4]);
  return { data, ids, labels, options: { lengths, weights } };
}

describe("useThreads", () => {
  it("gives the losses and gradients of one thread, to the bit, of copies and in place", async () => {
    for (const [B, T, V] of [
      [1, 9, 5],
      [6, 11, 7],
      [7, 30, 12],
      [33, 12, 200],
      [3, 40, 2500],
    ]) {
      const { data, ids, labels, options } = draw(B, T, V);
      const run = () => {
        const [logits, into] = kernelTensors([B, T, V], 2);
        logits.data.set(data);
        const results = [
          ctcLoss({ data, shape: [B, T, V] }, labels, options),
          crossEntropy({ data, shape: [B, T, V] }, ids, options),
          ctcLoss({ data, shape: [B, T, V] }, labels, { ...options, gradient: false }),
        ].map(({ value, losses, grad }) => [value, ...losses, ...grad.data]);
        for (const loss of [
          () => ctcLoss(logits, labels, { ...options, into: into.data }),
          () => crossEntropy(logits, ids, { ...options, into: into.data }),
        ]) {
          const { value, losses, grad } = loss();
          results.push([value, ...losses, ...grad.data]);
        }
        return results;
      };
      const alone = run();
      expect(await useThreads(3)).toBe(3);
      expect(threadCount()).toBe(3);
      for (let n = 0; n < 5; n++) expect(run()).toEqual(alone);
      expect(await useThreads(1)).toBe(1);
      expect(run()).toEqual(alone);
    }
  });

  it("trains as one thread does, to the bit: every cell, ragged, both ways", async () => {
    const [B, T, I, H, V] = [9, 14, 12, 50, 10];
    const { data, ids } = draw(B, T, I);
    const labels = ids.map((row) => row.map((id) => id % V));
    const lengths = Int32Array.from({ length: B }, (_, b) => [T, 3, 9, 0, T, 1, 8, T, 11][b]);
    const train = (cell: typeof lstm | typeof gru | typeof elman) => {
      const rnn = cell({ inputs: I, hidden: H, layers: 2, bidirectional: true, seed: 5 });
      const model = sequential({ rnn, head: dense({ inputs: 2 * H, outputs: V, seed: 6 }) });
      const optimiser = adam({ learningRate: 1e-2 });
      const seen: number[] = [];
      for (let step = 0; step < 3; step++) {
        zeroGrad(model.parameters);
        const outputs = model.forward({ data, shape: [B, T, I], lengths }, { training: true });
        const { value, grad } = crossEntropy({ data: outputs.data, shape: outputs.shape }, labels, { lengths });
        const back = model.backward(grad);
        optimiser.step(model.parameters);
        seen.push(value, ...outputs.data, ...back.data);
      }
      return [...seen, ...model.parameters.flatMap(({ data, grad }) => [...data, ...grad])];
    };
    for (const cell of [lstm, gru, elman]) {
      const alone = train(cell);
      await useThreads(3);
      expect(train(cell)).toEqual(alone);
      await useThreads(1);
    }
  });

  it("computes alone on tensors that were made before it", async () => {
    const { data, labels, options } = draw(4, 20, 6);
    const [logits, into] = kernelTensors([4, 20, 6], 2);
    logits.data.set(data);
    const before = ctcLoss(logits, labels, { ...options, into: into.data }).value;
    await useThreads(2);
    expect(ctcLoss(logits, labels, { ...options, into: into.data }).value).toBe(before);
  });

  it("shares calls out, each once, and gives their results in order", async () => {
    await useThreads(4);
    const { memory } = heap();
    const at = heap().reserve(4 * 400);
    const calls = Array.from({ length: 100 }, (_, i) => [4, at + 16 * i, at, at, 0, at + 16 * i, 0]);
    for (let n = 0; n < 50; n++) {
      heap().f32(at, 400).fill(1);
      expect(Array.from(callEach(stepKernels, memory, "squaredError", calls))).toEqual(new Array(100).fill(0));
    }
    heap().release(at);
  });

  it("a kernel that traps in some thread is an error, and the threads work on", async () => {
    await useThreads(2);
    const { memory } = heap();
    const outside = 2 ** 31;
    const calls = Array.from({ length: 20 }, () => [4, outside, outside, outside, 0, outside, 0]);
    expect(() => callEach(stepKernels, memory, "squaredError", calls)).toThrow();
    const logits = zeros([4, 3, 4]);
    expect(ctcLoss(logits, [[1], [2], [3], [1]]).losses[0]).toBeCloseTo(3 * Math.log(4) - Math.log(6), 6);
  });

  it("a count that is none is refused", async () => {
    for (const count of [0, -1, 1.5, Number.NaN, 1000]) {
      await expect(useThreads(count)).rejects.toThrow(expect.objectContaining({ code: "VALUE" }));
    }
  });

  it("leaves memories that nobody uses to the collector", async () => {
    await useThreads(2);
    for (let n = 0; n < 30; n++) {
      const [logits, into] = kernelTensors([2, 4, 3], 2);
      ctcLoss(logits, [[1], [2]], { into: into.data });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const { value } = ctcLoss(zeros([2, 4, 3]), [[1], [2]]);
    expect(value).toBeGreaterThan(0);
  });
});
