import { expect, it } from "vitest";
import {
  crfLoss,
  crossEntropy,
  ctcLoss,
  kernelTensors,
  structuredHingeLoss,
  transducerLoss,
  zeros,
} from "../src/index.js";

// Engines pass some hundred thousand arguments to a function at most; nothing may be as many as the batch has sequences.
const B = 200_000;
const labels = new Int32Array(B).fill(1);
const labelLengths = new Int32Array(B).fill(1);

it.each([
  ["ctcLoss", () => ctcLoss(zeros([B, 1, 2]), labels, { labelLengths }), Math.LN2],
  ["transducerLoss", () => transducerLoss(zeros([B, 1, 2, 2]), labels, { labelLengths }), 2 * Math.LN2],
  ["crossEntropy", () => crossEntropy(zeros([B, 1, 2]), labels), Math.LN2],
  ["crfLoss", () => crfLoss(zeros([B, 1, 2]), labels, { transitions: zeros([2, 2]) }), Math.LN2],
  ["structuredHingeLoss", () => structuredHingeLoss(zeros([B, 1, 2]), labels, { transitions: zeros([2, 2]) }), 1],
])("%s takes a batch of 200,000 sequences", (_, loss, expected) => {
  expect(loss().value).toBeCloseTo(expected, 6);
});

it("ctcLoss takes it in place too", () => {
  const [logits, into] = kernelTensors([B, 1, 2], 2);
  const { value, grad } = ctcLoss(logits, labels, { labelLengths, into: into.data });
  expect(value).toBeCloseTo(Math.LN2, 6);
  expect(grad.data.subarray(-2)).toEqual(Float32Array.of(0.5 / B, -0.5 / B));
});
