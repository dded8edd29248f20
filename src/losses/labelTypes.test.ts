import { describe, expect, it } from "vitest";
import {
  accuracy,
  bprLoss,
  bprMaxLoss,
  crfLoss,
  crossEntropy,
  ctcLoss,
  multiclassHingeLoss,
  negativeLogLikelihood,
  policyGradientLoss,
  rankingHingeLoss,
  sampledSoftmaxLoss,
  selfCriticalLoss,
  structuredHingeLoss,
  tensor,
  top1Loss,
  top1MaxLoss,
  transducerLoss,
} from "../index.js";

// What the compiler refuses, and what is refused when it has not been asked. Each "@ts-expect-error" fails `npm run types` where
// the types let its line pass.

const rows = [
  [0, 1, 2],
  [2, 0, 1],
];
const oneHot = [
  [0, 0, 1],
  [1, 0, 0],
];

describe("one-hot rows where ids are meant", () => {
  it.each<[string, () => unknown]>([
    // @ts-expect-error
    ["negativeLogLikelihood", () => negativeLogLikelihood(rows, oneHot)],
    // @ts-expect-error
    ["multiclassHingeLoss", () => multiclassHingeLoss(rows, oneHot)],
    // @ts-expect-error
    ["rankingHingeLoss", () => rankingHingeLoss(rows, oneHot)],
    // @ts-expect-error
    ["bprLoss", () => bprLoss(rows, oneHot)],
    // @ts-expect-error
    ["bprMaxLoss", () => bprMaxLoss(rows, oneHot)],
    // @ts-expect-error
    ["top1Loss", () => top1Loss(rows, oneHot)],
    // @ts-expect-error
    ["top1MaxLoss", () => top1MaxLoss(rows, oneHot)],
    // @ts-expect-error
    ["policyGradientLoss", () => policyGradientLoss(rows, oneHot, { rewards: [1, 1] })],
    // @ts-expect-error
    ["accuracy", () => accuracy(rows, oneHot)],
  ])("%s: rows in lists", (_, refused) => {
    expect(refused).toThrow(
      /the size of labels\[0\] is 3; expected 1, one id for each step.*one-hot rows, give the ids/,
    );
  });

  it.each<[string, () => unknown]>([
    // @ts-expect-error
    ["negativeLogLikelihood", () => negativeLogLikelihood([rows], [oneHot])],
    // @ts-expect-error
    ["crfLoss", () => crfLoss([rows], [oneHot])],
    // @ts-expect-error
    ["structuredHingeLoss", () => structuredHingeLoss([rows], [oneHot])],
    // @ts-expect-error
    ["ctcLoss", () => ctcLoss([rows], [oneHot])],
    // @ts-expect-error
    ["transducerLoss", () => transducerLoss([[rows, rows]], [oneHot])],
    // @ts-expect-error
    ["crfLoss, a tensor", () => crfLoss(tensor([rows]), tensor([oneHot]))],
    // @ts-expect-error
    ["ctcLoss, a tensor", () => ctcLoss(tensor([rows]), tensor([oneHot]))],
    // @ts-expect-error
    ["sampledSoftmaxLoss", () => sampledSoftmaxLoss([rows], [oneHot], { negatives: [1] })],
    // @ts-expect-error
    ["selfCriticalLoss", () => selfCriticalLoss([rows], [oneHot], { rewards: [1], greedyRewards: [0] })],
  ])("%s: sequences, and tensors", (_, refused) => {
    expect(refused).toThrow();
  });

  it("what cannot be typed is refused when it is computed: rows of a tensor", () => {
    expect(() => negativeLogLikelihood(tensor(rows), oneHot)).toThrow(/give the ids/);
  });

  it("are targets where distributions are", () => {
    expect(crossEntropy(rows, oneHot).value).toBeCloseTo(crossEntropy(rows, [2, 0]).value, 12);
  });
});

describe("ids", () => {
  it("are taken flat, ragged, and padded to the time axis", () => {
    const { value } = negativeLogLikelihood(rows, [2, 0]);
    expect(negativeLogLikelihood(rows, Int32Array.of(2, 0)).value).toBe(value);
    expect(negativeLogLikelihood([rows], [[2, 0]]).value).toBe(value);
    expect(negativeLogLikelihood(tensor([rows]), [[2, 0]], { lengths: [1] }).value).toBe(-2);
  });
});
