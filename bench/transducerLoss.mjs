// Transducer loss (RNN-T) and gradient with respect to the logits, float32: a second of speech and a sentence.
import { kernelTensors, Random, transducerLoss, zeros } from "seqloss";
import { agree } from "./harness.mjs";

export const subject = "transducerLoss";
export const axes = "T, U, V, B";
export const cases = [
  [150, 20, 29, 8],
  [250, 40, 1000, 4],
];

export const places = ["", "in place"];
/** PyTorch has no transducer loss of its own: the recursion in its operations. torchaudio has one. */
export const peers = ["torch", "torchaudio", "reference"];
export const casesOf = { reference: cases.slice(0, 1) };
export const placesOf = { reference: ["in place"] };

export async function prepare([T, U, V, B], peer, place) {
  const random = new Random(4);
  const shape = [B, T, U + 1, V];
  const [logits, into] = place === "in place" ? kernelTensors(shape, 2) : [zeros(shape), zeros(shape)];
  const { data } = logits;
  for (let i = 0; i < data.length; i++) data[i] = random.normal();
  const labels = Int32Array.from({ length: B * U }, () => 1 + random.integer(V - 1));
  const labelLengths = new Array(B).fill(U);
  const step = () => transducerLoss(logits, labels, { labelLengths, into: into.data });
  if (peer) {
    peer.write("logits", data);
    peer.write("labels", labels);
    const { values } = await peer.ask({ do: "prepare", subject, sizes: [T, U, V, B], steps: 1 });
    const { value, grad } = step();
    agree("value", [value], values, { relative: 1e-5, absolute: 0 });
    if (peer.givesGradient) agree("gradient", grad.data, peer.read("grad"), { relative: 0, absolute: 1e-3 / B });
  }
  return step;
}
