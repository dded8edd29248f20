import { describe, expect, it } from "vitest";
import type { TensorLike } from "../core/tensor.js";
import { tensor } from "../core/tensor.js";
import { binaryCrossEntropy, focalLoss } from "./binary.js";
import { checkGradient } from "./checkGradient.js";
import { combine } from "./combine.js";
import { categoricalCrossEntropy, crossEntropy, sequenceCrossEntropy } from "./crossEntropy.js";
import { hingeLoss, multiclassHingeLoss, sequenceHingeLoss } from "./hinge.js";
import { negativeLogLikelihood } from "./negativeLogLikelihood.js";
import { huberLoss, meanAbsoluteError, meanSquaredError, quantileLoss } from "./regression.js";

const INF = Number.POSITIVE_INFINITY;
const list = (data: ArrayLike<number>) => Array.from(data);
const near = (row: readonly number[], digits = 6) => row.map((x) => expect.closeTo(x, digits));

/** Each case in float64, as nested lists, and in float32, as a tensor. */
const precisions: [string, (nested: number[] | number[][]) => TensorLike][] = [
  ["float64", (nested) => nested],
  ["float32", (nested) => tensor(nested)],
];

describe.each(precisions)("token losses, %s", (_, given) => {
  it("row 49: three classes alike cost ln 3", () => {
    const { value, grad } = crossEntropy(given([[0, 0, 0]]), [2]);
    expect(value).toBeCloseTo(Math.log(3), 6);
    expect(list(grad.data)).toEqual(near([1 / 3, 1 / 3, -2 / 3]));
  });

  it("row 50: logits ten thousand apart cost their difference", () => {
    const { value, grad } = crossEntropy(given([[-4885.4614, 4878.027]]), [0]);
    expect(value).toBeCloseTo(9763.4884, 2);
    expect(list(grad.data)).toEqual([-1, 1]);
  });

  it("row 51: an ignored step counts nowhere; smoothing and class weights divide as PyTorch's", () => {
    const logits = given([[1, 2, 3], [1, 0, 0], [0, 0, 5]]); // biome-ignore format: one row a step
    const options = { ignoreIndex: -1, labelSmoothing: 0.1 };
    const plain = crossEntropy(logits, [0, -1, 1], options);
    expect(plain.value).toBeCloseTo(3.577163, 5);
    expect(list(plain.grad.data.subarray(3, 6))).toEqual([0, 0, 0]);
    expect(crossEntropy(logits, [0, -1, 1], { ...options, classWeights: [1, 2, 0.5] }).value).toBeCloseTo(3.957796, 5);
  });

  it("row 52: everything ignored is a mean over nothing: 0 with a zero gradient", () => {
    const { value, grad, weight } = crossEntropy(given([[1, 2]]), [-1], { ignoreIndex: -1 });
    expect([value, weight, ...grad.data]).toEqual([0, 0, 0, 0]);
  });

  it("row 53: an id out of range, and not the ignored one, is refused by place and range", () => {
    expect(() => crossEntropy(given([[0, 0], [0, 0]]), [1, 2])).toThrow("labels[1] is 2; expected an id in 0..1"); // biome-ignore format: rows
    expect(() => crossEntropy(given([[0, 0]]), [-100], { ignoreIndex: -1 })).toThrow("or the ignored id -1");
  });

  it("a confident row keeps the relative accuracy of its loss", () => {
    for (const gap of [10, 20, 40, 80]) {
      const { value } = crossEntropy(given([[gap, 0]]), [0]);
      expect(Math.abs(value / Math.log1p(Math.exp(-gap)) - 1)).toBeLessThan(1e-5);
    }
  });

  it("a label at -Infinity costs Infinity with a zero gradient; one beside it does not matter", () => {
    const impossible = crossEntropy(given([[-INF, 0]]), [0]);
    expect([impossible.value, ...impossible.grad.data]).toEqual([INF, 0, 0]);
    const other = crossEntropy(given([[-INF, 0, 0]]), [1]);
    expect(other.value).toBeCloseTo(Math.log(2), 6);
    expect(other.grad.data[0]).toBe(0);
  });

  it("row 56: soft targets of 0 add nothing, also against -Infinity", () => {
    const { value, grad } = crossEntropy(given([[0, 0, -INF]]), [[0.5, 0.5, 0]]);
    expect(value).toBeCloseTo(Math.log(2), 6);
    expect(list(grad.data)).toEqual(near([0, 0, 0]));
    const wanted = crossEntropy(given([[0, -INF]]), [[0.5, 0.5]]);
    expect([wanted.value, ...wanted.grad.data]).toEqual([INF, 0, 0]);
  });

  it("an id is its one-hot row", () => {
    const rows = [[0.3, -1, 2], [1, 1, 0.5]]; // biome-ignore format: rows
    const byId = crossEntropy(given(rows), [2, 0], { labelSmoothing: 0.2 });
    const byRow = crossEntropy(given(rows), [[0, 0, 1], [1, 0, 0]], { labelSmoothing: 0.2 }); // biome-ignore format: rows
    expect(byRow.value).toBeCloseTo(byId.value, 6);
    expect(list(byRow.grad.data)).toEqual(near(list(byId.grad.data)));
    const keras = categoricalCrossEntropy(given(rows), [[0, 0, 1], [1, 0, 0]]); // biome-ignore format: rows
    expect(keras.value).toBeCloseTo(crossEntropy(given(rows), [2, 0]).value, 6);
  });

  it("probabilities cost −ln of the wanted one, and their gradient is −1 over it", () => {
    const { value, grad } = categoricalCrossEntropy(given([[0.25, 0.75]]), [[1, 0]], { inputs: "probabilities" });
    expect(value).toBeCloseTo(Math.log(4), 6);
    expect(list(grad.data)).toEqual(near([-4, 0]));
    expect(() => categoricalCrossEntropy(given([[0.25, 0.75]]), [[1, 1]])).toThrow(
      "expected probabilities of at least 0",
    );
  });

  it("negative log-likelihood takes log-probabilities as they are", () => {
    const { value, grad } = negativeLogLikelihood(given([[-2, -0.5], [-1, -3]]), [0, 1], { classWeights: [1, 3] }); // biome-ignore format: rows
    expect(value).toBeCloseTo((2 + 9) / 4, 6);
    expect(list(grad.data)).toEqual(near([-0.25, 0, 0, -0.75]));
  });

  it.each([
    [1000, 1, 0, 0],
    [1000, 0, 1000, 1],
    [-50, 1, 50, -1],
    [-1000, 0, 0, 0],
    [0, 0.5, Math.log(2), 0],
    [50, 1, Math.exp(-50), -Math.exp(-50)],
  ])("row 54: binary cross-entropy of logit %d for target %d is %d", (z, y, loss, slope) => {
    const { value, grad } = binaryCrossEntropy(given([z]), [y]);
    expect(Math.abs(value - loss)).toBeLessThanOrEqual(1e-6 * loss);
    expect(Math.abs(grad.data[0] - slope)).toBeLessThanOrEqual(1e-6 * Math.abs(slope));
  });

  it("row 54: rare positives can weigh more, as PyTorch's pos_weight", () => {
    expect(binaryCrossEntropy(given([0.5]), [1], { positiveWeight: 3 }).value).toBeCloseTo(
      3 * Math.log1p(Math.exp(-0.5)),
      6,
    );
    expect(binaryCrossEntropy(given([0.5]), [0], { positiveWeight: 3 }).value).toBeCloseTo(
      Math.log1p(Math.exp(0.5)),
      6,
    );
  });

  it("row 55: focal loss at γ = ½ and logits ±100 is 0 or 100, without NaN", () => {
    const { losses, grad } = focalLoss(given([100, -100, 100, -100]), [1, 0, 0, 1], { gamma: 0.5, reduction: "sum" });
    expect(list(losses)).toEqual(near([0, 0, 100, 100], 4));
    expect(list(grad.data)).toEqual(near([0, 0, 1, -1], 5));
  });

  it("row 55: focal loss at γ = 0 is the binary cross-entropy, bit for bit", () => {
    const [z, y] = [[0.3, -2, 7, 40, -0.01], [1, 0, 0.3, 1, 0.9]]; // biome-ignore format: two rows
    const focal = focalLoss(given(z), y, { gamma: 0 });
    expect(focal).toEqual(binaryCrossEntropy(given(z), y));
  });

  it("focal loss plays down what is easy by (1 − p)^γ, and balances by α", () => {
    const p = 1 / (1 + Math.exp(-1));
    expect(focalLoss(given([1]), [1]).value).toBeCloseTo(-((1 - p) ** 2) * Math.log(p), 6);
    expect(focalLoss(given([1]), [0], { gamma: 3, alpha: 0.25 }).value).toBeCloseTo(
      -0.75 * p ** 3 * Math.log(1 - p),
      6,
    );
  });

  it("row 57: hinge of scores 5 and 3 for −1 and 1; a margin met exactly has no slope", () => {
    expect(list(hingeLoss(given([5, 3]), [-1, 1]).losses)).toEqual([6, 0]);
    const met = hingeLoss(given([1]), [1]);
    expect([met.value, met.grad.data[0]]).toEqual([0, 0]);
    expect(() => hingeLoss(given([5, 3]), [0, 1])).toThrow(
      "targets[0] is 0; expected -1 or 1. Turn classes 0 and 1 into",
    );
    const squared = hingeLoss(given([0.5]), [1], { squared: true });
    expect([squared.value, squared.grad.data[0]]).toEqual([0.25, -1]);
  });

  it("a wanted class at -Infinity costs Infinity with a zero gradient, also beside another; NaN stays NaN", () => {
    const minus = Number.NEGATIVE_INFINITY;
    for (const row of [
      [minus, 2, 0],
      [minus, minus, 0],
    ]) {
      const { value, grad } = multiclassHingeLoss([row], [0]);
      expect(value).toBe(Number.POSITIVE_INFINITY);
      expect(Array.from(grad.data)).toEqual([0, 0, 0]);
    }
    expect(multiclassHingeLoss([[minus, Number.NaN, 0]], [0]).value).toBeNaN();
    expect(multiclassHingeLoss([[0, minus, 0]], [0]).value).toBe(1);
  });

  it("row 58: multi-class hinge sums over the rivals within the margin", () => {
    const { value, grad } = multiclassHingeLoss(given([[1, 2, 0]]), [0]);
    expect([value, ...grad.data]).toEqual([2, -1, 1, 0]);
    const closest = multiclassHingeLoss(given([[1, 2, 0.5]]), [0], { rivals: "max", squared: true });
    expect([closest.value, ...closest.grad.data]).toEqual([4, -4, 4, 0]);
  });

  it("the lecture's sequence hinge: 0.2 + 0.5 + 0.7 = 1.4, a third of it 0.467", () => {
    const [scores, targets] = [[[0.8, -0.5, 0.3]], [[1, -1, 1]]];
    expect(sequenceHingeLoss(given(scores), targets).value).toBeCloseTo(1.4, 6);
    expect(sequenceHingeLoss(given(scores), targets, { per: "step" }).value).toBeCloseTo(0.467, 3);
  });

  it("sequence cross-entropy sums over the real steps, and averages over the sequences", () => {
    const logits = tensor([0, 0, 0, 0, 0, 0, Number.NaN, 9], [2, 2, 2]);
    const { value, losses } = sequenceCrossEntropy(logits, [[0, 1], [1]], { lengths: [2, 1] }); // biome-ignore format: two lists
    expect(list(losses)).toEqual(near([2 * Math.log(2), Math.log(2)]));
    expect(value).toBeCloseTo(1.5 * Math.log(2), 6);
  });

  it.each([
    ["meanSquaredError", meanSquaredError, {}, 5 / 2, [-1, 2], "(1 + 4) / 2"],
    ["meanAbsoluteError", meanAbsoluteError, {}, 3 / 2, [-0.5, 0.5], "(1 + 2) / 2"],
    ["huberLoss", huberLoss, { delta: 1.5 }, (0.5 + 1.5 * 1.25) / 2, [-0.5, 0.75], "½ and 1.5 (2 − 0.75)"],
    ["quantileLoss", quantileLoss, { quantile: 0.9 }, (0.9 + 0.2) / 2, [-0.45, 0.05], "0.9 · 1 and 0.1 · 2"],
  ] as const)("%s of 1 and 4 against 2 and 2", (_name, loss, options, value, grad, _why) => {
    const result = loss(given([1, 4]), [2, 2], options);
    expect(result.value).toBeCloseTo(value, 6);
    expect(list(result.grad.data)).toEqual(near([...grad]));
    expect(list(loss(given([2]), [2], options).grad.data).map(Math.abs)).toEqual([0]);
    expect(() => loss(given([1]), [Number.NaN])).toThrow("targets[0] is NaN; expected a finite number");
    expect(() => loss(given([1, 2]), [1])).toThrow("the shape of targets is [1]; expected a target for each");
  });

  it("a quantile for each place of the last axis", () => {
    const quantiles = [0.1, 0.5, 0.9];
    const { grad } = quantileLoss([[[0, 0, 0]]], [[[1, 1, 1]]], { quantile: quantiles, reduction: "sum" });
    expect(list(grad.data)).toEqual(quantiles.map((q) => -q));
  });
});

