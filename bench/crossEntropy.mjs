// Softmax cross-entropy and its gradient with respect to the logits, float32.
import { crossEntropy, Random } from "seqloss";
import { agree } from "./harness.mjs";

export const subject = "crossEntropy";
export const axes = "N, V";
export const cases = [
  [3200, 64],
  [3200, 1000],
  [3200, 5000],
];

export async function prepare([N, V], peer) {
  const random = new Random(2);
  const data = Float32Array.from({ length: N * V }, () => random.normal());
  const labels = Int32Array.from({ length: N }, () => random.integer(V));
  const into = new Float32Array(data.length);
  const logits = { data, shape: [N, V] };
  const step = () => crossEntropy(logits, labels, { into });
  if (peer) {
    peer.write("logits", data);
    peer.write("labels", labels);
    const { values } = await peer.ask({ do: "prepare", subject, sizes: [N, V], steps: 1 });
    const { value, grad } = step();
    agree("value", [value], values, { relative: 1e-5, absolute: 0 });
    agree("gradient", grad.data, peer.read("grad"), { relative: 1e-4, absolute: 1e-8 });
  }
  return step;
}
