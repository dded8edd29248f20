import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeqlossError } from "../core/errors.js";
import { logSoftmax } from "../core/numeric.js";
import { Random } from "../core/random.js";
import { lossCatalogue } from "../losses/catalogue/catalogue.js";
import { ctcLoss } from "../losses/ctc.js";
import { type BatchEvidence, readBatch } from "./batch.js";
import { blankReferences } from "./blanks.js";
import { diagnose } from "./diagnose.js";

const codes = (batch: BatchEvidence) => diagnose({ batch }).findings.map(({ code }) => code);
const first = (batch: BatchEvidence) => diagnose({ batch }).findings[0];

/** [B, T, V] normal numbers; `bias` is added to one class. */
function logits(B: number, T: number, V: number, { seed = 1, scale = 1, bias = 0, to = 0 } = {}): number[][][] {
  const random = new Random(seed);
  const row = () => Array.from({ length: V }, (_, k) => scale * random.normal() + (k === to ? bias : 0));
  return Array.from({ length: B }, () => Array.from({ length: T }, row));
}

const ids = (B: number, T: number, V: number, seed = 2): number[][] => {
  const random = new Random(seed);
  return Array.from({ length: B }, () => Array.from({ length: T }, () => random.integer(V)));
};

/** Logits that give each label `margin` more than the other classes. */
const confident = (labels: readonly (readonly number[])[], V: number, margin: number): number[][][] =>
  labels.map((list) => list.map((id) => Array.from({ length: V }, (_, k) => (k === id ? margin : 0))));

const softmax = (rows: number[][][]) =>
  rows.map((sequence) => sequence.map((row) => Array.from(logSoftmax(row), Math.exp)));
const logSoftmaxOf = (rows: number[][][]) => rows.map((sequence) => sequence.map((row) => Array.from(logSoftmax(row))));

const poison = (rows: number[][][], b: number, t: number, k: number, value: number): number[][][] => {
  rows[b][t][k] = value;
  return rows;
};

/** 0s and 1s with a share of 1s, as [B, T]. */
const rare = (B: number, T: number, every: number) =>
  Array.from({ length: B }, (_, b) => Array.from({ length: T }, (_, t) => Number((b * T + t) % every === 0)));

const stepsOf = (B: number, T: number, value: (b: number, t: number) => number) =>
  Array.from({ length: B }, (_, b) => Array.from({ length: T }, (_, t) => value(b, t)));

/** Label lists padded with an id to their longest. */
const padded = (lists: number[][], id: number) => {
  const most = Math.max(...lists.map(({ length }) => length));
  return lists.map((list) => [...list, ...Array.from({ length: most - list.length }, () => id)]);
};
const ragged = [3, 7, 5, 6, 7, 4].map((length, b) => ids(1, length, 8, b)[0]);

