import { describe, expect, it } from "vitest";
import { tensor } from "../core/tensor.js";
import { accuracy, sequenceAccuracy, tokenAccuracy } from "./accuracy.js";

describe("accuracy", () => {
  const outputs = [[0, 2, 1], [3, 1, 2], [1, 1, 1]]; // biome-ignore format: one row a step

  it.each([
    [1, [1, 0, 0], 3],
    [1, [0, 2, 1], 0],
    [2, [2, 2, 1], 3],
    [2, [0, 1, 2], 0],
    [3, [0, 1, 2], 3],
    [9, [0, 1, 2], 3],
  ])("top %d of %j: %d right; of equal outputs the lowest id comes first", (top, labels, right) => {
    expect(accuracy(outputs, labels, { top })).toEqual({
      rate: right / 3,
      right,
      counted: 3,
      sequenceRate: right / 3,
    });
    expect(accuracy(tensor(outputs), labels, { top }).right).toBe(right);
  });

  it("leaves out ignored steps and padding, which is never read", () => {
    const batch = tensor([
      [[2, 1], [1, 2], [1, 2]],
      [[1, 2], [Number.NaN, 0], [0, Number.NaN]],
    ]); // biome-ignore format: one row a step
    const options = { lengths: [3, 1], ignoreIndex: -100 };
    expect(accuracy(batch, [[0, -100, 0], [1]], options)).toEqual({
      rate: 2 / 3,
      right: 2,
      counted: 3,
      sequenceRate: 0.5,
    });
  });

  it("NaN is never right, and over nothing the rate is 0", () => {
    const broken = [[Number.NaN, 1], [1, Number.NaN], [Number.NaN, Number.NaN]]; // biome-ignore format: steps
    expect(accuracy(broken, [0, 1, 0], { top: 2 })).toMatchObject({ right: 0, counted: 3 });
    expect(accuracy([[0, 1]], [-1], { ignoreIndex: -1 })).toMatchObject({ rate: 0, right: 0, counted: 0 });
  });

  it("refuses labels out of range, and a top below 1", () => {
    expect(() => accuracy([[0, 1]], [2])).toThrow("accuracy: labels[0] is 2; expected an id in 0..1");
    expect(() => accuracy([[0, 1]], [1], { top: 0 })).toThrow("top is 0");
  });
});

describe("accuracy of ids", () => {
  it("by token: sequences of the same lengths", () => {
    expect(tokenAccuracy([[1, 2, 0], Int32Array.of(3)], [[1, 0, 0], [3]])).toEqual({
      rate: 0.75,
      right: 3,
      counted: 4,
      sequenceRate: 0.5,
    });
    expect(tokenAccuracy([[1, -1]], [[1, 5]], { ignoreIndex: -1 })).toMatchObject({ right: 1, counted: 1 });
    expect(() => tokenAccuracy([[1, 2]], [[1]])).toThrow("the size of hypotheses[0] is 1; expected 2");
    expect(() => tokenAccuracy([[1]], [])).toThrow("the number of hypotheses is 0; expected 1");
  });

  it("by sequence: all of it, and nothing more", () => {
    expect(sequenceAccuracy([[1, 2], [3], [], "ab"], [[1, 2], [3, 3], [], "ab"])).toMatchObject({
      rate: 0.75,
      right: 3,
      counted: 4,
    });
    expect(sequenceAccuracy([], []).rate).toBe(0);
    expect(() => sequenceAccuracy(["a"], [])).toThrow("sequenceAccuracy: the number of hypotheses is 0; expected 1");
  });
});