describe("weights and means", () => {
  const outputs = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
  const targets = tensor([0, 0, 0, 0, 0, 0], [2, 3]);

  it("per step, per sequence, sum and none", () => {
    const lengths = [1, 3];
    const value = (options: object) => meanSquaredError(outputs, targets, { lengths, ...options }).value;
    expect(value({})).toBeCloseTo((1 + 77) / 4, 6);
    expect(value({ per: "sequence" })).toBeCloseTo((1 + 77) / 2, 6);
    expect(value({ reduction: "sum" })).toBeCloseTo(78, 6);
    expect(value({ reduction: "none" })).toBeCloseTo(78, 6);
    expect(value({ per: "label" })).toBeCloseTo((1 + 77 / 3) / 2, 6);
  });

  it("a weight for each sequence, or for each step; 0 takes a NaN out", () => {
    expect(meanSquaredError(outputs, targets, { weights: [1, 0] }).value).toBeCloseTo(14 / 3, 6);
    expect(meanSquaredError(outputs, targets, { weights: [[1, 0, 0], [0, 0, 2]] }).value).toBeCloseTo((1 + 2 * 36) / 3, 6); // biome-ignore format: rows
    const poisoned = tensor([1, Number.NaN], [2, 1]);
    const { value, grad } = meanSquaredError(poisoned, tensor([0, 0], [2, 1]), { weights: [1, 0] });
    expect([value, ...grad.data]).toEqual([1, 2, 0]);
    expect(() => meanSquaredError(outputs, targets, { weights: [1, 2, 3] })).toThrow(
      "the size of weights is 3; expected 2 or 6",
    );
  });

  it("NaN in one sequence never touches another", () => {
    const { losses, grad } = meanSquaredError(tensor([Number.NaN, 1, 2, 3], [2, 2]), tensor([0, 0, 0, 0], [2, 2]), { reduction: "none" }); // biome-ignore format: one line
    expect(losses[0]).toBeNaN();
    expect(losses[1]).toBe(13);
    expect(list(grad.data.subarray(2))).toEqual([4, 6]);
  });

  it("combining is exact and associative: a mean of unequal parts is the mean of the whole", () => {
    const rows = Array.from({ length: 7 }, (_, n) => [Math.sin(n), Math.cos(3 * n), n / 7]);
    const ids = rows.map((_, n) => n % 3);
    const part = (from: number, to: number) => crossEntropy(rows.slice(from, to), ids.slice(from, to));
    const whole = crossEntropy(rows, ids);
    const [a, b, c] = [part(0, 1), part(1, 4), part(4, 7)];
    const left = combine([combine([a, b]), c]);
    const right = combine([a, combine([b, c])]);
    expect(left.value).toBe(right.value);
    expect(combine([c, a, b]).value).toBe(left.value);
    expect(left.value).toBeCloseTo(whole.value, 14);
    expect(list(left.losses)).toEqual(list(whole.losses));
    const grads = [a, b, c].flatMap((result, i) => list(result.grad.data).map((g) => g * combine([a, b, c]).shares[i]));
    expect(grads).toEqual(near(list(whole.grad.data), 12));
    expect(combine([]).value).toBe(0);
  });
});

