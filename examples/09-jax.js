// jax-js has no gradients of one's own, so CTC stands outermost: jax differentiates the model by vjp, seqloss gives the cotangent.
import * as jax from "@jax-js/jax";
import { ctcGreedyDecode, ctcLoss, Random } from "seqloss";

const np = jax.numpy;
const random = new Random(1);
const [T, classes, hidden] = [12, 4, 8]; // silence, which is the blank, and three symbols
const drawn = (rows, columns) =>
  np.array(
    Float32Array.from({ length: rows * columns }, () => random.normal() / Math.sqrt(rows)),
    {
      shape: [rows, columns],
    },
  );

// sounds of two or three frames each; the network has to say which there were, and is never told when
const labels = [1, 3, 2, 2];
const sound = new Float32Array(T * classes);
[1, 1, 1, 0, 3, 3, 0, 2, 2, 0, 2, 2].forEach((label, t) => {
  sound[t * classes + label] = 1;
});

/** Logits [T, 4]. An operation of jax-js uses up its inputs, hence `.ref`. */
const model = (weights) =>
  np.matmul(np.tanh(np.matmul(np.array(sound, { shape: [T, classes] }), weights.first)), weights.second);

let weights = { first: drawn(classes, hidden), second: drawn(hidden, classes) };
const losses = [];
for (let step = 0; step < 60; step++) {
  const kept = { first: weights.first.ref, second: weights.second.ref };
  const [logits, backward] = jax.vjp(model, [weights]);
  const outputs = { data: Float32Array.from(logits.dataSync()), shape: [1, T, classes] };
  const { value, grad } = ctcLoss(outputs, [labels]);
  const [gradients] = backward(np.array(grad.data, { shape: [T, classes] }));
  backward.dispose?.();
  weights = { first: kept.first.sub(gradients.first.mul(0.5)), second: kept.second.sub(gradients.second.mul(0.5)) };
  losses.push(value);
}
const final = { data: Float32Array.from(model(weights).dataSync()), shape: [1, T, classes] };
console.log(
  "loss:",
  losses[0] > 5 ? "above 5 at first," : losses[0],
  losses.at(-1) < 1 ? "below 1 at last" : losses.at(-1),
);
console.log("read:", ctcGreedyDecode(final)[0].labels.join(" "));
// Prints:
// loss: above 5 at first, below 1 at last
// read: 1 3 2 2
