// TensorFlow.js reads handwritten numbers: a tf.layers LSTM, trained by CTC on lines whose digits stand anywhere.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { Random } from "seqloss";
import { ctcGreedyDecode, ctcLoss, layersLoss, packLabels, tokenErrorRate } from "seqloss/tfjs";

const require = createRequire(import.meta.url);
setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend("wasm");

const digits = Array.from({ length: 10 }, (_, d) => require(`mnist/src/digits/${d}.json`).data);
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
        const [y, x] = [Math.floor(i / SIDE), i % SIDE];
        const row = 7 * Math.floor(y / 2) + Math.floor((x % 14) / 2);
        data[(b * FRAMES + frame + Math.floor(x / 14)) * ROWS + row] += digits[digit][image + i] / 4;
      }
      frame += 2 + random.integer(3);
      return digit + 1; // 0 is the blank
    });
  });
  return { x: tf.tensor(data, [count, FRAMES, ROWS]), labels };
}

const kernel = (seed) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
const remembering = { recurrentInitializer: tf.initializers.glorotUniform({ seed: 3 }) };
const model = tf.sequential();
model.add(tf.layers.dense({ units: 64, activation: "relu", inputShape: [FRAMES, ROWS], ...kernel(1) }));
model.add(tf.layers.lstm({ units: 64, returnSequences: true, ...kernel(2), ...remembering }));
model.add(tf.layers.dense({ units: 11, ...kernel(4) }));
model.compile({ optimizer: tf.train.adam(0.02), loss: layersLoss(ctcLoss) });

const random = new Random(1);
for (let epoch = 0; epoch < Number(process.env.EPOCHS ?? 4); epoch++) {
  const { x, labels } = lines(random, 1024, 0, 800);
  await model.fit(x, packLabels(labels, model.outputShape), { batchSize: 32, epochs: 1, shuffle: false, verbose: 0 });
}
const unseen = lines(random, 200, 800, 60);
const read = ctcGreedyDecode(model.predict(unseen.x)).map(({ labels }) => labels);
const { rate } = tokenErrorRate(unseen.labels, read);
console.log("digits wrong, of lines it never saw:", rate < 0.4 ? "below 40 %" : rate.toFixed(3));
// Prints:
// digits wrong, of lines it never saw: below 40 %