describe("checkGradient", () => {
  it("finds a wrong gradient, and says where", () => {
    const wrong = (outputs: { data: ArrayLike<number>; shape: readonly number[] }) => ({
      value: outputs.data[0] ** 2 + outputs.data[1],
      grad: { data: Float64Array.of(2 * outputs.data[0], 2), shape: [2] },
    });
    const check = checkGradient(wrong, [3, 1], undefined);
    expect(check.passed).toBe(false);
    expect(check.worst).toMatchObject({ index: [1], analytic: 2, numeric: expect.closeTo(1, 6) });
  });

  it("tells a corner from a mistake", () => {
    const check = checkGradient(hingeLoss, [1, 0.2], [1, 1]);
    expect(check).toMatchObject({ passed: true, checked: 1, corners: [{ index: [0], analytic: 0 }] });
  });

  it("takes random directions where numbers are many, and ragged lists", () => {
    const rows = Array.from({ length: 30 }, (_, t) => Array.from({ length: 10 }, (_, k) => Math.sin(t * k)));
    const labels = rows.map((_, t) => t % 10);
    expect(checkGradient(crossEntropy, [rows], [labels])).toMatchObject({ passed: true, checked: 20 });
    expect(checkGradient(crossEntropy, [[[1, 2]], [[0, 1], [2, 0]]], [[0], [1, 1]]).passed).toBe(true); // biome-ignore format: ragged
    expect(() => checkGradient(crossEntropy, [[-INF, 0]], [0])).toThrow(
      "the loss is Infinity; expected a finite value",
    );
  });
});
