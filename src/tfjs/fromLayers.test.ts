import * as tf from "@tensorflow/tfjs";
import * as ort from "onnxruntime-web";
import { beforeAll, describe, expect, it } from "vitest";
import { dense, elman, loadStateDict, lstm, Random, sequential, stateDict, toOnnx } from "../index.js";
import { fromLayers } from "./fromLayers.js";

ort.env.wasm.numThreads = 1;
beforeAll(async () => void (await tf.setBackend("cpu")));

const random = new Random(5);
const [B, T, F] = [3, 6, 4];

/** The layers as a model with every weight, biases included, drawn anew. */
function drawn(...layers: tf.layers.Layer[]): tf.Sequential {
  const model = tf.sequential({ layers });
  const draw = ({ shape, size }: tf.Tensor) =>
    tf.tensor(
      Float32Array.from({ length: size }, () => 0.7 * random.normal()),
      shape,
    );
  model.setWeights(model.getWeights().map(draw));
  return model;
}

const numbers = () =>
  tf.tensor(
    Float32Array.from({ length: B * T * F }, () => random.normal()),
    [B, T, F],
  );

async function expectSame(model: tf.Sequential, input: tf.Tensor): Promise<void> {
  const expected = model.predict(input) as tf.Tensor;
  const session = await ort.InferenceSession.create(toOnnx(fromLayers(model)));
  const data = input.dataSync();
  const given =
    input.rank === 2
      ? new ort.Tensor("int64", BigInt64Array.from(data, BigInt), input.shape)
      : new ort.Tensor("float32", data as Float32Array, input.shape);
  const lengths = new ort.Tensor("int32", new Int32Array(B).fill(T), [B]);
  const { output } = await session.run({ input: given, lengths });
  await session.release();
  const found = output.data as Float32Array;
  expect(found.length).toBe(expected.size);
  expected.dataSync().forEach((x, i) => {
    if (!(Math.abs(found[i] - x) <= 1e-5))
      expect.fail(`output[${i}]: ${found[i]} in onnxruntime, ${x} in TensorFlow.js`);
  });
}

const sequences = { units: 5, returnSequences: true, inputShape: [T, F] };
const both = (layer: tf.layers.Layer) =>
  tf.layers.bidirectional({ layer: layer as never, mergeMode: "concat", inputShape: [T, F] });

describe("onnxruntime gives the outputs of a layers model within 1e-5", () => {
  it.each<[string, () => tf.Sequential]>([
    ["an LSTM as TensorFlow.js sets it up", () => drawn(tf.layers.lstm(sequences))],
    ["an LSTM with sigmoid gates and no bias", () => drawn(tf.layers.lstm({ ...sequences, recurrentActivation: "sigmoid", useBias: false }))],
    ["a GRU", () => drawn(tf.layers.gru(sequences))],
    ["a SimpleRNN with relu", () => drawn(tf.layers.simpleRNN({ ...sequences, activation: "relu" }))],
    [
      "two LSTMs that read both ways, dropout, a head at each step and a softmax",
      () =>
        drawn(
          both(tf.layers.lstm({ units: 3, returnSequences: true })),
          tf.layers.dropout({ rate: 0.5 }),
          tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 3, returnSequences: true }) as never, mergeMode: "concat" }),
          tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 4, activation: "relu" }) }),
          tf.layers.dense({ units: 3 }),
          tf.layers.activation({ activation: "softmax" }),
        ),
    ],
    [
      "the last step of a GRU, read by a dense layer",
      () => drawn(tf.layers.gru({ units: 5, inputShape: [T, F] }), tf.layers.dense({ units: 2, activation: "sigmoid" })),
    ],
  ])("%s", (_, build) => expectSame(build(), numbers())); // biome-ignore format: a table

  it("an embedding, whose input is ids", () => {
    const ids = tf.tensor2d(
      Int32Array.from({ length: B * T }, () => random.integer(7)),
      [B, T],
      "int32",
    );
    return expectSame(
      drawn(tf.layers.embedding({ inputDim: 7, outputDim: 3, inputLength: T }), tf.layers.gru({ units: 2 })),
      ids,
    );
  });
});

