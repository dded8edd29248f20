import { SeqlossError } from "../core/errors.js";
import type { LossResult } from "../losses/reduction.js";
import type { ForwardContext, Layer, SequenceBatch } from "../recurrent/layer.js";

export interface WindowOptions {
  /** Steps that gradients flow back through at most. */
  readonly window: number;
  /** The loss of the model's outputs on one window, which begins at step `start`. */
  readonly loss: (outputs: SequenceBatch, start: number) => LossResult;
  readonly context?: ForwardContext;
}

/**
 * Truncated backpropagation through time (Williams and Peng 1990): goes along the sequences window by window, carries the
 * recurrent state forward, and lets gradients flow back only to where a window begins. Gradients add up in the parameters.
 * A window of at least T steps is full backpropagation through time, bit for bit. Memory is that of one window.
 *
 * @returns the result of each window
 * @throws SeqlossError (VALUE) when the window is not a whole number of at least 1
 * @example
 * const model = sequential({ rnn: elman({ inputs: 1, hidden: 2, seed: 1 }) });
 * const inputs = padSequences([Float32Array.of(1, 2, 3, 4, 5)], 1);
 * const loss = (outputs) => meanSquaredError(outputs, zeros(outputs.shape), { lengths: outputs.lengths });
 * truncatedBackpropagation(model, inputs, { window: 2, loss }).length // 3
 */
export function truncatedBackpropagation(model: Layer, inputs: SequenceBatch, options: WindowOptions): LossResult[] {
  const { window, loss, context = { training: true } } = options;
  if (!Number.isInteger(window) || window < 1) {
    throw new SeqlossError("truncatedBackpropagation", "VALUE", {
      argument: "window",
      expected: "a whole number of at least 1",
      found: window,
    });
  }
  const carry = context.carry ?? new Map();
  const results: LossResult[] = [];
  for (let start = 0; start < inputs.shape[1]; start += window) {
    const outputs = model.forward(slice(inputs, start, window), { ...context, carry });
    const result = loss(outputs, start);
    model.backward(result.grad);
    results.push(result);
  }
  return results;
}

/** Steps start..start+size of each sequence. */
function slice({ data, shape: [B, T, F], lengths }: SequenceBatch, start: number, size: number): SequenceBatch {
  const steps = Math.min(size, T - start);
  const part = new Float32Array(B * steps * F);
  for (let b = 0; b < B; b++) {
    part.set(data.subarray((b * T + start) * F, (b * T + start + steps) * F), b * steps * F);
  }
  return {
    data: part,
    shape: [B, steps, F],
    lengths: lengths.map((length) => Math.max(0, Math.min(steps, length - start))),
  };
}
