// Prefix beam search over one sequence of 500 frames and 29 classes: of outputs that are sure of most frames, as a trained
// network's are, and of noise, which keeps more prefixes in the running. TensorFlow forgets the extensions of a prefix that
// falls out of the beam in a frame where its parent was extended before it. So the sums differ a little, and in noise the best
// labels too for some seeds; for this one they agree.
import { ctcBeamSearch, Random } from "seqloss";
import { agree, Disagreement } from "./harness.mjs";

export const subject = "ctcBeamSearch";
export const axes = "T, V, width";
export const cases = [
  [500, 29, 25],
  [500, 29, 100],
];
export const places = ["trained", "noise"];
export const peers = ["tensorflow"];

export async function prepare([T, V, beamWidth], peer, place) {
  const random = new Random(6);
  const data = Float32Array.from({ length: T * V }, () => random.normal());
  if (place === "trained") {
    for (let t = 0; t < T; t++) {
      // a label every sixth frame or so, now and then with a rival; blanks between
      const label = random.uniform() < 1 / 6 ? 1 + random.integer(V - 1) : 0;
      data[t * V + label] += 8;
      if (random.uniform() < 0.2) data[t * V + 1 + random.integer(V - 1)] += 7;
    }
  }
  const step = () => ctcBeamSearch({ data, shape: [1, T, V] }, { beamWidth })[0][0];
  if (peer) {
    peer.write("logits", data);
    const { values, labels } = await peer.ask({ do: "prepare", subject, sizes: [T, V, beamWidth] });
    const found = step();
    agree("log-probability", [found.logProbability], values, { relative: 1e-3, absolute: 1e-3 });
    if (`${found.labels}` !== `${labels}`) throw new Disagreement(`labels: ours ${found.labels}, theirs ${labels}`);
  }
  return step;
}
