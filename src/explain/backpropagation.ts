import { SeqlossError } from "../core/errors.js";
import {
  add,
  call,
  constant,
  type Expression,
  formatNumber,
  multiply,
  power,
  productOver,
  subtract,
  sumOver,
  symbol,
} from "./expression.js";
import { derived, type Explanation, type Step } from "./step.js";

/** One Elman unit unrolled over a short input: h_t = tanh(w x_t + u h_{t−1} + b), output v h_t + c. */
export interface BackpropagationInputs {
  /** x_t, one number a step. */
  readonly inputs: readonly number[];
  /** y_t, one number a step; null where no target is given: no loss there. */
  readonly targets: readonly (number | null)[];
  /** w. Default 0.5. */
  readonly inputWeight?: number;
  /** u, the factor from step to step. Default 0.9. */
  readonly recurrentWeight?: number;
  /** b. Default 0. */
  readonly bias?: number;
  /** v. Default 1. */
  readonly outputWeight?: number;
  /** c. Default 0. */
  readonly outputBias?: number;
  /** h before the first step. Default 0. */
  readonly initial?: number;
}

/** More steps than this are no longer read. */
const MOST = 50;

/**
 * Backpropagation through time on small numbers: the forward pass of one Elman unit, the factor of the chain rule at each step,
 * how they multiply over time, and the gradient of each weight (Werbos 1990). The loss is the sum of squared errors.
 *
 * @throws SeqlossError LENGTH when inputs and targets differ in number, are none, or more than 50; VALUE when one is not finite
 * @example
 * const { value } = explainBackpropagation({ inputs: [1, 0], targets: [null, 1], recurrentWeight: 0.5 });
 * value // 0.5975 = (tanh(0.5 tanh(0.5)) − 1)²
 */
