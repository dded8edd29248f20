import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { heap } from "../kernels/memory.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import {
  type ForwardContext,
  type Layer,
  type LayerState,
  type RecurrentActivations,
  type SequenceBatch,
  sequential,
  zeroGrad,
} from "./layer.js";
import { elman, gru, lstm } from "./recurrent.js";

const evaluation = { training: false };
const normal = (size: number, random: Random) => Float32Array.from({ length: size }, () => random.normal());

function ragged(lengths: readonly number[], width: number, seed: number): SequenceBatch {
  const time = Math.max(...lengths);
  const data = normal(lengths.length * time * width, new Random(seed));
  lengths.forEach((length, b) => data.fill(Number.NaN, (b * time + length) * width, (b + 1) * time * width));
  return { data, shape: [lengths.length, time, width], lengths: Int32Array.from(lengths) };
}

/** Σ output · weight, whose gradient with respect to the output is the weight. */
function weighted(
  layer: Layer,
  input: SequenceBatch,
  weight: Float32Array,
  context: ForwardContext = evaluation,
): number {
  return layer.forward(input, context).data.reduce((sum, x, i) => sum + x * weight[i], 0);
}

const makers = { elman, gru, lstm };
const cells = Object.keys(makers) as (keyof typeof makers)[];

describe.each(cells)("%s", (cell) => {
  const make = makers[cell];

  it("row 66: two layers, both directions, dense on top: parameters and input by differences", () => {
    const model = sequential({
      rnn: make({ inputs: 3, hidden: 4, layers: 2, bidirectional: true, seed: 3 }),
      head: dense({ inputs: 8, outputs: 2, seed: 4 }),
    });
    const input = ragged([5, 2, 4], 3, 5);
    const weight = normal(3 * 5 * 2, new Random(6));
    weighted(model, input, weight);
    zeroGrad(model.parameters);
    const gradInput = model.backward({ data: weight, shape: [3, 5, 2] });
    const h = 1e-2;
    const difference = (data: Float32Array, i: number) => {
      const kept = data[i];
      data[i] = kept + h;
      const right = weighted(model, input, weight);
      data[i] = kept - h;
      const left = weighted(model, input, weight);
      data[i] = kept;
      return (right - left) / (2 * h);
    };
    for (const { name, data, grad } of model.parameters) {
      for (let i = 0; i < data.length; i += Math.ceil(data.length / 7)) {
        expect(Math.abs(difference(data, i) - grad[i]), `${name}[${i}]`).toBeLessThan(5e-3 * (1 + Math.abs(grad[i])));
      }
    }
    for (let i = 0; i < input.data.length; i += 4) {
      if (Number.isNaN(input.data[i])) expect(gradInput.data[i]).toBe(0);
      else expect(Math.abs(difference(input.data, i) - gradInput.data[i])).toBeLessThan(5e-3);
    }
    model.dispose();
  });

  it("row 68: a bidirectional batch gives each sequence what it gives alone; 0 on padding", () => {
    const layer = make({ inputs: 2, hidden: 3, layers: 2, bidirectional: true, seed: 1 });
    const input = ragged([1, 6, 3], 2, 2);
    const batch = layer.forward(input, evaluation);
    [1, 6, 3].forEach((length, b) => {
      const data = input.data.slice(b * 12, b * 12 + length * 2);
      const alone = layer.forward({ data, shape: [1, length, 2], lengths: Int32Array.of(length) }, evaluation);
      expect(batch.data.slice(b * 36, b * 36 + length * 6)).toEqual(alone.data);
      expect(batch.data.slice(b * 36 + length * 6, (b + 1) * 36).every((x) => x === 0)).toBe(true);
    });
    layer.dispose();
  });

  it("row 68: the final state is that of the last real step, and windows carry it on", () => {
    const layer = make({ inputs: 2, hidden: 3, seed: 1 });
    const input = ragged([6, 6], 2, 3);
    const whole = layer.forward(input, evaluation);
    const carry = new Map<Layer, LayerState>();
    const parts = [0, 2, 4].map((start) => {
      const data = Float32Array.from(
        [0, 1].flatMap((b) => Array.from(input.data.subarray((b * 6 + start) * 2, (b * 6 + start + 2) * 2))),
      );
      return layer.forward({ data, shape: [2, 2, 2], lengths: Int32Array.of(2, 2) }, { training: false, carry });
    });
    for (let b = 0; b < 2; b++) {
      for (let t = 0; t < 6; t++) {
        const part = parts[Math.floor(t / 2)].data;
        const from = (b * 2 + (t % 2)) * 3;
        expect(part.slice(from, from + 3)).toEqual(whole.data.slice((b * 6 + t) * 3, (b * 6 + t + 1) * 3));
      }
    }
    expect(carry.get(layer)?.[0].h).toEqual(
      Float32Array.from([...whole.data.slice(15, 18), ...whole.data.slice(33, 36)]),
    );
    layer.dispose();
  });

  it("leaves the norm of d loss / d h at each step, on request", () => {
    const layer = make({ inputs: 1, hidden: 2, seed: 8 });
    const input = ragged([4], 1, 9);
    const gradientNorms = new Map<Layer, readonly Float64Array[]>();
    layer.forward(input, { training: true, gradientNorms });
    const gradOutput = new Float32Array(8);
    gradOutput.set([3, 4], 6); // only the last step is asked about
    layer.backward({ data: gradOutput, shape: [1, 4, 2] });
    const [norms] = gradientNorms.get(layer) as readonly Float64Array[];
    expect(norms[3]).toBeCloseTo(5, 6);
    for (let t = 0; t < 3; t++) expect(norms[t]).toBeGreaterThan(0);
    layer.dispose();
  });

  it("norms stand in the order of the parameters, each direction's at the time that it reads", () => {
    const layer = make({ inputs: 1, hidden: 2, layers: 2, bidirectional: true, seed: 8 });
    const input = ragged([4, 2], 1, 9);
    const normsOf = (row: number, unit: number) => {
      const gradientNorms = new Map<Layer, readonly Float64Array[]>();
      layer.forward(input, { training: true, gradientNorms });
      const gradOutput = new Float32Array(2 * 4 * 4);
      gradOutput.set([3, 4], row * 4 + unit);
      layer.backward({ data: gradOutput, shape: [2, 4, 4] });
      return gradientNorms.get(layer) as readonly Float64Array[];
    };
    // the forward direction at step 1 of the shorter sequence: what it has read is steps 0 and 1
    const [lower, lowerReverse, upper, upperReverse] = normsOf(5, 0);
    expect(upper[1]).toBeCloseTo(5, 6);
    expect(upper[0]).toBeGreaterThan(0);
    expect([upper[2], upper[3], ...upperReverse]).toEqual([0, 0, 0, 0, 0, 0]);
    for (const norms of [lower, lowerReverse]) {
      expect(Array.from(norms, (norm) => norm > 0)).toEqual([true, true, false, false]);
    }
    // the reverse direction at step 2 of the longer sequence: what it has read is steps 3 and 2
    const [, , away, toward] = normsOf(2, 2);
    expect(Array.from(away)).toEqual([0, 0, 0, 0]);
    expect(toward[2]).toBeCloseTo(5, 6);
    expect(toward[3]).toBeGreaterThan(0);
    expect(Array.from(toward.subarray(0, 2))).toEqual([0, 0]);
    layer.dispose();
  });

  it("row 66: gradients with respect to initial states by differences", () => {
    const layer = make({ inputs: 2, hidden: 3, layers: 2, seed: 5 });
    const input = ragged([4, 0, 2], 2, 6);
    const random = new Random(7);
    const state = () => ({ h: normal(9, random), ...(cell === "lstm" && { c: normal(9, random) }) });
    const initial: LayerState = [state(), state()];
    const weight = normal(3 * 4 * 3, random);
    const initialGradients = new Map<Layer, LayerState>();
    const loss = () =>
      weighted(layer, input, weight, { training: true, carry: new Map([[layer, initial]]), initialGradients });
    loss();
    layer.backward({ data: weight, shape: [3, 4, 3] });
    const found = initialGradients.get(layer) as LayerState;
    const h = 1e-2;
    initial.forEach((layerState, level) => {
      for (const part of ["h", "c"] as const) {
        layerState[part]?.forEach((kept, i, data) => {
          data[i] = kept + h;
          const right = loss();
          data[i] = kept - h;
          const numeric = (right - loss()) / (2 * h);
          data[i] = kept;
          const analytic = found[level][part]?.[i] as number;
          expect(Math.abs(numeric - analytic), `${part}[${i}] of ${level}`).toBeLessThan(
            5e-3 * (1 + Math.abs(numeric)),
          );
          // the sequence of no steps
          if (i >= 3 && i < 6) expect(analytic).toBe(0);
        });
      }
    });
    layer.dispose();
  });

  it("trains an encoder through a decoder: gradients of its final states, by differences of the decoder's loss", () => {
    const [encoder, decoder] = [1, 2].map((seed) => make({ inputs: 2, hidden: 3, layers: 2, seed }));
    const [source, target] = [ragged([4, 1, 0], 2, 6), ragged([2, 3, 1], 2, 7)];
    const weight = normal(3 * 3 * 3, new Random(8));
    const initialGradients = new Map<Layer, LayerState>();
    const finalGradients = new Map<Layer, LayerState>();
    const loss = () => {
      const carry = new Map<Layer, LayerState>();
      encoder.forward(source, { carry, finalGradients });
      carry.set(decoder, carry.get(encoder) as LayerState);
      return weighted(decoder, target, weight, { carry, initialGradients });
    };
    loss();
    decoder.backward({ data: weight, shape: [3, 3, 3] });
    finalGradients.set(encoder, initialGradients.get(decoder) as LayerState);
    const gradSource = encoder.backward({ data: new Float32Array(3 * 4 * 3), shape: [3, 4, 3] });
    const h = 1e-2;
    const check = (data: Float32Array, grad: Float32Array, i: number) => {
      const kept = data[i];
      data[i] = kept + h;
      const right = loss();
      data[i] = kept - h;
      const numeric = (right - loss()) / (2 * h);
      data[i] = kept;
      expect(Math.abs(numeric - grad[i])).toBeLessThan(5e-4);
    };
    for (const { data, grad } of encoder.parameters) {
      expect(grad.reduce((sum, g) => sum + Math.abs(g), 0)).toBeGreaterThan(0.02);
      for (let i = 0; i < data.length; i += 3) check(data, grad, i);
    }
    for (let i = 0; i < 2 * 5; i++) if (!Number.isNaN(source.data[i])) check(source.data, gradSource.data, i);
    finalGradients.set(encoder, [{ h: new Float32Array(9) }]);
    encoder.forward(source, { finalGradients });
    const backward = () => encoder.backward({ data: new Float32Array(3 * 4 * 3), shape: [3, 4, 3] });
    expect(backward).toThrow("the state in finalGradients is [9]; expected 2 of 3 × 3 numbers");
    encoder.dispose();
    decoder.dispose();
  });

  it("refuses an input of the wrong width, and sizes that are no counts", () => {
    const layer = make({ inputs: 2, hidden: 3, seed: 1 });
    expect(() => layer.forward(ragged([2], 3, 1), evaluation)).toThrow(
      `${cell}: the shape of its input is [1, 2, 3]; expected [batch, time, 2]`,
    );
    expect(() => make({ inputs: 2, hidden: 0 })).toThrow("hidden is 0; expected a whole number of at least 1");
    expect(() => make({ inputs: 2, hidden: 1, dropout: 1 })).toThrow("rate is 1; expected a number in [0, 1)");
  });

  it("refuses lengths past the padded size, a state of other sequences, and a gradient that is no answer to a forward pass", () => {
    const layer = make({ inputs: 2, hidden: 3, seed: 1 });
    const input = ragged([2, 1], 2, 1);
    const grad = { data: new Float32Array(12), shape: [2, 2, 3] };
    expect(() => layer.backward(grad)).toThrow("expected one after each call of forward");
    expect(() => layer.forward({ ...input, lengths: Int32Array.of(3, 1) }, evaluation)).toThrow(
      "lengths[0] is 3; expected a whole number in 0..2",
    );
    const carry = new Map<Layer, LayerState>();
    layer.forward(ragged([1], 2, 1), { training: true, carry });
    expect(() => layer.forward(input, { training: true, carry })).toThrow("the state in carry is [3]");
    layer.forward(input, evaluation);
    const empty = { data: new Float32Array(0), shape: [0] };
    expect(() => layer.backward(empty)).toThrow("the shape of gradOutput is [0]; expected [2, 2, 3]");
    layer.backward(grad);
    expect(() => layer.backward(grad)).toThrow("expected one after each call of forward");
    layer.forward(input, evaluation);
    layer.dispose();
    expect(() => layer.backward(grad)).toThrow("expected one after each call of forward");
  });

  it.each([
    [0, 3, []],
    [2, 0, [0, 0]],
    [2, 3, [0, 0]],
  ])("takes a batch of %d sequences of %d steps, none of them real", (B, T, lengths) => {
    const layer = make({ inputs: 2, hidden: 3, layers: 2, bidirectional: true, seed: 1 });
    const data = new Float32Array(B * T * 2).fill(Number.NaN);
    const out = layer.forward({ data, shape: [B, T, 2], lengths: Int32Array.from(lengths) }, evaluation);
    expect(out.shape).toEqual([B, T, 6]);
    expect(layer.backward({ data: new Float32Array(B * T * 6), shape: out.shape }).data).toEqual(
      new Float32Array(B * T * 2),
    );
    for (const { grad } of layer.parameters) expect(grad.every((g) => g === 0)).toBe(true);
    layer.dispose();
  });

  it("says what a batch of sequences is, where it is given a list or a tensor", () => {
    const layer = make({ inputs: 2, hidden: 3, seed: 1 });
    expect(() => layer.forward([[[1, 2]]] as never)).toThrow('its input is "a list"; expected a batch of sequences');
    expect(() => layer.forward({ data: new Float32Array(2), shape: [1, 1, 2] } as never)).toThrow(
      "padSequences makes one",
    );
    layer.dispose();
  });

  it("keeps no memory after it was disposed of", () => {
    const before = heap().reservedBytes;
    const layer = make({ inputs: 2, hidden: 3, layers: 2, seed: 1 });
    for (let n = 1; n < 20; n++) layer.forward(ragged([n, 3], 2, n), evaluation);
    layer.dispose();
    expect(heap().reservedBytes).toBe(before);
  });
});