describe("a batch broken on purpose", () => {
  const broken: [what: string, batch: BatchEvidence, code: string, where: string | undefined, remedy: RegExp][] = [
    [
      "a label longer than its frames",
      {
        loss: "ctcLoss",
        outputs: logits(2, 3, 4),
        targets: [
          [1, 2],
          [1, 1, 2],
        ],
      },
      "labels-do-not-fit",
      "labels[1]",
      /smaller stride/,
    ],
    [
      "zeroInfinity, which hides it",
      {
        loss: "ctcLoss",
        outputs: logits(2, 3, 4),
        targets: [
          [1, 2],
          [1, 1, 2],
        ],
        options: { zeroInfinity: true },
      },
      "labels-do-not-fit",
      "labels[1]",
      /smaller stride/,
    ],
    [
      "the blank among labels",
      { loss: "ctcLoss", outputs: logits(1, 6, 4), targets: [[1, 0, 2]] },
      "blank-in-labels",
      "labels[0][1]",
      /another blank/,
    ],
    [
      "labels padded with the blank",
      {
        loss: "ctcLoss",
        outputs: logits(2, 6, 4),
        targets: [
          [1, 2, 3],
          [1, 0, 0],
        ],
      },
      "blank-in-labels",
      "labels[1][1]",
      /labelLengths/,
    ],
    [
      "flat labels of CTC beyond the classes",
      {
        loss: "ctcLoss",
        outputs: logits(2, 6, 4),
        targets: Int32Array.of(1, 2, 9, 3),
        options: { labelLengths: [3, 1] },
      },
      "label-out-of-range",
      "labels[0][2]",
      /as many classes/,
    ],
    [
      "labels counted from 1",
      { loss: "crossEntropy", outputs: logits(1, 3, 3), targets: [[1, 2, 3]] },
      "label-out-of-range",
      "labels[0][2]",
      /subtract 1/,
    ],
    [
      "a mark for steps to leave out, without saying so",
      { loss: "crossEntropy", outputs: logits(1, 3, 3), targets: [[1, 2, -100]] },
      "label-out-of-range",
      "labels[0][2]",
      /ignoreIndex: -100/,
    ],
    [
      "lengths of the input, before a stride of 4",
      { loss: "ctcLoss", outputs: logits(2, 10, 4), targets: [[1], [2]], options: { lengths: [40, 36] } },
      "lengths-too-long",
      "lengths[0]",
      /one step in 4/,
    ],
    [
      "time before batch",
      { loss: "ctcLoss", outputs: logits(9, 2, 4), targets: [[1], [2]] },
      "axes-swapped",
      "outputs",
      /Transpose/,
    ],
    [
      "classes before time",
      { loss: "crossEntropy", outputs: logits(2, 5, 7), targets: ids(2, 7, 5) },
      "axes-swapped",
      "outputs",
      /Transpose/,
    ],
    [
      "NaN",
      { loss: "ctcLoss", outputs: poison(logits(3, 5, 4), 1, 2, 3, Number.NaN), targets: [[1], [2], [3]] },
      "output-not-finite",
      "outputs[1][2][3]",
      /learning rate/,
    ],
    [
      "+Infinity",
      { loss: "crossEntropy", outputs: poison(logits(1, 2, 3), 0, 1, 0, Infinity), targets: [[1, 0]] },
      "output-not-finite",
      "outputs[0][1][0]",
      /learning rate/,
    ],
    [
      "a missing target",
      { loss: "meanSquaredError", outputs: [[1, 2]], targets: [[1, Number.NaN]] },
      "target-not-finite",
      "targets[0][1]",
      /weight of 0/,
    ],
    [
      "probabilities as logits",
      { loss: "crossEntropy", outputs: softmax(logits(2, 5, 4)), targets: ids(2, 5, 4) },
      "already-softmax",
      "outputs",
      /before the softmax/,
    ],
    [
      "logits as log-probabilities",
      { loss: "negativeLogLikelihood", outputs: logits(2, 5, 4), targets: ids(2, 5, 4) },
      "not-normalised",
      "outputs",
      /crossEntropy/,
    ],
    [
      "probabilities as log-probabilities",
      {
        loss: "ctcLoss",
        outputs: softmax(logits(1, 5, 4)),
        targets: [[1]],
        options: { inputs: "logProbs" },
      },
      "not-normalised",
      "outputs",
      /take the form/i,
    ],
    [
      "logits as probabilities",
      {
        loss: "categoricalCrossEntropy",
        outputs: [[0.2, 0.4, 0.9]],
        targets: [[0, 1, 0]],
        options: { inputs: "probabilities" },
      },
      "not-normalised",
      "outputs",
      /normalise first/,
    ],
    [
      "a sigmoid before the sigmoid",
      {
        loss: "binaryCrossEntropy",
        outputs: stepsOf(4, 8, (b, t) => (t % 2 === 0 ? 0.02 : 0.97) + 0.001 * b),
        targets: stepsOf(4, 8, (_, t) => t % 2),
      },
      "already-sigmoid",
      "outputs",
      /before the sigmoid/,
    ],
    [
      "0 and 1 for the sides",
      { loss: "hingeLoss", outputs: [[0.3, -2]], targets: [[1, 0]] },
      "target-out-of-range",
      "targets[0][1]",
      /2 y − 1/,
    ],
    [
      "±1 for probabilities",
      { loss: "binaryCrossEntropy", outputs: [[0.3, -2]], targets: [[1, -1]] },
      "target-out-of-range",
      "targets[0][1]",
      /\(y \+ 1\) \/ 2/,
    ],
    [
      "targets in the thousands",
      {
        loss: "meanSquaredError",
        outputs: stepsOf(2, 9, (b, t) => b - t / 9),
        targets: stepsOf(2, 9, (b, t) => 4000 + 100 * b + t),
      },
      "targets-unscaled",
      "targets",
      /standard deviation/,
    ],
    [
      "certain of what is wrong",
      { loss: "crossEntropy", outputs: logits(4, 20, 5, { scale: 300 }), targets: ids(4, 20, 5) },
      "certain-and-wrong",
      "outputs",
      /smaller weights/,
    ],
    [
      "certain decisions that are wrong",
      {
        loss: "binaryCrossEntropy",
        outputs: stepsOf(4, 8, (_, t) => (t % 2 === 0 ? 40 : -40)),
        targets: stepsOf(4, 8, (b) => b % 2),
      },
      "certain-and-wrong",
      "outputs",
      /smaller weights/,
    ],
    [
      "blanks everywhere",
      { loss: "ctcLoss", outputs: logits(4, 20, 6, { bias: 5 }), targets: [[1, 2], [3], [2, 2], [5, 4, 1]] },
      "blank-collapse",
      "outputs",
      /raise the learning rate/,
    ],
    [
      "labels padded with an id, without lengths",
      { loss: "crossEntropy", outputs: logits(6, 7, 9), targets: padded(ragged, 8) },
      "padding-counts",
      "labels",
      /ignoreIndex: 8/,
    ],
    [
      "outputs padded with zeros, without lengths",
      {
        loss: "sequenceCrossEntropy",
        outputs: logits(2, 4, 3).map((rows, b) => (b === 1 ? [...rows.slice(0, 2), [0, 0, 0], [0, 0, 0]] : rows)),
        targets: ids(2, 4, 3),
      },
      "padding-counts",
      "lengths",
      /real length/,
    ],
    [
      "a network that knows only the shares",
      {
        loss: "crossEntropy",
        outputs: stepsOf(4, 50, () => 0).map((list) => list.map(() => [Math.log(0.96), Math.log(0.04) - 1e-6])),
        targets: rare(4, 50, 25),
        options: {},
      },
      "majority-only",
      "outputs",
      /weigh rare classes/,
    ],
    [
      "a network that knows only the share of positives",
      { loss: "binaryCrossEntropy", outputs: stepsOf(4, 50, () => Math.log(0.04 / 0.96)), targets: rare(4, 50, 25) },
      "majority-only",
      "outputs",
      /weigh rare classes/,
    ],
    [
      "a class ruled out that is wanted",
      { loss: "crossEntropy", outputs: [[[0, -Infinity, 1]]], targets: [[1]] },
      "loss-infinite",
      "losses[0]",
      /mask/,
    ],
    [
      "every step ignored",
      { loss: "crossEntropy", outputs: logits(1, 3, 3), targets: [[5, 5, 5]], options: { ignoreIndex: 5 } },
      "nothing-counts",
      undefined,
      /some step must count/,
    ],
    [
      "an upstream of 0",
      { loss: "crossEntropy", outputs: logits(1, 3, 3), targets: [[0, 1, 2]], options: { upstream: 0 } },
      "gradient-zero",
      "grad",
      /upstream/,
    ],
    [
      "too few labels",
      { loss: "crossEntropy", outputs: logits(1, 3, 3), targets: [[0, 1]] },
      "refused",
      "the size of labels[0]",
      /Correct/,
    ],
    [
      "outputs without a time axis",
      { loss: "ctcLoss", outputs: [[1, 2, 3]], targets: [[1]] },
      "refused",
      "the shape of logits",
      /Correct/,
    ],
    ["no outputs at all", { loss: "ctcLoss", outputs: "x", targets: [[1]] }, "refused", "logits", /Correct/],
  ];

  it.each(broken)("%s", (_, batch, code, where, remedy) => {
    const { findings, healthy } = diagnose({ batch });
    expect(healthy).toBe(false);
    expect(findings.filter(({ severity }) => severity !== "note").map((finding) => finding.code)).toEqual([code]);
    const [finding] = findings;
    expect(finding.where).toBe(where);
    expect(finding.remedy).toMatch(remedy);
    for (const text of [finding.title, finding.evidence, finding.remedy]) expect(text).not.toMatch(/undefined|NaN %/);
  });

  it("has its numbers: frames, labels and repeats of what does not fit", () => {
    const { evidence, numbers } = first({
      loss: "ctcLoss",
      outputs: logits(2, 12, 9),
      targets: [[1], [1, 1, 2, 2, 3, 3, 4, 4, 5]],
      options: { lengths: [12, 10] },
    });
    // FEATURES' example: 9 labels with 4 repeats need 13 frames
    expect(evidence).toContain("sequence 1 has 9 labels and 4 repeats in 10 frames, 3 too few");
    expect(numbers).toEqual({ sequences: 1, framesMissing: 3 });
  });

  it("counts NaN by sequence and names the first", () => {
    const outputs = poison(poison(logits(3, 4, 2), 2, 0, 1, Number.NaN), 1, 3, 0, Number.NaN);
    expect(first({ loss: "ctcLoss", outputs, targets: [[1], [1], [1]] })).toMatchObject({
      where: "outputs[1][3][0]",
      numbers: { outputs: 2, sequences: 2 },
    });
  });

  it("finds several faults at once, the worst first", () => {
    const outputs = poison(logits(2, 3, 4), 0, 0, 0, Number.NaN);
    const found = codes({ loss: "ctcLoss", outputs, targets: [[1, 1, 1], [7]], options: { lengths: [3, 9] } });
    expect(found).toEqual(["output-not-finite", "lengths-too-long", "label-out-of-range", "labels-do-not-fit"]);
  });

  it("throws at nothing that labels, lengths and options may hold", () => {
    const number = fc.oneof(fc.integer({ min: -2, max: 6 }), fc.constantFrom(Number.NaN, Infinity, 0.5));
    const lists = fc.oneof(fc.array(fc.array(number, { maxLength: 6 }), { maxLength: 4 }), fc.array(number));
    const options = fc.record(
      { lengths: fc.array(number, { maxLength: 4 }), blank: number, labelLengths: fc.array(number, { maxLength: 4 }) },
      { requiredKeys: [] },
    );
    const loss = fc.constantFrom("ctcLoss", "crossEntropy", "hingeLoss", "categoricalCrossEntropy", "crfLoss");
    const outputs = fc.array(fc.array(fc.array(number, { minLength: 3, maxLength: 3 }), { maxLength: 5 }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(loss, outputs, lists, options, (name, given, targets, chosen) => {
        const { findings } = diagnose({ batch: { loss: name, outputs: given, targets, options: chosen } });
        for (const { evidence, remedy } of findings) expect(`${evidence}${remedy}`).not.toContain("undefined");
      }),
      { numRuns: 500 },
    );
  });

  it("refuses a loss that does not exist", () => {
    const call = () => diagnose({ batch: { loss: "ctc", outputs: [], targets: [] } });
    expect(call).toThrow(SeqlossError);
    expect(call).toThrow('loss is "ctc"; expected the name of a loss');
  });
});

describe("a healthy batch", () => {
  const tagged = ids(4, 30, 5);
  const healthy: [what: string, batch: BatchEvidence][] = [
    ["untrained CTC", { loss: "ctcLoss", outputs: logits(4, 20, 6), targets: [[1, 2], [3], [2, 2], [5, 4, 1]] }],
    [
      "untrained CTC whose blank leads a little",
      { loss: "ctcLoss", outputs: logits(4, 20, 6, { scale: 0.05, bias: 0.3 }), targets: [[1, 2], [3], [2], [5]] },
    ],
    [
      "trained CTC, certain, blank on most frames",
      {
        loss: "ctcLoss",
        outputs: confident(
          [
            [0, 0, 1, 0, 0, 0, 2, 0],
            [0, 0, 0, 0, 0, 3, 0, 0],
          ],
          6,
          30,
        ),
        targets: [[1, 2], [3]],
      },
    ],
    ["empty labels, all blank", { loss: "ctcLoss", outputs: logits(2, 9, 4, { bias: 9 }), targets: [[], []] }],
    ["scores of 0 and 1", { loss: "ctcLoss", outputs: confident([[0, 1, 0, 2]], 3, 1), targets: [[1, 2]] }],
    ["labels that just fit", { loss: "ctcLoss", outputs: logits(1, 4, 3), targets: [[1, 1, 2]] }],
    ["trained and certain", { loss: "crossEntropy", outputs: confident(tagged, 5, 40), targets: tagged }],
    [
      "a few labels that are wrong",
      {
        loss: "crossEntropy",
        outputs: confident(tagged, 5, 40),
        targets: tagged.map((list, b) => (b === 0 ? [(list[0] + 1) % 5, ...list.slice(1)] : list)),
      },
    ],
    [
      "padding that is said to be so",
      { loss: "crossEntropy", outputs: logits(6, 7, 9), targets: padded(ragged, 8), options: { ignoreIndex: 8 } },
    ],
    [
      "an end mark",
      { loss: "crossEntropy", outputs: logits(6, 8, 10), targets: ids(6, 7, 9).map((list) => [...list, 9]) },
    ],
    [
      "ragged lists",
      { loss: "crossEntropy", outputs: ragged.map((l, b) => logits(1, l.length, 9, { seed: b })[0]), targets: ragged },
    ],
    [
      "one class for each sequence",
      { loss: "crossEntropy", outputs: logits(4, 6, 3), targets: [0, 1, 2, 1].map((k) => Array(6).fill(k)) },
    ],
    [
      "classes ruled out",
      { loss: "crossEntropy", outputs: poison(logits(1, 2, 3), 0, 0, 2, -Infinity), targets: [[1, 0]] },
    ],
    [
      "poisoned padding",
      {
        loss: "crossEntropy",
        outputs: poison(logits(2, 4, 3), 1, 3, 0, Number.NaN),
        targets: ids(2, 4, 3),
        options: { lengths: [4, 3] },
      },
    ],
    [
      "an untrained network, one class far ahead",
      {
        loss: "crossEntropy",
        outputs: logits(4, 50, 2, { scale: 0.01 }),
        targets: rare(4, 50, 25),
      },
    ],
    [
      "log-probabilities where they are wanted",
      {
        loss: "negativeLogLikelihood",
        outputs: logSoftmaxOf(logits(2, 5, 4)),
        targets: ids(2, 5, 4),
      },
    ],
    [
      "log-probabilities as logits, which changes nothing",
      {
        loss: "ctcLoss",
        outputs: logSoftmaxOf(logits(2, 9, 4)),
        targets: [[1], [2]],
      },
    ],
    [
      "decisions of an untrained network, all a little above 0",
      {
        loss: "binaryCrossEntropy",
        outputs: stepsOf(4, 10, (b, t) => 0.3 + 0.01 * b + 0.02 * t),
        targets: stepsOf(4, 10, (b, t) => (b + t) % 2),
      },
    ],
    [
      "decisions learnt",
      {
        loss: "binaryCrossEntropy",
        outputs: stepsOf(4, 10, (b, t) => ((b + t) % 2 === 0 ? -20 : 20)),
        targets: stepsOf(4, 10, (b, t) => (b + t) % 2),
      },
    ],
    [
      "large targets that were learnt",
      {
        loss: "meanSquaredError",
        outputs: stepsOf(2, 9, () => 3900),
        targets: stepsOf(2, 9, () => 4000),
      },
    ],
    ["targets of one number a sequence", { loss: "huberLoss", outputs: [1, 2], targets: [1, 3] }],
    ["nothing", { loss: "crossEntropy", outputs: logits(1, 3, 3), targets: [[0, 1, 2]], options: {} }],
  ];

  it.each(healthy)("%s", (_, batch) => {
    expect(diagnose({ batch }).findings.filter(({ severity }) => severity !== "note")).toEqual([]);
  });

  it.each([...lossCatalogue.keys()])("the examples of %s", (name) => {
    for (let seed = 0; seed < 20; seed++) {
      const example = lossCatalogue.get(name)?.example(new Random(seed));
      const batch = { loss: name, ...(example as Omit<BatchEvidence, "loss">) };
      const found = diagnose({ batch }).findings.filter(({ severity }) => severity !== "note");
      expect(found).toEqual([]);
    }
  });

  it("of random CTC outputs and labels that fit has no error", () => {
    const label = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 0, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), fc.integer(), (targets, seed) => {
        const outputs = logits(targets.length, 8, 5, { seed });
        expect(diagnose({ batch: { loss: "ctcLoss", outputs, targets } }).healthy).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe("blankReferences", () => {
  const targets = [
    [1, 2],
    [3, 3, 1],
  ];
  const outputs = logits(2, 9, 5, { seed: 4 });
  const references = (given: number[][][], options = {}) =>
    blankReferences(readBatch({ loss: "ctcLoss", outputs: given, targets, options }));

  it("has the losses that ctcLoss has", () => {
    const found = references(outputs);
    expect(found?.loss).toBeCloseTo(ctcLoss(outputs, targets).value, 10);
    expect(found?.emptyLoss).toBeCloseTo(ctcLoss(outputs, [[], []]).value, 10);
    expect(found?.uniformLoss).toBeCloseTo(
      ctcLoss(
        outputs.map((rows) => rows.map(() => [0, 0, 0, 0, 0])),
        targets,
      ).value,
      10,
    );
  });

  it("no outputs that never change cost less than the blind loss, whatever they are", () => {
    const blind = references(outputs)?.blindLoss as number;
    for (let seed = 0; seed < 200; seed++) {
      const [row] = logits(1, 1, 5, { seed, scale: 1.5 })[0];
      const constant = outputs.map((rows) => rows.map(() => row));
      expect(ctcLoss(constant, targets).value).toBeGreaterThan(blind - 1e-3);
    }
    expect(blind).toBeLessThan(references(outputs)?.uniformLoss as number);
  });

  it("the blank's occupancy is that of the alignments: here one, half of it blanks", () => {
    const path = confident([[0, 1, 0, 2]], 3, 60);
    const found = blankReferences(readBatch({ loss: "ctcLoss", outputs: path, targets: [[1, 2]] }));
    expect(found?.blankOccupancy).toBeCloseTo(0.5, 12);
    expect(found).toMatchObject({ blankFrames: 0.5, emptyReadings: 0 });
  });

  it("leaves out sequences that do not fit", () => {
    const found = blankReferences(readBatch({ loss: "ctcLoss", outputs: outputs.map((r) => r.slice(0, 3)), targets }));
    expect(found?.loss).toBeCloseTo(ctcLoss([outputs[0].slice(0, 3)], [[1, 2]]).value, 10);
  });
});
