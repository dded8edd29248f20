import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { checkGradient } from "./checkGradient.js";
import { transducerLoss } from "./transducer.js";
import { type TransducerJointOptions, transducerJointLoss } from "./transducerJoint.js";

const cases = fc
  .record({
    T: fc.integer({ min: 1, max: 4 }),
    H: fc.integer({ min: 2, max: 4 }),
    V: fc.integer({ min: 2, max: 4 }),
    seed: fc.nat(1e6),
    activation: fc.constantFrom("tanh", "relu", "none"),
  })
  .map(({ T, H, V, seed, activation }) => {
    const random = new Random(seed);
    const matrix = (rows: number, columns: number) =>
      Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
    const labels = [0, 1].map(() => Array.from({ length: random.integer(4) }, () => 1 + random.integer(V - 1)));
    const rows = 1 + Math.max(...labels.map((label) => label.length));
    return {
      labels,
      lengths: [T, 1 + random.integer(T)],
      encoder: labels.map(() => matrix(T, H)),
      predictor: labels.map(() => matrix(rows, H)),
      weight: matrix(V, H),
      bias: matrix(1, V)[0],
      activation: activation as "tanh" | "relu" | "none",
    };
  });

const activations = { tanh: Math.tanh, relu: (x: number) => Math.max(x, 0), none: (x: number) => x };

type Case = typeof cases extends fc.Arbitrary<infer C> ? C : never;

/** The logits that are never stored: [B, T, U+1, V]. */
const materialised = ({ encoder, predictor, weight, bias, activation }: Case) =>
  encoder.map((frames, b) =>
    frames.map((frame) =>
      predictor[b].map((row) => {
        const hidden = frame.map((x, h) => activations[activation](x + row[h]));
        return weight.map((w, k) => w.reduce((sum, x, h) => sum + x * hidden[h], bias[k]));
      }),
    ),
  );

describe("transducerJointLoss", () => {
  it("is the transducer loss of the logits that it never stores", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { weight, bias, activation, lengths, labels } = c;
        const found = transducerJointLoss(c, labels, { weight, bias, activation, lengths, reduction: "none" });
        const stored = transducerLoss(materialised(c), labels, { lengths, reduction: "none" });
        found.losses.forEach((loss, b) => expect(loss).toBeCloseTo(stored.losses[b], 10));
        // the bias sees every cell's slopes
        const slopes = new Float64Array(weight.length);
        stored.grad.data.forEach((slope, i) => (slopes[i % weight.length] += slope));
        slopes.forEach((slope, k) => expect(found.gradBias.data[k]).toBeCloseTo(slope, 9));
      }),
    );
  });

  it("has the gradients that central differences give: encoder, predictor, weight and bias", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { weight, bias, activation, lengths, labels, encoder, predictor } = c;
        const options: TransducerJointOptions = { weight, bias, activation, lengths, per: "label", weights: [1, 3] };
        const at = (changed: object, of: "grad" | "gradPredictor" | "gradWeight" | "gradBias") => {
          const all = { encoder, predictor, weight, bias, ...changed };
          const { bias: given } = all as { bias: number[] | { data: Float64Array } };
          const result = transducerJointLoss(all, labels, {
            ...options,
            weight: all.weight,
            bias: Array.isArray(given) ? given : given.data,
          });
          return { value: result.value, grad: result[of] };
        };
        const corner = activation === "relu";
        for (const [name, of, start] of [
          ["encoder", "grad", encoder],
          ["predictor", "gradPredictor", predictor],
          ["weight", "gradWeight", weight],
          ["bias", "gradBias", bias],
        ] as const) {
          const { passed, corners } = checkGradient((point) => at({ [name]: point }, of), start, undefined);
          expect(passed, name).toBe(true);
          if (!corner) expect(corners, name).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("without a weight the sum is the logits", () => {
    const encoder = [[[0.1, 1, -1]]];
    const predictor = [
      [
        [0.3, 0, 0.2],
        [0, 0.5, 1],
      ],
    ];
    const { value, gradWeight, gradBias } = transducerJointLoss({ encoder, predictor }, [[2]]);
    const logits = [
      [
        [
          [0.4, 1, -0.8],
          [0.1, 1.5, 0],
        ],
      ],
    ];
    expect(value).toBeCloseTo(transducerLoss(logits, [[2]]).value, 12);
    expect([gradWeight.data.length, gradBias.data.length]).toEqual([0, 0]);
  });

  it("never reads padding, keeps NaN in its sequence, and gives no gradient when none is asked for", () => {
    const nan = Number.NaN;
    const encoder = [
      [
        [1, 2],
        [nan, nan],
      ],
      [
        [0, 1],
        [1, 0],
      ],
    ];
    const predictor = [
      [
        [1, 0],
        [nan, nan],
      ],
      [
        [0, 1],
        [nan, 0],
      ],
    ];
    const { losses, grad, gradPredictor } = transducerJointLoss({ encoder, predictor }, [[], [1]], {
      lengths: [1, 2],
      reduction: "none",
    });
    expect(losses[0]).toBeCloseTo(Math.log1p(Math.exp(0)), 12); // logits [2, 2]
    expect(Array.from(grad.data.slice(2, 4))).toEqual([0, 0]);
    expect(Array.from(gradPredictor.data.slice(2, 4))).toEqual([0, 0]);
    expect(losses[1]).toBeNaN();
    const none = transducerJointLoss({ encoder, predictor }, [[], [1]], { lengths: [1, 2], gradient: false });
    expect([none.grad, none.gradPredictor, none.gradWeight].map(({ data }) => data.length)).toEqual([0, 0, 0]);
  });

  const zero = [
    [
      [0, 0],
      [0, 0],
    ],
  ];
  it.each<[string, object, number[][], TransducerJointOptions, RegExp]>([
    [
      "widths that differ",
      { encoder: zero, predictor: [[[0], [0]]] },
      [[1]],
      {},
      /shape of predictor is \[1, 2, 1\]; expected \[1, labels \+ 1, 2\]/,
    ],
    [
      "rows that do not fit the labels",
      { encoder: zero, predictor: zero },
      [[]],
      {},
      /second extent of predictor is 2; expected 1/,
    ],
    [
      "a bias alone",
      { encoder: zero, predictor: zero },
      [[1]],
      { bias: [0, 0] },
      /bias is \[0, 0\]; expected to come with a weight/,
    ],
    [
      "a weight of another width",
      { encoder: zero, predictor: zero },
      [[1]],
      { weight: [[1, 2, 3]] },
      /shape of weight is \[1, 3\]; expected \[classes, 2\]/,
    ],
    [
      "an unknown activation",
      { encoder: zero, predictor: zero },
      [[1]],
      { activation: "sine" as "tanh" },
      /activation is "sine"/,
    ],
  ])("refuses %s", (_, inputs, labels, options, message) => {
    expect(() => transducerJointLoss(inputs as Parameters<typeof transducerJointLoss>[0], labels, options)).toThrow(
      message,
    );
  });
});
