import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { type Tensor, zeros } from "../core/tensor.js";
import { lossCatalogue } from "./catalogue/catalogue.js";
import { combineLosses } from "./combineLosses.js";
import { crfLoss } from "./crf.js";
import { crossEntropy } from "./crossEntropy.js";
import { ctcLoss } from "./ctc.js";
import type { LossResult } from "./reduction.js";
import { meanAbsoluteError, meanSquaredError } from "./regression.js";
import { structuredHingeLoss } from "./structuredHinge.js";
import { transducerLoss } from "./transducer.js";

const random = new Random(1);
const draw = (shape: readonly number[]): Tensor<Float32Array> => {
  const { data } = zeros(shape);
  return { data: data.map(() => random.normal()), shape };
};

/** All numbers of a result. */
const numbers = ({ value, losses, grad, sum, weight }: LossResult) => [value, sum, weight, ...losses, ...grad.data];

describe("into: an earlier result", () => {
  it.each([...lossCatalogue.keys()])("%s writes the numbers of a new one into its arrays", (name) => {
    const { example, compute } = lossCatalogue.get(name)!;
    const { outputs, targets, options } = example(new Random(1));
    const plain = compute(outputs, targets, options);
    const earlier = compute(outputs, targets, { ...options, reduction: "sum", upstream: 3 });
    const again = compute(outputs, targets, { ...options, into: earlier });
    expect(numbers(again)).toEqual(numbers(plain));
    expect(again.grad.data).toBe(earlier.grad.data);
    expect(again.losses).toBe(earlier.losses);
  });

  it("in float32 too, also where a loss is impossible, a sequence has no weight, and no gradient is wanted", () => {
    const logits = draw([3, 6, 5]);
    const labels = [[1, 2], [3, 3, 3, 3], []];
    for (const options of [{}, { weights: [1, 0, 2] }, { gradient: false }, { lengths: [6, 5, 0] }]) {
      const plain = ctcLoss(logits, labels, options);
      const earlier = ctcLoss(draw([3, 6, 5]), labels);
      const again = ctcLoss(logits, labels, { ...options, into: earlier });
      expect(numbers(again)).toEqual(numbers(plain));
      expect(again.losses).toBe(earlier.losses);
    }
  });

  it("is returned, so that nothing is left to the collector; what it said before is gone", () => {
    const earlier = meanSquaredError(draw([2, 3]), draw([2, 3]));
    const [outputs, targets] = [draw([2, 3]), draw([2, 3])];
    const { shape } = outputs;
    const again = meanSquaredError(outputs, targets, { into: earlier });
    expect(again).toBe(earlier);
    expect(again).toEqual(meanSquaredError(outputs, targets));
    expect(again.grad.shape).toBe(shape);
  });

  it("keeps its gradient where none is wanted: the losses alone are written again, in a new result", () => {
    const earlier = meanSquaredError(draw([2, 3]), draw([2, 3]));
    const grad = Array.from(earlier.grad.data);
    const [outputs, targets] = [draw([2, 3]), draw([2, 3])];
    const again = meanSquaredError(outputs, targets, { into: earlier, gradient: false });
    expect(again).not.toBe(earlier);
    expect(again.losses).toBe(earlier.losses);
    expect(Array.from(earlier.grad.data)).toEqual(grad);
    expect(meanSquaredError(targets, outputs, { into: again, gradient: false })).toBe(again);
  });

  it("structuredHingeLoss writes its competitors again", () => {
    const tags = [
      [0, 1, 2, 1],
      [2, 2, 0, 1],
    ];
    const earlier = structuredHingeLoss(draw([2, 4, 3]), tags);
    const [competitors, first] = [earlier.competitors, earlier.competitors[0].tags];
    const emissions = draw([2, 4, 3]);
    const again = structuredHingeLoss(emissions, tags, { into: earlier, lengths: [4, 2] });
    expect(again).toEqual(structuredHingeLoss(emissions, tags, { lengths: [4, 2] }));
    expect(again.competitors).toBe(competitors);
    expect(again.competitors[0].tags).toBe(first);
  });

  it("serves a loop whose first step has none yet", () => {
    let result: LossResult | undefined;
    for (let step = 0; step < 3; step++) {
      const logits = draw([4, 7]);
      const earlier: LossResult | undefined = result;
      result = crossEntropy(logits, [0, 1, 2, 6], { into: earlier });
      expect(numbers(result)).toEqual(numbers(crossEntropy(logits, [0, 1, 2, 6])));
      if (earlier !== undefined) expect(result).toBe(earlier);
    }
  });

  it("crfLoss writes the gradients of the shared scores into its arrays", () => {
    const tags = [
      [0, 1, 2, 1],
      [2, 2, 0, 1],
    ];
    const options = { transitions: draw([3, 3]), start: [0, 1, 2] };
    const emissions = draw([2, 4, 3]);
    const plain = crfLoss(emissions, tags, options);
    const earlier = crfLoss(draw([2, 4, 3]), tags, options);
    const again = crfLoss(emissions, tags, { ...options, into: earlier });
    for (const name of ["gradTransitions", "gradStart", "gradEnd"] as const) {
      expect(again[name].data).toBe(earlier[name].data);
      expect(again[name]).toEqual(plain[name]);
    }
    expect(() => crfLoss(emissions, tags, { into: { gradStart: draw([4]) } })).toThrow(
      'crfLoss: into.gradStart is "a Float32Array of 4"; expected a Float32Array of 3, like the scores.',
    );
  });

  it("of a combined loss, and of a dialect whose axes are turned", () => {
    const loss = combineLosses([
      [1, meanSquaredError],
      [0.5, meanAbsoluteError],
    ]);
    const [outputs, targets] = [draw([2, 3]), draw([2, 3])];
    const combined = loss(outputs, targets);
    expect(loss(outputs, targets, { into: loss(targets, outputs) }).losses).toEqual(combined.losses);
    const logits = draw([6, 3, 5]); // time first
    const earlier = ctcLoss(draw([6, 3, 5]), [[1], [2], [3, 1]], { dialect: "torch" });
    const plain = ctcLoss(logits, [[1], [2], [3, 1]], { dialect: "torch" });
    const again = ctcLoss(logits, [[1], [2], [3, 1]], { dialect: "torch", into: earlier });
    expect(numbers(again)).toEqual(numbers(plain));
    expect(again.losses).toBe(earlier.losses);
    expect(again.grad.data).toBe(earlier.grad.data);
  });

  it.each([
    [
      "losses of another number",
      { losses: new Float64Array(2) },
      'into.losses is "a Float64Array of 2"; expected a Float64Array of 3, one for each sequence',
    ],
    ["losses of another type", { losses: new Float32Array(3) as never }, 'into.losses is "a Float32Array of 3"'],
    [
      "a gradient of another size",
      { grad: zeros([3, 6, 4]) },
      'into.grad is "a Float32Array of 72"; expected a Float32Array of 90, like the outputs',
    ],
    ["an empty gradient", { grad: zeros([0]) }, 'into.grad is "a Float32Array of 0"'],
  ])("refuses %s", (_, into, message) => {
    expect(() => ctcLoss(draw([3, 6, 5]), [[1], [2], [3]], { into })).toThrow(message);
  });

  it("transducerLoss keeps what it is given where only the losses are", () => {
    const logits = draw([2, 3, 2, 4]);
    const losses = new Float64Array(2);
    const result = transducerLoss(logits, [[1], [2]], { into: { losses } });
    expect(result.losses).toBe(losses);
    expect(numbers(result)).toEqual(numbers(transducerLoss(logits, [[1], [2]])));
  });
});
