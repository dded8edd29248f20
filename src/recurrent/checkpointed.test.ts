import { afterEach, describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { type Cell, GATES, type Nonlinearity, type Recurrence } from "../core/recurrence.js";
import { heap } from "../kernels/memory.js";
import { KernelRecurrence } from "../kernels/recurrence.js";
import { useThreads } from "../kernels/threads.js";
import { ReferenceRecurrence } from "../reference/recurrence.js";
import { type Checkpoint, CheckpointedRecurrence } from "./checkpointed.js";
import { type ForwardContext, type Layer, type LayerState, zeroGrad } from "./layer.js";
import { elman, gru, lstm } from "./recurrent.js";

const normal = (size: number, random: Random, scale = 1) =>
  Float32Array.from({ length: size }, () => scale * random.normal());

function draw(cell: Cell, nonlinearity: Nonlinearity, random: Random) {
  const [B, T, I, H] = [5, 14, 7, 19].map((most) => 1 + random.integer(most));
  const rows = GATES[cell] * H;
  const weights = {
    ...{ cell, nonlinearity, inputs: I, hidden: H },
    weightIh: normal(rows * I, random, 0.7 / Math.sqrt(I)),
    weightHh: normal(rows * H, random, 0.7 / Math.sqrt(H)),
    biasIh: normal(rows, random, 0.4),
    biasHh: normal(rows, random, 0.4),
  };
  const lengths = Int32Array.from({ length: B }, () => random.integer(T + 1));
  const input = normal(B * T * I, random);
  lengths.forEach((length, b) => input.fill(Number.NaN, (b * T + length) * I, (b + 1) * T * I));
  const state = () => ({ h: normal(B * H, random), ...(cell === "lstm" && { c: normal(B * H, random) }) });
  return { weights, T, lengths, input, initial: state(), gradFinal: state(), gradOutput: normal(B * T * H, random) };
}

function run(recurrence: Recurrence, { weights, T, lengths, input, ...rest }: ReturnType<typeof draw>) {
  const { output, final } = recurrence.forward(weights, input, T, lengths, rest.initial);
  const wanted = { input: true, norms: true };
  const { weightIh, weightHh, biasIh, biasHh, ...others } = recurrence.backward(
    weights,
    rest.gradOutput,
    wanted,
    rest.gradFinal,
  );
  return { exact: { output, final, ...others }, sums: { weightIh, weightHh, biasIh, biasHh } };
}

function close(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(found.length, what).toBe(expected.length);
  const scale = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), 1e-30);
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(found[i] - expected[i]) <= 2e-6 * scale)) expect.fail(`${what}[${i}]: ${found[i]}, ${expected[i]}`);
  }
}

const checkpoints: Checkpoint[] = ["sqrt", 1, 2, 5, 14, 1000];

describe.each([
  ["elman", "tanh"],
  ["elman", "relu"],
  ["gru", "tanh"],
  ["lstm", "tanh"],
] as [Cell, Nonlinearity][])("%s %s, segment by segment", (cell, nonlinearity) => {
  it("on the kernels: the whole sequence's bits, and weights' gradients within rounding; ragged, with given states", () => {
    const random = new Random(11);
    for (let n = 0; n < 40; n++) {
      const drawn = draw(cell, nonlinearity, random);
      const whole = new KernelRecurrence();
      const expected = run(whole, drawn);
      whole.dispose();
      const found = new CheckpointedRecurrence(new KernelRecurrence(), checkpoints[n % checkpoints.length]);
      const { exact, sums } = run(found, drawn);
      found.dispose();
      expect(exact).toEqual(expected.exact);
      for (const name of ["weightIh", "weightHh", "biasIh", "biasHh"] as const) {
        close(sums[name], expected.sums[name], name);
      }
    }
  });

  it("on the reference: everything within float32 rounding", () => {
    const random = new Random(12);
    for (let n = 0; n < 12; n++) {
      const drawn = draw(cell, nonlinearity, random);
      const expected = run(new ReferenceRecurrence(), drawn);
      const segments = new CheckpointedRecurrence(new ReferenceRecurrence(), checkpoints[n % checkpoints.length]);
      const found = run(segments, drawn);
      for (const name of ["output", "input", "squaredNorms"] as const) {
        close(found.exact[name], expected.exact[name], name);
      }
      for (const name of ["weightIh", "weightHh", "biasIh", "biasHh"] as const) {
        close(found.sums[name], expected.sums[name], name);
      }
      for (const part of ["h", "c"] as const) {
        close(found.exact.final[part] ?? [], expected.exact.final[part] ?? [], `final ${part}`);
        close(found.exact.initial[part] ?? [], expected.exact.initial[part] ?? [], `initial ${part}`);
      }
    }
  });

  it("wants a forward pass before each backward pass, and keeps no memory when it was disposed of", () => {
    const before = heap().reservedBytes;
    const drawn = draw(cell, nonlinearity, new Random(13));
    const segments = new CheckpointedRecurrence(new KernelRecurrence(), "sqrt");
    run(segments, drawn);
    const again = () => segments.backward(drawn.weights, drawn.gradOutput, { input: false, norms: false });
    expect(again).toThrow("backward comes once after each forward");
    segments.forward(drawn.weights, drawn.input, drawn.T, drawn.lengths);
    expect(heap().reservedBytes).toBeGreaterThan(before);
    segments.dispose();
    expect(again).toThrow("backward comes once after each forward");
    expect(heap().reservedBytes).toBe(before);
  });
});