describe("the weights of a layers model", () => {
  it.each([
    ["an LSTM", tf.layers.lstm({ ...sequences, recurrentActivation: "sigmoid", name: "rnn" }), lstm],
    ["an Elman network", tf.layers.simpleRNN({ ...sequences, name: "rnn" }), elman],
  ])("%s of the library takes them as a state dict, and gives the same outputs", (_, layer, build) => {
    const model = drawn(layer, tf.layers.dense({ units: 3, name: "head" }));
    const own = sequential({
      rnn: build({ inputs: F, hidden: 5, random }),
      head: dense({ inputs: 5, outputs: 3, random }),
    });
    loadStateDict(own, stateDict(fromLayers(model)));
    const input = numbers();
    const lengths = new Int32Array(B).fill(T);
    const outputs = own.forward({ data: input.dataSync() as Float32Array, shape: [B, T, F], lengths });
    const expected = (model.predict(input) as tf.Tensor).dataSync();
    outputs.data.forEach((x, i) => expect(x).toBeCloseTo(expected[i], 5));
  });

  it.each([
    ["hard sigmoids", () => tf.layers.lstm(sequences), /gates that go through a hardSigmoid/],
    ["a reset gate before the product", () => tf.layers.gru({ ...sequences, recurrentActivation: "sigmoid" }), /reset gate before/],
    ["an LSTM with relu", () => tf.layers.lstm({ ...sequences, recurrentActivation: "sigmoid", activation: "relu" }), /relu/],
  ])("PyTorch is not given those of %s, which it would use otherwise", (_, layer, message) => {
    expect(() => stateDict(fromLayers(drawn(layer())))).toThrow(message);
  }); // biome-ignore format: a table
});

describe("what cannot be said is refused by name", () => {
  const input = () => tf.input({ shape: [T, F] });
  const branched = () => {
    const x = input();
    const left = tf.layers.dense({ units: 2 }).apply(x) as tf.SymbolicTensor;
    const right = tf.layers.dense({ units: 2, name: "right" }).apply(x) as tf.SymbolicTensor;
    return tf.model({ inputs: x, outputs: tf.layers.add().apply([left, right]) as tf.SymbolicTensor });
  };
  it.each<[string, () => tf.LayersModel, RegExp]>([
    ["a convolution", () => drawn(tf.layers.conv1d({ filters: 2, kernelSize: 3, inputShape: [T, F], name: "c" })), /fromLayers: the layer "c" is "Conv1D"/],
    ["a branch", branched, /the layer "right" is "a branch"; expected a layer that reads the one before it/],
    ["the ends of both directions", () => drawn(both(tf.layers.lstm({ units: 2 }))), /expected one that returns sequences/],
    ["a sum of both directions", () => drawn(tf.layers.bidirectional({ layer: tf.layers.lstm(sequences) as never, mergeMode: "sum", inputShape: [T, F] })), /mergeMode/],
    ["a layer that reads backwards", () => drawn(tf.layers.gru({ ...sequences, goBackwards: true })), /goBackwards/],
    ["another activation", () => drawn(tf.layers.dense({ units: 2, activation: "elu", inputShape: [T, F] })), /"elu"/],
  ])("%s", (_, build, message) => expect(() => fromLayers(build())).toThrow(message)); // biome-ignore format: a table

  it("a functional model whose layers stand one after another is a chain", () => {
    const x = input();
    const states = tf.layers.gru({ units: 2, returnSequences: true }).apply(x) as tf.SymbolicTensor;
    const outputs = tf.layers.dense({ units: 3 }).apply(states) as tf.SymbolicTensor;
    return expectSame(tf.model({ inputs: x, outputs }) as tf.Sequential, numbers());
  });
});
