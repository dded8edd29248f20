import type { Layer, LayerState, Optimiser, Random } from "../../src/index.js";

/** A recurrent layer that goes on, in training, from the state that the step before left, and how that state is saved. */
export interface Streaming {
  readonly layer: Layer;
  /** The optimiser, with the state kept among its moments, so that checkpoints have it and a resumed run goes on from it. */
  keepIn(optimiser: Optimiser): Optimiser;
}

/** How often a row of the batch begins anew, from zeros, at a step of training: so readers of a text begin, anywhere in it. */
const RESTARTS = 0.02;

const KEY = /^carried\.(\d+)\.([hc])$/;

/**
 * Truncated backpropagation through time over training steps: the forward pass begins where the last one ended, in state, and the
 * gradient stops there (Williams and Peng 1990). Outside training, or with a carry of the caller's, the layer is as it was.
 */
export function streaming(layer: Layer): Streaming {
  let state: LayerState | undefined;
  return {
    layer: {
      parameters: layer.parameters,
      ...(layer.structure && { structure: layer.structure }),
      forward(input, context = {}) {
        if (!context.training || context.carry !== undefined) return layer.forward(input, context);
        const carry = new Map(state === undefined ? [] : [[layer, restart(state, input.shape[0], context.random)]]);
        const output = layer.forward(input, { ...context, carry });
        state = carry.get(layer);
        return output;
      },
      backward: (gradient) => layer.backward(gradient),
      dispose: () => layer.dispose(),
    },
    keepIn: (optimiser) => ({
      ...optimiser,
      state() {
        const { step, moments } = optimiser.state();
        return { step, moments: new Map([...moments, ...entriesOf(state ?? [])]) };
      },
      restore({ step, moments }) {
        const all = [...moments];
        state = stateOf(all.filter(([key]) => KEY.test(key)));
        optimiser.restore({ step, moments: new Map(all.filter(([key]) => !KEY.test(key))) });
      },
    }),
  };
}

/** The state, zero in the rows that begin anew. */
function restart(state: LayerState, rows: number, random: Random | undefined): LayerState {
  if (random === undefined) return state;
  const fresh = Array.from({ length: rows }, () => random.uniform() < RESTARTS);
  const keep = (data: Float32Array) => {
    const width = data.length / rows;
    return data.map((x, i) => (fresh[Math.floor(i / width)] ? 0 : x));
  };
  return state.map(({ h, c }) => ({ h: keep(h), ...(c && { c: keep(c) }) }));
}

type Entry = [string, Float32Array];

const entriesOf = (state: LayerState): Entry[] =>
  state.flatMap(({ h, c }, level): Entry[] => [
    [`carried.${level}.h`, h.slice()],
    ...(c === undefined ? [] : [[`carried.${level}.c`, c.slice()] satisfies Entry]),
  ]);

function stateOf(entries: readonly Entry[]): LayerState | undefined {
  const levels: { h: Float32Array; c?: Float32Array }[] = [];
  for (const [key, data] of entries) {
    const [, level, part] = KEY.exec(key) as RegExpExecArray;
    levels[Number(level)] = { ...levels[Number(level)], [part]: data.slice() } as (typeof levels)[number];
  }
  return levels.length === 0 ? undefined : levels;
}
