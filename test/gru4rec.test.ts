import { describe, expect, it } from "vitest";
import { crossEntropy } from "../src/losses/crossEntropy.js";
import { bprLoss, bprMaxLoss, top1Loss, top1MaxLoss } from "../src/losses/ranking.js";
import type { LossFunction } from "../src/losses/reduction.js";
import { sampledSoftmaxLoss } from "../src/losses/sampledSoftmax.js";
import { close, read, type Vector } from "./vectors/read.js";

// Against GRU4Rec's formulas on one batch: vectors made by test/vectors/make_gru4rec_vectors.py, in float64.

const losses = { bprLoss, bprMaxLoss, top1Loss, top1MaxLoss, sampledSoftmaxLoss, crossEntropy };

describe("losses as GRU4Rec computes them: the wanted items on the diagonal, drawn items beside them, a sum", () => {
  const { scores, labels, cases } = read("gru4rec-losses.json");
  it.each(cases.map((c: Vector) => [c.loss, c.formula, c]) as Vector[][])("%s is %s", (loss, _, c) => {
    const compute = losses[loss as keyof typeof losses] as LossFunction<number[][], number[]>;
    const { value, grad } = compute(scores, labels, { ...c.options, reduction: "sum" });
    expect(value).toBeCloseTo(c.value, 10);
    close(grad.data, c.grad.flat(), 1e-12, "gradient");
  });
});
