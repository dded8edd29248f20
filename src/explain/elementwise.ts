import { toBatch } from "../core/batch.js";
import type { TensorLike } from "../core/tensor.js";
import type { BinaryCrossEntropyOptions, FocalOptions } from "../losses/binary.js";
import type { HingeOptions } from "../losses/hinge.js";
import type { HuberOptions, QuantileOptions } from "../losses/regression.js";
import {
  absolute,
  add,
  call,
  constant,
  divide,
  type Expression,
  multiply,
  named,
  negate,
  power,
  subtract,
  symbol,
} from "./expression.js";
import { derived, type Step } from "./step.js";
import { eachRealStep } from "./steps.js";

/** The loss of one number and its slope, as formulas. */
interface Element {
  readonly loss: Expression;
  readonly slope: Expression;
  /** Which of several cases this number falls in. */
  readonly note?: string;
}

type ElementFormula<Options> = (output: number, target: number, place: number, options: Options) => Element;

const squaredError: ElementFormula<unknown> = (output, target) => {
  const distance = subtract(symbol("\\hat{y}", output), symbol("y", target));
  return { loss: power(distance, constant(2)), slope: multiply(constant(2), distance) };
};

const absoluteError: ElementFormula<unknown> = (output, target) => {
  const distance = subtract(symbol("\\hat{y}", output), symbol("y", target));
  const note = output === target ? "The corner of |x|: the slope there is taken as 0." : undefined;
  return { loss: absolute(distance), slope: call("sign", distance), ...(note && { note }) };
};

const huber: ElementFormula<HuberOptions> = (output, target, _, { delta: given = 1 }) => {
  const distance = subtract(symbol("\\hat{y}", output), symbol("y", target));
  const delta = symbol("\\delta", given);
  if (Math.abs(distance.value) <= given) {
    const note = "The distance is at most δ: the quadratic part.";
    return { loss: divide(power(distance, constant(2)), constant(2)), slope: distance, note };
  }
  const inner = subtract(absolute(distance), divide(delta, constant(2)));
  const note = "The distance is above δ: the linear part.";
  return { loss: multiply(delta, inner), slope: multiply(delta, call("sign", distance)), note };
};

const quantile: ElementFormula<QuantileOptions> = (output, target, place, { quantile: given = 0.5 }) => {
  const q = symbol("q", typeof given === "number" ? given : given[place % given.length]);
  const [x, y] = [symbol("\\hat{y}", output), symbol("y", target)];
  if (target > output) {
    return { loss: multiply(q, subtract(y, x)), slope: negate(q), note: "The output is below the target: weight q." };
  }
  if (target === output) {
    return { loss: multiply(q, subtract(y, x)), slope: constant(0), note: "The corner: the slope is taken as 0." };
  }
  const rest = subtract(constant(1), q);
  return { loss: multiply(rest, subtract(x, y)), slope: rest, note: "The output is above the target: weight 1 − q." };
};

const binary: ElementFormula<BinaryCrossEntropyOptions> = (logit, target, _, { positiveWeight = 1 }) => {
  const [z, y] = [symbol("z", logit), symbol("y", target)];
  const p = named("p", call("σ", z));
  const weight = positiveWeight === 1 ? [] : [symbol("w", positiveWeight)];
  const positive = multiply(...weight, y, negate(call("softplus", negate(z))));
  const negative = multiply(subtract(constant(1), y), negate(call("softplus", z)));
  const slope =
    positiveWeight === 1
      ? subtract(p, y)
      : subtract(multiply(subtract(constant(1), y), p), multiply(...weight, y, subtract(constant(1), p)));
  return { loss: negate(add(positive, negative)), slope, note: `p = σ(z) = ${p.numbers.text}; ln p = −softplus(−z).` };
};

const focal: ElementFormula<FocalOptions> = (logit, target, _, { gamma = 2, alpha }) => {
  const [z, y, g] = [symbol("z", logit), symbol("y", target), symbol("\\gamma", gamma)];
  const p = named("p", call("σ", z));
  const q = named("(1-p)", call("σ", negate(z)));
  const [yes, no] = [call("softplus", negate(z)), call("softplus", z)]; // −ln p and −ln(1 − p)
  const [a, b] =
    alpha === undefined ? [[], []] : [[symbol("\\alpha", alpha)], [subtract(constant(1), symbol("\\alpha", alpha))]];
  const positive = multiply(...a, y, power(q, g), yes);
  const negative = multiply(...b, subtract(constant(1), y), power(p, g), no);
  const up = multiply(...a, y, power(q, g), add(multiply(g, p, yes), q));
  const down = multiply(...b, subtract(constant(1), y), power(p, g), add(multiply(g, q, no), p));
  return { loss: add(positive, negative), slope: subtract(down, up), note: `p = σ(z) = ${p.numbers.text}.` };
};

const hinge: ElementFormula<HingeOptions> = (score, sign, _, { margin = 1, squared = false }) => {
  const [m, y, s] = [symbol("m", margin), symbol("y", sign), symbol("\\hat{y}", score)];
  const short = subtract(margin === 1 ? constant(1) : m, multiply(y, s));
  const missing = call("max", constant(0), short);
  const inside = short.value > 0;
  const note = inside ? "Inside the margin: it pulls the score." : "The margin is kept: no loss, no gradient.";
  if (squared) {
    const slope = inside ? multiply(constant(-2), y, short) : constant(0);
    return { loss: power(missing, constant(2)), slope, note };
  }
  return { loss: missing, slope: inside ? negate(y) : constant(0), note };
};

/** Losses that treat every number alike, by name. */
const elements: Readonly<Record<string, ElementFormula<never>>> = {
  meanSquaredError: squaredError,
  meanAbsoluteError: absoluteError,
  huberLoss: huber,
  quantileLoss: quantile,
  binaryCrossEntropy: binary,
  focalLoss: focal,
  hingeLoss: hinge,
  sequenceHingeLoss: hinge,
};

export const elementwiseNames = Object.keys(elements);

/** The loss and the slope of each real number. */
export function explainElements(
  name: string,
  outputs: TensorLike,
  targets: TensorLike,
  options: { readonly lengths?: ArrayLike<number> },
): Step[] {
  const formula = elements[name] as ElementFormula<unknown>;
  const batch = toBatch(outputs, { where: name, argument: "outputs", classes: false }, options.lengths);
  const goal = toBatch(targets, { where: name, argument: "targets", classes: false });
  return eachRealStep(batch, (b, t) => {
    const parts = Array.from({ length: batch.width }, (_, j) => {
      const output = batch.data[(b * batch.time + t) * batch.width + j];
      const target = goal.data[(b * goal.time + t) * goal.width + j];
      const { loss, slope, note } = formula(output, target, j, options);
      const place = batch.width === 1 ? "" : `, number ${j}`;
      return { place, loss, slope, note };
    });
    return parts.map(({ place, loss, slope, note }) =>
      derived(`sequence ${b}, step ${t}${place}: the loss`, { latex: "\\ell", text: "ℓ" }, loss, {
        ...(note && { note }),
        steps: [
          derived(
            "its slope",
            { latex: `\\frac{\\partial \\ell}{\\partial ${outputName(name)}}`, text: `∂ℓ/∂${plainOutput(name)}` },
            slope,
          ),
        ],
      }),
    );
  });
}

const fromLogits = (name: string) => name === "binaryCrossEntropy" || name === "focalLoss";
const outputName = (name: string) => (fromLogits(name) ? "z" : "\\hat{y}");
const plainOutput = (name: string) => (fromLogits(name) ? "z" : "ŷ");
