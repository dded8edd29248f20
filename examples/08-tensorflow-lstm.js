// TensorFlow.js reads handwritten numbers: a tf.layers LSTM learns by CTC, leaves as ONNX, and reads alike in onnxruntime.
import { createRequire } from "node:module";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import * as ort from "onnxruntime-web";
import { Random, toOnnx } from "seqloss";
import { ctcGreedyDecode, ctcLoss, fromLayers, layersLoss, packLabels, tokenErrorRate } from "seqloss/tfjs";

await tf.setBackend("wasm");
const digits = Array.from({ length: 10 }, (_, d) => createRequire(import.meta.url)(`mnist/src/digits/${d}.json`).data);
const [SIDE, FRAMES, ROWS] = [28, 13, 98]; // a frame is half a digit: 14 columns by 28 rows, two by two pixels averaged

/** Lines of one to three digits with blank frames around them, of `most` images of each digit from the `first` on. */
function lines(random, count, first, most) {
  const data = new Float32Array(count * FRAMES * ROWS);
  const labels = Array.from({ length: count }, (_, b) => {
    let frame = random.integer(2);
    return Array.from({ length: 1 + random.integer(3) }, () => {
      const digit = random.integer(10);
      const image = SIDE * SIDE * (first + random.integer(most));
      for (let i = 0; i < SIDE * SIDE; i++) {
        const row = 7 * Math.floor(i / (2 * SIDE)) + Math.floor((i % 14) / 2);
        data[(b * FRAMES + frame + Math.floor((i % SIDE) / 14)) * ROWS + row] += digits[digit][image + i] / 4;
      }
      frame += 2 + random.integer(3);
      return digit + 1; // 0 is the blank
    });
  });
  return { x: tf.tensor(data, [count, FRAMES, ROWS]), labels };
}

const init = (seed) => tf.initializers.glorotUniform({ seed });
const from = (seed) => ({ kernelInitializer: init(seed), recurrentInitializer: init(seed + 1) });
const model = tf.sequential();
model.add(tf.layers.dense({ units: 64, activation: "relu", inputShape: [FRAMES, ROWS], ...from(1) }));
model.add(tf.layers.lstm({ units: 64, returnSequences: true, ...from(2) }));
model.add(tf.layers.dense({ units: 11, ...from(4) }));
model.compile({ optimizer: tf.train.adam(0.02), loss: layersLoss(ctcLoss) });
const random = new Random(1);
for (let epoch = 0; epoch < Number(process.env.EPOCHS ?? 4); epoch++) {
  const { x, labels } = lines(random, 1024, 0, 800);
  await model.fit(x, packLabels(labels, model.outputShape), { batchSize: 32, epochs: 1, shuffle: false, verbose: 0 });
}
const unseen = lines(random, 200, 800, 60);
const outputs = model.predict(unseen.x);
const read = ctcGreedyDecode(outputs).map(({ labels }) => labels);
const { rate } = tokenErrorRate(unseen.labels, read);
console.log("digits wrong, of lines it never saw:", rate < 0.4 ? "below 40 %" : rate.toFixed(3));

const session = await ort.InferenceSession.create(toOnnx(fromLayers(model)));
const input = new ort.Tensor("float32", unseen.x.dataSync(), unseen.x.shape);
const lengths = new ort.Tensor("int32", Array(200).fill(FRAMES), [200]);
const { output } = await session.run({ input, lengths });
const same = outputs.dataSync().every((x, i) => Math.abs(x - output.data[i]) <= 1e-5 * (1 + Math.abs(x)));
console.log("onnxruntime gives the same outputs within 1e-5:", same);
// Prints:
// digits wrong, of lines it never saw: below 40 %
// onnxruntime gives the same outputs within 1e-5: true
