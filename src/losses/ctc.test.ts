import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import type { Nested, Tensor } from "../core/tensor.js";
import { tensor } from "../core/tensor.js";
import { type CtcOptions, ctcLoss } from "./ctc.js";
import type { LossResult } from "./reduction.js";

const INF = Number.POSITIVE_INFINITY;
const flat = (T: number, V: number) => Array.from({ length: T }, () => new Array<number>(V).fill(0));

type Compute = (frames: Nested, labels: number[], options?: CtcOptions) => LossResult;
const precisions: [string, number, Compute][] = [
  ["float64", 9, (frames, labels, options) => ctcLoss([frames], [labels], options)],
  ["float32", 6, (frames, labels, options) => ctcLoss(tensor([frames]), [labels], options)],
];

function rows({ grad }: LossResult): number[][] {
  const V = grad.shape[2];
  return Array.from({ length: grad.shape[1] }, (_, t) => Array.from(grad.data.subarray(t * V, (t + 1) * V)));
}
const near = (row: readonly number[], digits = 6) => row.map((x) => expect.closeTo(x, digits));

describe.each(precisions)("ctcLoss, %s: numbers with a reason", (_, digits, ctc) => {
  it.each([
    ["row 1", flat(1, 5), [1], Math.log(5), {}, "one frame, one class of five"],
    ["row 2", flat(3, 4), [1, 2], 3 * Math.log(4) - Math.log(5), {}, "C(5, 4) = 5 alignments of (1/4)³"],
    ["row 6", flat(3, 3), [1, 1], 3 * Math.log(3), {}, "one alignment: 1, blank, 1"],
    ["row 8", flat(4, 3), [1, 2, 2], 4 * Math.log(3), {}, "one alignment: 1, 2, blank, 2"],
    ["row 8", flat(5, 3), [2, 2, 2], 5 * Math.log(3), {}, "one alignment"],
    ["row 9", flat(2, 3), [], 2 * Math.log(3), {}, "blanks alone"],
    [
      "row 18",
      [
        [0, -INF, 0],
        [0, 0, 0],
        [0, -INF, 0],
      ],
      [1],
      Math.log(12),
      {},
      "one alignment of 2·3·2 strings",
    ],
    [
      "row 20",
      [
        [-INF, 0, 0],
        [-INF, 0, 0],
      ],
      [1],
      Math.log(4),
      {},
      "1, 1 of four strings",
    ],
  ] as [string, number[][], number[], number, CtcOptions, string][])(
    "%s: %j, %j → %d",
    (_row, frames, labels, value, options) => {
      expect(ctc(frames, labels, options).value).toBeCloseTo(value, digits - 1);
    },
  );

  it("row 1: the gradient is softmax − posterior", () => {
    expect(rows(ctc(flat(1, 5), [1]))).toEqual([near([0.2, -0.8, 0.2, 0.2, 0.2])]);
  });

  it("row 2: each frame's gradient by counting the five alignments", () => {
    const [first, middle, last] = rows(ctc(flat(3, 4), [1, 2]));
    expect(first).toEqual(near([0.05, -0.55, 0.25, 0.25]));
    expect(middle).toEqual(near([0.05, -0.15, -0.15, 0.25]));
    expect(last).toEqual(near([0.05, 0.25, -0.55, 0.25]));
  });

  it("row 3: the worked example of the warp-ctc tutorial", () => {
    const result = ctc([[0.1, 0.6, 0.1, 0.1, 0.1], [0.1, 0.1, 0.6, 0.1, 0.1]], [1, 2]); // biome-ignore format: frames
    expect(result.value).toBeCloseTo(2.462858, 5);
    expect(rows(result)[0]).toEqual(near([0.177031, -0.708125, 0.177031, 0.177031, 0.177031]));
  });

  it("row 4: a repeated label over three rising frames (k2)", () => {
    const frames = [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12, 13, 14, 15]]; // biome-ignore format: frames
    const result = ctc(frames, [3, 3]);
    expect(result.value).toBeCloseTo(7.355743, 5);
    expect(rows(result)[1]).toEqual(near([-0.988344, 0.031685, 0.086129, 0.234122, 0.636409]));
  });

  it("row 5: warp-ctc's two sequences of probabilities, blank last", () => {
    // The probabilities of TensorFlow's and warp-ctc's own tests; log-probabilities are logits as well.
    const first = [
      [0.633766, 0.221185, 0.0917319, 0.0129757, 0.0142857, 0.0260553],
      [0.111121, 0.588392, 0.278779, 0.0055756, 0.00569609, 0.010436],
      [0.0357786, 0.633813, 0.321418, 0.00249248, 0.00272882, 0.0037688],
      [0.0663296, 0.643849, 0.280111, 0.00283995, 0.0035545, 0.00331533],
      [0.458235, 0.396634, 0.123377, 0.00648837, 0.00903441, 0.00623107],
    ];
    const second = [
      [0.30176, 0.28562, 0.0831517, 0.0862751, 0.0816851, 0.161508],
      [0.24082, 0.397533, 0.0557226, 0.0546814, 0.0557528, 0.19549],
      [0.230246, 0.450868, 0.0389607, 0.038309, 0.0391602, 0.202456],
      [0.280884, 0.429522, 0.0326593, 0.0339046, 0.0326856, 0.190345],
      [0.423286, 0.315517, 0.0338439, 0.0393744, 0.0339315, 0.154046],
    ];
    const logs = (frames: number[][]) => frames.map((frame) => frame.map(Math.log));
    expect(ctc(logs(first), [0, 1, 2, 1, 0], { blank: 5 }).value).toBeCloseTo(3.34211, 4);
    expect(ctc(logs(second), [0, 1, 1, 0], { blank: 5 }).value).toBeCloseTo(5.42262, 4);
  });

  it.each([
    ["row 7", flat(2, 3), [1, 1], "a repeat needs a blank between"],
    ["row 8", flat(3, 3), [1, 2, 2], "the same, with a label before"],
    ["row 8", flat(4, 3), [2, 2, 2], "two blanks between"],
    [
      "row 19",
      [
        [0, -INF, 0],
        [0, -INF, 0],
      ],
      [1],
      "the label is masked in every frame",
    ],
  ])("%s: %j, %j costs Infinity with a zero gradient: %s", (_row, frames, labels) => {
    const result = ctc(frames, labels);
    expect(result.value).toBe(INF);
    expect(result.grad.data.every((x) => x === 0)).toBe(true);
    const forgiven = ctc(frames, labels, { zeroInfinity: true });
    expect([forgiven.value, forgiven.losses[0]]).toEqual([0, 0]);
    expect(forgiven.grad.data.every((x) => x === 0)).toBe(true);
  });

  it("row 9: an empty label's gradient", () => {
    expect(rows(ctc(flat(2, 3), []))).toEqual([near([-2 / 3, 1 / 3, 1 / 3]), near([-2 / 3, 1 / 3, 1 / 3])]);
  });

  it("row 14: a label that is nearly certain keeps its relative accuracy, and is never negative", () => {
    const result = ctc([[0, 17], [0, 17]], [1]); // biome-ignore format: frames
    expect(Math.abs(result.value / 1.713908e-15 - 1)).toBeLessThan(1e-5);
    for (const x of result.grad.data) expect(Math.abs(x)).toBeLessThan(2e-7);
    for (const gap of [5, 10, 25, 40]) {
      // two frames; only blank, blank is not label 1: q = (e^-gap / (1 + e^-gap))²
      const q = (Math.exp(-gap) / (1 + Math.exp(-gap))) ** 2;
      const { value } = ctc([[0, gap], [0, gap]], [1]); // biome-ignore format: frames
      expect(Math.abs(value / -Math.log1p(-q) - 1)).toBeLessThan(1e-5);
    }
  });

  it("row 15: logits 200 apart stay finite in either precision", () => {
    const result = ctc([[100, -100, 0], [-100, 0, 100], [0, 100, -100]], [1, 2]); // biome-ignore format: frames
    expect(result.value).toBeCloseTo(300 - Math.log(2), 4);
    expect(rows(result)[1]).toEqual(near([0, -0.5, 0.5]));
  });

  it("the likeliest path may lead through a symbol fainter than any float32 exponent", () => {
    const result = ctc([[-95e3, -120e3, 0], [0, -95e3, 0]], [1]); // biome-ignore format: frames
    expect(Math.abs(result.value / (120e3 + Math.log(2)) - 1)).toBeLessThan(1e-6);
    expect(rows(result)[0]).toEqual(near([0, -1, 1]));
  });

  it("row 16: the gradient with respect to logits, and to log-probabilities", () => {
    const frames = [[0.5, 0.3, 0.2], [0.25, 0.6, 0.15], [0.4, 0.4, 0.2]].map((frame) => frame.map(Math.log)); // biome-ignore format: frames
    const asLogits = ctc(frames, [1]);
    expect(asLogits.value).toBeCloseTo(0.767871, 5);
    expect(rows(asLogits)).toEqual([
      near([-0.125, -0.075, 0.2]),
      near([0.077586, -0.227586, 0.15]),
      near([-0.078448, -0.121552, 0.2]),
    ]);
    const asLogProbs = ctc(frames, [1], { inputs: "logProbs" });
    expect(asLogProbs.value).toBeCloseTo(0.767871, 5);
    expect(rows(asLogProbs)).toEqual([
      near([-0.625, -0.375, 0]),
      near([-0.172414, -0.827586, 0]),
      near([-0.478448, -0.521552, 0]),
    ]);
    expect(rows(asLogProbs).map((row) => Math.abs(row[2]))).toEqual([0, 0, 0]);
  });

  it("row 17: raw scores may cost less than nothing", () => {
    expect(ctc([[1, 2, -1], [0, 3, 1]], [1], { inputs: "scores" }).value).toBeCloseTo(-5.349012, 5); // biome-ignore format: frames
  });

  it("row 18: no gradient where a class is masked", () => {
    const result = ctc([[0, -INF, 0], [0, 0, 0], [0, -INF, 0]], [1]); // biome-ignore format: frames
    expect(rows(result)).toEqual([near([-0.5, 0, 0.5]), near([1 / 3, -2 / 3, 1 / 3]), near([-0.5, 0, 0.5])]);
    expect([Math.abs(rows(result)[0][1]), Math.abs(rows(result)[2][1])]).toEqual([0, 0]);
  });
});

