import type { Layer, LayerState, Optimiser } from "../../src/index.js";

/** A recurrent layer that goes on, in training, from the state that the step before left, and how that state is saved. */
export interface Streaming {
  readonly layer: Layer;
  /** The optimiser, with the state kept among its moments, so that checkpoints have it and a resumed run goes on from it. */
  keepIn(optimiser: Optimiser): Optimiser;
}

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
      forward(input, context = {}) {
        if (!context.training || context.carry !== undefined) return layer.forward(input, context);
        const carry = new Map(state === undefined ? [] : [[layer, state]]);
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
