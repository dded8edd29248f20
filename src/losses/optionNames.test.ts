import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { lossCatalogue } from "./catalogue/catalogue.js";
import { crossEntropy } from "./crossEntropy.js";
import { ctcLoss } from "./ctc.js";
import { transducerJointLoss } from "./transducerJoint.js";

describe("options as other libraries call them", () => {
  it.each([...lossCatalogue.keys()])("%s refuses them, and says its own", (name) => {
    const { compute, example } = lossCatalogue.get(name)!;
    const { outputs, targets, options } = example(new Random(1));
    const given = { ...options, label_smoothing: 0.1 } as object;
    expect(() => compute(outputs, targets, given)).toThrow(
      `${name}: an option is "label_smoothing"; expected labelSmoothing, as it is called here.`,
    );
    expect(() => compute(outputs, targets, { ...options, label_smoothing: undefined } as object)).not.toThrow();
  });

  it("where more differs than the way of writing", () => {
    const logits = [[[0, 0, 0]]];
    expect(() => ctcLoss(logits, [[1]], { inputLengths: [1] } as object)).toThrow("expected lengths,");
    expect(() => ctcLoss(logits, [[1]], { target_lengths: [1] } as object)).toThrow("expected labelLengths,");
    expect(() => crossEntropy(logits, [[1]], { weight: [1, 1, 2] } as object)).toThrow(
      "expected classWeights, or weights",
    );
  });

  it("leaves a weight alone where there is one", () => {
    const inputs = { encoder: [[[1, 2]]], predictor: [[[0, 1]]] };
    expect(transducerJointLoss(inputs, [[]], { weight: [[1, 0], [0, 1]] }).value).toBeGreaterThan(0); // biome-ignore format: a matrix
  });
});
