import * as ort from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { lastStep } from "../../tasks/forecast/lastStep.js";
import { columns, identity, parallel } from "../../tasks/layers/parallel.js";
import { pool } from "../../tasks/layers/pool.js";
import {
  dense,
  dropout,
  elman,
  embedding,
  encoderDecoder,
  gru,
  type Layer,
  lstm,
  onnxSignature,
  Random,
  type SequenceBatch,
  sequential,
  toOnnx,
} from "../index.js";

ort.env.wasm.numThreads = 1;

const random = new Random(11);
const seeded = { random };
const LENGTHS = [5, 7, 1];

/** Sequences whose padding is NaN. */
function batch(width: number, draw = () => random.normal(), lengths = LENGTHS): SequenceBatch {
  const T = Math.max(1, ...lengths);
  const data = new Float32Array(lengths.length * T * width).fill(Number.NaN);
  lengths.forEach((length, b) => {
    for (let i = 0; i < length * width; i++) data[b * T * width + i] = draw();
  });
  return { data, shape: [lengths.length, T, width], lengths: Int32Array.from(lengths) };
}

async function runThere(model: Layer, { data, shape, lengths }: SequenceBatch): Promise<ort.Tensor> {
  const session = await ort.InferenceSession.create(toOnnx(model));
  const [input] = onnxSignature(model).inputs;
  const extents = shape.slice(0, input.shape.length);
  const given =
    input.type === "int64"
      ? new ort.Tensor(
          "int64",
          BigInt64Array.from(data, (x) => BigInt(Number.isNaN(x) ? -99 : x)),
          extents,
        )
      : new ort.Tensor("float32", data, extents);
  const { output } = await session.run({ input: given, lengths: new ort.Tensor("int32", lengths, [lengths.length]) });
  await session.release();
  return output;
}

async function expectSame(model: Layer, input: SequenceBatch): Promise<void> {
  const own = model.forward(input, { training: false });
  const there = await runThere(model, input);
  expect(there.dims).toEqual(own.shape);
  const data = there.data as Float32Array;
  own.data.forEach((x, i) => {
    if (!(Math.abs(data[i] - x) <= 1e-5)) expect.fail(`output[${i}]: ${data[i]} in onnxruntime, ${x} here`);
  });
  model.dispose();
}

