import type { Random } from "../../core/random.js";
import { focalLoss } from "../../losses/binary.js";
import { categoricalCrossEntropy, crossEntropy } from "../../losses/crossEntropy.js";
import { negativeLogLikelihood } from "../../losses/negativeLogLikelihood.js";
import { about, distribution, list, pick, show, tenths, whole } from "../draw.js";
import { numeric, type Template } from "../template.js";
import { logitOf, surprise, twentieths, twoClasses } from "./probabilities.js";

const softmax = (logits: readonly number[]): number[] => {
  const sum = logits.reduce((total, z) => total + Math.exp(z), 0);
  return logits.map((z) => Math.exp(z) / sum);
};

/** Logits of three or four classes, and a label. */
function scored(random: Random): { logits: number[]; label: number } {
  const logits = list(whole(random, 3, 4), () => tenths(random, -2, 3));
  return { logits, label: random.integer(logits.length) };
}

export function tokens(): readonly Template[] {
  return [
    numeric({
      id: "nats",
      topic: "tokens",
      level: 1,
      draw(random) {
        const probability = twentieths(random);
        return {
          given: { probability },
          prompt: `A model gives the right class the probability ${probability}. What is its negative log-likelihood, in nats?`,
          answer: negativeLogLikelihood([twoClasses([probability])], [[0]]).value,
          reason: "Losses use the natural logarithm: −ln p.",
          slips: [
            { value: -Math.log10(probability), why: "This is −log₁₀ p; losses use the natural logarithm." },
            { value: -Math.log2(probability), why: "This is −log₂ p, in bits; losses use the natural logarithm." },
            { value: Math.log(probability), why: "The minus sign is missing." },
            { value: 1 - probability, why: "This is 1 − p, not −ln p." },
          ],
        };
      },
    }),
    numeric({
      id: "cross-entropy-of-logits",
      topic: "tokens",
      level: 2,
      draw(random) {
        const { logits, label } = scored(random);
        const p = softmax(logits)[label];
        return {
          given: { logits, label },
          prompt: `The logits are ${show(logits)}, the right class is number ${label} (counted from 0). What is the cross-entropy?`,
          answer: crossEntropy([logits], [label]).value,
          reason: `The softmax gives the class the probability ${about(p)}; the loss is −ln of it.`,
          slips: [
            { value: -Math.log10(p), why: "This is −log₁₀; losses use the natural logarithm." },
            { value: -logits[label], why: "This is the negative logit: the softmax divides by the sum of all e^z." },
            { value: p, why: "This is the probability; the loss is −ln of it." },
            { value: Math.log(p), why: "The minus sign is missing." },
          ],
        };
      },
    }),
    numeric({
      id: "categorical-cross-entropy",
      topic: "tokens",
      level: 1,
      draw(random) {
        const probabilities = distribution(random, whole(random, 3, 4));
        const label = random.integer(probabilities.length);
        const target = probabilities.map((_, k) => (k === label ? 1 : 0));
        return {
          given: { probabilities, target },
          prompt: `One-hot target ${show(target)}, predicted probabilities ${show(probabilities)}. What is the categorical cross-entropy?`,
          answer: categoricalCrossEntropy([probabilities], [target], { inputs: "probabilities" }).value,
          reason: "Only the class whose target is 1 stays in the sum: −ln of its probability.",
          slips: [
            { value: -Math.log10(probabilities[label]), why: "This is −log₁₀; losses use the natural logarithm." },
            {
              value: probabilities.reduce((sum, p) => sum - Math.log(p), 0),
              why: "Classes whose target is 0 drop out of the sum.",
            },
            {
              value: probabilities.reduce((sum, p, k) => sum - Math.log(k === label ? p : 1 - p), 0),
              why: "This is binary cross-entropy over the classes; the categorical one has no (1 − y) ln(1 − p).",
            },
            {
              value: surprise(probabilities[label]) / probabilities.length,
              why: "The sum over classes is not divided by their number.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "label-smoothing",
      topic: "tokens",
      level: 3,
      draw(random) {
        const { logits, label } = scored(random);
        const epsilon = pick(random, [0.1, 0.2, 0.3]);
        const parts = softmax(logits).map(surprise);
        const even = parts.reduce((sum, x) => sum + x, 0) / parts.length;
        const others = (even * parts.length - parts[label]) / (parts.length - 1);
        return {
          given: { logits, label, epsilon },
          prompt: `The logits are ${show(logits)}, the right class is number ${label} (from 0). With label smoothing ε = ${epsilon}, spread evenly over all the classes, what is the cross-entropy?`,
          answer: crossEntropy([logits], [label], { labelSmoothing: epsilon }).value,
          reason: `The target is (1 − ε) one-hot + ε/${parts.length} everywhere, so the loss is (1 − ε) · ${about(parts[label])} + ε · ${about(even)}, the mean of −ln p over the classes.`,
          slips: [
            { value: parts[label], why: "This is the loss without smoothing." },
            {
              value: (1 - epsilon) * parts[label] + epsilon * others,
              why: "Here ε is spread over the other classes only; the question spreads it over all of them.",
            },
            { value: (1 - epsilon) * parts[label], why: "The share ε of the target is missing." },
          ],
        };
      },
    }),
    numeric({
      id: "softmax-gradient",
      topic: "tokens",
      level: 2,
      draw(random) {
        const probabilities = distribution(random, 3);
        const label = random.integer(3);
        const entry = random.integer(3);
        const logits = probabilities.map(Math.log);
        return {
          given: { probabilities, label, entry },
          prompt: `The softmax gives ${show(probabilities)}; the right class is number ${label}. What is the derivative of the cross-entropy with respect to logit number ${entry} (both counted from 0)?`,
          answer: crossEntropy([logits], [label]).grad.data[entry],
          reason: "The gradient with respect to the logits is p − y: the probability, less 1 at the right class.",
          slips: [
            {
              value: entry === label ? probabilities[entry] : probabilities[entry] - 1,
              why: "The 1 belongs to the right class and to no other.",
            },
            {
              value: entry === label ? 1 - probabilities[entry] : -probabilities[entry],
              why: "The sign is turned round: the gradient is p − y, and descent goes against it.",
            },
            {
              value: entry === label ? -1 / probabilities[entry] : 0,
              why: "This is the derivative with respect to the probability, not to the logit.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "focal-of-one",
      topic: "tokens",
      level: 2,
      draw(random) {
        const probability = twentieths(random);
        const gamma = pick(random, [1, 2, 3]);
        return {
          given: { probability, gamma },
          prompt: `A positive example has the predicted probability ${probability}. What is its focal loss with γ = ${gamma} (and no α)?`,
          answer: focalLoss([logitOf(probability)], [1], { gamma }).value,
          reason: "The cross-entropy is multiplied by (1 − p)^γ, so that an easy example counts little.",
          slips: [
            { value: surprise(probability), why: "This is the cross-entropy; the factor (1 − p)^γ is missing." },
            { value: probability ** gamma * surprise(probability), why: "The factor is (1 − p)^γ, not p^γ." },
            { value: gamma * (1 - probability) * surprise(probability), why: "γ is an exponent, not a factor." },
          ],
        };
      },
    }),
    numeric({
      id: "uniform-guess",
      topic: "tokens",
      level: 1,
      draw(random) {
        const classes = pick(random, [2, 5, 10, 26, 29, 100, 1000]);
        return {
          given: { classes },
          prompt: `An untrained network gives each of ${classes} classes the same probability. What cross-entropy does its training begin with?`,
          answer: crossEntropy([list(classes, () => 0)], [0]).value,
          reason: `−ln(1/${classes}) = ln ${classes}. A first loss far from this says that something is wrong before training begins.`,
          slips: [
            { value: Math.log10(classes), why: "This is log₁₀; losses use the natural logarithm." },
            { value: Math.log2(classes), why: "This is log₂; losses use the natural logarithm." },
            { value: 1 / classes, why: "This is the probability; the loss is −ln of it." },
          ],
        };
      },
    }),
  ];
}
