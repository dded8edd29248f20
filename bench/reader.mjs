// A training step of a network that reads: sequences through a bidirectional LSTM and a linear head, CTC, backpropagation
// through time, Adam. The first is the size of `seqloss train numbers`, the second that of a small speech recogniser.
import { adam, ctcLoss, dense, lstm, Random, sequential, zeroGrad } from "seqloss";
import { agree } from "./harness.mjs";

export const subject = "reader";
export const axes = "T, B, I, H, V, U";
export const cases = [
  [50, 16, 84, 96, 11, 5],
  [200, 16, 40, 128, 29, 30],
];
export const places = ["ragged", "of one length"];
export const peers = ["torch"];

export async function prepare([T, B, I, H, V, U], peer, place) {
  const random = new Random(6);
  const between = (least, most) => least + random.integer(most - least + 1);
  const lengths = Int32Array.from({ length: B }, () => (place === "ragged" ? between(T >> 1, T) : T));
  const labelLengths = Int32Array.from({ length: B }, () => between(U >> 1, U));
  const data = Float32Array.from({ length: B * T * I }, () => random.normal());
  const labels = Array.from(labelLengths, (count) => Array.from({ length: count }, () => between(1, V - 1)));
  const model = sequential({
    rnn: lstm({ inputs: I, hidden: H, bidirectional: true, random }),
    head: dense({ inputs: 2 * H, outputs: V, random }),
  });
  const optimiser = adam({ learningRate: 1e-3 });
  const inputs = { data, shape: [B, T, I], lengths };
  let result;
  const step = () => {
    zeroGrad(model.parameters);
    const outputs = model.forward(inputs, { training: true, inputGradient: false });
    result = ctcLoss(outputs, labels, { lengths, into: result });
    model.backward(result.grad);
    optimiser.step(model.parameters);
    return result.value;
  };
  if (peer) {
    const padded = new Int32Array(B * U);
    labels.forEach((label, b) => padded.set(label, b * U));
    peer.write("inputs", data);
    peer.write("lengths", lengths);
    peer.write("labels", padded);
    peer.write("labelLengths", labelLengths);
    for (const parameter of model.parameters) peer.write(parameter.name, parameter.data);
    const { values } = await peer.ask({ do: "prepare", subject, sizes: [T, B, I, H, V, U], steps: 5 });
    agree("loss of the first steps", Array.from({ length: 5 }, step), values, { relative: 1e-3, absolute: 0 });
  }
  return step;
}
