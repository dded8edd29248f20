import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { type Cell, GATES, type Nonlinearity, type RecurrentWeights } from "../core/recurrence.js";
import { referenceCell, type Step } from "./cells.js";

// Backpropagation through the float64 cells against central differences. The layer-level classes round to float32, so
// the steps are unrolled here, in float64 throughout.

interface Network {
  readonly weights: RecurrentWeights;
  readonly x: Float64Array[];
  readonly h: Float64Array;
  readonly c: Float64Array;
}

function network(cell: Cell, nonlinearity: Nonlinearity, T: number, random: Random): Network {
  const I = 3;
  const H = 4;
  const draw = (size: number) => Float64Array.from({ length: size }, () => 0.7 * random.normal());
  const rows = GATES[cell] * H;
  const weights = {
    cell,
    nonlinearity,
    inputs: I,
    hidden: H,
    weightIh: draw(rows * I),
    weightHh: draw(rows * H),
    biasIh: draw(rows),
    biasHh: draw(rows),
  };
  return { weights, x: Array.from({ length: T }, () => draw(I)), h: draw(H), c: draw(H) };
}

const affine = (W: ArrayLike<number>, b: ArrayLike<number>, x: Float64Array) =>
  Float64Array.from({ length: b.length }, (_, i) => x.reduce((sum, v, j) => sum + W[i * x.length + j] * v, b[i]));

function unroll({ weights, x, h, c }: Network): Step[] {
  const arithmetic = referenceCell(weights.cell, weights.nonlinearity);
  const steps: Step[] = [{ h, c, kept: [] }];
  x.forEach((input, t) => {
    const before = steps[t];
    const fromInput = affine(weights.weightIh, weights.biasIh, input);
    const fromHidden = affine(weights.weightHh, weights.biasHh, before.h);
    steps.push(arithmetic.step(fromInput, fromHidden, before.h, before.c));
  });
  return steps;
}

/** Σ_t Σ_j (t + 1)(j + 1) h_t,j + Σ_j c_T,j: every output counts, each differently. */
function loss(net: Network): number {
  const steps = unroll(net);
  const outputs = steps
    .slice(1)
    .reduce((sum, { h }, t) => sum + h.reduce((s, v, j) => s + (t + 1) * (j + 1) * v, 0), 0);
  return outputs + (steps.at(-1) as Step).c.reduce((a, b) => a + b, 0);
}

function gradients(net: Network) {
  const { weights, x } = net;
  const { inputs: I, hidden: H } = weights;
  const steps = unroll(net);
  const arithmetic = referenceCell(weights.cell, weights.nonlinearity);
  const zero = (like: ArrayLike<number>) => new Float64Array(like.length);
  const grads = {
    weightIh: zero(weights.weightIh),
    weightHh: zero(weights.weightHh),
    biasIh: zero(weights.biasIh),
    biasHh: zero(weights.biasHh),
    x: x.map(zero),
  };
  let h: Float64Array = new Float64Array(H);
  let c: Float64Array = new Float64Array(H).fill(1);
  for (let t = x.length - 1; t >= 0; t--) {
    h = h.map((g, j) => g + (t + 1) * (j + 1));
    const step = arithmetic.backward(steps[t + 1], steps[t], h, c);
    const next = step.h.slice();
    step.fromInput.forEach((g, i) => {
      grads.biasIh[i] += g;
      for (let j = 0; j < I; j++) {
        grads.weightIh[i * I + j] += g * x[t][j];
        grads.x[t][j] += g * weights.weightIh[i * I + j];
      }
    });
    step.fromHidden.forEach((g, i) => {
      grads.biasHh[i] += g;
      for (let j = 0; j < H; j++) {
        grads.weightHh[i * H + j] += g * steps[t].h[j];
        next[j] += g * weights.weightHh[i * H + j];
      }
    });
    h = next;
    c = step.c;
  }
  return { ...grads, h, c: weights.cell === "lstm" ? c : new Float64Array(H) };
}

describe.each([
  ["elman", "tanh"],
  ["elman", "relu"],
  ["gru", "tanh"],
  ["lstm", "tanh"],
] as [Cell, Nonlinearity][])("row 66: %s %s", (cell, nonlinearity) => {
  it.each([1, 2, 7])("every parameter, input and initial state by differences, T = %d", (T) => {
    const net = network(cell, nonlinearity, T, new Random(T));
    const grads = gradients(net);
    const check = (array: Float64Array, analytic: Float64Array) => {
      for (let i = 0; i < array.length; i++) {
        const kept = array[i];
        const at = (value: number) => {
          array[i] = value;
          return loss(net);
        };
        const numeric = (at(kept + 1e-5) - at(kept - 1e-5)) / 2e-5;
        array[i] = kept;
        expect(Math.abs(numeric - analytic[i])).toBeLessThan(1e-6 * (1 + Math.abs(numeric)));
      }
    };
    for (const name of ["weightIh", "weightHh", "biasIh", "biasHh"] as const) {
      check(net.weights[name] as Float64Array, grads[name]);
    }
    net.x.forEach((x, t) => check(x, grads.x[t]));
    check(net.h, grads.h);
    // the cell state of Elman and GRU passes through untouched and is not theirs
    if (cell === "lstm") check(net.c, grads.c);
  });
});
