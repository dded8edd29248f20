// CTC loss and gradient with respect to the logits, float32: a second of speech, a sentence, a paragraph, and large alphabets.
import { ctcLoss, kernelTensors, Random, zeros } from "seqloss";
import { agree } from "./harness.mjs";

export const subject = "ctcLoss";
export const axes = "T, B, V, U";
export const cases = [
  [150, 32, 29, 20],
  [500, 16, 64, 80],
  [1000, 8, 29, 150],
  [150, 32, 1000, 30],
  [250, 16, 5000, 40],
];

export const places = ["", "in place"];
export const peers = ["torch", "optax", "reference"];
const smaller = cases.slice(0, 3);
export const casesOf = { optax: smaller, reference: smaller };
export const placesOf = { optax: ["in place"], reference: ["in place"] };

export async function prepare([T, B, V, U], peer, place) {
  const random = new Random(1);
  const [logits, into] = place === "in place" ? kernelTensors([B, T, V], 2) : [zeros([B, T, V]), zeros([B, T, V])];
  const { data } = logits;
  for (let i = 0; i < data.length; i++) data[i] = random.normal();
  const labels = Int32Array.from({ length: B * U }, () => 1 + random.integer(V - 1));
  const labelLengths = new Array(B).fill(U);
  const step = () => ctcLoss(logits, labels, { labelLengths, into: into.data });
  if (peer) {
    peer.write("logits", data);
    peer.write("labels", labels);
    const { values } = await peer.ask({ do: "prepare", subject, sizes: [T, B, V, U], steps: 1 });
    const { value, grad } = step();
    agree("value", [value], values, { relative: 1e-5, absolute: 0 });
    // PyTorch's float32 gradient is itself off by up to 3e-3 at these lengths; ours is compared with float64 in the tests.
    if (peer.givesGradient) agree("gradient", grad.data, peer.read("grad"), { relative: 0, absolute: 5e-3 / B });
  }
  return step;
}
