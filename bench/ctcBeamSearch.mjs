// Prefix beam search without a language model over float32 logits, one sequence, about ten seconds of speech; the peer is TensorFlow's kernel.
// What it costs depends on how sure the outputs are, so there are two kinds: "sure", as of a trained model: a blank that leads by
// 9 nats, and every 3 to 8 frames a label and a rival; and "noise", normal logits. TensorFlow forgets the extensions of a prefix
// that leaves the beam in the frame where its parent is extended first, so in noise the best texts differ for some seeds; for this
// one they agree.
import { ctcBeamSearch, Random, zeros } from "seqloss";
import { agree } from "./harness.mjs";

export const subject = "ctcBeamSearch";
export const axes = "T, V, width";
export const cases = [
  [500, 29, 25],
  [500, 29, 100],
];
export const places = ["sure", "noise"];
export const against = "TensorFlow";

export async function prepare([T, V, width], peer, kind) {
  const random = new Random(1);
  const logits = zeros([1, T, V]);
  const { data } = logits;
  for (let i = 0; i < data.length; i++) data[i] = random.normal();
  if (kind === "sure") makeSure(data, T, V, random);
  const step = () => ctcBeamSearch(logits, { beamWidth: width })[0][0];
  if (peer) {
    peer.write("logits", data);
    const { values } = await peer.ask({ do: "prepare", subject, sizes: [T, V, width], steps: 1 });
    const { labels, logProbability } = step();
    agree("labels", labels, peer.read("labels"), { relative: 0, absolute: 0 });
    // TensorFlow sums T frames in float32
    agree("log-probability", [logProbability], values, { relative: 1e-4, absolute: 1e-3 });
  }
  return step;
}

/** A blank that leads by 9 nats; now and then a label is 2 or so ahead of it, and another about as likely as the blank. */
function makeSure(data, T, V, random) {
  const label = () => 1 + random.integer(V - 1);
  for (let t = 0; t < T; t++) data[t * V] += 9;
  for (let t = 2; t < T; t += 3 + random.integer(6)) {
    data[t * V + label()] += 11 + random.normal();
    data[t * V + label()] += 9 + random.normal();
  }
}
