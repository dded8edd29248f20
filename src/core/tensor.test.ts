import { describe, expect, it } from "vitest";
import { flatten, newArray, tensor, toNested, zeros } from "./tensor.js";

describe("tensor, toNested, zeros", () => {
  it("goes from lists to a tensor and back", () => {
    const lists = [[[1, 2], [3, 4], [5, 6]]]; // biome-ignore format: a matrix
    expect(tensor(lists)).toEqual({ data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [1, 3, 2] });
    expect(toNested(tensor(lists))).toEqual(lists);
    expect(toNested(zeros([2, 0, 3]))).toEqual([[], []]);
  });

  it("refuses data that does not fill its shape", () => {
    expect(() => tensor([1, 2, 3], [2, 2])).toThrow("values is 3; expected 4 numbers, for shape [2, 2]");
  });
});

describe("an array that the engine does not grant", () => {
  it("is a typed error, of zeros and of a loss's gradient", () => {
    const what = "the size of a Float32Array is 1099511627776; expected as many numbers as this engine grants";
    expect(() => zeros([2 ** 20, 2 ** 20])).toThrow(`zeros: ${what}`);
    expect(() => newArray("ctcLoss", Float32Array, 2 ** 40)).toThrow(`ctcLoss: ${what}`);
    expect(() => zeros([2, 2 ** 40])).toThrow(expect.objectContaining({ code: "MEMORY" }));
  });
});

describe("flatten", () => {
  it("pads sequences of unequal length, and says how long each is", () => {
    const { data, shape, lengths } = flatten("f", "logits", [
      [[1, 2]],
      [
        [3, 4],
        [5, 6],
      ],
      [],
    ]);
    expect(shape).toEqual([3, 2, 2]);
    expect(Array.from(data)).toEqual([1, 2, 0, 0, 3, 4, 5, 6, 0, 0, 0, 0]);
    expect(Array.from(lengths!)).toEqual([1, 2, 0]);
  });

  it("gives no lengths where all sequences are full", () => {
    expect(
      flatten("f", "logits", [
        [1, 2],
        [3, 4],
      ]),
    ).not.toHaveProperty("lengths");
  });

  it.each([
    [[[[1, 2], [3]]], 'f: logits[0][1] is "a list of 1"; expected a list of 2 numbers'],
    [[[1, 2], 3], "f: logits[1] is 3; expected a list of 2"],
    [[[1, "a"]], 'f: logits[0][1] is "a"; expected a number'],
  ])("refuses %j by its place", (nested, message) => {
    expect(() => flatten("f", "logits", nested as never)).toThrow(message);
  });

  it("keeps an empty batch, and a batch of empty sequences", () => {
    expect(flatten("f", "x", []).shape).toEqual([0]);
    expect(flatten("f", "x", [[], []]).shape).toEqual([2, 0]);
  });
});
