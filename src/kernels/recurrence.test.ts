import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { Random } from "../core/random.js";
import {
  type Cell,
  GATES,
  type Nonlinearity,
  type Recurrence,
  type RecurrentGradients,
  type RecurrentWeights,
} from "../core/recurrence.js";
import { ReferenceRecurrence } from "../reference/recurrence.js";
import { heap } from "./memory.js";
import { KernelRecurrence, recurrenceBytes } from "./recurrence.js";

interface Drawn {
  readonly weights: RecurrentWeights;
  readonly B: number;
  readonly T: number;
  readonly lengths: Int32Array;
  readonly input: Float32Array;
  readonly initial: { h: Float32Array; c: Float32Array };
  readonly gradOutput: Float32Array;
  readonly gradFinal: { h: Float32Array; c: Float32Array };
}

type Sizes = readonly [B: number, T: number, I: number, H: number];

function draw(cell: Cell, nonlinearity: Nonlinearity, random: Random, sizes?: Sizes): Drawn {
  const [B, T, I, H] = sizes ?? [6, 9, 11, 19].map((most) => 1 + random.integer(most));
  const normal = (size: number, scale = 1) => Float32Array.from({ length: size }, () => scale * random.normal());
  const rows = GATES[cell] * H;
  const weights = {
    cell,
    nonlinearity,
    inputs: I,
    hidden: H,
    // as large as a network in training has them: with larger ones states explode, and float32 has no digits for their sums
    weightIh: normal(rows * I, 0.7 / Math.sqrt(I)),
    weightHh: normal(rows * H, 0.7 / Math.sqrt(H)),
    biasIh: normal(rows, 0.4),
    biasHh: normal(rows, 0.4),
  };
  const lengths = Int32Array.from({ length: B }, () => random.integer(T + 1));
  const input = normal(B * T * I);
  lengths.forEach((length, b) => input.fill(Number.NaN, (b * T + length) * I, (b + 1) * T * I));
  return {
    weights,
    B,
    T,
    lengths,
    input,
    initial: { h: normal(B * H), c: normal(B * H) },
    gradOutput: normal(B * T * H),
    gradFinal: { h: normal(B * H), c: normal(B * H) },
  };
}

function close(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const allowed = 1e-5 * (1 + Math.abs(expected[i]));
    if (!(Math.abs(found[i] - expected[i]) <= allowed)) expect.fail(`${what}[${i}]: ${found[i]} for ${expected[i]}`);
  }
}

function compare(
  { weights, T, lengths, input, initial, gradOutput, gradFinal }: Drawn,
  kernel: Recurrence,
  reference: Recurrence,
) {
  const { cell } = weights;
  const fast = kernel.forward(weights, input, T, lengths, initial);
  const exact = reference.forward(weights, input, T, lengths, initial);
  close(fast.output, exact.output, "output");
  close(fast.final.h, exact.final.h, "final h");
  if (cell === "lstm") close(fast.final.c as Float32Array, exact.final.c as Float32Array, "final c");
  const fastGrads = kernel.backward(weights, gradOutput, { input: true, norms: true }, gradFinal);
  const exactGrads: RecurrentGradients = reference.backward(
    weights,
    gradOutput,
    { input: true, norms: true },
    gradFinal,
  );
  for (const name of ["input", "weightIh", "weightHh", "biasIh", "biasHh", "squaredNorms"] as const) {
    close(fastGrads[name], exactGrads[name], name);
  }
  close(fastGrads.initial.h, exactGrads.initial.h, "initial h");
  if (cell === "lstm") close(fastGrads.initial.c as Float32Array, exactGrads.initial.c as Float32Array, "initial c");
}

