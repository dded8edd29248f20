// Negative log-likelihood of a linear chain: value, gradients of the emissions and of the transitions, float32; 72 tags as in slot
// filling, and longer sequences, whose sums are in float64.
// PyTorch as it is written, and, faster and not safe, with products of exponentials.
import { crfLoss, Random, zeros } from "seqloss";
import { agree } from "./harness.mjs";

export const subject = "crfLoss";
export const axes = "B, T, K";
export const cases = [
  [32, 50, 72],
  [8, 500, 72],
];

export const places = ["", "against products"];

export async function prepare([B, T, K], peer, place) {
  const random = new Random(5);
  const emissions = zeros([B, T, K]);
  const transitions = zeros([K, K]);
  for (const { data } of [emissions, transitions]) for (let i = 0; i < data.length; i++) data[i] = random.normal();
  const tags = Int32Array.from({ length: B * T }, () => random.integer(K));
  const into = new Float32Array(B * T * K);
  const step = () => crfLoss(emissions, tags, { transitions, into });
  if (peer) {
    peer.write("emissions", emissions.data);
    peer.write("transitions", transitions.data);
    peer.write("tags", tags);
    const { values } = await peer.ask({
      do: "prepare",
      subject: place === "" ? subject : "crfLoss, products",
      sizes: [B, T, K],
      steps: 1,
    });
    const { value, grad, gradTransitions } = step();
    agree("value", [value], values, { relative: 1e-5, absolute: 0 });
    // PyTorch's float32 gradient is itself off by 1e-4 at 500 steps; ours is compared with float64 in the tests
    agree("gradient", grad.data, peer.read("grad"), { relative: 0, absolute: 5e-4 / B });
    agree("gradient of transitions", gradTransitions.data, peer.read("gradTransitions"), {
      relative: 1e-3,
      absolute: 1e-3,
    });
  }
  return step;
}
