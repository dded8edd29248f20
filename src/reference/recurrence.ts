import {
  GATES,
  type Recurrence,
  type RecurrenceOutput,
  type RecurrentGradients,
  type RecurrentState,
  type RecurrentWeights,
  type WantedGradients,
} from "../core/recurrence.js";
import { referenceCell, type Step } from "./cells.js";

// A recurrent cell over time, sequence by sequence, in float64: backpropagation through time, obvious and slow.

type Vector = Float64Array;

/** W x + b, W with as many columns as x. */
function affine(W: ArrayLike<number>, b: ArrayLike<number>, x: ArrayLike<number>): Vector {
  return Float64Array.from({ length: b.length }, (_, i) => {
    let sum = b[i];
    for (let j = 0; j < x.length; j++) sum += W[i * x.length + j] * x[j];
    return sum;
  });
}

/** Wᵀ g */
function transposed(W: ArrayLike<number>, g: Vector, columns: number): Vector {
  return Float64Array.from({ length: columns }, (_, j) =>
    g.reduce((sum, value, i) => sum + W[i * columns + j] * value, 0),
  );
}

/** W += g xᵀ */
function addOuter(W: Vector, g: Vector, x: ArrayLike<number>): void {
  g.forEach((value, i) => {
    for (let j = 0; j < x.length; j++) W[i * x.length + j] += value * x[j];
  });
}

function addTo(sum: Vector, x: Vector): void {
  for (let j = 0; j < x.length; j++) sum[j] += x[j];
}

/** Of sequence b; zeros where there are no states. */
function stateOf(states: Float32Array | undefined, b: number, H: number): Vector {
  return states === undefined ? new Float64Array(H) : Float64Array.from(states.subarray(b * H, (b + 1) * H));
}

interface Tape {
  readonly x: readonly ArrayLike<number>[];
  /** steps[0] holds the initial state. */
  readonly steps: readonly Step[];
}

/** The same computation as the kernels', where they cannot run, and to compare them with. */
export class ReferenceRecurrence implements Recurrence {
  private tapes: Tape[] | undefined;
  private time = 0;

  forward(
    weights: RecurrentWeights,
    input: Float32Array,
    time: number,
    lengths: Int32Array,
    initial?: RecurrentState,
  ): RecurrenceOutput {
    const { cell, nonlinearity, inputs: I, hidden: H } = weights;
    const arithmetic = referenceCell(cell, nonlinearity);
    const output = new Float32Array(lengths.length * time * H);
    const final = { h: new Float32Array(lengths.length * H), c: new Float32Array(lengths.length * H) };
    this.time = time;
    const tapes = Array.from(lengths, (length, b) => {
      const steps: Step[] = [{ h: stateOf(initial?.h, b, H), c: stateOf(initial?.c, b, H), kept: [] }];
      const x: ArrayLike<number>[] = [];
      for (let t = 0; t < length; t++) {
        const row = (b * time + t) * I;
        x.push(input.slice(row, row + I));
        const { h, c } = steps[t];
        const fromInput = affine(weights.weightIh, weights.biasIh, x[t]);
        steps.push(arithmetic.step(fromInput, affine(weights.weightHh, weights.biasHh, h), h, c));
        output.set(steps[t + 1].h, (b * time + t) * H);
      }
      final.h.set(steps[length].h, b * H);
      final.c.set(steps[length].c, b * H);
      return { x, steps };
    });
    this.tapes = tapes;
    return { output, final: cell === "lstm" ? final : { h: final.h } };
  }

  backward(
    weights: RecurrentWeights,
    gradOutput: Float32Array,
    wanted: WantedGradients,
    gradFinal?: RecurrentState,
  ): RecurrentGradients {
    const { cell, nonlinearity, inputs: I, hidden: H } = weights;
    const arithmetic = referenceCell(cell, nonlinearity);
    const { tapes, time } = this;
    if (tapes === undefined) throw new Error("backward comes once after each forward");
    this.tapes = undefined;
    const rows = GATES[cell] * H;
    const grads = {
      weightIh: new Float64Array(rows * I),
      weightHh: new Float64Array(rows * H),
      biasIh: new Float64Array(rows),
      biasHh: new Float64Array(rows),
    };
    const input = new Float32Array(wanted.input ? tapes.length * time * I : 0);
    const initial = { h: new Float32Array(tapes.length * H), c: new Float32Array(tapes.length * H) };
    const squaredNorms = new Float64Array(wanted.norms ? tapes.length * time : 0);
    tapes.forEach(({ x, steps }, b) => {
      let gradH = stateOf(gradFinal?.h, b, H);
      let gradC = stateOf(gradFinal?.c, b, H);
      for (let t = x.length - 1; t >= 0; t--) {
        const row = (b * time + t) * H;
        gradH = gradH.map((g, j) => g + gradOutput[row + j]);
        if (wanted.norms) squaredNorms[b * time + t] = gradH.reduce((sum, g) => sum + g * g, 0);
        const step = arithmetic.backward(steps[t + 1], steps[t], gradH, gradC);
        addOuter(grads.weightIh, step.fromInput, x[t]); // recurrence.md (6)
        addOuter(grads.weightHh, step.fromHidden, steps[t].h); // recurrence.md (7)
        addTo(grads.biasIh, step.fromInput);
        addTo(grads.biasHh, step.fromHidden);
        if (wanted.input) input.set(transposed(weights.weightIh, step.fromInput, I), (b * time + t) * I); // recurrence.md (8)
        gradH = transposed(weights.weightHh, step.fromHidden, H); // recurrence.md (9)
        addTo(gradH, step.h);
        gradC = step.c;
      }
      initial.h.set(gradH, b * H);
      initial.c.set(gradC, b * H);
    });
    return { ...grads, input, initial: cell === "lstm" ? initial : { h: initial.h }, squaredNorms };
  }

  dispose(): void {
    this.tapes = undefined;
  }
}
