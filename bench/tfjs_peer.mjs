// The TensorFlow.js side of the benchmarks: layers, as its users write them, and an optimiser that minimises.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { answerAll, load, loadIds } from "./answer.mjs";

console.warn = () => {}; // its advice to install another backend
const require = createRequire(import.meta.url);
const tf = await import("@tensorflow/tfjs").then((module) => module.default ?? module);
const backend = process.argv[4];
if (backend === "wasm") {
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(`${join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")))}/`);
  wasm.setThreadsCount(1);
}
await tf.setBackend(backend);
await tf.ready();

const transposed = (name, rows, columns) => tf.tidy(() => tf.tensor(load(name), [rows, columns]).transpose());

async function lstm(T, B, I, H, V) {
  const model = tf.sequential({
    layers: [
      tf.layers.lstm({
        units: H,
        inputShape: [T, I],
        returnSequences: true,
        recurrentActivation: "sigmoid",
        unitForgetBias: false,
      }),
      tf.layers.dense({ units: V }),
    ],
  });
  const weights = [
    transposed("rnn.weight_ih_l0", 4 * H, I),
    transposed("rnn.weight_hh_l0", 4 * H, H),
    tf.add(tf.tensor(load("rnn.bias_ih_l0")), tf.tensor(load("rnn.bias_hh_l0"))),
    transposed("head.weight", V, H),
    tf.tensor(load("head.bias")),
  ];
  model.weights.forEach((variable, n) => variable.write(weights[n]));
  const inputs = tf.tensor(load("inputs"), [B, T, I]);
  const labels = tf.oneHot(tf.tensor1d(loadIds("labels"), "int32"), V).toFloat();
  const optimiser = tf.train.adam(1e-3);
  const loss = () => tf.losses.softmaxCrossEntropy(labels, model.apply(inputs, { training: true }).reshape([B * T, V]));
  return async () => {
    const value = optimiser.minimize(loss, true);
    const [number] = await value.data();
    value.dispose();
    return number;
  };
}

async function crossEntropy(N, V) {
  const logits = tf.tensor(load("logits"), [N, V]);
  const labels = tf.oneHot(tf.tensor1d(loadIds("labels"), "int32"), V).toFloat();
  const valueAndGrad = tf.valueAndGrad((x) => tf.losses.softmaxCrossEntropy(labels, x));
  return async () => {
    const { value, grad } = valueAndGrad(logits);
    const [number] = await value.data();
    await grad.data();
    tf.dispose([value, grad]);
    return number;
  };
}

await answerAll(tf.version_core, { lstm, crossEntropy });
