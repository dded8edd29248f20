import type { Random } from "../../core/random.js";
import { combine } from "../../losses/combine.js";
import { negativeLogLikelihood } from "../../losses/negativeLogLikelihood.js";
import { meanSquaredError } from "../../losses/regression.js";
import type { LayerState, Parameter } from "../../recurrent/layer.js";
import { elman } from "../../recurrent/recurrent.js";
import { clipByGlobalNorm } from "../../training/clip.js";
import { sgd } from "../../training/optimiser.js";
import { about, list, minus, pick, show, tenths, whole } from "../draw.js";
import { numeric, type Template } from "../template.js";

const weight = (data: readonly number[], grad: readonly number[]): Parameter => ({
  name: "w",
  shape: [data.length],
  data: Float32Array.from(data),
  grad: Float32Array.from(grad),
});

/** ∂h_T / ∂h_0 of one unit h_t = f(u h_{t−1}), by backpropagation through the network. */
function slopeThroughTime(
  recurrentWeight: number,
  steps: number,
  start: number,
  nonlinearity: "tanh" | "relu",
): number {
  const unit = elman({ inputs: 1, hidden: 1, seed: 1, nonlinearity });
  for (const { data } of unit.parameters) data.fill(0);
  (unit.parameters.find(({ name }) => name === "weight_hh_l0") as Parameter).data[0] = recurrentWeight;
  const state: LayerState = [{ h: Float32Array.of(start), c: Float32Array.of(0) }];
  const initialGradients = new Map<typeof unit, LayerState>();
  const input = { data: new Float32Array(steps), shape: [1, steps, 1], lengths: Int32Array.of(steps) };
  unit.forward(input, { training: true, carry: new Map([[unit, state]]), initialGradients });
  const last = new Float32Array(steps);
  last[steps - 1] = 1;
  unit.backward({ data: last, shape: [1, steps, 1] });
  unit.dispose();
  return (initialGradients.get(unit) as LayerState)[0].h[0];
}

/** Two micro-batches of different sizes, with the losses of their steps. */
function microBatches(random: Random): number[][] {
  return [whole(random, 1, 2), whole(random, 3, 5)].map((size) => list(size, () => tenths(random, 0.1, 3)));
}

