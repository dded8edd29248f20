import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import type { Nested } from "../core/tensor.js";
import { checkGradient } from "./checkGradient.js";
import { type TransducerOptions, transducerLoss } from "./transducer.js";

const nan = Number.NaN;

/** [1, T, U+1, V] of one number. */
const constant = (T: number, U: number, V: number, x = 0) => [
  Array.from({ length: T }, () => Array.from({ length: U + 1 }, () => new Array<number>(V).fill(x))),
];

const softmax = (row: readonly number[]) => {
  const weights = row.map(Math.exp);
  const sum = weights.reduce((total, x) => total + x, 0);
  return weights.map((x) => x / sum);
};

/** Every path: its probability, by the definition. */
function listed(probs: number[][][], label: readonly number[], blank: number): number[] {
  const T = probs.length;
  const found: number[] = [];
  const go = (t: number, u: number, p: number) => {
    if (t === T) {
      if (u === label.length) found.push(p);
      return;
    }
    if (u < label.length) go(t, u + 1, p * probs[t][u][label[u]]);
    go(t + 1, u, p * probs[t][u][blank]);
  };
  go(0, 0, 1);
  return found;
}

const cases = fc
  .record({
    T: fc.integer({ min: 1, max: 4 }),
    U: fc.integer({ min: 0, max: 4 }),
    V: fc.integer({ min: 2, max: 4 }),
    seed: fc.nat(1e6),
  })
  .map(({ T, U, V, seed }) => {
    const random = new Random(seed);
    const blank = random.integer(V);
    const logits = constant(T, U, V)[0].map((frame) => frame.map((row) => row.map(() => 2 * random.normal())));
    const label = Array.from({ length: U }, () => (blank + 1 + random.integer(V - 1)) % V);
    return { T, U, V, blank, logits, label };
  });

