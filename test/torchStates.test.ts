import { describe, expect, it } from "vitest";
import { elman, gru, type Layer, type LayerState, lstm, type Nested, tensor } from "../src/index.js";
import { close, flat, place, read, type Vector } from "./vectors/read.js";

// PyTorch keeps states as [layers, B, H] for h and c apart; ours are one entry for each layer.
const layered = (states: readonly Nested[][]): LayerState =>
  states[0].map((h, level) => ({
    h: tensor(h as Nested).data,
    ...(states.length > 1 && { c: tensor(states[1][level] as Nested).data }),
  }));

describe("states of recurrent layers as PyTorch's", () => {
  const { cases } = read("torch-states.json");
  it.each(cases.map((c: Vector) => [c.cell, c]) as Vector[][])(
    "row 68: %s: given initial states, final states of the last real steps, gradients of the initial ones",
    (cell, c) => {
      const layer: Layer = { elman, gru, lstm }[cell as "lstm"]({ inputs: 3, hidden: 4, layers: 2 });
      place(layer.parameters, c.state);
      const carry = new Map([[layer, layered(c.initial)]]);
      const initialGradients = new Map<Layer, LayerState>();
      const input = { ...tensor(c.input), lengths: Int32Array.from(c.lengths) };
      const out = layer.forward(input, { training: true, carry, initialGradients });
      close(out.data, flat(c.output), 1e-5, "output");
      layer.backward(tensor(c.gradOutput));
      const same = (found: LayerState | undefined, expected: readonly Nested[][], what: string) => {
        expect(found?.length).toBe(2);
        layered(expected).forEach((state, level) => {
          close(found?.[level].h as Float32Array, Array.from(state.h), 1e-5, `${what} h of layer ${level}`);
          if (cell === "lstm")
            close(found?.[level].c as Float32Array, Array.from(state.c as Float32Array), 1e-5, `${what} c of ${level}`);
        });
      };
      same(carry.get(layer), c.final, "final");
      same(initialGradients.get(layer), c.gradInitial, "gradient of initial");
      layer.dispose();
    },
  );
});
