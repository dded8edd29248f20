// How fast we mean to be: ratios to a peer in the same run, tensors in place where the loss has them. `least` is what we must reach,
// `aim` what we would like to.
const torch = "PyTorch";
/** Of a training step: four fifths of the multiply-adds that 128-bit vectors can do, over the whole of it. */
const roof = "80 % of the peak";

const goal = (subject, sizes, peer, least, aim, threads = 1) => ({ subject, sizes, peer, least, aim, threads });

export const goals = [
  goal("ctcLoss", [150, 32, 29, 20], torch, 13, 20),
  goal("ctcLoss", [500, 16, 64, 80], torch, 17, 25),
  goal("ctcLoss", [1000, 8, 29, 150], torch, 20, 28),
  goal("ctcLoss", [150, 32, 1000, 30], torch, 10, 15),
  goal("ctcLoss", [250, 16, 5000, 40], torch, 6, 9),
  goal("crossEntropy", [3200, 64], torch, 1.8, 3),
  goal("crossEntropy", [3200, 1000], torch, 3.2, 6),
  goal("crossEntropy", [3200, 5000], torch, 2.5, 4),
  goal("transducerLoss", [150, 20, 29, 8], "torchaudio", 3, 10),
  goal("transducerLoss", [250, 40, 1000, 4], "torchaudio", 3, 10),
  goal("transducerLoss", [150, 20, 29, 8], torch, 3, 10),
  goal("transducerLoss", [250, 40, 1000, 4], torch, 3, 10),
  goal("crfLoss", [32, 50, 72], torch, 10, 30),
  goal("structuredHingeLoss", [32, 50, 72], torch, 10, 30),
  goal("ctcBeamSearch, trained", [500, 29, 25], "TensorFlow", 2, 5),
  goal("ctcBeamSearch, trained", [500, 29, 100], "TensorFlow", 2, 5),
  goal("lstm", [50, 32, 32, 64], torch, 0.7, roof),
  goal("lstm", [100, 32, 64, 128], torch, 0.5, roof),
  goal("lstm", [100, 32, 64, 256], torch, 0.45, roof),
  goal("lstm", [100, 32, 64, 512], torch, 0.42, roof),
  goal("lstm", [50, 32, 32, 64], torch, 1.2, 1.5, 2),
  goal("lstm", [100, 32, 64, 128], torch, 0.75, 1, 2),
  goal("lstm", [100, 32, 64, 256], torch, 0.55, 0.8, 2),
  goal("lstm", [50, 32, 32, 64], "TensorFlow.js wasm", 14, 20),
  goal("lstm", [100, 32, 64, 128], "TensorFlow.js wasm", 14, 20),
  goal("lstm", [50, 32, 32, 64], "TensorFlow.js cpu", 70, 100),
  goal("lstm", [100, 32, 64, 128], "TensorFlow.js cpu", 70, 100),
  goal("lstm", [50, 32, 32, 64], "jax-js", 8, 12),
  goal("lstm", [100, 32, 64, 128], "jax-js", 8, 12),
];
