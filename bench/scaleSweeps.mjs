// What bench/scale.mjs measures: one size of a problem varied, the others held where that size is what the time goes into.
import { gru, lstm, Random } from "seqloss";
import * as crfLoss from "./crfLoss.mjs";
import * as crossEntropy from "./crossEntropy.mjs";
import * as ctcLoss from "./ctcLoss.mjs";
import * as transducerLoss from "./transducerLoss.mjs";

const doubled = (first, count) => Array.from({ length: count }, (_, n) => first * 2 ** n);

/** `order` is that of the loss's own benchmark; `vary`: the size, its values, and the exponent that the formula gives it there. */
const losses = [
  {
    ...ctcLoss,
    formula: "T · B · (V + U)",
    vary: [
      { axis: "T", sizes: doubled(200, 6), fixed: { B: 8, V: 64, U: 20 }, expected: 1 },
      { axis: "B", sizes: doubled(2, 6), fixed: { T: 200, V: 64, U: 20 }, expected: 1 },
      { axis: "V", sizes: doubled(256, 6), fixed: { T: 200, B: 2, U: 10 }, expected: 1 },
      { axis: "U", sizes: doubled(25, 5), fixed: { T: 2000, B: 2, V: 8 }, expected: 1 },
    ],
  },
  {
    ...crossEntropy,
    formula: "N · V, N = T · B rows",
    vary: [
      { axis: "N", sizes: doubled(250, 6), fixed: { V: 256 }, expected: 1 },
      { axis: "V", sizes: doubled(256, 6), fixed: { N: 400 }, expected: 1 },
    ],
  },
  {
    ...transducerLoss,
    formula: "T · B · U · V",
    vary: [
      { axis: "T", sizes: doubled(50, 6), fixed: { B: 4, U: 10, V: 32 }, expected: 1 },
      { axis: "B", sizes: doubled(2, 6), fixed: { T: 100, U: 10, V: 32 }, expected: 1 },
      { axis: "U", sizes: doubled(8, 5), fixed: { T: 150, B: 4, V: 32 }, expected: 1 },
      { axis: "V", sizes: doubled(128, 6), fixed: { T: 50, B: 2, U: 10 }, expected: 1 },
    ],
  },
  {
    ...crfLoss,
    formula: "T · B · K²",
    vary: [
      { axis: "T", sizes: doubled(200, 6), fixed: { B: 4, K: 32 }, expected: 1 },
      { axis: "B", sizes: doubled(16, 6), fixed: { T: 50, K: 32 }, expected: 1 },
      { axis: "K", sizes: doubled(32, 5), fixed: { T: 50, B: 32 }, expected: 2 },
    ],
  },
];

const recurrent = [
  { axis: "T", sizes: doubled(32, 6), fixed: { B: 8, H: 32 }, expected: 1 },
  { axis: "B", sizes: doubled(4, 6), fixed: { T: 64, H: 32 }, expected: 1 },
  { axis: "H", sizes: doubled(32, 5), fixed: { T: 32, B: 16 }, expected: 2 },
];

/** Forward and backward through a recurrent layer that reads as many numbers as it has units. */
function recurrentPass(make, { T, B, H }, options) {
  const random = new Random(3);
  const numbers = () => Float32Array.from({ length: B * T * H }, () => random.normal());
  const layer = make({ inputs: H, hidden: H, seed: 3, ...options });
  const shape = [B, T, H];
  const input = { data: numbers(), shape, lengths: new Int32Array(B).fill(T) };
  const gradOutput = { data: numbers(), shape };
  return () => {
    layer.forward(input, { training: true });
    layer.backward(gradOutput);
  };
}

const lossSweeps = losses.flatMap(({ subject, axes, formula, prepare, vary }) =>
  vary.map((varied) => ({
    subject,
    formula,
    ...varied,
    prepare: (sizes) => prepare(axes.split(", ").map((axis) => sizes[axis])),
  })),
);

const recurrentSweeps = [
  ["lstm", lstm, {}],
  ["gru", gru, {}],
].flatMap(([subject, make, options]) =>
  recurrent.map((varied) => ({
    subject,
    formula: "T · B · H², as many inputs as units",
    ...varied,
    prepare: (sizes) => recurrentPass(make, sizes, options),
  })),
);

export const sweeps = [...lossSweeps, ...recurrentSweeps];

/** An LSTM kept whole, and in segments of ⌈√T⌉ steps. */
export const checkpointed = {
  fixed: { B: 8, H: 64 },
  sizes: [64, 256, 1024, 4096],
  prepare: (sizes) => [{}, { checkpoint: "sqrt" }].map((options) => recurrentPass(lstm, sizes, options)),
};
