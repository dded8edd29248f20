// One training step: LSTM and linear head forward, cross-entropy, backpropagation through time, Adam.
import { adam, crossEntropy, dense, lstm, Random, sequential, zeroGrad } from "seqloss";
import { agree } from "./harness.mjs";

export const subject = "lstm";
export const axes = "T, B, I, H";
export const cases = [
  [50, 32, 32, 64],
  [100, 32, 64, 128],
  [100, 32, 64, 256],
  [100, 32, 64, 512],
];
export const peers = ["torch", "tfjs", "tfjs-cpu", "jax"];
const browsers = cases.slice(0, 2);
export const casesOf = { tfjs: browsers, "tfjs-cpu": browsers, jax: browsers };
export const CLASSES = 32;

export async function prepare([T, B, I, H], peer) {
  const random = new Random(3);
  const data = Float32Array.from({ length: B * T * I }, () => random.normal());
  const labels = Int32Array.from({ length: B * T }, () => random.integer(CLASSES));
  const model = sequential({
    rnn: lstm({ inputs: I, hidden: H, random }),
    head: dense({ inputs: H, outputs: CLASSES, random }),
  });
  const optimiser = adam({ learningRate: 1e-3 });
  const inputs = { data, shape: [B, T, I], lengths: new Int32Array(B).fill(T) };
  const step = () => {
    zeroGrad(model.parameters);
    // as in PyTorch, where the inputs do not require a gradient
    const outputs = model.forward(inputs, { training: true, inputGradient: false });
    const { value, grad } = crossEntropy(outputs, labels);
    model.backward(grad);
    optimiser.step(model.parameters);
    return value;
  };
  if (peer) {
    peer.write("inputs", data);
    peer.write("labels", labels);
    for (const parameter of model.parameters) peer.write(parameter.name, parameter.data);
    // Keras has one bias where PyTorch has two, which Adam moves twice as far: only the first two losses are the same
    const steps = peer.name.startsWith("PyTorch") ? 5 : 2;
    const { values } = await peer.ask({ do: "prepare", subject, sizes: [T, B, I, H, CLASSES], steps });
    agree("loss of the first steps", Array.from({ length: steps }, step), values, { relative: 1e-3, absolute: 0 });
  }
  return step;
}
