import { describe, expect, it } from "vitest";
import { lossCatalogue } from "../losses/catalogue/catalogue.js";
import { explain } from "./explain.js";
import { rankingNames } from "./ranking.js";

const INF = Number.POSITIVE_INFINITY;
const outputs = [[0.5, -1, 2, 0.25], [1, 1.5, -0.5, 0]]; // biome-ignore format: rows
const targets = [0, 1];

describe.each(rankingNames)("explain %s", (name) => {
  const compute = lossCatalogue.get(name)?.compute as NonNullable<ReturnType<typeof lossCatalogue.get>>["compute"];

  it.each([{}, { negatives: [3, 2, 2] }, { negatives: [[1], [0, 2, 3]] }])(
    "with %j: each step's value is its loss, and the table's slopes are the gradient",
    (options) => {
      const { losses, grad } = compute(outputs, targets, { ...options, reduction: "sum" });
      const { steps } = explain(name, { outputs, targets, options });
      for (const n of [0, 1]) {
        const { value, table, note = "" } = steps[n];
        expect(value).toBeCloseTo(losses[n], 12);
        expect(note).not.toContain("too far apart");
        const slopes = new Float64Array(4);
        for (const row of table?.rows ?? []) slopes[Number.parseInt(String(row[0]), 10)] += row.at(-1) as number;
        slopes.forEach((slope, item) => expect(slope).toBeCloseTo(grad.data[4 * n + item], 12));
      }
    },
  );

  it("says why a step has no formula: ignored, masked, broken, or without negatives", () => {
    const first = (row: number[], options: object = {}) =>
      explain(name, { outputs: [row], targets: [0], options }).steps[0];
    expect(first([1, 2], { ignoreIndex: 0 }).note).toBe("Its label is the ignored id.");
    expect(first([-INF, 2])).toMatchObject({
      value: INF,
      note: expect.stringContaining("Item 0 is wanted and masked"),
    });
    expect(first([1, Number.NaN])).toMatchObject({ value: Number.NaN, note: "A score is NaN or infinite." });
    expect(first([1, 2], { negatives: [] })).toMatchObject({
      value: 0,
      note: expect.stringContaining("nothing to rank"),
    });
  });
});

describe("explain", () => {
  it("shows a mean of pairs, the wanted item counted where it is asked for", () => {
    const options = { includeSelf: true, negatives: [0, 2] };
    const [bpr] = explain("bprLoss", { outputs, targets: [0, 1], options: { ...options, negatives: [[0, 2], [3]] } }).steps; // biome-ignore format: one line
    expect(bpr.numbers?.text).toBe("(softplus(2 − 0.5) + softplus(0.5 − 0.5)) / 2");
    expect(bpr.note).toBe(
      "softplus(−d) is −ln σ(d). The wanted item counts among its negatives; it has no slope there.",
    );
    const [top1] = explain("top1Loss", { outputs, targets, options }).steps;
    expect(top1.numbers?.text).toBe("(σ(2 − 0.5) + σ(2²) + σ(0)) / 2");
  });

  it("shows the hardest negative alone", () => {
    const [step] = explain("rankingHingeLoss", { outputs, targets, options: { rivals: "max", margin: 2 } }).steps;
    expect(step.numbers?.text).toBe("max(0, 2 + 2 − 0.5)");
    expect(step.note).toBe("Only the hardest negative, item 2, counts.");
  });

  it("shows the weights of BPR-max, and what it is made of", () => {
    const [{ numbers, steps = [] }] = explain("bprMaxLoss", {
      outputs,
      targets,
      options: { negatives: [2, 2, 3] },
    }).steps;
    expect(steps.map(({ title }) => title)).toEqual([
      "the weight of the hardest negative: the softmax over the negatives",
      "how surely the wanted item is ahead",
      "how far the negatives' scores are from 0",
    ]);
    expect(steps[0].value).toBeCloseTo(1 / (2 + Math.exp(-1.75)), 12);
    expect(numbers?.text).toMatch(/^1 · 3\.\d+ − ln\(0\.2\d+\)$/);
  });

  it("shows each corrected score once", () => {
    const options = { negatives: [2, 2, 3], logQ: [0, 0, 0.5, -1] };
    const [{ numbers, steps = [] }] = explain("sampledSoftmaxLoss", { outputs, targets, options }).steps;
    expect(steps.map(({ value }) => value)).toEqual([0.5, 1.5, 1.25]);
    expect(numbers?.text).toBe("ln(1 + exp(1.5 − 0.5) + exp(1.5 − 0.5) + exp(1.25 − 0.5))");
  });

  it("gives the loss of scores far apart, and says that the shown numbers cannot", () => {
    for (const name of ["bprMaxLoss", "sampledSoftmaxLoss"]) {
      const [step] = explain(name, { outputs: [[-1e4, 0]], targets: [0], options: {} }).steps;
      expect(step.value).toBe(1e4);
      expect(step.note).toContain("The scores are too far apart for these numbers");
    }
  });
});
