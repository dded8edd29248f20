import type { Cell, Nonlinearity } from "../core/recurrence.js";

// One step of each recurrent cell in float64, forward and backward. Read these first; the kernels must agree with them.
// fromInput = W_ih x + b_ih and fromHidden = W_hh h + b_hh, gate after gate; H units.

export interface Step {
  readonly h: Float64Array;
  readonly c: Float64Array;
  /** What the backward step needs, gate after gate, after the nonlinearities. */
  readonly kept: readonly Float64Array[];
}

export interface StepGradients {
  readonly fromInput: Float64Array;
  readonly fromHidden: Float64Array;
  /** The part of d loss / d h₋₁ that does not pass through W_hh. */
  readonly h: Float64Array;
  readonly c: Float64Array;
}

export interface ReferenceCell {
  step(fromInput: Float64Array, fromHidden: Float64Array, h: Float64Array, c: Float64Array): Step;
  backward(
    step: Step,
    before: { h: Float64Array; c: Float64Array },
    gradH: Float64Array,
    gradC: Float64Array,
  ): StepGradients;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const array = (size: number, value: (j: number) => number) => Float64Array.from({ length: size }, (_, j) => value(j));

/** h = tanh(a), or max(0, a) with slope 0 at 0, where a = fromInput + fromHidden (Elman 1990). */
function elman(nonlinearity: Nonlinearity): ReferenceCell {
  const relu = nonlinearity === "relu";
  return {
    step(fromInput, fromHidden, _, c) {
      const h = fromInput.map((x, j) => (relu ? Math.max(0, x + fromHidden[j]) : Math.tanh(x + fromHidden[j]))); // recurrence.md (1)
      return { h, c, kept: [] };
    },
    backward({ h }, { c }, gradH) {
      const grad = gradH.map((g, j) => g * (relu ? (h[j] > 0 ? 1 : 0) : 1 - h[j] ** 2));
      return { fromInput: grad, fromHidden: grad, h: new Float64Array(h.length), c: new Float64Array(c.length) };
    },
  };
}

/** r, z = σ(…); n = tanh(fromInput_n + r fromHidden_n); h = (1 − z) n + z h₋₁ (Cho et al. 2014, PyTorch's form). */
const gru: ReferenceCell = {
  step(fromInput, fromHidden, before, c) {
    const H = before.length;
    const r = array(H, (j) => sigmoid(fromInput[j] + fromHidden[j]));
    const z = array(H, (j) => sigmoid(fromInput[H + j] + fromHidden[H + j]));
    const fromHiddenN = fromHidden.slice(2 * H);
    const n = array(H, (j) => Math.tanh(fromInput[2 * H + j] + r[j] * fromHiddenN[j])); // recurrence.md (2)
    return { h: array(H, (j) => (1 - z[j]) * n[j] + z[j] * before[j]), c, kept: [r, z, n, fromHiddenN] }; // recurrence.md (3)
  },
  backward({ kept: [r, z, n, fromHiddenN] }, before, gradH) {
    const H = r.length;
    const fromInput = new Float64Array(3 * H);
    const fromHidden = new Float64Array(3 * H);
    for (let j = 0; j < H; j++) {
      const gradN = gradH[j] * (1 - z[j]) * (1 - n[j] ** 2);
      fromInput[j] = fromHidden[j] = gradN * fromHiddenN[j] * r[j] * (1 - r[j]);
      fromInput[H + j] = fromHidden[H + j] = gradH[j] * (before.h[j] - n[j]) * z[j] * (1 - z[j]);
      fromInput[2 * H + j] = gradN;
      fromHidden[2 * H + j] = gradN * r[j];
    }
    return { fromInput, fromHidden, h: gradH.map((g, j) => g * z[j]), c: new Float64Array(before.c.length) };
  },
};

/** i, f, o = σ(…); g = tanh(…); c = f c₋₁ + i g; h = o tanh c (Hochreiter and Schmidhuber 1997; Gers et al. 2000). */
const lstm: ReferenceCell = {
  step(fromInput, fromHidden, _, before) {
    const H = before.length;
    const gate = (k: number, f: (x: number) => number) =>
      array(H, (j) => f(fromInput[k * H + j] + fromHidden[k * H + j]));
    const [i, f, g, o] = [gate(0, sigmoid), gate(1, sigmoid), gate(2, Math.tanh), gate(3, sigmoid)];
    const c = array(H, (j) => f[j] * before[j] + i[j] * g[j]); // recurrence.md (4)
    return { h: array(H, (j) => o[j] * Math.tanh(c[j])), c, kept: [i, f, g, o] }; // recurrence.md (5)
  },
  backward({ c, kept: [i, f, g, o] }, before, gradH, gradC) {
    const H = c.length;
    const grad = new Float64Array(4 * H);
    const gradBefore = new Float64Array(H);
    for (let j = 0; j < H; j++) {
      const squashed = Math.tanh(c[j]);
      const cell = gradC[j] + gradH[j] * o[j] * (1 - squashed ** 2);
      grad[j] = cell * g[j] * i[j] * (1 - i[j]);
      grad[H + j] = cell * before.c[j] * f[j] * (1 - f[j]);
      grad[2 * H + j] = cell * i[j] * (1 - g[j] ** 2);
      grad[3 * H + j] = gradH[j] * squashed * o[j] * (1 - o[j]);
      gradBefore[j] = cell * f[j];
    }
    return { fromInput: grad, fromHidden: grad, h: new Float64Array(H), c: gradBefore };
  },
};

export function referenceCell(cell: Cell, nonlinearity: Nonlinearity): ReferenceCell {
  return { elman: elman(nonlinearity), gru, lstm }[cell];
}
