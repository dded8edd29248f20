import { describe, expect, it } from "vitest";
import {
  decodeSafetensors,
  dense,
  elman,
  embedding,
  encoderDecoder,
  encodeSafetensors,
  gru,
  type Layer,
  loadStateDict,
  lstm,
  type Nested,
  sequential,
  stateDict,
  type Tensor,
  tensor,
  toNested,
} from "../src/index.js";
import { close, flat, read, type Vector } from "./vectors/read.js";

// State dicts made by test/vectors/make_state_dicts.py, in PyTorch.

const tensorsOf = (state: Readonly<Record<string, Nested>>): Map<string, Tensor> =>
  new Map(Object.entries(state).map(([name, values]) => [name, tensor(values)]));

function modelOf({ module, layers, bidirectional, bias, tied }: Vector, seed = 1): Layer {
  const words = embedding({ tokens: 7, size: tied ? 8 : 3, seed });
  const recurrent = { LSTM: lstm, GRU: gru, RNN: elman }[module as "LSTM"];
  return sequential({
    words,
    rnn: recurrent({ inputs: tied ? 8 : 3, hidden: 4, layers, bidirectional, seed }),
    head: dense({
      ...{ inputs: bidirectional ? 8 : 4, outputs: tied ? 7 : 5, bias, seed },
      ...(tied && { weight: words.parameters[0] }),
    }),
  });
}

const { cases } = read("torch-state-dicts.json");
const titled = cases.map((c: Vector) => [c.module, c.layers, c.bidirectional, c.bias, c.tied, c]) as Vector[][];

describe.each(titled)("nn.%s, %d layers, bidirectional %s, bias %s, tied %s", (...[, , , , , c]) => {
  const model = modelOf(c);

  it("trained there gives the same outputs here, through a safetensors file", () => {
    const { tensors } = decodeSafetensors(encodeSafetensors(tensorsOf(c.state)));
    loadStateDict(model, tensors, { missingBiases: !c.bias });
    const ids = tensor(c.ids);
    const out = model.forward({ ...ids, lengths: Int32Array.from(c.lengths) });
    close(out.data, flat(c.output), 1e-5, "output");
  });

  it("has the same state dict here", () => {
    const found = stateDict(model);
    if (c.bias) expect([...found.keys()]).toEqual(Object.keys(c.state));
    for (const [name, values] of Object.entries(c.state)) {
      expect(toNested(found.get(name) as Tensor), name).toEqual(toNested(tensor(values as Nested)));
    }
  });
});

describe("what a state dict lacks or has too much of is named", () => {
  const model = () =>
    sequential({ rnn: gru({ inputs: 2, hidden: 3, seed: 1 }), head: dense({ inputs: 3, outputs: 2 }) });
  const changed = (change: (state: Map<string, Tensor>) => void) => {
    const state = new Map<string, Tensor>(stateDict(model()));
    change(state);
    return state;
  };

  it.each<[string, ReadonlyMap<string, Tensor>, string]>([
    [
      "missing",
      changed((state) => state.delete("rnn.weight_hh_l0")),
      'loadStateDict: "rnn.weight_hh_l0" is undefined; expected a tensor of shape [9, 3].',
    ],
    [
      "several missing under other names",
      new Map([...stateDict(model())].map(([name, one]) => [name.replace("head.", "out."), one])),
      '"head.weight" is undefined; expected a tensor of shape [2, 3]. Also missing: head.bias. There, but not expected: out.weight, out.bias.',
    ],
    [
      "unexpected",
      changed((state) => state.set("rnn.weight_hr_l0", tensor([[1]]))),
      'the state dict is ["rnn.weight_hr_l0"]; expected only rnn.weight_ih_l0, rnn.weight_hh_l0,',
    ],
    [
      "misshapen",
      changed((state) => state.set("rnn.weight_ih_l0", tensor([[1, 2]]))),
      'the shape of "rnn.weight_ih_l0" is [1, 2]; expected [9, 2].',
    ],
    [
      "a transposed head",
      changed((state) => state.set("head.weight", { data: new Float32Array(6), shape: [3, 2] })),
      "[3, 2]; expected [2, 3]",
    ],
  ])("%s, and nothing is changed", (_, state, message) => {
    const own = model();
    const before = stateDict(own);
    expect(() => loadStateDict(own, state)).toThrow(message);
    expect(stateDict(own)).toEqual(before);
  });

  it("shared weights that differ there", () => {
    const words = embedding({ tokens: 3, size: 2, seed: 1 });
    const tied = sequential({
      words,
      head: dense({ inputs: 2, outputs: 3, bias: false, weight: words.parameters[0] }),
    });
    const state = stateDict(tied);
    expect(state.get("words.weight")?.data).toBe(state.get("head.weight")?.data);
    const other = new Map(state).set("head.weight", { data: Float32Array.of(9, 0, 0, 0, 0, 0), shape: [3, 2] });
    expect(() => loadStateDict(tied, other)).toThrow(/"head.weight"\[0\] is 9; expected .*, as in "words.weight"/);
    other.delete("head.weight");
    loadStateDict(tied, other);
    expect(stateDict(tied)).toEqual(state);
  });

  it("missing biases only where there is a weight for them", () => {
    const state = changed((all) => {
      for (const name of [...all.keys()]) if (/bias/.test(name)) all.delete(name);
    });
    expect(() => loadStateDict(model(), state)).toThrow('"rnn.bias_ih_l0" is undefined');
    const own = model();
    loadStateDict(own, state, { missingBiases: true });
    expect(
      stateDict(own)
        .get("rnn.bias_ih_l0")
        ?.data.every((x) => x === 0),
    ).toBe(true);
    state.delete("head.weight");
    expect(() => loadStateDict(own, state, { missingBiases: true })).toThrow('"head.weight" is undefined');
  });
});

describe("names in the state dict", () => {
  it("may have a prefix and be others; what has another prefix is left alone", () => {
    const trained = lstm({ inputs: 2, hidden: 3, seed: 1 });
    const options = { prefix: "module.encoder.", rename: (name: string) => `lstm.${name}` };
    const state = stateDict(trained, options);
    expect([...state.keys()][0]).toBe("module.encoder.lstm.weight_ih_l0");
    state.set("module.decoder.weight", tensor([[1]]) as Tensor<Float32Array>);
    const other = lstm({ inputs: 2, hidden: 3, seed: 2 });
    loadStateDict(other, state, options);
    expect(stateDict(other)).toEqual(stateDict(trained));
  });

  it("those of an encoder-decoder go out and come back, its shared embedding under all of its names", () => {
    const make = (seed: number) =>
      encoderDecoder({ sourceClasses: 4, targetClasses: 4, embedding: 3, hidden: 2, shared: true, tied: true, seed });
    const [trained, other] = [make(1), make(2)];
    const state = stateDict(trained);
    const names = ["encoder.embedding.weight", "targets.embedding.weight", "output.head.weight"];
    for (const name of names) expect(state.get(name)?.data).toBe(state.get(names[0])?.data);
    loadStateDict(other, state);
    expect(stateDict(other)).toEqual(state);
  });
});