describe.each([
  ["elman", elman],
  ["gru", gru],
  ["lstm", lstm],
] as const)("%s with checkpoint", (cell, make) => {
  const lengths = Int32Array.of(23, 0, 9);
  const random = new Random(5);
  const input = { data: normal(3 * 23 * 4, random), shape: [3, 23, 4], lengths };
  input.data.fill(Number.NaN, 23 * 4, 2 * 23 * 4);

  const step = (layer: Layer, width: number, context: ForwardContext = {}) => {
    zeroGrad(layer.parameters);
    const gradientNorms = new Map<Layer, readonly Float64Array[]>();
    const { data } = layer.forward(input, { training: true, random: new Random(6), gradientNorms, ...context });
    const grad = layer.backward({ data: normal(data.length, new Random(7)), shape: [3, 23, width] });
    const grads = layer.parameters.map((parameter) => parameter.grad.slice());
    layer.dispose();
    return { exact: [data, grad.data, gradientNorms.get(layer)], grads };
  };

  it.each(["sqrt", 4, 100] as const)("%s: two layers, both directions, dropout between", (checkpoint) => {
    const options = { inputs: 4, hidden: 5, layers: 2, bidirectional: true, dropout: 0.4, seed: 1 };
    const whole = step(make(options), 10);
    const parts = step(make({ ...options, checkpoint }), 10);
    expect(parts.exact).toEqual(whole.exact);
    parts.grads.forEach((grad, p) => close(grad, whole.grads[p], `parameter ${p}`));
  });

  it("reads and leaves states, and gradients of them, as without", () => {
    const states = (seed: number): LayerState => {
      const drawn = new Random(seed);
      const state = () => ({ h: normal(15, drawn), ...(cell === "lstm" && { c: normal(15, drawn) }) });
      return [state(), state()];
    };
    const runs = [undefined, "sqrt" as const].map((checkpoint) => {
      const layer = make({ inputs: 4, hidden: 5, layers: 2, seed: 1, ...(checkpoint && { checkpoint }) });
      const carry = new Map<Layer, LayerState>([[layer, states(8)]]);
      const initialGradients = new Map<Layer, LayerState>();
      const finalGradients = new Map([[layer, states(9)]]);
      const { exact } = step(layer, 5, { carry, initialGradients, finalGradients });
      return [exact, carry.get(layer), initialGradients.get(layer)];
    });
    expect(runs[1]).toEqual(runs[0]);
  });

  it("keeps kernel memory that grows as √T instead of T", () => {
    const reserved = (time: number, checkpoint?: "sqrt") => {
      const before = heap().reservedBytes;
      const layer = make({ inputs: 8, hidden: 8, seed: 1, ...(checkpoint && { checkpoint }) });
      const data = new Float32Array(16 * time * 8);
      const shape = [16, time, 8];
      layer.forward({ data, shape, lengths: new Int32Array(16).fill(time) });
      layer.backward({ data, shape });
      const taken = heap().reservedBytes - before;
      layer.dispose();
      return taken;
    };
    const growth = (checkpoint?: "sqrt") => reserved(4096, checkpoint) / reserved(256, checkpoint);
    expect(growth()).toBeGreaterThan(15); // 16 times the steps
    expect(growth("sqrt")).toBeGreaterThan(3); // 4 times the steps of a segment, beside weights that stay
    expect(growth("sqrt")).toBeLessThan(4);
    expect(reserved(4096, "sqrt")).toBeLessThan(reserved(4096) / 40);
  });

  it("refuses what is no number of steps", () => {
    for (const checkpoint of [0, 1.5, -1, Number.NaN, "all"]) {
      expect(() => make({ inputs: 1, hidden: 1, checkpoint: checkpoint as number })).toThrow(
        `expected a whole number of steps of at least 1, or "sqrt"`,
      );
    }
  });

  it.each([
    [0, 3, []],
    [2, 0, [0, 0]],
    [2, 3, [0, 0]],
  ])("takes a batch of %d sequences of %d steps, none of them real", (B, T, none) => {
    const layer = make({ inputs: 2, hidden: 3, layers: 2, bidirectional: true, seed: 1, checkpoint: "sqrt" });
    const data = new Float32Array(B * T * 2).fill(Number.NaN);
    const out = layer.forward({ data, shape: [B, T, 2], lengths: Int32Array.from(none) });
    expect(out.shape).toEqual([B, T, 6]);
    const grad = layer.backward({ data: new Float32Array(B * T * 6), shape: out.shape });
    expect(grad.data).toEqual(new Float32Array(B * T * 2));
    layer.dispose();
  });
});

describe("with threads", () => {
  afterEach(() => useThreads(1));

  it("segments give the bits of one thread", async () => {
    const step = () => {
      const layer = lstm({ inputs: 16, hidden: 64, seed: 1, checkpoint: "sqrt" });
      const data = normal(12 * 100 * 16, new Random(1));
      const shape = [12, 100, 16];
      const output = layer.forward({ data, shape, lengths: Int32Array.from({ length: 12 }, (_, b) => 100 - 7 * b) });
      const grad = layer.backward({ data: normal(12 * 100 * 64, new Random(2)), shape: output.shape });
      const grads = layer.parameters.map((parameter) => parameter.grad.slice());
      layer.dispose();
      return { output, grad, grads };
    };
    const alone = step();
    expect(await useThreads(2)).toBe(2);
    expect(step()).toEqual(alone);
  });
});