describe.each([
  ["elman", "tanh"],
  ["elman", "relu"],
  ["gru", "tanh"],
  ["lstm", "tanh"],
] as [Cell, Nonlinearity][])("%s %s kernels", (cell, nonlinearity) => {
  it("row 66: agree with the reference in outputs, states and every gradient, on ragged batches with NaN for padding", () => {
    const kernel = new KernelRecurrence();
    const reference = new ReferenceRecurrence();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        compare(draw(cell, nonlinearity, new Random(seed)), kernel, reference);
      }),
      { numRuns: 60 },
    );
    kernel.dispose();
  });

  it("agree with the reference where rows and sums pass the size of the kernels' blocks", () => {
    const kernel = new KernelRecurrence();
    // some 200 rows, more than one block of 64 and of 128; sums over more than 64 units; nothing a multiple of eight
    compare(draw(cell, nonlinearity, new Random(31), [9, 43, 37, 69]), kernel, new ReferenceRecurrence());
    kernel.dispose();
  });

  it("row 68: a sequence in a ragged batch gives the bits it gives alone", () => {
    const random = new Random(21);
    for (let n = 0; n < 20; n++) {
      const { weights, B, T, lengths, input, initial, gradOutput } = draw(cell, nonlinearity, random);
      const { inputs: I, hidden: H } = weights;
      const together = new KernelRecurrence();
      const batch = together.forward(weights, input, T, lengths, initial);
      const batchGrads = together.backward(weights, gradOutput, { input: true, norms: true });
      for (let b = 0; b < B; b++) {
        const part = (data: Float32Array, width: number) => data.slice(b * width, (b + 1) * width);
        const alone = new KernelRecurrence();
        const state = { h: part(initial.h, H), c: part(initial.c, H) };
        const single = alone.forward(weights, part(input, T * I), T, lengths.slice(b, b + 1), state);
        expect(single.output).toEqual(part(batch.output, T * H));
        expect(single.final.h).toEqual(part(batch.final.h, H));
        const grads = alone.backward(weights, part(gradOutput, T * H), { input: true, norms: true });
        expect(grads.input).toEqual(part(batchGrads.input, T * I));
        expect(grads.initial.h).toEqual(part(batchGrads.initial.h, H));
        alone.dispose();
      }
      together.dispose();
    }
  });

  it("a gradient that vanishes ends at 0, not among the subnormal numbers, on which arithmetic is slow", () => {
    const T = 600;
    const { weights, initial } = draw(cell, nonlinearity, new Random(9));
    const { inputs: I, hidden: H } = weights;
    const small = { ...weights, weightHh: weights.weightHh.map((w) => w / 4) };
    const random = new Random(10);
    const input = Float32Array.from({ length: T * I }, () => random.normal());
    const gradOutput = new Float32Array(T * H);
    gradOutput.fill(1, (T - 1) * H); // a loss of the last step alone, as in classification
    const recurrence = new KernelRecurrence();
    const state = { h: initial.h.slice(0, H), c: initial.c.slice(0, H) };
    recurrence.forward(small, input, T, Int32Array.of(T), state);
    const grads = recurrence.backward(small, gradOutput, { input: true, norms: true });
    recurrence.dispose();
    const subnormal = (x: number) => x !== 0 && Math.abs(x) < 2 ** -126;
    expect(grads.input.filter(subnormal)).toEqual(new Float32Array(0));
    expect(grads.squaredNorms[T - 1]).toBeGreaterThan(0);
    expect([grads.squaredNorms[0], ...grads.initial.h]).toEqual(new Array(1 + H).fill(0));
  });

  it("row 70: a memory that grows between forward and backward changes nothing", () => {
    const { weights, T, lengths, input, initial, gradOutput } = draw(cell, nonlinearity, new Random(4));
    const run = (between: () => void) => {
      const recurrence = new KernelRecurrence();
      recurrence.forward(weights, input, T, lengths, initial);
      between();
      const grads = recurrence.backward(weights, gradOutput, { input: true, norms: false });
      recurrence.dispose();
      return grads;
    };
    const still = run(() => {});
    expect(run(() => heap().memory.grow(3))).toEqual(still);
  });

  it("row 73: a memory that may not grow is a typed error, and nothing is left half done", () => {
    const { weights, T, lengths, input, initial, gradOutput } = draw(cell, nonlinearity, new Random(4));
    const recurrence = new KernelRecurrence();
    const small = recurrence.forward(weights, input, T, lengths, initial);
    const before = heap().reservedBytes;
    const memory = heap().memory;
    const grow = vi.spyOn(memory, "grow").mockImplementation(() => {
      throw new RangeError("refused");
    });
    const long = 1 + Math.ceil(memory.buffer.byteLength / (4 * weights.inputs));
    const huge = { input: new Float32Array(long * weights.inputs), lengths: Int32Array.of(long) };
    expect(() => recurrence.forward(weights, huge.input, long, huge.lengths)).toThrow(
      expect.objectContaining({ code: "MEMORY" }),
    );
    grow.mockRestore();
    expect(heap().reservedBytes).toBeLessThan(before);
    expect(() => recurrence.backward(weights, gradOutput, { input: true, norms: false })).toThrow(
      "backward comes once after each forward",
    );
    expect(recurrence.forward(weights, input, T, lengths, initial)).toEqual(small);
    recurrence.dispose();
  });

  it("reserves what it plans to", () => {
    const random = new Random(8);
    for (let n = 0; n < 10; n++) {
      const { weights, T, lengths, input } = draw(cell, nonlinearity, random);
      const before = heap().reservedBytes;
      const recurrence = new KernelRecurrence();
      recurrence.forward(weights, input, T, lengths);
      expect(heap().reservedBytes - before).toBe(recurrenceBytes(weights, lengths, T));
      recurrence.dispose();
    }
  });

  it("row 72: keeps one block, and gives it back", () => {
    const before = heap().reservedBytes;
    const recurrence = new KernelRecurrence();
    const random = new Random(5);
    for (let n = 0; n < 200; n++) {
      const { weights, T, lengths, input, gradOutput } = draw(cell, nonlinearity, random);
      recurrence.forward(weights, input, T, lengths);
      recurrence.backward(weights, gradOutput, { input: true, norms: false });
    }
    recurrence.dispose();
    expect(heap().reservedBytes).toBe(before);
  });
});

