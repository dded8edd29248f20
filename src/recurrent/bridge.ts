import type { Random } from "../core/random.js";
import type { Cell } from "../core/recurrence.js";
import { dense } from "./dense.js";
import type { Layer, LayerState, SequenceBatch } from "./layer.js";

/** From what an encoder has read to the states that a decoder begins with. */
export interface Bridge extends Pick<Layer, "parameters" | "dispose"> {
  forward(memory: SequenceBatch): LayerState;
  /** Adds the gradient with respect to the memory to `gradMemory`. */
  backward(gradState: LayerState, gradMemory: Float32Array): void;
}

export interface BridgeSizes {
  readonly cell: Cell;
  /** Units in each direction of the encoder, and in each layer of the decoder. */
  readonly hidden: number;
  readonly layers: number;
  readonly bidirectional: boolean;
}

/**
 * tanh of a linear map of the encoder's last outputs, each direction's at its own end (Bahdanau et al. 2015, appendix A.2.2,
 * with both directions): a hidden state, and for an LSTM a cell state, for each layer of the decoder. What it reads are
 * outputs, so that gradients go back through them.
 */
export function bridge({ cell, hidden, layers, bidirectional }: BridgeSizes, random: Random): Bridge {
  const width = bidirectional ? 2 * hidden : hidden;
  const kinds = cell === "lstm" ? 2 : 1;
  const parts = layers * kinds;
  const map = dense({ inputs: width, outputs: parts * hidden, random });
  let memory: SequenceBatch | undefined;
  let states = new Float32Array(0);

  /** Where the last output of each direction of sequence b begins, in the memory. */
  const lastOutputs = ({ lengths, shape: [, T] }: SequenceBatch, b: number): number[] =>
    bidirectional ? [(b * T + lengths[b] - 1) * width, b * T * width + hidden] : [(b * T + lengths[b] - 1) * width];

  return {
    parameters: map.parameters,
    forward(read) {
      memory = read;
      const B = read.lengths.length;
      const data = new Float32Array(B * width);
      read.lengths.forEach((length, b) => {
        if (length === 0) return;
        lastOutputs(read, b).forEach((from, d) => {
          data.set(read.data.subarray(from, from + hidden), b * width + d * hidden);
        });
      });
      // a sequence that nothing was read of has padding here, and begins with zeros
      const lengths = read.lengths.map((length) => Math.min(1, length));
      states = map.forward({ data, shape: [B, 1, width], lengths }).data.map(Math.tanh);
      const part = (n: number) => take(states, parts, hidden, n);
      return Array.from({ length: layers }, (_, level) =>
        kinds === 2 ? { h: part(2 * level), c: part(2 * level + 1) } : { h: part(level) },
      );
    },
    backward(gradState, gradMemory) {
      const read = memory as SequenceBatch;
      const grad = new Float32Array(states.length);
      gradState.forEach(({ h, c }, level) => {
        place(grad, parts, hidden, kinds * level, h);
        if (c !== undefined) place(grad, parts, hidden, kinds * level + 1, c);
      });
      const gradSum = grad.map((g, i) => g * (1 - states[i] ** 2));
      const B = read.lengths.length;
      const { data } = map.backward({ data: gradSum, shape: [B, 1, parts * hidden] });
      read.lengths.forEach((length, b) => {
        if (length === 0) return;
        lastOutputs(read, b).forEach((to, d) => {
          for (let j = 0; j < hidden; j++) gradMemory[to + j] += data[b * width + d * hidden + j];
        });
      });
    },
    dispose: () => map.dispose(),
  };
}

/** Part n of each row: B × parts × hidden → B × hidden. */
function take(rows: Float32Array, parts: number, hidden: number, n: number): Float32Array {
  const part = new Float32Array(rows.length / parts);
  for (let at = 0; at < part.length; at += hidden) {
    const from = at * parts + n * hidden;
    part.set(rows.subarray(from, from + hidden), at);
  }
  return part;
}

function place(rows: Float32Array, parts: number, hidden: number, n: number, part: Float32Array): void {
  for (let at = 0; at < part.length; at += hidden) rows.set(part.subarray(at, at + hidden), at * parts + n * hidden);
}
