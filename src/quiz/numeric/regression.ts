import type { Random } from "../../core/random.js";
import { huberLoss, meanAbsoluteError, meanSquaredError, quantileLoss } from "../../losses/regression.js";
import { about, list, minus, pick, show, tenths, whole } from "../draw.js";
import { numeric, type Template } from "../template.js";

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/** A short forecast, with at least one step that misses. */
function forecast(random: Random): { targets: number[]; outputs: number[] } {
  const targets = list(whole(random, 3, 5), () => tenths(random, -3, 3));
  const outputs = targets.map(() => tenths(random, -3, 3));
  outputs[0] = targets[0] + pick(random, [-2, -1, 1, 2]);
  return { targets, outputs: outputs.map((x) => Math.round(10 * x) / 10) };
}

export function regression(): readonly Template[] {
  return [
    numeric({
      id: "mse-of-a-list",
      topic: "regression",
      level: 1,
      draw(random) {
        const { targets, outputs } = forecast(random);
        const squares = targets.map((y, i) => (y - outputs[i]) ** 2);
        return {
          given: { targets, outputs },
          prompt: `Targets y = ${show(targets)}, outputs ŷ = ${show(outputs)}. What is the mean squared error?`,
          answer: meanSquaredError([outputs], [targets]).value,
          reason: `The squared errors are ${show(squares.map((x) => Number(x.toPrecision(4))))}; their mean is the loss.`,
          slips: [
            {
              value: mean(squares) * squares.length,
              why: "This is the sum of the squared errors; divide by their number.",
            },
            { value: Math.sqrt(mean(squares)), why: "This is the root of the mean squared error." },
            {
              value: mean(squares) / 2,
              why: "The half belongs to another convention (d²/2); the mean squared error has none.",
            },
            { value: mean(squares.map(Math.sqrt)), why: "This is the mean absolute error: nothing was squared." },
          ],
        };
      },
    }),
    numeric({
      id: "mse-slope",
      topic: "regression",
      level: 2,
      draw(random) {
        const { targets, outputs } = forecast(random);
        const error = outputs[0] - targets[0];
        const n = targets.length;
        return {
          given: { targets, outputs },
          prompt: `Targets y = ${show(targets)}, outputs ŷ = ${show(outputs)}. What is the derivative of their mean squared error with respect to the first output?`,
          answer: meanSquaredError([outputs], [targets]).grad.data[0],
          reason: `∂/∂ŷ₁ of (1/n) Σ (ŷ − y)² is 2 (ŷ₁ − y₁) / n, here 2 · ${about(error)} / ${n}.`,
          slips: [
            { value: 2 * error, why: "The mean divides the slope by the number of outputs too." },
            { value: error / n, why: "The 2 from the square is missing." },
            {
              value: (-2 * error) / n,
              why: "The sign is turned round: an output above its target has a positive slope.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "mae-of-a-list",
      topic: "regression",
      level: 1,
      draw(random) {
        const { targets, outputs } = forecast(random);
        const errors = targets.map((y, i) => Math.abs(y - outputs[i]));
        return {
          given: { targets, outputs },
          prompt: `Targets y = ${show(targets)}, outputs ŷ = ${show(outputs)}. What is the mean absolute error?`,
          answer: meanAbsoluteError([outputs], [targets]).value,
          reason: `The absolute errors are ${show(errors.map((x) => Number(x.toPrecision(4))))}; their mean is the loss.`,
          slips: [
            { value: mean(errors) * errors.length, why: "This is the sum; divide by the number of errors." },
            { value: mean(errors.map((x) => x ** 2)), why: "This is the mean squared error." },
            {
              value: Math.abs(mean(targets) - mean(outputs)),
              why: "Errors of opposite sign cancelled: take |y − ŷ| first.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "huber-of-one",
      topic: "regression",
      level: 2,
      draw(random) {
        const delta = pick(random, [0.5, 1, 2]);
        const target = tenths(random, -2, 2);
        const distance = pick(random, [0.4, 0.8, 1.5, 3, 5]) * pick(random, [-1, 1]);
        const output = Math.round(10 * (target + distance)) / 10;
        const d = Math.abs(output - target);
        return {
          given: { target, output, delta },
          prompt: `Huber's loss with δ = ${delta}: target ${minus(target)}, output ${minus(output)}. What is the loss?`,
          answer: huberLoss([output], [target], { delta }).value,
          reason:
            d <= delta
              ? `The distance ${about(d)} is at most δ, so the loss is d²/2.`
              : `The distance ${about(d)} is more than δ, so the loss is linear: δ (d − δ/2).`,
          slips: [
            { value: d ** 2 / 2, why: "Beyond δ the loss is linear, δ (d − δ/2)." },
            { value: d ** 2, why: "Huber's loss has a half: d²/2 near 0." },
            { value: delta * (d - delta / 2), why: "Up to δ the loss is quadratic, d²/2." },
            { value: d, why: "This is the absolute error." },
          ],
        };
      },
    }),
    numeric({
      id: "quantile-of-one",
      topic: "regression",
      level: 2,
      draw(random) {
        const quantile = pick(random, [0.1, 0.2, 0.75, 0.9, 0.95]);
        const target = whole(random, 5, 20);
        const output = target + whole(random, 1, 4) * pick(random, [-1, 1]);
        const d = target - output;
        return {
          given: { quantile, target, output },
          prompt: `Quantile (pinball) loss for the quantile ${quantile}: the target is ${target}, the forecast ${output}. What is the loss?`,
          answer: quantileLoss([output], [target], { quantile }).value,
          reason:
            d > 0
              ? `The forecast is too low by ${d}, which costs q a unit: ${quantile} · ${d}.`
              : `The forecast is too high by ${-d}, which costs 1 − q a unit: ${about(1 - quantile)} · ${-d}.`,
          slips: [
            {
              value: d > 0 ? (1 - quantile) * d : -quantile * d,
              why: "q and 1 − q are exchanged: a forecast too low costs q.",
            },
            { value: Math.abs(d), why: "This is the absolute error; the quantile weighs the two sides." },
            { value: -Math.abs(d), why: "A loss is not negative." },
          ],
        };
      },
    }),
  ];
}
