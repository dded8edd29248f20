// Softmax cross-entropy and its gradient with respect to the logits, float32: of any array, and of tensors in the kernels' memory.
import { crossEntropy, kernelTensors, Random, zeros } from "seqloss";
import { agree } from "./harness.mjs";

export const subject = "crossEntropy";
export const axes = "N, V";
export const cases = [
  [3200, 64],
  [3200, 1000],
  [3200, 5000],
];

export const places = ["", "in place"];
export const peers = ["torch", "optax", "tfjs", "jax", "reference"];
export const placesOf = { optax: ["in place"], tfjs: ["in place"], jax: ["in place"], reference: ["in place"] };

export async function prepare([N, V], peer, place) {
  const random = new Random(2);
  const [logits, into] = place === "in place" ? kernelTensors([N, V], 2) : [zeros([N, V]), zeros([N, V])];
  const { data } = logits;
  for (let i = 0; i < data.length; i++) data[i] = random.normal();
  const labels = Int32Array.from({ length: N }, () => random.integer(V));
  const step = () => crossEntropy(logits, labels, { into: into.data });
  if (peer) {
    peer.write("logits", data);
    peer.write("labels", labels);
    const { values } = await peer.ask({ do: "prepare", subject, sizes: [N, V], steps: 1 });
    const { value, grad } = step();
    agree("value", [value], values, { relative: 1e-5, absolute: 0 });
    if (peer.givesGradient) agree("gradient", grad.data, peer.read("grad"), { relative: 1e-4, absolute: 1e-8 });
  }
  return step;
}