describe("the input's gradient", () => {
  it("is left out on request, in the first layer alone, and the parameters' gradients stay the same", () => {
    const input = ragged([4, 2], 2, 1);
    const gradOutput = { data: new Float32Array(2 * 4 * 3).fill(0.5), shape: [2, 4, 3] };
    const run = (inputGradient: boolean) => {
      const model = sequential({
        below: gru({ inputs: 2, hidden: 3, layers: 2, bidirectional: true, seed: 1 }),
        above: lstm({ inputs: 6, hidden: 3, seed: 2 }),
      });
      model.forward(input, { training: true, inputGradient });
      const grad = model.backward(gradOutput);
      const grads = model.parameters.map((parameter) => parameter.grad.slice());
      model.dispose();
      return { size: grad.data.length, grads };
    };
    expect(run(true).size).toBe(input.data.length);
    expect(run(false)).toEqual({ size: 0, grads: run(true).grads });
  });
});

describe("recurrent layers", () => {
  it("draw their weights from the seed, within 1/√hidden", () => {
    const [a, b, c] = [1, 1, 2].map((seed) => lstm({ inputs: 3, hidden: 16, seed }).parameters[0].data);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    expect(a.every((x) => Math.abs(x) <= 0.25)).toBe(true);
  });

  it("begin with orthogonal matrices from state to state, and with the forget bias, where they are told to", () => {
    const H = 6;
    const layer = lstm({ inputs: 2, hidden: H, recurrentWeights: "orthogonal", forgetBias: 1, seed: 1 });
    const [weightIh, { data: W }, { data: biasIh }, { data: biasHh }] = layer.parameters;
    for (let gate = 0; gate < 4; gate++) {
      const row = (i: number) => W.subarray((gate * H + i) * H, (gate * H + i + 1) * H);
      for (let i = 0; i < H; i++) {
        for (let j = 0; j < H; j++) {
          const product = row(i).reduce((sum, x, k) => sum + x * row(j)[k], 0);
          expect(product).toBeCloseTo(i === j ? 1 : 0, 6);
        }
      }
    }
    expect(W.subarray(0, H * H)).not.toEqual(W.subarray(H * H, 2 * H * H));
    expect(biasIh.subarray(H, 2 * H).every((x) => x === 1)).toBe(true);
    expect(biasHh.subarray(H, 2 * H).every((x) => x === 0)).toBe(true);
    const plain = lstm({ inputs: 2, hidden: H, seed: 1 });
    expect(weightIh.data).toEqual(plain.parameters[0].data);
    expect(biasIh.subarray(0, H)).toEqual(plain.parameters[2].data.subarray(0, H));
    layer.dispose();
    plain.dispose();
  });

  it("refuse options that they do not know", () => {
    const unknown = (option: object) => () => elman({ inputs: 1, hidden: 1, ...option });
    expect(unknown({ nonlinearity: "sigmoid" })).toThrow('nonlinearity is "sigmoid"; expected "tanh" or "relu"');
    expect(unknown({ recurrentWeights: "zero" })).toThrow(
      'recurrentWeights is "zero"; expected "uniform" or "orthogonal"',
    );
  });

  it("row 72: give their memory back when they are forgotten without dispose", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const before = heap().reservedBytes;
    const use = () => {
      for (let n = 0; n < 20; n++) lstm({ inputs: 1, hidden: 8 }).forward(ragged([50], 1, n), evaluation);
    };
    use();
    const used = heap().reservedBytes - before;
    expect(used).toBeGreaterThan(0);
    for (let n = 0; n < 100 && heap().reservedBytes - before > used / 2; n++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(heap().reservedBytes - before).toBeLessThanOrEqual(used / 2);
  });

  it("refuse to carry state through a direction that starts at the end", () => {
    const layer = gru({ inputs: 1, hidden: 2, bidirectional: true, seed: 1 });
    expect(() => layer.forward(ragged([2], 1, 1), { training: false, carry: new Map() })).toThrow("bidirectional");
  });
});

