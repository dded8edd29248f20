import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { lossCatalogue } from "../losses/catalogue/catalogue.js";
import { ctcLoss } from "../losses/ctc.js";
import { explainBackpropagation } from "./backpropagation.js";
import { explain } from "./explain.js";
import { toMarkdown } from "./markdown.js";
import type { Step } from "./step.js";

function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...allSteps(step.steps ?? [])]);
}

/** The numbers as they are shown, computed by JavaScript: what a reader with a calculator would get. */
function calculate(text: string): number {
  const code = text
    .replaceAll("−∞", "(-Infinity)")
    .replace(/\|([^|]*)\|/g, "Math.abs($1)")
    .replaceAll("²", "**(2)")
    .replaceAll("^", "**")
    .replaceAll("−", "-")
    .replaceAll("·", "*")
    .replaceAll("σ(", "sigmoid(")
    .replaceAll("ln(", "log(");
  const names = ["log", "exp", "max", "tanh", "sign"] as const;
  return new Function(
    ...names,
    "sigmoid",
    "softplus",
    `return (${code.replace(/(?<![\w)])-([\d.]+)\*\*/g, "-1*$1**")})`,
  )(
    ...names.map((name) => Math[name]),
    (x: number) => 1 / (1 + Math.exp(-x)),
    (x: number) => Math.log1p(Math.exp(x)),
  );
}

function checkNumbers(steps: readonly Step[]): number {
  let checked = 0;
  for (const { title, numbers, value } of allSteps(steps)) {
    if (numbers === undefined || value === undefined || numbers.text.includes("…")) continue;
    const found = calculate(numbers.text);
    expect(Math.abs(found - value), `${title}: ${numbers.text} is ${found}, said to be ${value}`).toBeLessThan(
      1e-4 * (1 + Math.abs(value)),
    );
    checked++;
  }
  return checked;
}

describe.each([...lossCatalogue.keys()])("explain %s", (name) => {
  const entry = lossCatalogue.get(name) as NonNullable<ReturnType<typeof lossCatalogue.get>>;

  it("ends at the loss's own value, and each step's numbers give what it says", () => {
    for (let seed = 1; seed <= 5; seed++) {
      const given = entry.example(new Random(seed));
      const explanation = explain(name, given);
      const { value, losses } = entry.compute(given.outputs, given.targets, given.options);
      expect(explanation.value).toBe(value);
      expect(checkNumbers(explanation.steps)).toBeGreaterThan(losses.length);
      expect(explanation.source).toMatch(/\d{4}|lecture/);
      const sum = explanation.steps.find(({ title }) => title.includes("sum over the sequences"));
      expect(sum?.table?.rows.map((row) => row[1])).toEqual(Array.from(losses));
    }
  });

  it("renders as Markdown without a hole", () => {
    const text = toMarkdown(explain(name, entry.example(new Random(3))));
    expect(text.startsWith(`# ${name}: `)).toBe(true);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    expect((text.match(/\$\$/g) ?? []).length % 2).toBe(0);
    const depth = [...text].reduce((open, c) => open + (c === "{" ? 1 : c === "}" ? -1 : 0), 0);
    expect(depth).toBe(0);
  });
});

const STEP_LOSSES = [
  "meanSquaredError",
  "meanAbsoluteError",
  "huberLoss",
  "quantileLoss",
  "binaryCrossEntropy",
  "focalLoss",
  "hingeLoss",
  "sequenceHingeLoss",
];

describe("slopes", () => {
  it.each(STEP_LOSSES)("of %s are those of the gradient, before the mean", (name) => {
    const entry = lossCatalogue.get(name) as NonNullable<ReturnType<typeof lossCatalogue.get>>;
    const { outputs, targets } = entry.example(new Random(11));
    const { steps } = explain(name, { outputs, targets });
    const slopes = steps.flatMap(({ steps: inner = [] }) => inner.map(({ value }) => value as number));
    const { grad } = entry.compute(outputs, targets, { reduction: "sum" });
    expect(slopes).toHaveLength(grad.data.length);
    slopes.forEach((slope, i) => expect(slope).toBeCloseTo(grad.data[i], 10));
  });

  it.each([
    ["crossEntropy", {}],
    ["crossEntropy", { labelSmoothing: 0.2, classWeights: [1, 2, 0.5] }],
    ["categoricalCrossEntropy", { labelSmoothing: 0.1 }],
  ])("of %s with %j are those of the gradient", (name, options) => {
    const entry = lossCatalogue.get(name) as NonNullable<ReturnType<typeof lossCatalogue.get>>;
    const { outputs, targets } = entry.example(new Random(12));
    const { steps } = explain(name, { outputs, targets, options });
    const slopes = steps.flatMap(({ steps: inner = [] }) =>
      inner.filter(({ title }) => title.startsWith("slope")).map(({ value }) => value as number),
    );
    const { grad } = entry.compute(outputs, targets, { ...options, reduction: "sum" });
    slopes.forEach((slope, i) => expect(slope).toBeCloseTo(grad.data[i], 10));
    expect(slopes).toHaveLength(grad.data.length);
    checkNumbers(steps);
  });
});

