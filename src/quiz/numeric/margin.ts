import type { Random } from "../../core/random.js";
import { hingeLoss, multiclassHingeLoss, sequenceHingeLoss } from "../../losses/hinge.js";
import { list, minus, pick, show, tenths, whole } from "../draw.js";
import { numeric, type Template } from "../template.js";

const missing = (y: number, s: number): number => Math.max(0, 1 - y * s);
const sign = (random: Random): number => pick(random, [-1, 1]);

/** Labels and scores of a sequence; the first step is inside the margin. */
function signed(random: Random): { targets: number[]; scores: number[] } {
  const targets = list(whole(random, 3, 5), () => sign(random));
  const scores = targets.map((y, t) => (t === 0 ? (y * whole(random, 1, 9)) / 10 : tenths(random, -2, 2)));
  return { targets, scores };
}

const clipped = "A step beyond the margin costs 0: max(0, …) was left out.";

export function margin(): readonly Template[] {
  return [
    numeric({
      id: "hinge-of-one",
      topic: "margin",
      level: 1,
      draw(random) {
        const target = sign(random);
        const score = tenths(random, -2, 2);
        return {
          given: { target, score },
          prompt: `The label is ${minus(target)}, the score ${minus(score)}. What is the hinge loss?`,
          answer: hingeLoss([score], [target]).value,
          reason: "max(0, 1 − y s): what the score lacks to the margin 1 on the side of its label.",
          slips: [
            { value: 1 - target * score, why: clipped },
            { value: missing(-target, score), why: "The sign of the label is turned round." },
            { value: Math.max(0, -target * score), why: "This is the perceptron's loss: the margin 1 is missing." },
            { value: missing(target, score) ** 2, why: "This is the squared hinge loss." },
          ],
        };
      },
    }),
    numeric({
      id: "sequence-hinge-sum",
      topic: "margin",
      level: 1,
      draw(random) {
        const { targets, scores } = signed(random);
        const parts = targets.map((y, t) => missing(y, scores[t]));
        const sum = parts.reduce((total, x) => total + x, 0);
        return {
          given: { targets, scores },
          prompt: `Labels y = ${show(targets)}, scores ŷ = ${show(scores)}. What is the hinge loss for the sequence, as the formula Σ_t max(0, 1 − y_t ŷ_t) has it?`,
          answer: sequenceHingeLoss([scores], [targets]).value,
          reason: `The steps cost ${show(parts.map((x) => Number(x.toPrecision(4))))}; the formula adds them.`,
          slips: [
            { value: sum / parts.length, why: "This is the mean over the steps; the formula is a sum." },
            { value: targets.reduce((total, y, t) => total + 1 - y * scores[t], 0), why: clipped },
            {
              value: scores.reduce((total, s) => total + missing(1, s), 0),
              why: "The labels were left out: it is y ŷ, not ŷ.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "sequence-hinge-mean",
      topic: "margin",
      level: 2,
      draw(random) {
        const { targets, scores } = signed(random);
        const parts = targets.map((y, t) => missing(y, scores[t]));
        const sum = parts.reduce((total, x) => total + x, 0);
        return {
          given: { targets, scores },
          prompt: `Labels y = ${show(targets)}, scores ŷ = ${show(scores)}. What is the hinge loss for the sequence, averaged over the steps?`,
          answer: sequenceHingeLoss([scores], [targets], { per: "step" }).value,
          reason: `The steps cost ${show(parts.map((x) => Number(x.toPrecision(4))))}; their sum is divided by ${parts.length}.`,
          slips: [
            { value: sum, why: "This is the sum; the question asks for the mean over the steps." },
            {
              value: sum / parts.filter((x) => x > 0).length,
              why: "A step that costs 0 is a step too: divide by all of them.",
            },
            { value: targets.reduce((total, y, t) => total + 1 - y * scores[t], 0) / parts.length, why: clipped },
          ],
        };
      },
    }),
    numeric({
      id: "hinge-slope",
      topic: "margin",
      level: 2,
      draw(random) {
        const target = sign(random);
        const score = pick(random, [-1.5, -0.7, 0.4, 0.9, 1.3, 2.2]) * sign(random);
        return {
          given: { target, score },
          prompt: `The label is ${minus(target)}, the score ${minus(score)}. What is the derivative of the hinge loss with respect to the score?`,
          answer: hingeLoss([score], [target]).grad.data[0],
          reason:
            target * score < 1
              ? "Inside the margin the loss is 1 − y s, whose slope is −y."
              : "Beyond the margin the loss is 0 and flat: a score that is far enough is left alone.",
          slips: [
            { value: -target, why: "Beyond the margin the loss is flat." },
            { value: target, why: "The loss is 1 − y s inside the margin: its slope is −y." },
            { value: 0, why: "The score is inside the margin 1, even where its sign is right: the slope is −y." },
          ],
        };
      },
    }),
    numeric({
      id: "multiclass-hinge",
      topic: "margin",
      level: 2,
      draw(random) {
        const scores = list(3, () => tenths(random, -1, 2));
        const label = random.integer(3);
        const parts = scores.map((s, k) => (k === label ? 0 : Math.max(0, 1 + s - scores[label])));
        const sum = parts.reduce((total, x) => total + x, 0);
        return {
          given: { scores, label },
          prompt: `Scores of three classes: ${show(scores)}; the right one is number ${label} (from 0). What is the multi-class hinge loss, summed over the rival classes (Weston and Watkins)?`,
          answer: multiclassHingeLoss([scores], [label]).value,
          reason: "Each rival costs max(0, 1 + s_k − s_y): what it is too close to the right class.",
          slips: [
            { value: Math.max(...parts), why: "This counts the closest rival only (Crammer and Singer)." },
            { value: sum / 3, why: "This is divided by the number of classes, as PyTorch's MultiMarginLoss does." },
            { value: sum + 1, why: "The right class is no rival of itself: leave out k = y." },
          ],
        };
      },
    }),
  ];
}
