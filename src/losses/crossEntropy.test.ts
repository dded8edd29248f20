import { describe, expect, it } from "vitest";
import { tensor } from "../core/tensor.js";
import { crossEntropy } from "./crossEntropy.js";

describe("crossEntropy: numbers with a reason", () => {
  it("row 49: three classes alike cost ln 3", () => {
    const { value, grad } = crossEntropy([[0, 0, 0]], [2]);
    expect(value).toBeCloseTo(Math.log(3), 12);
    expect(Array.from(grad.data)).toEqual([1 / 3, 1 / 3, -2 / 3].map((x) => expect.closeTo(x, 12)));
  });

  it("row 50: logits four thousand apart cost their difference, in float32 too", () => {
    const { value, grad } = crossEntropy(tensor([[-4885.4614, 4878.027]]), [0]);
    expect(value).toBeCloseTo(9763.4884, 2);
    expect(Array.from(grad.data)).toEqual([-1, 1]);
  });

  it("row 51: an ignored step counts nowhere; smoothing and class weights as PyTorch divides them", () => {
    const logits = [[1, 2, 3], [1, 0, 0], [0, 0, 5]]; // biome-ignore format: one row a step
    const options = { ignoreIndex: -1, labelSmoothing: 0.1 };
    const plain = crossEntropy(logits, [0, -1, 1], options);
    expect(plain.value).toBeCloseTo(3.577163, 6);
    expect(Array.from(plain.grad.data.subarray(3, 6))).toEqual([0, 0, 0]);
    expect(crossEntropy(logits, [0, -1, 1], { ...options, classWeights: [1, 2, 0.5] }).value).toBeCloseTo(3.957796, 6);
  });

  it("row 52: everything ignored is a mean over nothing, 0 with a zero gradient", () => {
    const { value, grad } = crossEntropy(tensor([[1, 2]]), [-1], { ignoreIndex: -1 });
    expect(value).toBe(0);
    expect(Array.from(grad.data)).toEqual([0, 0]);
  });

  it("row 53: an id out of range is refused by place and range", () => {
    expect(() =>
      crossEntropy(
        [
          [
            [0, 0],
            [0, 0],
          ],
        ],
        [[1, 2]],
      ),
    ).toThrow("labels[0][1] is 2; expected an id in 0..1");
  });
});