describe("ctcLoss: batches", () => {
  const zeros = { data: new Float32Array(3 * 4 * 3), shape: [3, 4, 3] };
  const labels = [[1, 2], [], [1]];

  it("row 7: an impossible label leaves the rest of the batch as it was", () => {
    const alone = ctcLoss(tensor([flat(2, 3)]), [[1]], { reduction: "sum" });
    const both = ctcLoss(tensor([flat(2, 3), flat(2, 3)]), [[1, 1], [1]], { reduction: "sum" });
    expect(Array.from(both.losses)).toEqual([INF, alone.losses[0]]);
    expect(Array.from(both.grad.data.subarray(6))).toEqual(Array.from(alone.grad.data));
  });

  it.each([["float32"], ["float64"]])(
    "row 10: no frames read as the empty label, and as no other (%s)",
    (precision) => {
      const data =
        precision === "float32" ? new Float32Array(8).fill(Number.NaN) : new Float64Array(8).fill(Number.NaN);
      const { losses, grad } = ctcLoss({ data, shape: [2, 2, 2] }, [[], [1]], { lengths: [0, 0] });
      expect(Array.from(losses)).toEqual([0, INF]);
      expect(grad.data.every((x) => x === 0)).toBe(true);
      expect(ctcLoss({ data: data.subarray(0, 0), shape: [1, 0, 4] }, [[]]).value).toBe(0);
    },
  );

  it("row 21: the losses of a batch, and its means", () => {
    const { losses, value } = ctcLoss(zeros, labels);
    expect(Array.from(losses)).toEqual(near([1.686399, 4.394449, 2.091864], 5));
    expect(value).toBeCloseTo(2.724237, 5);
    expect(ctcLoss(zeros, labels, { per: "label" }).value).toBeCloseTo(2.443171, 5);
    expect(ctcLoss(zeros, labels, { per: "step" }).value).toBeCloseTo((1.686399 + 4.394449 + 2.091864) / 12, 5);
    expect(ctcLoss(zeros, labels, { reduction: "sum" }).value).toBeCloseTo(3 * 2.724237, 5);
  });

  it("reads labels that are ragged, packed or padded alike", () => {
    const expected = ctcLoss(zeros, labels);
    const labelLengths = [2, 0, 1];
    expect(ctcLoss(zeros, Int32Array.of(1, 2, 1), { labelLengths })).toEqual(expected);
    expect(ctcLoss(zeros, Int32Array.of(1, 2, -9, 99, 1, 0), { labelLengths })).toEqual(expected);
    expect(
      ctcLoss(
        zeros,
        [
          [1, 2],
          [-9, 99],
          [1, 0],
        ],
        { labelLengths },
      ),
    ).toEqual(expected);
  });

  it("row 24: upstream gradients multiply, also by 0 and by less", () => {
    const random = new Random(3);
    const logits = { data: Float32Array.from({ length: 36 }, () => random.normal()), shape: [3, 4, 3] };
    const one = ctcLoss(logits, labels, { reduction: "none" });
    const upstream = [2, 0, -0.5];
    const { grad } = ctcLoss(logits, labels, { reduction: "none", upstream });
    grad.data.forEach((x, i) => expect(x).toBeCloseTo(upstream[Math.floor(i / 12)] * one.grad.data[i], 6));
    const twice = ctcLoss(logits, labels, { upstream: 2 });
    const mean = ctcLoss(logits, labels);
    expect(Array.from(twice.grad.data)).toEqual(Array.from(mean.grad.data, (x) => 2 * x));
  });

  it("weights sequences; a weight of 0 takes even an impossible one out", () => {
    const logits = tensor([flat(2, 3), flat(2, 3)]);
    const { value, grad } = ctcLoss(logits, [[1, 1], [1]], { weights: [0, 3] });
    expect(value).toBeCloseTo(ctcLoss(tensor([flat(2, 3)]), [[1]]).value, 9);
    expect(Array.from(grad.data.subarray(0, 6))).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("row 25: a sequence gives the same bits alone, at each place of a batch, and beside NaN padding", () => {
    const random = new Random(5);
    const T = 11;
    const V = 7;
    const own = Float32Array.from({ length: 8 * V }, () => 3 * random.normal());
    const label = [3, 3, 5];
    const alone = ctcLoss({ data: own, shape: [1, 8, V] }, [label], { reduction: "none" });
    for (let place = 0; place < 3; place++) {
      const data = Float32Array.from({ length: 3 * T * V }, () => random.normal());
      data.fill(Number.NaN, place * T * V, (place + 1) * T * V).set(own, place * T * V);
      const all = [[1], [2, 4], [6, 6, 6]];
      all[place] = label;
      const lengths = [T, T, T];
      lengths[place] = 8;
      const { losses, grad } = ctcLoss({ data, shape: [3, T, V] }, all, { lengths, reduction: "none" });
      expect(losses[place]).toBe(alone.losses[0]);
      expect(grad.data.slice(place * T * V, place * T * V + own.length)).toEqual(alone.grad.data);
      expect(grad.data.slice(place * T * V + own.length, (place + 1) * T * V).every((x) => x === 0)).toBe(true);
    }
  });

  it.each([[Number.NaN], [INF]])("row 26: %d in a real frame poisons its own sequence only", (poison) => {
    const random = new Random(6);
    const data = Float32Array.from({ length: 2 * 5 * 4 }, () => random.normal());
    const clean = ctcLoss({ data, shape: [2, 5, 4] }, [[1], [2, 3]], { reduction: "none" });
    for (const Type of [Float32Array, Float64Array]) {
      const poisoned = Type.from(data);
      poisoned[6] = poison;
      const { losses, grad } = ctcLoss({ data: poisoned, shape: [2, 5, 4] }, [[1], [2, 3]], { reduction: "none" });
      expect(losses[0]).toBeNaN();
      expect(grad.data.subarray(0, 20).every(Number.isNaN)).toBe(true);
      expect(losses[1]).toBeCloseTo(clean.losses[1], 6);
      expect(grad.data.subarray(20).every(Number.isFinite)).toBe(true);
    }
  });

  it("writes into the caller's buffer, and leaves the gradient out when told to", () => {
    const into = new Float32Array(36).fill(7);
    const { grad } = ctcLoss(zeros, labels, { into });
    expect(grad.data).toBe(into);
    expect(grad.data).toEqual(ctcLoss(zeros, labels).grad.data);
    const { value, grad: none } = ctcLoss(zeros, labels, { gradient: false });
    expect(value).toBe(ctcLoss(zeros, labels).value);
    expect(none.data.length).toBe(0);
  });
});

describe("ctcLoss: what it refuses", () => {
  const logits: Tensor = { data: new Float32Array(24), shape: [2, 3, 4] };
  const labels = [[1], [2, 3]];

  it.each([
    ["row 11", [[1], [2, 0]], {}, "labels[1][1] is 0; expected an id in 0..3 other than the blank 0"],
    ["row 11", [[1], [2, 3]], { blank: 3 }, "labels[1][1] is 3; expected an id in 0..3 other than the blank 3"],
    ["row 12", [[1], [-1]], {}, "labels[1][0] is -1; expected an id in 0..3"],
    ["row 12", [[4], [1]], {}, "labels[0][0] is 4"],
    ["row 12", [[1.5], [1]], {}, "labels[0][0] is 1.5"],
    ["row 13", labels, { lengths: [3, 4] }, "lengths[1] is 4; expected a whole number in 0..3"],
    ["row 13", labels, { logitLengths: [-1, 3] }, "logitLengths[0] is -1"],
    ["row 13", labels, { lengths: [2.5, 3] }, "lengths[0] is 2.5"],
    ["row 13", labels, { lengths: [Number.NaN, 3] }, "lengths[0] is NaN"],
    ["row 13", labels, { lengths: [3] }, "the size of lengths is 1; expected 2"],
    ["row 13", labels, { labelLengths: [1, 3] }, "labelLengths[1] is 3; expected a whole number in 0..2"],
    ["row 13", labels, { blank: 4 }, "blank is 4; expected a class in 0..3"],
    ["row 13", labels, { blank: -1 }, "blank is -1"],
    ["", [[1]], {}, "the size of labels is 1; expected 2"],
    ["", [1, 2], {}, "labelLengths is undefined; expected 2 lengths"],
    ["", [1, 2, 3], { labelLengths: [1, 1] }, "the size of labels is 3; expected 2, the sum of labelLengths"],
    ["", labels, { lengths: [1, 1], logitLengths: [1, 1] }, "logitLengths"],
    ["", labels, { inputs: "probabilities" }, 'inputs is "probabilities"; expected "logits" or'],
    ["", labels, { reduction: "average" }, 'reduction is "average"'],
    ["", labels, { into: new Float64Array(24) }, "expected a Float32Array of 24"],
  ])("%s labels %j with %j: %s", (_row, given, options, message) => {
    expect(() => ctcLoss(logits, given as number[][], options as CtcOptions)).toThrow(`ctcLoss: `);
    expect(() => ctcLoss(logits, given as number[][], options as CtcOptions)).toThrow(message);
  });

  it("row 12: an id past the label's length is ignored", () => {
    expect(
      ctcLoss(
        logits,
        [
          [1, -1],
          [2, 99],
        ],
        { labelLengths: [1, 1] },
      ),
    ).toEqual(ctcLoss(logits, [[1], [2]]));
  });

  it("row 13: a batch without classes, or of another rank", () => {
    expect(() => ctcLoss({ data: new Float32Array(0), shape: [2, 3, 0] }, labels)).toThrow("at least one class");
    expect(() => ctcLoss({ data: new Float32Array(6), shape: [2, 3] }, labels)).toThrow(
      "expected [batch, frames, classes]",
    );
  });
});

describe("ctcLoss: long sequences", () => {
  /** ln C(n, k), summed. */
  const logChoose = (n: number, k: number) => {
    let sum = 0;
    for (let i = 1; i <= k; i++) sum += Math.log(n - k + i) - Math.log(i);
    return sum;
  };
  const closedForm = (T: number, U: number, V: number, repeats: number) =>
    T * Math.log(V) - logChoose(T + U - repeats, 2 * U);
  const cycling = (U: number, V: number) => Array.from({ length: U }, (_, u) => 1 + (u % (V - 1)));

  it.each([
    [1000, 200, 50, 3151.918185],
    [2500, 1100, 32, 6262.940126],
  ])("row 22: T=%d U=%d V=%d without repeats → %d", (T, U, V, expected) => {
    expect(closedForm(T, U, V, 0)).toBeCloseTo(expected, 5);
    const { value } = ctcLoss({ data: new Float32Array(T * V), shape: [1, T, V] }, [cycling(U, V)]);
    expect(Math.abs(value / expected - 1)).toBeLessThan(1e-5);
  });

  it("row 22: T=401 U=200, all labels equal", () => {
    const labels = [new Array(200).fill(7)];
    const { value } = ctcLoss({ data: new Float32Array(401 * 50), shape: [1, 401, 50] }, labels);
    expect(Math.abs(value / 1557.423959 - 1)).toBeLessThan(1e-5);
  });

  it.each([255, 256, 257, 1023, 1024, 1025])("row 22: %d labels, where others change their kernel", (U) => {
    const T = Math.ceil(1.3 * U);
    const { value } = ctcLoss({ data: new Float32Array(T * 8), shape: [1, T, 8] }, [cycling(U, 8)]);
    expect(Math.abs(value / closedForm(T, U, 8, 0) - 1)).toBeLessThan(1e-5);
  });
});
