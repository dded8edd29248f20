import { describe, expect, it } from "vitest";
import { checkGradient } from "./checkGradient.js";
import { crossEntropy } from "./crossEntropy.js";
import { type SampledSoftmaxOptions, sampledSoftmaxLoss } from "./sampledSoftmax.js";

const scores = [0.4, -0.9, 1.3, 0.2];
const list = (data: ArrayLike<number>) => Array.from(data);

/** Every way to draw `count` items, with its probability. */
function draws(chances: readonly number[], count: number): [number[], number][] {
  if (count === 0) return [[[], 1]];
  return draws(chances, count - 1).flatMap(([items, p]) =>
    chances.map((chance, item): [number[], number] => [[...items, item], p * chance]),
  );
}

describe("sampledSoftmaxLoss", () => {
  it.each([
    [{ negatives: [1, 2] }, [0, 0, 0, 9], Math.log(3), "three of four items alike; the fourth was not drawn"],
    [{ negatives: [1, 1] }, [0, 0, 0, 9], Math.log(3), "drawn twice, counted twice"],
    [{ negatives: [0, 1] }, [0, 0, 0, 9], Math.log(2), "the wanted item among the draws is left out"],
    [
      { negatives: [1], logQ: [Math.log(2), Math.log(6), 0, 0] },
      [0, 0, 0, 0],
      Math.log(1 + 2 / 6),
      "e^0 / 6 against e^0 / 2",
    ],
    [
      { negatives: [1], logQ: [Math.log(2), Math.log(6), 0, 0], corrects: "negatives" },
      [0, 0, 0, 0],
      Math.log(1 + 1 / 6),
      "e^0 / 6 against e^0",
    ],
  ] as [SampledSoftmaxOptions, number[], number, string][])("%j of %j costs %d: %s", (options, row, value) => {
    expect(sampledSoftmaxLoss([row], [0], options).value).toBeCloseTo(value, 12);
  });

  it("corrected on the negatives alone, e^loss is 1 / softmax on average: all 4³ draws", () => {
    const chances = [0.1, 0.2, 0.3, 0.4];
    const count = 3;
    const logQ = chances.map((chance) => Math.log(count * chance));
    for (const label of [0, 2]) {
      let mean = 0;
      for (const [negatives, p] of draws(chances, count)) {
        mean += p * Math.exp(sampledSoftmaxLoss([scores], [label], { negatives, logQ, corrects: "negatives" }).value);
      }
      expect(mean).toBeCloseTo(Math.exp(crossEntropy([scores], [label]).value), 12);
    }
  });

  it("corrected on all, scores of ln p are where the expected slope is 0: every subset of independent draws", () => {
    const p = [0.5, 0.1, 0.15, 0.25];
    const drawn = [0.3, 0.9, 0.4, 0.6];
    const slopes = (options: SampledSoftmaxOptions) => {
      const mean = new Float64Array(4);
      for (let label = 0; label < 4; label++) {
        for (let subset = 0; subset < 2 ** 4; subset++) {
          const negatives = p.flatMap((_, item) => ((subset >> item) & 1 ? [item] : []));
          const chance = drawn.reduce((all, q, item) => all * (negatives.includes(item) ? q : 1 - q), p[label]);
          const { grad } = sampledSoftmaxLoss([p.map((x) => Math.log(x) + 7)], [label], { ...options, negatives });
          grad.data.forEach((slope, item) => (mean[item] += chance * slope));
        }
      }
      return list(mean);
    };
    const logQ = drawn.map(Math.log);
    for (const slope of slopes({ logQ })) expect(slope).toBeCloseTo(0, 14);
    expect(Math.max(...slopes({}).map(Math.abs))).toBeGreaterThan(0.01);
  });

  it("corrected on all, a constant in logQ changes nothing, and the correction is a shift of the scores", () => {
    const logQ = [-1, -3, -0.5, -2];
    const given = { negatives: [0, 1, 3] };
    const plain = sampledSoftmaxLoss([scores], [2], { ...given, logQ });
    expect(sampledSoftmaxLoss([scores], [2], { ...given, logQ: logQ.map((x) => x + 5) }).value).toBeCloseTo(plain.value, 12); // biome-ignore format: one line
    const shifted = sampledSoftmaxLoss([scores.map((score, item) => score - logQ[item])], [2], given);
    expect(shifted.value).toBeCloseTo(plain.value, 12);
    list(shifted.grad.data).forEach((slope, item) => expect(slope).toBeCloseTo(plain.grad.data[item], 12));
  });

  it("the gradient is the slope, with draws repeated and either correction", () => {
    for (const corrects of ["all", "negatives"] as const) {
      const options: SampledSoftmaxOptions = { negatives: [[1, 1, 3], [0, 2]], logQ: [-1, -3, -0.5, -2], corrects }; // biome-ignore format: lists
      const check = checkGradient(sampledSoftmaxLoss, [scores, [2, 0, -1, 0.5]], [2, 3], options);
      expect(check).toMatchObject({ passed: true, checked: 8 });
    }
  });

  it("a loss near 0 keeps its relative accuracy", () => {
    const { value } = sampledSoftmaxLoss([[45, 0, 0]], [0], { negatives: [1, 2] });
    expect(value / (2 * Math.exp(-45))).toBeCloseTo(1, 12);
  });

  it.each([
    [{ logQ: [0, 0] }, "LENGTH", "sampledSoftmaxLoss: the size of logQ is 2; expected 4, one for each item."],
    [{ logQ: [0, 0, Number.NEGATIVE_INFINITY, 0] }, "VALUE", "logQ[2] is -Infinity; expected a finite number. An item"],
    [{ logQ: [Number.NaN, 0, 0, 0] }, "VALUE", "logQ[0] is NaN; expected a finite number."],
    [{ corrects: "none" }, "OPTION", 'corrects is "none"; expected "all" or "negatives".'],
  ] as unknown as [SampledSoftmaxOptions, string, string][])("refuses %o: %s", (options, code, message) => {
    const run = () => sampledSoftmaxLoss([scores], [0], options);
    expect(run).toThrow(message);
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});