describe("transducerLoss", () => {
  it.each([
    ["row 34", 1, 3, [], Math.log(3), "one blank"],
    ["row 35", 1, 3, [1, 2], 3 * Math.log(3), "two labels, then a blank: more labels than frames"],
    ["row 37", 4, 3, [1, 2], 6 * Math.log(3) - Math.log(10), "C(5, 2) = 10 paths of six"],
    ["row 40", 300, 30, Array.from({ length: 100 }, () => 1), 1138.911162, "far below the smallest probability"],
  ])("%s: %i frames, %i classes, label %j costs %f, for it is %s", (row, T, V, label, cost) => {
    const { value, grad } = transducerLoss(constant(T, label.length, V), [label]);
    expect(value).toBeCloseTo(cost, row === "row 40" ? 5 : 12);
    if (row === "row 37") expect(value).toBeCloseTo(4.289089, 6);
    expect(grad.data.every(Number.isFinite)).toBe(true);
  });

  it("row 36: a gradient by hand", () => {
    const { value, grad } = transducerLoss(constant(2, 1, 3), [[1]]);
    expect(value).toBeCloseTo(2.60269, 6);
    const sixth = 1 / 6;
    const expected = [-1, -1, 2, -2, 1, 1, 1, -2, 1, -4, 2, 2].map((x) => x * sixth);
    expected.forEach((x, i) => expect(grad.data[i]).toBeCloseTo(x, 12));
  });

  const vector = [
    [
      [
        [0.1, 0.6, 0.1, 0.1, 0.1],
        [0.1, 0.1, 0.6, 0.1, 0.1],
        [0.1, 0.1, 0.2, 0.8, 0.1],
      ],
      [
        [0.1, 0.6, 0.1, 0.1, 0.1],
        [0.1, 0.1, 0.2, 0.1, 0.1],
        [0.7, 0.1, 0.2, 0.1, 0.1],
      ],
    ],
  ];

  it("row 38: the vector that warp-transducer and torchaudio test with", () => {
    const { value, grad } = transducerLoss(vector, [[1, 2]]);
    expect(value).toBeCloseTo(4.495667, 6);
    [-0.131167, -0.399927, 0.177031, 0.177031, 0.177031].forEach((x, i) => expect(grad.data[i]).toBeCloseTo(x, 6));
  });

  it("row 39: log-probabilities instead of logits give the same loss", () => {
    fc.assert(
      fc.property(cases, ({ logits, label, blank }) => {
        const logProbs = logits.map((frame) => frame.map((row) => softmax(row).map(Math.log)));
        const given = transducerLoss([logProbs], [label], { blank, inputs: "logProbs" });
        const found = transducerLoss([logits], [label], { blank });
        expect(given.value).toBeCloseTo(found.value, 10);
      }),
    );
  });

  it("row 41: the third axis is the longest label and one more", () => {
    expect(() => transducerLoss(constant(2, 1, 3), [[1, 2]])).toThrow(/third extent of logits is 2; expected 3/);
    expect(() => transducerLoss(constant(2, 3, 3), [[1, 2]])).toThrow(/third extent of logits is 4; expected 3/);
    expect(() => transducerLoss([[[0, 0]]], [[1]])).toThrow(/expected \[batch, frames, labels \+ 1, classes\]/);
  });

  it("row 42: padding holds NaN and is never read; its gradient is exactly 0, a real row's sums to 0", () => {
    const random = new Random(3);
    const real = (t: number, u: number, b: number) => b === 0 || (t < 2 && u < 2);
    const logits = [0, 1].map((b) =>
      Array.from({ length: 3 }, (_, t) =>
        Array.from({ length: 4 }, (_, u) => Array.from({ length: 3 }, () => (real(t, u, b) ? random.normal() : nan))),
      ),
    );
    const labels = [[1, 1, 2], [2]];
    const { losses, grad } = transducerLoss(logits, labels, { lengths: [3, 2], reduction: "sum" });
    const alone = transducerLoss([logits[1].slice(0, 2).map((frame) => frame.slice(0, 2))], [[2]]);
    expect(losses[1]).toBe(alone.value);
    for (let i = 0; i < 2 * 3 * 4; i++) {
      const [b, t, u] = [Math.floor(i / 12), Math.floor((i % 12) / 4), i % 4];
      const row = Array.from(grad.data.slice(3 * i, 3 * i + 3));
      if (real(t, u, b)) expect(row[0] + row[1] + row[2]).toBeCloseTo(0, 12);
      else expect(row).toEqual([0, 0, 0]);
    }
  });

  it("is −ln of the sum over every path", () => {
    fc.assert(
      fc.property(cases, ({ logits, label, blank }) => {
        const paths = listed(
          logits.map((frame) => frame.map(softmax)),
          label,
          blank,
        );
        const sum = paths.reduce((total, p) => total + p, 0);
        expect(transducerLoss([logits], [label], { blank }).value).toBeCloseTo(-Math.log(sum), 10);
      }),
    );
  });

  it("all labels together have probability 1, where one frame may write one label", () => {
    const afterNone = [0.3, -0.2, 1];
    const afterOne = [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const total = [[], [1], [2]].reduce((sum, label) => {
      const rows = [afterNone, afterOne].slice(0, label.length + 1);
      return sum + Math.exp(-transducerLoss([[rows]], [label]).value);
    }, 0);
    expect(total).toBeCloseTo(1, 12);
  });

  it("has the gradient that central differences give, of logits and of log-probabilities, under every option", () => {
    const weights = fc.constantFrom(undefined, [2]);
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom("logits", "logProbs"),
        weights,
        ({ logits, label, blank }, inputs, sequenceWeights) => {
          const options = {
            blank,
            inputs,
            per: "label",
            ...(sequenceWeights && { weights: sequenceWeights }),
          } as TransducerOptions;
          expect(checkGradient(transducerLoss, [logits] as Nested, [label], options).passed).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("an impossible label costs Infinity with a zero gradient, and 0 with zeroInfinity", () => {
    const minus = Number.NEGATIVE_INFINITY;
    const never = [[0, minus, 0]];
    const logits = [
      [[...never, [0, 0, 0]]],
      [
        [
          [0, 1, 2],
          [0, 0, 0],
        ],
      ],
    ];
    const { losses, grad } = transducerLoss(logits, [[1], [1]], { reduction: "none" });
    expect(losses[0]).toBe(Number.POSITIVE_INFINITY);
    expect(Array.from(grad.data.slice(0, 6))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(losses[1]).toBeLessThan(10);
    const zeroed = transducerLoss(logits, [[1], [1]], { zeroInfinity: true, reduction: "sum" });
    expect(zeroed.value).toBe(losses[1]);
    const empty = { data: new Float64Array(0), shape: [1, 0, 1, 3] };
    expect(transducerLoss(empty, [[]]).value).toBe(Number.POSITIVE_INFINITY);
  });

  it("NaN in one sequence stays there", () => {
    const logits = [constant(2, 1, 3)[0], constant(2, 1, 3)[0]];
    logits[0][1][0][2] = nan;
    const { losses, grad } = transducerLoss(logits, [[1], [1]], { reduction: "none" });
    expect(losses[0]).toBeNaN();
    expect(losses[1]).toBeCloseTo(2.60269, 5);
    expect(grad.data.slice(0, 12).every(Number.isNaN)).toBe(true);
    expect(grad.data.slice(12).every(Number.isFinite)).toBe(true);
  });

  it("takes float32 tensors, flat labels, `into`, and no gradient", () => {
    const data = Float32Array.from(vector.flat(3));
    const tensor = { data, shape: [1, 2, 3, 5] };
    const into = new Float32Array(30).fill(9);
    const { value, grad } = transducerLoss(tensor, Int32Array.of(1, 2), { labelLengths: [2], into });
    expect(value).toBeCloseTo(4.495667, 6);
    expect(grad.data).toBe(into);
    expect(into[0]).toBeCloseTo(-0.131167, 6);
    const none = transducerLoss(tensor, [[1, 2]], { gradient: false });
    expect(none.grad.data).toHaveLength(0);
    expect(none.value).toBe(value);
  });

  it.each<[string, unknown, unknown, object, RegExp]>([
    [
      "a blank among the labels",
      constant(2, 1, 3),
      [[0]],
      {},
      /labels\[0\]\[0\] is 0; expected .*other than the blank/,
    ],
    ["a label out of range", constant(2, 1, 3), [[3]], {}, /labels\[0\]\[0\] is 3/],
    ["a blank out of range", constant(2, 1, 3), [[1]], { blank: 3 }, /blank is 3; expected a class in 0\.\.2/],
    ["a length beyond the frames", constant(2, 1, 3), [[1]], { lengths: [3] }, /lengths\[0\] is 3/],
    ["two names of one option", constant(2, 1, 3), [[1]], { lengths: [2], logitLengths: [2] }, /two names/],
    ["weights of steps", constant(2, 1, 3), [[1]], { weights: [[1, 1]] }, /one weight for each sequence/],
    ["scores", constant(2, 1, 3), [[1]], { inputs: "scores" }, /inputs is "scores"; expected "logits" or "logProbs"/],
  ])("refuses %s", (_, logits, labels, options, message) => {
    expect(() => transducerLoss(logits as Nested, labels as number[][], options)).toThrow(message);
  });
});