describe("explain", () => {
  it("shows the lecture's sequence hinge: 0.2, 0.5, 0.7, and their mean 0.467", () => {
    const { steps, value } = explain("sequenceHingeLoss", {
      outputs: [[0.8, -0.5, 0.3]],
      targets: [[1, -1, 1]],
      options: { per: "step" },
    });
    expect(steps.slice(0, 3).map((step) => step.value)).toEqual([
      expect.closeTo(0.2, 12),
      expect.closeTo(0.5, 12),
      expect.closeTo(0.7, 12),
    ]);
    expect(steps[1].numbers?.text).toBe("max(0, 1 − (−1) · (−0.5))");
    expect(value).toBeCloseTo(0.46667, 5);
  });

  it("shows CTC's trellis, occupancy and alignments as the loss has them", () => {
    const outputs = [
      [
        [0, 1, 0],
        [0.5, 0, 2],
        [1, 0, 0],
      ],
    ];
    const { steps, value } = explain("ctcLoss", { outputs, targets: [[1, 2]] });
    const all = allSteps(steps);
    const gradient = all.find(({ title }) => title.startsWith("the gradient of the loss"))?.table?.rows ?? [];
    const { grad } = ctcLoss(outputs, [[1, 2]]);
    gradient.flatMap((row) => row.slice(1)).forEach((x, i) => expect(x).toBeCloseTo(grad.data[i], 12));
    const paths = all.find(({ title }) => title.includes("likeliest"))?.table?.rows ?? [];
    expect(paths.map((row) => row[0])).toEqual(["1 2 -", "1 2 2", "1 - 2", "1 1 2", "- 1 2"]);
    expect(paths.reduce((sum, row) => sum + Number(row[2]), 0)).toBeCloseTo(1, 12);
    expect(Math.exp(-value)).toBeCloseTo(
      paths.reduce((sum, row) => sum + Number(row[1]), 0),
      12,
    );
    expect(all.some(({ numbers }) => numbers?.text === "C(5, 4) = 5")).toBe(true);
  });

  it("says by how many frames a label does not fit", () => {
    const { steps, value } = explain("ctcLoss", {
      outputs: [
        [
          [0, 0],
          [0, 0],
        ],
      ],
      targets: [[1, 1]],
    });
    expect(value).toBe(Number.POSITIVE_INFINITY);
    expect(allSteps(steps).some(({ note }) => note?.includes("1 frame too few"))).toBe(true);
  });

  it("shows long inputs in part and their value whole", () => {
    const outputs = [Array.from({ length: 30 }, (_, t) => t)];
    const { steps, value } = explain("meanSquaredError", { outputs, targets: [new Array(30).fill(0)] });
    expect(value).toBeCloseTo((29 * 30 * 59) / 6 / 30, 9);
    expect(steps.map(({ title }) => title)).toContain("sequence 0: 22 more steps like these");
  });

  it("names the ignored steps", () => {
    const { steps } = explain("crossEntropy", {
      outputs: [
        [
          [0, 1],
          [1, 0],
        ],
      ],
      targets: [[-1, 0]],
      options: { ignoreIndex: -1 },
    });
    expect(steps[0].title).toBe("sequence 0, step 0: left out");
  });

  it("refuses an unknown loss and passes on what a loss refuses", () => {
    expect(() => explain("loss", { outputs: [], targets: [] })).toThrow(/name is "loss"; expected one of/);
    expect(() => explain("ctcLoss", { outputs: [[[0, 0]]], targets: [[0]] })).toThrow(/other than the blank/);
  });
});

describe("explainBackpropagation", () => {
  const unit = {
    inputs: [1, -0.5, 0.3],
    targets: [null, 0.2, -0.4],
    inputWeight: 0.7,
    recurrentWeight: -1.2,
    bias: 0.1,
    outputWeight: 1.5,
    outputBias: -0.2,
    initial: 0.3,
  };

  function loss(u: typeof unit): number {
    let [h, total] = [u.initial, 0];
    u.inputs.forEach((x, t) => {
      h = Math.tanh(u.inputWeight * x + u.recurrentWeight * h + u.bias);
      const y = u.targets[t];
      if (y !== null) total += (u.outputWeight * h + u.outputBias - y) ** 2;
    });
    return total;
  }

  it("gives the gradient of each weight, checked by differences", () => {
    const { steps, value } = explainBackpropagation(unit);
    expect(value).toBeCloseTo(loss(unit), 12);
    const names = { u: "recurrentWeight", w: "inputWeight", b: "bias", v: "outputWeight", c: "outputBias" } as const;
    for (const [name, key] of Object.entries(names)) {
      const h = 1e-6;
      const numeric = (loss({ ...unit, [key]: unit[key] + h }) - loss({ ...unit, [key]: unit[key] - h })) / (2 * h);
      const step = allSteps(steps).find(({ title }) => title === `the gradient of ${name}`);
      expect(step?.value).toBeCloseTo(numeric, 7);
    }
    expect(checkNumbers(steps)).toBeGreaterThan(15);
  });

  it("says when the gradient vanishes or explodes", () => {
    const inputs = new Array(20).fill(0);
    const targets = [...new Array(19).fill(null), 1];
    const said = (recurrentWeight: number) =>
      allSteps(explainBackpropagation({ inputs, targets, recurrentWeight }).steps)
        .map(({ note }) => note ?? "")
        .join();
    expect(said(0.5)).toContain("the gradient vanishes");
    expect(said(1.5)).toContain("the gradient explodes");
    expect(said(1)).not.toMatch(/vanishes|explodes/);
  });

  it("refuses what it cannot unroll", () => {
    expect(() => explainBackpropagation({ inputs: [1], targets: [] })).toThrow(/size of inputs is 1/);
    expect(() => explainBackpropagation({ inputs: [Number.NaN], targets: [1] })).toThrow(/inputs\[0\] is NaN/);
  });
});
