import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  crossEntropy,
  ctcLoss,
  hingeLoss,
  type LossResult,
  lossCatalogue,
  Random,
  tensor,
  transducerLoss,
} from "../src/index.js";
import { close, flat, read, type Vector } from "./vectors/read.js";

// Vectors made by test/vectors/make_dialect_vectors.py: what the frameworks themselves give.

/** What a framework gives for labels that do not fit comes from rounding; ours is the cost they round to. */
const ABOUT = 2e-3;

describe("dialects: as the frameworks compute it", () => {
  const cases: Vector[] = read("dialects.json");
  it.each(cases.map((c, i) => [i, c.dialect, c.loss, c.options, c]) as Vector[][])("%d: %s %s %j", (...[, , , , c]) => {
    const compute = lossCatalogue.get(c.loss)?.compute as (...given: unknown[]) => LossResult;
    const targets = c.distributions
      ? { data: Float64Array.from(flat(c.targets)), shape: tensor(c.outputs).shape }
      : c.targets;
    const { value, losses, grad } = compute(c.outputs, targets, { ...c.options, dialect: c.dialect });
    const expected = c.values.map(Number);
    const found = expected.length > 1 ? losses : [value];
    const tolerance = c.gradient === null ? ABOUT : 1e-6;
    expected.forEach((x: number, i: number) => {
      if (x === Number.POSITIVE_INFINITY) expect(found[i]).toBe(x);
      else close([found[i]], [x], tolerance, `value ${i}`);
    });
    expect(grad.shape).toEqual(tensor(c.outputs).shape);
    if (c.gradient !== null) close(grad.data, c.gradient, 2e-6, "gradient");
    else expect(grad.data.every(Number.isFinite)).toBe(true);
  });

  it("covers each loss that has a dialect, in each of its dialects but torchaudio's", () => {
    const spoken = [...lossCatalogue.values()].filter(({ options }) => options.includes("dialect"));
    const tested = new Set(cases.map(({ dialect, loss }) => `${loss} ${dialect}`));
    for (const { name, compute, example } of spoken) {
      const { outputs, targets } = example(new Random(1));
      for (const dialect of ["torch", "tensorflow", "keras", "optax"]) {
        let known = true;
        try {
          compute(outputs, targets, { dialect });
        } catch (error) {
          known = !String(error).includes("other frameworks have no such loss");
        }
        if (known && name !== "transducerLoss") expect(tested, `${name} ${dialect}`).toContain(`${name} ${dialect}`);
      }
    }
  });
});

describe("dialects", () => {
  const logits = [[[0.1, 0.5, -1]], [[1, 0.2, 0]], [[0, 0, 2]]]; // [T, B, V]

  it("options that are given still count", () => {
    const none = ctcLoss(logits, [[1, 2]], { dialect: "torch", reduction: "none" });
    const mean = ctcLoss(logits, [[1, 2]], { dialect: "torch" });
    const perSequence = ctcLoss(logits, [[1, 2]], { dialect: "torch", per: "sequence" });
    expect(mean.value).toBeCloseTo(none.value / 2, 12);
    expect(perSequence.value).toBeCloseTo(none.value, 12);
    expect(ctcLoss(logits, [[1, 1, 1]], { dialect: "tensorflow", zeroInfinity: true }).value).toBe(0);
    expect(ctcLoss([[[0, 0, 0]]], [[0, 1]], { dialect: "optax", blank: 2, impossibleCost: 5 }).value).toBe(5);
  });

  it("writes the gradient into a buffer in the caller's axes, and leaves it out when told", () => {
    const into = new Float64Array(9);
    const { grad } = ctcLoss(logits, [[1, 2]], { dialect: "torch", into });
    expect(grad.data).toBe(into);
    const plain = ctcLoss([logits.map(([frame]) => frame)], [[1, 2]], { per: "label" });
    expect(Array.from(into)).toEqual(Array.from(plain.grad.data)); // one sequence: the order is the same
    expect(ctcLoss(logits, [[1, 2]], { dialect: "torch", gradient: false }).grad.data).toHaveLength(0);
    const float32 = ctcLoss(tensor(logits), [[1, 2]], { dialect: "torch" });
    expect(float32.grad.data).toBeInstanceOf(Float32Array);
  });

  it("ragged lists keep their lengths where time is where it is here", () => {
    const logits = [
      [
        [1, 2],
        [0, 3],
      ],
      [[2, 1]],
    ];
    const labels = [[0, 1], [1]];
    for (const dialect of ["keras", "optax"] as const) {
      const plain = crossEntropy(logits, labels, dialect === "optax" ? { reduction: "none" } : {});
      const spoken = crossEntropy(logits, labels, { dialect });
      expect([spoken.value, spoken.weight]).toEqual([plain.value, plain.weight]);
      expect(Array.from(spoken.grad.data)).toEqual(Array.from(plain.grad.data));
    }
  });

  it("refuses unknown dialects, losses that a framework does not have, and ragged lists where time is not second", () => {
    expect(() => ctcLoss(logits, [[1]], { dialect: "jax" as "optax" })).toThrow(
      /dialect is "jax"; expected "torch" or/,
    );
    expect(() => hingeLoss([1], [1], { dialect: "torch" })).toThrow(/expected one of keras, optax: other frameworks/);
    expect(() =>
      ctcLoss(
        [
          [
            [1, 2],
            [3, 4],
          ],
          [[5, 6]],
        ],
        [[1], [1]],
        { dialect: "torch" },
      ),
    ).toThrow(/Pad them, and give lengths/);
  });
});