export function gradients(): readonly Template[] {
  return [
    numeric({
      id: "clipping-factor",
      topic: "gradients",
      level: 2,
      draw(random) {
        const [a, b, c] = pick(random, [
          [3, 4, 0],
          [6, 8, 0],
          [2, 3, 6],
          [1, 4, 8],
          [4, 4, 7],
          [2, 6, 9],
        ]);
        const gradient = [a, -b, c];
        const limit = pick(random, [1, 2, 2.5, 4]);
        const parameter = weight([0, 0, 0], gradient);
        const norm = clipByGlobalNorm([parameter], limit);
        return {
          given: { gradient, limit },
          prompt: `A gradient is ${show(gradient)}. Clipped by its global norm at ${limit}, what is it multiplied by?`,
          answer: parameter.grad[0] / gradient[0],
          reason: `Its norm is ${about(norm)}, above the limit, so that all of it is multiplied by ${limit} / ${about(norm)}: the direction stays.`,
          slips: [
            { value: norm / limit, why: "The factor is the limit over the norm." },
            {
              value: limit / (a + b + c),
              why: "The norm is the root of the sum of squares, not the sum of magnitudes.",
            },
            { value: limit / norm ** 2, why: "The root of the sum of squares is missing." },
            { value: limit / Math.max(a, b, c), why: "The norm is over all entries, not the largest of them." },
          ],
        };
      },
    }),
    numeric({
      id: "gradient-through-time",
      topic: "gradients",
      level: 2,
      draw(random) {
        const recurrent = pick(random, [0.5, 0.8, 0.9, 1.1, 1.2, 1.5]);
        const steps = whole(random, 3, 12);
        return {
          given: { recurrent, steps },
          prompt: `A linear recurrent unit h_t = ${recurrent} h_{t−1} runs for ${steps} steps. What is ∂h_${steps}/∂h_0?`,
          answer: slopeThroughTime(recurrent, steps, 1, "relu"),
          reason: `The chain rule multiplies the recurrent weight once a step: ${recurrent}^${steps}. Below 1 the gradient vanishes, above 1 it explodes.`,
          slips: [
            { value: recurrent * steps, why: "The factors multiply: a power, not a product with the number of steps." },
            { value: recurrent ** (steps - 1), why: "From h_0 on there are as many factors as steps." },
            { value: recurrent, why: "This is one step." },
          ],
        };
      },
    }),
    numeric({
      id: "gradient-through-tanh",
      topic: "gradients",
      level: 3,
      draw(random) {
        const recurrent = pick(random, [0.5, 0.9, 1.2, 2]);
        const start = pick(random, [0.2, 0.5, 1]);
        const states = [start];
        for (let t = 1; t <= 2; t++) states.push(Math.tanh(recurrent * states[t - 1]));
        return {
          given: { recurrent, start },
          prompt: `A recurrent unit h_t = tanh(${recurrent} h_{t−1}) begins with h_0 = ${start}. What is ∂h_2/∂h_0?`,
          answer: slopeThroughTime(recurrent, 2, start, "tanh"),
          reason: `Each step contributes u (1 − h_t²); h_1 = ${about(states[1])}, h_2 = ${about(states[2])}. A saturated unit passes less than its weight.`,
          slips: [
            { value: recurrent ** 2, why: "The slope of tanh is missing: each step has u (1 − h_t²)." },
            {
              value: (1 - states[1] ** 2) * (1 - states[2] ** 2),
              why: "The recurrent weight is missing at each step.",
            },
            {
              value: recurrent ** 2 * (1 - states[0] ** 2) * (1 - states[1] ** 2),
              why: "The slope of a step is taken at the state that it leads to: h_1 and h_2.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "descent-step",
      topic: "gradients",
      level: 2,
      draw(random) {
        const [start, input, target] = [tenths(random, -2, 2), pick(random, [1, 3, 4]), whole(random, -3, 3) + 0.5];
        const rate = pick(random, [0.01, 0.05, 0.1]);
        const { grad } = meanSquaredError([start * input], [target]);
        const parameter = weight([start], [grad.data[0] * input]);
        sgd({ learningRate: rate }).step([parameter]);
        const slope = 2 * (start * input - target) * input;
        return {
          given: { start, input, target, rate },
          prompt: `A model ŷ = w x has w = ${minus(start)}. On x = ${input}, y = ${minus(target)}, with squared error (ŷ − y)² and the learning rate ${rate}, what is w after one step of gradient descent?`,
          answer: parameter.data[0],
          reason: `∂/∂w (w x − y)² = 2 (w x − y) x = ${about(slope)}, and w goes against it: w − ${rate} · slope.`,
          slips: [
            { value: start + rate * slope, why: "Descent goes against the gradient: w − rate · slope." },
            { value: start - (rate * slope) / 2, why: "The 2 from the square is missing." },
            { value: start - (rate * slope) / input, why: "The factor x of the chain rule is missing." },
          ],
        };
      },
    }),
    numeric({
      id: "micro-batches",
      topic: "gradients",
      level: 2,
      draw(random) {
        const losses = microBatches(random);
        const results = losses.map((row) =>
          negativeLogLikelihood(
            row.map((x) => [-x]),
            row.map(() => 0),
          ),
        );
        const all = losses.flat();
        return {
          given: { losses },
          prompt: `A batch is computed in two parts, whose steps have the losses ${show(losses[0])} and ${show(losses[1])}. What is the mean over the steps of the whole batch?`,
          answer: combine(results).value,
          reason: `Sums and counts are added before the division, over all ${all.length} steps; a mean of means would make the smaller part count more.`,
          slips: [
            {
              value: (results[0].value + results[1].value) / 2,
              why: "This is the mean of the two means; the parts differ in size.",
            },
            { value: results[0].value + results[1].value, why: "This adds the two means." },
          ],
        };
      },
    }),
  ];
}
