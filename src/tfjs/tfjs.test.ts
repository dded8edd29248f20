import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { lossCatalogue } from "../losses/catalogue/catalogue.js";
import { crfLoss as libraryCrf } from "../losses/crf.js";
import * as library from "../losses/crossEntropy.js";
import { ctcLoss as libraryCtc } from "../losses/ctc.js";
import { customLoss } from "../losses/custom.js";
import { transducerJointLoss as libraryJoint } from "../losses/transducerJoint.js";
import * as entry from "./entry.js";

type Op = (outputs: tf.Tensor, targets: unknown, options?: object) => tf.Tensor;
const ops = entry as unknown as Readonly<Record<string, Op>>;

const noise = (random: Random, shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    shape,
  );
const int32 = (values: number[][]) => tf.tensor2d(values, undefined, "int32");
const near = (a: ArrayLike<number>, b: ArrayLike<number>, digits = 5) =>
  expect(Array.from(a)).toEqual(Array.from(b, (x) => expect.closeTo(x, digits)));

/** What is left allocated by `work`. */
function leaked(work: () => void): number {
  const before = tf.memory().numTensors;
  work();
  return tf.memory().numTensors - before;
}

beforeAll(() => {
  const wasm = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(wasm)}/`);
});

describe.each(["cpu", "wasm"])("on %s", (backend) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
    tf.engine().startScope();
  });
  afterAll(() => tf.engine().endScope());

  it.each([...lossCatalogue.keys()])("%s is the library's, value and gradient, and its differences agree", (name) => {
    const { compute, example } = lossCatalogue.get(name)!;
    const { outputs, targets, options } = example(new Random(7));
    const x = tf.tensor(outputs as number[]);
    const host = { data: x.dataSync() as Float32Array, shape: x.shape };
    const own = compute(host, targets, options);
    const op = (point: tf.Tensor) => ops[name](point, targets, options) as tf.Scalar;
    near(op(x).dataSync(), [own.value]);
    const { value, grad } = tf.valueAndGrad(op)(x);
    near(value.dataSync(), [own.value]);
    near(grad.dataSync(), own.grad.data);
    const direction = noise(new Random(3), x.shape);
    const h = 5e-3;
    const at = (step: number) => op(x.add(direction.mul(step))).dataSync()[0];
    expect((at(h) - at(-h)) / (2 * h)).toBeCloseTo(tf.sum(grad.mul(direction)).dataSync()[0], 2);
  });

  it.each([...lossCatalogue.keys()])("%s with reduction none hands each sequence its own upstream", (name) => {
    const { compute, example } = lossCatalogue.get(name)!;
    const { outputs, targets, options } = example(new Random(8));
    const x = tf.tensor(outputs as number[]);
    const host = { data: x.dataSync() as Float32Array, shape: x.shape };
    const each = { ...options, reduction: "none" };
    const own = compute(host, targets, { ...each, upstream: [2, -3] });
    const op = (point: tf.Tensor) => ops[name](point, targets, each);
    near(op(x).dataSync(), own.losses);
    near(
      tf
        .grad((point: tf.Tensor) => op(point).mul([2, -3]).sum())(x)
        .dataSync(),
      own.grad.data,
    );
  });

  it("every loss of the library has its op", () => {
    for (const name of lossCatalogue.keys()) expect(ops[name], name).toBeTypeOf("function");
    expect(ops.transducerJointLoss).toBeTypeOf("function");
  });

  it("leaves nothing allocated but the value and the gradient", () => {
    const x = noise(new Random(1), [2, 6, 4]);
    const labels = int32([
      [1, 2],
      [3, -1],
    ]);
    expect(leaked(() => entry.ctcLoss(x, labels).dispose())).toBe(0);
    expect(leaked(() => entry.ctcLoss(x, labels))).toBe(1);
    const grads = leaked(() => tf.dispose(tf.valueAndGrad((y: tf.Tensor) => entry.ctcLoss(y, labels) as tf.Scalar)(x)));
    expect(grads).toBe(0);
    const each = (y: tf.Tensor) => entry.ctcLoss(y, labels, { reduction: "none" }).sum();
    expect(leaked(() => tf.dispose(tf.grad(each)(x)))).toBe(0);
    expect(leaked(() => entry.ctcGreedyDecode(x))).toBe(0);
  });

  it("labels as a tensor are cut at their padding, and a packed length is kept", () => {
    const x = noise(new Random(2), [2, 6, 4]);
    const host = { data: x.dataSync() as Float32Array, shape: x.shape };
    const ragged = [[1, 2], [3]];
    const expected = libraryCtc(host, ragged).value;
    near(entry.ctcLoss(x, int32([[1, 2, -1], [3, -1, -1]])).dataSync(), [expected]); // biome-ignore format: a table
    near(entry.ctcLoss(x, entry.packLabels(ragged, x.shape)).dataSync(), [expected]);
    const lengths = [5, 4];
    const cut = libraryCtc(host, ragged, { lengths }).value;
    near(entry.ctcLoss(x, entry.packLabels(ragged, x.shape, lengths)).dataSync(), [cut]);
    near(entry.ctcLoss(x, ragged, { logitLengths: tf.tensor1d(lengths, "int32") }).dataSync(), [cut]);
  });

  it("labels are packed for one output, not for several", () => {
    const shape = [null, 3, 1];
    expect(entry.packLabels([[1]], [shape]).shape).toEqual([1, 3, 1]);
    expect(() => entry.packLabels([[1]], [shape, shape])).toThrow(
      'shape is "2 shapes"; expected that of the one output',
    );
  });

  it("chains learn their transitions, and the transducer its joint network", () => {
    const random = new Random(4);
    const x = noise(random, [2, 5, 3]);
    const options = { transitions: noise(random, [3, 3]), start: noise(random, [3]), end: noise(random, [3]) };
    const tags = [[0, 1, 2, 1, 0], [2, 2, 1]]; // biome-ignore format: a table
    const padded = int32([tags[0], [...tags[1], -1, -1]]);
    const own = lossCatalogue.get("crfLoss")!.compute({ data: x.dataSync() as Float32Array, shape: x.shape }, [tags[0], tags[1]], {
      transitions: options.transitions.arraySync(),
      start: options.start.dataSync(),
      end: options.end.dataSync(),
      lengths: [5, 3],
    }) as never as Record<string, { data: Float32Array }>; // biome-ignore format: the call is the point
    const [gx, gt, gs, ge] = tf.grads((e, transitions, start, end) =>
      entry.crfLoss(e, padded, { transitions: transitions as tf.Tensor2D, start: start as tf.Tensor1D, end }),
    )([x, options.transitions, options.start, options.end]);
    near(gx.dataSync(), own.grad.data);
    near(gt.dataSync(), own.gradTransitions.data);
    near(gs.dataSync(), own.gradStart.data);
    near(ge.dataSync(), own.gradEnd.data);
    const parts = { encoder: noise(random, [1, 4, 3]), predictor: noise(random, [1, 2, 3]) };
    const weight = noise(random, [5, 3]);
    const list = (tensor: tf.Tensor) => tensor.arraySync() as number[][];
    const joint = libraryJoint({ encoder: list(parts.encoder), predictor: list(parts.predictor) }, [[1]], {
      weight: list(weight),
    });
    const found = tf.grads((encoder, predictor, w) =>
      entry.transducerJointLoss({ encoder, predictor }, [[1]], { weight: w }),
    )([parts.encoder, parts.predictor, weight]);
    near(found[0].dataSync(), joint.grad.data);
    near(found[1].dataSync(), joint.gradPredictor.data);
    near(found[2].dataSync(), joint.gradWeight.data);
  });

  it("a loss of one's own, and the asynchronous way, agree with the op", async () => {
    const square = customLoss<number>(({ data }, wanted) => ({
      value: (data[0] - wanted) ** 2,
      grad: [2 * (data[0] - wanted)],
    }));
    near(
      tf
        .grad((x: tf.Tensor) => entry.tensorLoss(square)(x, [1]))(tf.tensor([[3]]))
        .dataSync(),
      [4],
    );
    const w = tf.variable(noise(new Random(5), [1, 6, 4]));
    const logits = () => w.mul(1.5);
    const sync = tf.variableGrads(() => entry.ctcLoss(logits(), [[1, 2]]));
    const before = tf.memory().numTensors;
    const { value, grads } = await entry.asyncVariableGrads(logits, (host) => libraryCtc(host, [[1, 2]]));
    expect(tf.memory().numTensors - before).toBe(2);
    near(value.dataSync(), sync.value.dataSync());
    near(grads[w.name].dataSync(), sync.grads[w.name].dataSync());
  });

  it("the asynchronous way learns what a chain's steps share, and leaves the variables alone", async () => {
    const random = new Random(6);
    const w = tf.variable(noise(random, [1, 4, 3]));
    const transitions = tf.variable(noise(random, [3, 3]));
    const sync = tf.variableGrads(() => entry.crfLoss(w.mul(2), [[0, 2, 1, 1]], { transitions }));
    const before = tf.memory().numTensors;
    const { value, grads } = await entry.asyncVariableGrads(
      () => ({ emissions: w.mul(2), transitions }),
      (host) => {
        const own = libraryCrf(host.emissions, [[0, 2, 1, 1]], { transitions: host.transitions });
        return { value: own.value, grads: { emissions: own.grad, transitions: own.gradTransitions } };
      },
    );
    expect(tf.memory().numTensors - before).toBe(3);
    near(value.dataSync(), sync.value.dataSync());
    for (const { name } of [w, transitions]) near(grads[name].dataSync(), sync.grads[name].dataSync());
    expect(transitions.isDisposed).toBe(false);
  });

  it("a gradient of a gradient is refused, not silently wrong", () => {
    const first = tf.grad((x: tf.Tensor) => entry.ctcLoss(x, [[1]]));
    const second = tf.grad((x: tf.Tensor) => first(x).sum());
    expect(() => second(tf.zeros([1, 3, 4]))).toThrow(/second derivative/);
  });

  it("one-hot rows where ids are meant are refused", () => {
    const rows = tf.oneHot(tf.tensor2d([[0, 1, 2]], undefined, "int32"), 4);
    expect(() => entry.sequenceCrossEntropy(tf.zeros([1, 3, 4]), rows)).toThrow(/categoricalCrossEntropy/);
  });
});

describe("faults of TensorFlow.js's own losses that are none here", () => {
  beforeAll(async () => void (await tf.setBackend("cpu")));

  it("label smoothing over the wrong axis: ε is shared by the classes, not by the steps, of [B, T, C]", () => {
    const [B, T, C] = [1, 2, 5];
    const logits = noise(new Random(6), [B, T, C]);
    const rows = tf.oneHot(tf.tensor2d([[3, 1]], undefined, "int32"), C).cast("float32");
    const exact = library.categoricalCrossEntropy(
      logits.arraySync() as number[][][],
      rows.arraySync() as number[][][],
      {
        labelSmoothing: 0.1,
      },
    ).value;
    const theirs = tf.losses.softmaxCrossEntropy(rows, logits, undefined, 0.1).dataSync()[0];
    expect(Math.abs(theirs - exact)).toBeGreaterThan(0.01);
    near(entry.categoricalCrossEntropy(logits, rows, { labelSmoothing: 0.1 }).dataSync(), [exact]);
    const ids = tf.tensor2d([[3, 1]], undefined, "int32");
    near(entry.crossEntropy(logits, ids, { labelSmoothing: 0.1 }).dataSync(), [exact]);
  });

  it("clipped: a confident wrong answer keeps its loss and its gradient", () => {
    const logits = tf.tensor([[[60, 0, 0]]]);
    const ids = tf.tensor2d([[1]], undefined, "int32");
    const layers = (x: tf.Tensor) => tf.metrics.sparseCategoricalAccuracy(ids, x);
    expect(layers(logits).dataSync()[0]).toBe(0);
    const theirs = (x: tf.Tensor) => tf.metrics.categoricalCrossentropy(tf.tensor([[[0, 1, 0]]]), tf.softmax(x)).sum();
    expect(theirs(logits).dataSync()[0]).toBeLessThan(17); // clipped at 1e-7
    expect(tf.grad(theirs)(logits).dataSync()[1]).toBeCloseTo(0, 5);
    near(entry.crossEntropy(logits, ids).dataSync(), [60]);
    near(
      tf
        .grad((x: tf.Tensor) => entry.crossEntropy(x, ids))(logits)
        .dataSync(),
      [1, -1, 0],
    );
  });

  it("a wrong gradient of the targets: there is none, where theirs is not that of the loss", () => {
    const [targets, logits] = [tf.tensor2d([[0.2, 0.8]]), tf.tensor2d([[0, 3]])];
    const slope = tf.logSoftmax(logits).neg().dataSync();
    const theirs = (q: tf.Tensor) => tf.losses.softmaxCrossEntropy(q, logits) as tf.Scalar;
    expect(Math.abs(tf.grad(theirs)(targets).dataSync()[1] - slope[1])).toBeGreaterThan(0.1);
    const ours = (q: tf.Tensor) => entry.categoricalCrossEntropy(logits, q) as tf.Scalar;
    expect(() => tf.grad(ours)(targets)).toThrow(/grad/i);
  });

  it("masks ignored: padded steps cost nothing in fit and evaluate, whatever their outputs", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.masking({ maskValue: 0, inputShape: [2, 1] }),
        tf.layers.dense({ units: 1, kernelInitializer: "ones", biasInitializer: "ones" }),
      ],
    });
    const x = tf.tensor([[[1], [0]]]);
    const y = tf.tensor([[[1], [101]]]);
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const theirs = (model.evaluate(x, y) as tf.Scalar).dataSync()[0];
    expect(theirs).toBeGreaterThan(1000);
    const padded = tf.tensor([[[1], [-9]]]);
    model.compile({ optimizer: "sgd", loss: entry.layersLoss(entry.meanSquaredError, { padding: -9 }) });
    near((model.evaluate(x, padded) as tf.Scalar).dataSync(), [1]);
  });
});

describe("a layers model", () => {
  beforeAll(async () => void (await tf.setBackend("cpu")));

  it("learns labels of ragged length by CTC, without a leak, and counts its errors", async () => {
    const random = new Random(9);
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 12, activation: "tanh", inputShape: [null, 3] as never, kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) }),
        tf.layers.dense({ units: 4, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
      ],
    }); // biome-ignore format: one layer a line
    const labels = Array.from({ length: 24 }, () =>
      Array.from({ length: 1 + random.integer(3) }, () => random.integer(3)),
    );
    const frames = labels.map((row) => 2 * row.length + 1);
    const inputs = new Float32Array(24 * 7 * 3);
    labels.forEach((row, b) => row.forEach((id, u) => (inputs[(b * 7 + 2 * u) * 3 + id] = 1)));
    const shifted = labels.map((row) => row.map((id) => id + 1));
    const y = entry.packLabels(shifted, model.outputShape, frames);
    const errors = entry.layersMetric(({ outputs, labels: wanted, lengths }) => {
      const read = entry.ctcGreedyDecode(tf.tensor(outputs.data, outputs.shape as number[]), { lengths: lengths! });
      return entry.tokenErrorRate(wanted, read.map((reading) => reading.labels)).rate; // biome-ignore format: one line
    });
    model.compile({ optimizer: tf.train.adam(0.05), loss: entry.layersLoss(entry.ctcLoss), metrics: [errors] });
    const x = tf.tensor(inputs, [24, 7, 3]);
    await model.fit(x, y, { epochs: 1, batchSize: 12, verbose: 0 });
    const before = tf.memory().numTensors;
    const { history } = await model.fit(x, y, { epochs: 60, batchSize: 12, verbose: 0 });
    expect(tf.memory().numTensors).toBe(before);
    const [loss, rate] = (model.evaluate(x, y) as tf.Scalar[]).map((scalar) => scalar.dataSync()[0]);
    expect(history.loss[0]).toBeGreaterThan(1);
    expect(loss).toBeLessThan(0.1);
    expect(rate).toBe(0);
  });
});
