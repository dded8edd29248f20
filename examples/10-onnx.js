// A trained network leaves as an ONNX file, and onnxruntime gives the same outputs.
import * as ort from "onnxruntime-web";
import { adam, crossEntropy, dense, lstm, onnxSignature, Random, sequential, Trainer, toOnnx } from "seqloss";

// At each step: which of four scores has the largest sum over this step and the one before. Sequences of 8 to 10 steps.
const [batch, time, width] = [8, 10, 4];
const random = new Random(1);
const model = sequential({
  rnn: lstm({ inputs: width, hidden: 16, random }),
  head: dense({ inputs: 16, outputs: width, random }),
});
const trainer = new Trainer({ model, optimiser: adam({ learningRate: 0.02 }), clip: 1 });

function examples() {
  const data = Float32Array.from({ length: batch * time * width }, () => random.normal());
  const lengths = Int32Array.from({ length: batch }, (_, b) => time - (b % 3));
  const row = (i) => data.subarray(i * width, (i + 1) * width);
  const labels = Array.from({ length: batch }, (_, b) =>
    Array.from({ length: lengths[b] }, (_, t) => {
      const sums = row(b * time + t).map((x, k) => x + (t > 0 ? row(b * time + t - 1)[k] : 0));
      return sums.indexOf(Math.max(...sums));
    }),
  );
  const inputs = { data, shape: [batch, time, width], lengths };
  return { inputs, loss: (outputs) => crossEntropy(outputs, labels, { lengths }) };
}
for (let step = 0; step < 200; step++) trainer.step([examples()]);

const { inputs } = examples();
const own = model.forward(inputs);
ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(toOnnx(model));
const { output } = await session.run({
  input: new ort.Tensor("float32", inputs.data, inputs.shape),
  lengths: new ort.Tensor("int32", inputs.lengths, [batch]),
});
console.log(onnxSignature(model).outputs[0].shape.join(" × "));
console.log(
  "they agree within 1e-5:",
  own.data.every((x, i) => Math.abs(x - output.data[i]) <= 1e-5 * (1 + Math.abs(x))),
);
// Prints:
// batch × time × 4
// they agree within 1e-5: true