const golden = process.env.SEQLOSS_GOLDEN ?? "../shared/reference/golden";
const present = existsSync(join(golden, "golden_torch.json"));

describe.skipIf(!present)(`dialects: against the vectors in ${golden}${present ? "" : " (skipped: not there)"}`, () => {
  const load = (name: string): Vector => (present ? JSON.parse(readFileSync(join(golden, name), "utf8")) : {});
  const torch = load("golden_torch.json");

  const names: Readonly<Record<string, (c: Vector) => [string, unknown, object] | undefined>> = {
    ce: (c) => [
      "crossEntropy",
      c.target.length === c.x.length ? { data: Float64Array.from(c.target), shape: c.shape } : c.target,
      { ...(c.weight && { classWeights: c.weight }) },
    ],
    bce: (c) => ["binaryCrossEntropy", c.target, {}],
    ctc: (c) => ["ctcLoss", c.targets, { lengths: c.input_lengths, labelLengths: c.target_lengths }],
  };
  const known = Object.keys(torch).filter((name) => name.split("_")[0] in names);

  it.each(known)("%s", (name) => {
    const c = torch[name];
    const [loss, targets, options] = names[name.split("_")[0]](c) as [string, unknown, object];
    const reduction = name.split("_").at(-1);
    const more = {
      ...(reduction !== "mean" && { reduction }),
      ...(/ls|ignore/.test(name) && { labelSmoothing: 0.1 }),
      ...(name.includes("posw2") && { positiveWeight: 2 }),
      ...(name.includes("zero_inf") && { zeroInfinity: true }),
    };
    const compute = lossCatalogue.get(loss)?.compute as (...given: unknown[]) => LossResult;
    const outputs = { data: Float64Array.from(c.x), shape: c.shape };
    // the vectors of CTC are [B, T, V]
    const { dialect, ...per } = loss === "ctcLoss" ? { dialect: undefined, per: "label" } : { dialect: "torch" };
    const found = compute(outputs, targets, { ...options, ...more, ...per, ...(dialect && { dialect }) });
    close(c.loss.length > 1 ? found.losses : [found.value], c.loss, 1e-10, "value");
    close(found.grad.data, c.grad_of_sum, 1e-10, "gradient");
  });

  it("the transducer, as torchaudio computes it in float32", () => {
    const c = load("golden_rnnt.json");
    const outputs = { data: Float64Array.from(c.x), shape: c.shape };
    const { losses, grad } = transducerLoss(outputs, c.targets, {
      dialect: "torch",
      blank: c.blank,
      lengths: c.logit_lengths,
      labelLengths: c.target_lengths,
      reduction: "none",
    });
    close(losses, c.loss, 1e-6, "losses");
    close(grad.data, c.grad_of_sum, 1e-6, "gradient");
  });

  it("torchaudio's blank is the last class", () => {
    const logits = [
      [
        [
          [0.1, 0.5, -1],
          [1, 0.2, 0],
        ],
      ],
    ];
    const found = transducerLoss(logits, [[0]], { dialect: "torch" });
    expect(found.value).toBe(transducerLoss(logits, [[0]], { blank: 2 }).value);
  });
});
