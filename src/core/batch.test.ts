import { describe, expect, it } from "vitest";
import { toBatch } from "./batch.js";
import { stepLabels } from "./labels.js";
import { tensor, zeros } from "./tensor.js";

const classes = { where: "f", argument: "logits", classes: true };
const elements = { where: "f", argument: "outputs", classes: false };

describe("toBatch", () => {
  it.each([
    [[2, 3, 4], classes, 2, 3, 4],
    [[5, 4], classes, 5, 1, 4],
    [[5], elements, 5, 1, 1],
    [[5, 7], elements, 5, 7, 1],
    [[5, 7, 2, 3], elements, 5, 7, 6],
  ])("reads shape %j", (shape, layout, batch, time, width) => {
    expect(toBatch(zeros(shape), layout)).toMatchObject({
      batch,
      time,
      width,
      lengths: new Int32Array(batch).fill(time),
    });
  });

  it("takes lengths from ragged lists, and shorter ones from the caller", () => {
    const lists = [[[1, 2]], [[3, 4], [5, 6]]]; // biome-ignore format: ragged
    expect(Array.from(toBatch(lists, classes).lengths)).toEqual([1, 2]);
    expect(Array.from(toBatch(lists, classes, [0, 1]).lengths)).toEqual([0, 1]);
    expect(() => toBatch(lists, classes, [2, 2])).toThrow("lengths[0] is 2; expected a whole number in 0..1");
  });

  it.each([[-1], [4], [2.5], [Number.NaN]])("row 13: refuses a length of %d by place and range", (length) => {
    expect(() => toBatch(zeros([2, 3, 4]), classes, [1, length])).toThrow(
      `f: lengths[1] is ${length}; expected a whole number in 0..3.`,
    );
  });

  it("row 13: refuses a list of lengths of the wrong size, and a batch without classes", () => {
    expect(() => toBatch(zeros([2, 3, 4]), classes, [1])).toThrow("the size of lengths is 1; expected 2");
    expect(() => toBatch(zeros([2, 3, 0]), classes)).toThrow("expected at least one class");
  });

  it("refuses a shape that does not match its data, or of the wrong rank, or no tensor at all", () => {
    expect(() => toBatch({ data: new Float32Array(5), shape: [2, 3] }, classes)).toThrow(
      "whose product is the 5 numbers",
    );
    expect(() => toBatch(tensor([1, 2]), classes)).toThrow(
      "the shape of logits is [2]; expected [batch, time, classes]",
    );
    expect(() => toBatch("nonsense" as never, classes)).toThrow("expected a tensor");
  });
});

describe("stepLabels", () => {
  const batch = toBatch(zeros([2, 3, 4]), classes, [1, 3]);

  it.each([
    ["ragged", [[1], [2, 3, 0]]],
    [
      "padded lists",
      [
        [1, 99, -7],
        [2, 3, 0],
      ],
    ],
    ["flat and padded", Int32Array.of(1, 99, -7, 2, 3, 0)],
    ["packed", [1, 2, 3, 0]],
  ])("reads %s labels; what lies past a length is never read", (_, labels) => {
    expect(Array.from(stepLabels("f", labels, batch))).toEqual([1, -1, -1, 2, 3, 0]);
  });

  it("leaves the ignored id out", () => {
    expect(Array.from(stepLabels("f", [[-100], [2, -100, 0]], batch, -100))).toEqual([-1, -1, -1, 2, -1, 0]);
  });

  it.each([
    [[[4], [0, 0, 0]], "labels[0][0] is 4; expected an id in 0..3."],
    [[[1], [0, 0.5, 0]], "labels[1][1] is 0.5"],
    [[[1], [0, 0]], "the size of labels[1] is 2; expected 3, one id for each step"],
    [
      [[1], [0, 0, 0, 1]],
      "the size of labels[1] is 4; expected 3, one id for each step. Where these are one-hot rows, give",
    ],
    [
      [
        [1, 0, 0, 0],
        [0, 0, 0],
      ],
      "the size of labels[0] is 4; expected 1..3, one id for each real step",
    ],
    [[[1]], "the size of labels is 1; expected 2, one list for each sequence"],
    [[1, 2], "the size of labels is 2; expected 4, one id for each real step"],
  ])("refuses %j", (labels, message) => {
    expect(() => stepLabels("f", labels as never, batch)).toThrow(message);
  });
});