describe("nonlinearities of the kernels", () => {
  // one unit, one step, no weights but those named: the output is a function of the input alone
  function apply(cell: Cell, weightIh: Float32Array, biasIh: Float32Array, x: Float32Array): Float32Array {
    const gates = GATES[cell];
    const zeros = new Float32Array(gates);
    const shape = { cell, nonlinearity: "tanh", inputs: 1, hidden: 1 } as const;
    const weights = { ...shape, weightIh, weightHh: zeros, biasIh, biasHh: zeros };
    const recurrence = new KernelRecurrence();
    const lengths = new Int32Array(x.length).fill(1);
    const { output } = recurrence.forward(weights, x, 1, lengths);
    recurrence.dispose();
    return output;
  }
  const magnitudes = Float32Array.from({ length: 4000 }, (_, i) => 10 ** (-37 + (39 * i) / 4000));
  const x = Float32Array.from([...magnitudes.map((m) => -m), 0, ...magnitudes]);

  it("tanh: within 4e-7 relative from 1e-37 to 100, odd, exactly ±1 far out", () => {
    const found = apply("elman", Float32Array.of(1), Float32Array.of(0), x);
    x.forEach((v, i) => {
      const exact = Math.tanh(v);
      expect(Math.abs(found[i] - exact), `tanh ${v}`).toBeLessThanOrEqual(4e-7 * Math.abs(exact));
    });
    const half = magnitudes.length;
    expect(found.subarray(0, half).map((y) => -y)).toEqual(found.slice(half + 1));
    expect(apply("elman", Float32Array.of(1), Float32Array.of(0), Float32Array.of(Infinity, -Infinity))).toEqual(
      Float32Array.of(1, -1),
    );
  });

  it("the logistic function: within 2e-7 from -87 to 100", () => {
    // the GRU with its candidate at tanh 20 = 1 (in float32) gives 1 − z: z's argument with its sign turned
    const steps = Float32Array.from({ length: 3741 }, (_, i) => -87 + i / 20);
    const found = apply("gru", Float32Array.of(0, -1, 0), Float32Array.of(0, 0, 20), steps);
    // 1 − z loses relative accuracy where z is near 1, not absolute
    steps.forEach((v, i) => {
      expect(Math.abs(found[i] - 1 / (1 + Math.exp(-v))), `logistic ${v}`).toBeLessThanOrEqual(2e-7);
    });
  });

  it("NaN stays with the sequence that it came in with", () => {
    const found = apply("lstm", Float32Array.of(1, 1, 1, 1), new Float32Array(4), Float32Array.of(1, Number.NaN, 2));
    expect(Array.from(found, Number.isNaN)).toEqual([false, true, false]);
  });
});