describe("dropout", () => {
  const input = { data: new Float32Array(10_000).fill(1), shape: [1, 100, 100], lengths: Int32Array.of(100) };

  it("drops the share it is told, scales the rest, and sends gradients the same way", () => {
    const layer = dropout(0.3);
    const out = layer.forward(input, { training: true, random: new Random(1) }).data;
    const dropped = out.filter((x) => x === 0).length;
    expect(Math.abs(dropped - 3000)).toBeLessThan(5 * Math.sqrt(10_000 * 0.3 * 0.7));
    expect(new Set(out)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
    expect(layer.backward({ data: input.data, shape: input.shape }).data).toEqual(out);
    expect(layer.forward(input, { training: true, random: new Random(1) }).data).toEqual(out);
  });

  it("passes on in evaluation, and says what it lacks in training", () => {
    expect(dropout(0.3).forward(input, evaluation)).toBe(input);
    expect(() => dropout(0.3).forward(input, { training: true })).toThrow("random is undefined; expected a generator");
    expect(() => dropout(1)).toThrow("rate is 1; expected a number in [0, 1)");
  });

  it("leaves padding at 0, and draws for real steps alone: more padding drops the same", () => {
    const layer = dropout(0.5);
    const draw = (time: number) => {
      const padded = ragged([2, time], 3, 1);
      const lengths = Int32Array.of(2, 3);
      const data = padded.data.map((_, i) =>
        Math.floor(i / 3) % time < lengths[Math.floor(i / 3 / time)] ? i + 1 : NaN,
      );
      const out = layer.forward({ ...padded, data, lengths }, { training: true, random: new Random(3) }).data;
      const real = [...out.subarray(0, 6), ...out.subarray(time * 3, time * 3 + 9)];
      expect([...out.subarray(6, time * 3), ...out.subarray(time * 3 + 9)].every((x) => x === 0)).toBe(true);
      return real.map((x) => x === 0);
    };
    expect(draw(7)).toEqual(draw(3));
    expect(new Set(draw(7)).size).toBe(2);
  });

  it("variational: drops the same of a sequence at every step, whatever the padding, and other things of another", () => {
    const layer = dropout(0.5, { variational: true });
    const draw = (time: number) => {
      const padded = ragged([4, time, 3], 20, 1);
      padded.lengths.set([4, 0, 3]);
      const data = padded.data.map((x) => (Number.isNaN(x) ? x : 1));
      const out = layer.forward({ ...padded, data }, { training: true, random: new Random(3) }).data;
      expect(layer.backward({ data: new Float32Array(out.length).fill(1), shape: padded.shape }).data).toEqual(out);
      return [0, 1, 2].map((b) =>
        Array.from({ length: time }, (_, t) => [...out.slice((b * time + t) * 20).slice(0, 20)]),
      );
    };
    const [first, empty, third] = draw(5);
    for (const step of first.slice(1, 4)) expect(step).toEqual(first[0]);
    for (const step of third.slice(1, 3)) expect(step).toEqual(third[0]);
    expect(first[0]).not.toEqual(third[0]);
    for (const step of [first[4], ...empty, ...third.slice(3)]) expect(step).toEqual(new Array(20).fill(0));
    expect(draw(7)[2][0]).toEqual(third[0]);
  });

  it("variational between layers: what is dropped at one step is dropped at all", () => {
    const layer = lstm({ inputs: 1, hidden: 16, layers: 2, dropout: 0.5, variational: true, seed: 1 });
    const activations = new Map<Layer, readonly RecurrentActivations[]>();
    layer.forward(ragged([3], 1, 2), { training: true, random: new Random(1), activations });
    const read = activations.get(layer)?.[1].input as Float32Array;
    const zeros = [0, 1, 2].map((t) => [...read.subarray(t * 16, (t + 1) * 16)].map((x) => x === 0));
    expect(new Set(zeros[0]).size).toBe(2);
    expect(zeros[1]).toEqual(zeros[0]);
    expect(zeros[2]).toEqual(zeros[0]);
    layer.dispose();
  });

  it("stands between the layers of a stack", () => {
    const layer = lstm({ inputs: 1, hidden: 8, layers: 2, dropout: 0.5, seed: 1 });
    const once = layer.forward(ragged([3], 1, 2), { training: true, random: new Random(1) }).data;
    const other = layer.forward(ragged([3], 1, 2), { training: true, random: new Random(2) }).data;
    expect(once).not.toEqual(other);
    layer.dispose();
  });
});

describe("shared weights", () => {
  const tiedModel = () => {
    const words = embedding({ tokens: 4, size: 3, deviation: 0.5, seed: 1 });
    return sequential({ words, head: dense({ inputs: 3, outputs: 4, bias: false, weight: words.parameters[0] }) });
  };

  it("are one parameter, and the gradients of both uses add up", () => {
    const model = tiedModel();
    expect(model.parameters.map(({ name }) => name)).toEqual(["words.weight"]);
    const input = { data: Float32Array.of(2, 0, 1, Number.NaN), shape: [2, 2], lengths: Int32Array.of(2, 1) };
    const weight = normal(16, new Random(2)).fill(0, 12);
    weighted(model, input, weight);
    zeroGrad(model.parameters);
    model.backward({ data: weight, shape: [2, 2, 4] });
    const [{ data, grad }] = model.parameters;
    for (let i = 0; i < data.length; i++) {
      const kept = data[i];
      const h = 1e-2;
      data[i] = kept + h;
      const right = weighted(model, input, weight);
      data[i] = kept - h;
      const left = weighted(model, input, weight);
      data[i] = kept;
      expect(grad[i]).toBeCloseTo((right - left) / (2 * h), 3);
    }
  });

  it("must fit", () => {
    const { parameters } = embedding({ tokens: 4, size: 3 });
    expect(() => dense({ inputs: 4, outputs: 3, weight: parameters[0] })).toThrow("expected [3, 4]");
    expect(() => embedding({ tokens: 3, size: 4, weight: parameters[0] })).toThrow("expected [3, 4]");
  });

  it("initial embeddings have the deviation that is asked for", () => {
    const of = (deviation?: number) =>
      embedding({ tokens: 50, size: 40, seed: 1, ...(deviation && { deviation }) }).parameters[0].data;
    of(0.1).forEach((x, i) => expect(x).toBeCloseTo(of()[i] / 10, 6));
  });
});

describe("embedding", () => {
  it("looks ids up, adds gradients where an id returns, and refuses ids it does not have", () => {
    const layer = embedding({ tokens: 3, size: 2, seed: 1 });
    const [{ data: weight, grad }] = layer.parameters;
    const ids = { data: Float32Array.of(2, 2, 0, Number.NaN), shape: [2, 2, 1], lengths: Int32Array.of(2, 1) };
    const out = layer.forward(ids, evaluation).data;
    expect(Array.from(out)).toEqual([...weight.slice(4, 6), ...weight.slice(4, 6), ...weight.slice(0, 2), 0, 0]);
    layer.backward({ data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), shape: [2, 2, 2] });
    expect(Array.from(grad)).toEqual([5, 6, 0, 0, 4, 6]);
    const wrong = { data: Float32Array.of(1, 3), shape: [1, 2, 1], lengths: Int32Array.of(2) };
    expect(() => layer.forward(wrong, evaluation)).toThrow("ids[0][1] is 3; expected an id in 0..2");
  });

  it("takes ids of shape [B, T] too, and refuses other shapes", () => {
    const layer = embedding({ tokens: 3, size: 2, seed: 1 });
    const data = Float32Array.of(1, 0);
    const flat = { data, shape: [1, 2], lengths: Int32Array.of(2) };
    const out = layer.forward(flat, evaluation);
    expect(out).toEqual(layer.forward({ ...flat, shape: [1, 2, 1] }, evaluation));
    layer.forward(flat, evaluation);
    expect(layer.backward({ data: new Float32Array(4), shape: [1, 2, 2] }).shape).toEqual([1, 2]);
    expect(() => layer.backward({ data: new Float32Array(2), shape: [1, 2] })).toThrow("expected [1, 2, 2]");
    expect(() => layer.forward({ ...flat, shape: [2, 1, 2] }, evaluation)).toThrow("[batch, time, 1]");
    expect(() => embedding({ tokens: 0, size: 2 })).toThrow("tokens is 0");
  });
});

