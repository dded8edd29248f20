import { SeqlossError } from "../core/errors.js";
import type { Memory } from "./attention.js";
import type { LayerState } from "./layer.js";

/** Where a decoder stands in one sequence. */
export interface DecoderState {
  readonly memory: Memory;
  /** Which sequence of the memory it reads. */
  readonly row: number;
  /** One hidden, and for an LSTM one cell state, for each layer. */
  readonly layers: LayerState;
}

/** A batch's states, one for each sequence that reads its row of the memory. */
export function splitStates(memory: Memory, rows: readonly number[], layers: LayerState): DecoderState[] {
  return rows.map((row, b) => {
    const part = (batch: Float32Array) => {
      const hidden = batch.length / rows.length;
      return batch.subarray(b * hidden, (b + 1) * hidden);
    };
    return {
      memory,
      row,
      layers: layers.map(({ h, c }) => (c === undefined ? { h: part(h) } : { h: part(h), c: part(c) })),
    };
  });
}

/**
 * States as one batch.
 *
 * @throws SeqlossError (OPTION) when they read different memories
 */
export function joinStates(where: string, states: readonly DecoderState[]): LayerState {
  const [{ memory, layers }] = states;
  if (states.some((state) => state.memory !== memory)) {
    throw new SeqlossError(where, "OPTION", {
      argument: "states",
      expected: "states that come from one call of encode",
      found: "states of several",
    });
  }
  const join = (pick: (state: DecoderState) => Float32Array) => {
    const hidden = pick(states[0]).length;
    const batch = new Float32Array(states.length * hidden);
    states.forEach((state, b) => batch.set(pick(state), b * hidden));
    return batch;
  };
  return layers.map(({ c }, level) => {
    const h = join((state) => state.layers[level].h);
    return c === undefined ? { h } : { h, c: join((state) => state.layers[level].c as Float32Array) };
  });
}