export function explainBackpropagation(given: BackpropagationInputs): Explanation {
  const {
    inputs,
    targets,
    inputWeight = 0.5,
    recurrentWeight = 0.9,
    bias = 0,
    outputWeight = 1,
    outputBias = 0,
    initial = 0,
  } = given;
  check(inputs, targets, [inputWeight, recurrentWeight, bias, outputWeight, outputBias, initial]);
  const T = inputs.length;
  const w = symbol("w", inputWeight);
  const u = symbol("u", recurrentWeight);
  const v = symbol("v", outputWeight);
  const h = [initial];
  const outputs: number[] = [];
  const losses: Expression[] = [];
  const forward: Step[] = [];
  for (let t = 1; t <= T; t++) {
    const x = symbol(`x_{${t}}`, inputs[t - 1]);
    const before = symbol(`h_{${t - 1}}`, h[t - 1]);
    const sum = add(multiply(w, x), multiply(u, before), symbol("b", bias));
    const state = call("tanh", sum);
    h.push(state.value);
    const output = add(multiply(v, symbol(`h_{${t}}`, state.value)), symbol("c", outputBias));
    outputs.push(output.value);
    const steps = [derived("output", { latex: `\\hat{y}_{${t}}`, text: `ŷ_${t}` }, output)];
    const target = targets[t - 1];
    if (target !== null) {
      const error = power(subtract(symbol(`\\hat{y}_{${t}}`, output.value), symbol(`y_{${t}}`, target)), constant(2));
      losses.push(error);
      steps.push(derived("loss", { latex: `\\ell_{${t}}`, text: `ℓ_${t}` }, error));
    }
    const note = target === null ? { note: "No target here: no loss." } : {};
    forward.push(derived(`step ${t}`, { latex: `h_{${t}}`, text: `h_${t}` }, state, { ...note, steps }));
  }
  const loss = sumOver(
    "t",
    symbol("\\ell_t", 0),
    losses.map(({ value }, i) => symbol(`\\ell_{${i}}`, value)),
  );

  const slope = (t: number) => subtract(constant(1), power(symbol(`h_{${t}}`, h[t]), constant(2)));
  const factors = Array.from({ length: T }, (_, i) => multiply(u, slope(i + 1)));
  const factorSteps = factors.map((factor, i) =>
    derived(`from step ${i} to step ${i + 1}`, derivative(`h_{${i + 1}}`, `h_{${i}}`), factor),
  );

  const deltas = new Array<Expression>(T + 1);
  const backward: Step[] = [];
  for (let t = T; t >= 1; t--) {
    const target = targets[t - 1];
    const own =
      target === null
        ? []
        : [multiply(constant(2), subtract(symbol(`\\hat{y}_{${t}}`, outputs[t - 1]), symbol(`y_{${t}}`, target)), v)];
    const later =
      t === T
        ? []
        : [
            multiply(
              symbol(`\\delta_{${t + 1}}`, deltas[t + 1].value),
              symbol(`\\frac{\\partial h_{${t + 1}}}{\\partial h_{${t}}}`, factors[t].value),
            ),
          ];
    const terms = [...own, ...later];
    deltas[t] = terms.length === 0 ? constant(0) : terms.length === 1 ? terms[0] : add(...terms);
    backward.push(
      derived(`step ${t}`, { latex: `\\delta_{${t}}`, text: `δ_${t}` }, deltas[t], {
        ...(own.length === 0 && { note: "No loss of its own: only what comes back from the next step." }),
      }),
    );
  }

  const reach = Array.from({ length: T }, (_, lag) => {
    const part = factors.slice(T - lag);
    return { lag, value: part.reduce((product, { value }) => product * value, 1), part };
  });
  const whole = reach[T - 1];
  const through: Step = {
    title: "how much of a change at an early step is left at the last one",
    formula: {
      latex: "\\frac{\\partial h_T}{\\partial h_{T-k}} = \\prod_{j=T-k+1}^{T} \\frac{\\partial h_j}{\\partial h_{j-1}}",
      text: "∂h_T/∂h_T−k = Π_j=T−k+1..T ∂h_j/∂h_j−1",
    },
    table: {
      head: ["steps back", "product of the factors"],
      rows: reach.map(({ lag, value }) => [String(lag), value]),
    },
    note: verdict(whole.value, T - 1),
    steps:
      T < 2
        ? []
        : [
            derived(
              `from step 1 to step ${T}`,
              derivative(`h_{${T}}`, "h_{1}"),
              productOver(
                "j",
                symbol("\\frac{\\partial h_j}{\\partial h_{j-1}}", 0),
                whole.part.map(({ value }) => constant(value)),
              ),
            ),
          ],
  };

  const total = (name: string, part: (t: number) => Expression, general: string): Step =>
    derived(
      `the gradient of ${name}`,
      derivative("L", name),
      sumOver(
        "t",
        symbol(general, 0),
        Array.from({ length: T }, (_, i) => part(i + 1)),
      ),
    );
  const local = (t: number) => [symbol(`\\delta_{${t}}`, deltas[t].value), slope(t)] as const;
  const outputSlope = (t: number) => {
    const target = targets[t - 1];
    return target === null
      ? constant(0)
      : multiply(constant(2), subtract(symbol(`\\hat{y}_{${t}}`, outputs[t - 1]), symbol(`y_{${t}}`, target)));
  };
  const gradients = [
    total("u", (t) => multiply(...local(t), symbol(`h_{${t - 1}}`, h[t - 1])), "\\delta_t (1 - h_t^2) h_{t-1}"),
    total("w", (t) => multiply(...local(t), symbol(`x_{${t}}`, inputs[t - 1])), "\\delta_t (1 - h_t^2) x_t"),
    total("b", (t) => multiply(...local(t)), "\\delta_t (1 - h_t^2)"),
    total("v", (t) => multiply(outputSlope(t), symbol(`h_{${t}}`, h[t])), "2 (\\hat{y}_t - y_t) h_t"),
    total("c", (t) => outputSlope(t), "2 (\\hat{y}_t - y_t)"),
  ];
  return {
    name: "backpropagation through time",
    summary: "one Elman unit, unrolled: the same weights at every step, so every step adds to their gradients",
    source: "Elman 1990; Werbos 1990; the lecture, BPTT",
    value: loss.value,
    steps: [
      { title: "forward, step by step", steps: forward },
      derived("the loss of the whole sequence", { latex: "L", text: "L" }, loss),
      {
        title: "the factor of the chain rule at each step",
        formula: {
          latex: "\\frac{\\partial h_t}{\\partial h_{t-1}} = u \\cdot (1 - h_t^2)",
          text: "∂h_t/∂h_t−1 = u · (1 − h_t²)",
        },
        note: "tanh' is 1 − tanh²: at most 1, and near 0 where the unit is saturated.",
        steps: factorSteps,
      },
      through,
      {
        title: "backward, from the last step: δ_t, what the loss says to h_t",
        formula: {
          latex:
            "\\delta_t = \\frac{\\partial \\ell_t}{\\partial h_t} + \\delta_{t+1} \\frac{\\partial h_{t+1}}{\\partial h_t}",
          text: "δ_t = ∂ℓ_t/∂h_t + δ_t+1 · ∂h_t+1/∂h_t",
        },
        steps: backward,
      },
      { title: "the gradient of each weight: a sum over the steps", steps: gradients },
    ],
  };
}

const derivative = (of: string, by: string) => ({
  latex: `\\frac{\\partial ${of}}{\\partial ${by}}`,
  text: `∂${of.replace(/[{}]/g, "")}/∂${by.replace(/[{}]/g, "")}`,
});

function verdict(product: number, steps: number): string {
  if (steps === 0) return "One step: nothing is multiplied.";
  const size = Math.abs(product);
  const rate = formatNumber(size ** (1 / steps));
  if (size < 0.1) return `Over ${steps} steps ${formatNumber(product)} is left, ${rate} a step: the gradient vanishes.`;
  if (size > 10)
    return `Over ${steps} steps it grows to ${formatNumber(product)}, ${rate} a step: the gradient explodes.`;
  return `Over ${steps} steps ${formatNumber(product)} is left, ${rate} a step.`;
}

function check(inputs: readonly number[], targets: readonly (number | null)[], weights: readonly number[]): void {
  const where = "explainBackpropagation";
  if (inputs.length !== targets.length || inputs.length === 0 || inputs.length > MOST) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "the size of inputs",
      expected: `between 1 and ${MOST}, and as many as the ${targets.length} targets`,
      found: inputs.length,
      advice: "A step without a target has null.",
    });
  }
  const place = (list: readonly (number | null)[]) => list.findIndex((x) => x !== null && !Number.isFinite(x));
  for (const [argument, list] of Object.entries({ inputs, targets, weights })) {
    const i = place(list);
    if (i >= 0) {
      throw new SeqlossError(where, "VALUE", {
        argument: `${argument}[${i}]`,
        expected: "a finite number",
        found: list[i],
      });
    }
  }
}