describe("onnxruntime gives the same outputs within 1e-5", () => {
  const cells = { elman, gru, lstm };
  const grid = (Object.keys(cells) as (keyof typeof cells)[]).flatMap((cell) =>
    [1, 2].flatMap((layers) => [false, true].map((bidirectional) => ({ cell, layers, bidirectional }))),
  );
  it.each(grid)(
    "$cell of $layers layers, bidirectional $bidirectional, ragged and padded with NaN",
    async (options) => {
      const { cell, ...rest } = options;
      await expectSame(cells[cell]({ inputs: 3, hidden: 6, ...rest, ...seeded }), batch(3));
    },
  );

  it("an Elman network with relu", () =>
    expectSame(elman({ inputs: 3, hidden: 6, nonlinearity: "relu", bidirectional: true, ...seeded }), batch(3)));

  it("sequences without any step", () => {
    const model = sequential({
      rnn: lstm({ inputs: 3, hidden: 4, bidirectional: true, ...seeded }),
      head: dense({ inputs: 8, outputs: 2, ...seeded }),
    });
    return expectSame(model, batch(3, undefined, [4, 0, 2]));
  });

  it("an embedding, whose input is int64 ids", async () => {
    const model = sequential({
      words: embedding({ tokens: 9, size: 4, ...seeded }),
      drop: dropout(0.5),
      rnn: gru({ inputs: 4, hidden: 5, ...seeded }),
      head: dense({ inputs: 5, outputs: 9, bias: false, ...seeded }),
    });
    expect(onnxSignature(model)).toEqual({
      inputs: [
        { name: "input", type: "int64", shape: ["batch", "time"] },
        { name: "lengths", type: "int32", shape: ["batch"] },
      ],
      outputs: [{ name: "output", type: "float32", shape: ["batch", "time", 9] }],
    });
    await expectSame(
      model,
      batch(1, () => random.integer(9)),
    );
  });

  it("embeddings of columns beside each other, a way around the memory, and a pool", async () => {
    const id = (from: number, size: number) =>
      sequential({ id: columns(from, 1), vector: embedding({ tokens: 6, size, ...seeded }) });
    const read = () => parallel({ word: id(0, 4), shape: id(1, 2) });
    const rnn = () => gru({ inputs: 6, hidden: 5, bidirectional: true, ...seeded });
    const ids = () => batch(2, () => random.integer(6));
    const around = sequential({
      read: read(),
      state: parallel({ rnn: rnn(), last: identity() }),
      head: dense({ inputs: 16, outputs: 3, ...seeded }),
    });
    expect(onnxSignature(around).inputs[0]).toEqual({ name: "input", type: "int64", shape: ["batch", "time", 2] });
    await expectSame(around, ids());
    const pooled = sequential({
      read: read(),
      rnn: rnn(),
      pool: pool(),
      head: dense({ inputs: 20, outputs: 1, ...seeded }),
    });
    expect(onnxSignature(pooled).outputs[0].shape).toEqual(["batch", 1, 1]);
    await expectSame(pooled, ids());
  });

  it("ids and numbers in one input, which is then float32", () =>
    expectSame(
      sequential({
        read: parallel({
          id: sequential({ id: columns(1, 1), vector: embedding({ tokens: 6, size: 2, ...seeded }) }),
          number: sequential({ one: columns(0, 1), map: dense({ inputs: 1, outputs: 3, ...seeded }) }),
        }),
        rnn: lstm({ inputs: 5, hidden: 4, ...seeded }),
      }),
      batch(2, () => random.integer(6)),
    ));

  it("the last real step, read by a dense layer and another recurrent one", () =>
    expectSame(
      sequential({
        segment: dense({ inputs: 3, outputs: 4, ...seeded }),
        rnn: gru({ inputs: 4, hidden: 5, ...seeded }),
        last: lastStep(),
        again: elman({ inputs: 5, hidden: 3, ...seeded }),
        head: dense({ inputs: 3, outputs: 2, ...seeded }),
      }),
      batch(3),
    ));

  it("activations", async () => {
    const activations = ["tanh", "relu", "sigmoid", "softmax"] as const;
    for (const nonlinearity of activations) {
      const map = dense({ inputs: 3, outputs: 4, ...seeded });
      const model = {
        ...map,
        structure: {
          kind: "sequential",
          parts: {
            map,
            activation: { parameters: [], structure: { kind: "activation", nonlinearity } },
          },
        },
      } as Layer;
      const input = batch(3, undefined, [2, 2]);
      const { data } = map.forward(input);
      const there = (await runThere(model, input)).data as Float32Array;
      for (let i = 0; i < data.length; i += 4) {
        const row = Array.from(data.subarray(i, i + 4));
        const sum = row.reduce((total, x) => total + Math.exp(x), 0);
        const expected = row.map(
          (x) =>
            ({
              tanh: Math.tanh(x),
              relu: Math.max(0, x),
              sigmoid: 1 / (1 + Math.exp(-x)),
              softmax: Math.exp(x) / sum,
            })[nonlinearity],
        );
        expected.forEach((x, j) => expect(there[i + j], nonlinearity).toBeCloseTo(x, 5));
      }
    }
  });
});

describe("what cannot be exported is refused by name", () => {
  it.each([
    [
      "a layer without a structure",
      sequential({ a: dense({ inputs: 2, outputs: 2 }), own: { ...identity(), structure: undefined } as never }),
      'toOnnx: the part "own" is undefined; expected a layer that says its structure.',
    ],
    [
      "a model that does not say what it reads",
      identity(),
      "expected one that reads one input, whose first layer says how wide it is",
    ],
    [
      "an encoder-decoder",
      encoderDecoder({ sourceClasses: 3, targetClasses: 3, embedding: 2, hidden: 2 }),
      'the model is "encoderDecoder"; expected one that reads one input',
    ],
  ])("%s", (_, model, message) => expect(() => toOnnx(model)).toThrow(message));
});