describe("dense", () => {
  it("keeps its accuracy over many steps: gradients within 1e-6 relative of sums in float64", () => {
    const random = new Random(1);
    const [T, I, O] = [20_000, 3, 2];
    const layer = dense({ inputs: I, outputs: O, seed: 1 });
    const away = (size: number) => normal(size, random).map((x) => 1 + x); // nothing cancels, so errors would pile up
    const [x, g] = [away(T * I), away(T * O)];
    layer.forward({ data: x, shape: [1, T, I], lengths: Int32Array.of(T) }, evaluation);
    layer.backward({ data: g, shape: [1, T, O] });
    const [{ grad: weight }, { grad: bias }] = layer.parameters;
    const sum = (value: (t: number) => number) => Array.from({ length: T }, (_, t) => value(t)).reduce((a, b) => a + b);
    for (let o = 0; o < O; o++) {
      expect(Math.abs(bias[o] / sum((t) => g[t * O + o]) - 1)).toBeLessThan(1e-6);
      for (let i = 0; i < I; i++) {
        const exact = sum((t) => g[t * O + o] * x[t * I + i]);
        expect(Math.abs(weight[o * I + i] / exact - 1)).toBeLessThan(1e-6);
      }
    }
  });

  it("refuses sizes that are no counts, and a gradient of another shape", () => {
    expect(() => dense({ inputs: 2, outputs: 1.5 })).toThrow("outputs is 1.5; expected a whole number of at least 1");
    const layer = dense({ inputs: 2, outputs: 3, seed: 1 });
    layer.forward(ragged([2], 2, 1), evaluation);
    expect(() => layer.backward({ data: new Float32Array(4), shape: [1, 2, 2] })).toThrow("expected [1, 2, 3]");
  });
});
