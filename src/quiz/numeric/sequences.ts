import { binaryCrossEntropy } from "../../losses/binary.js";
import { crossEntropy, sequenceCrossEntropy } from "../../losses/crossEntropy.js";
import { negativeLogLikelihood } from "../../losses/negativeLogLikelihood.js";
import { about, list, pick, show, tenths, whole } from "../draw.js";
import { numeric, type Template } from "../template.js";
import { logitOf, surprise, twentieths, twoClasses } from "./probabilities.js";

/** Several steps: what is summed, and what a mean divides by. */
export function sequences(): readonly Template[] {
  return [
    numeric({
      id: "binary-cross-entropy-mean",
      topic: "tokens",
      level: 2,
      draw(random) {
        const targets = list(whole(random, 2, 4), () => random.integer(2));
        const probabilities = targets.map(() => twentieths(random));
        const parts = targets.map((y, i) => surprise(y === 1 ? probabilities[i] : 1 - probabilities[i]));
        const sum = parts.reduce((total, x) => total + x, 0);
        return {
          given: { targets, probabilities },
          prompt: `Binary labels y = ${show(targets)}, predicted probabilities of class 1: ${show(probabilities)}. What is the binary cross-entropy, the mean over the labels?`,
          answer: binaryCrossEntropy([probabilities.map(logitOf)], [targets]).value,
          reason: "A label of 1 costs −ln p, a label of 0 costs −ln(1 − p); the mean of these is the loss.",
          slips: [
            { value: sum, why: "This is the sum; divide by the number of labels." },
            {
              value: probabilities.reduce((total, p) => total - Math.log(p), 0) / targets.length,
              why: "A label of 0 costs −ln(1 − p), not −ln p.",
            },
            { value: sum / targets.length / Math.LN10, why: "This has log₁₀; losses use the natural logarithm." },
          ],
        };
      },
    }),
    numeric({
      id: "class-weighted-mean",
      topic: "tokens",
      level: 3,
      draw(random) {
        const probabilities = list(3, () => twentieths(random));
        const weights = [1, pick(random, [2, 3, 5])];
        const labels = [0, 1, random.integer(2)];
        const outputs = probabilities.map((p, i) =>
          labels[i] === 0 ? [Math.log(p), Math.log1p(-p)] : [Math.log1p(-p), Math.log(p)],
        );
        const sum = probabilities.reduce((total, p, i) => total + weights[labels[i]] * surprise(p), 0);
        return {
          given: { probabilities, labels, weights },
          prompt: `Three steps have the labels ${show(labels)} and give them the probabilities ${show(probabilities)}. Class 0 has the weight ${weights[0]}, class 1 the weight ${weights[1]}. What is the weighted mean of the cross-entropy (divided by the sum of the labels' weights, as PyTorch does)?`,
          answer: crossEntropy(outputs, labels, { classWeights: weights }).value,
          reason: "Each −ln p counts by the weight of its label, and the mean divides by the sum of those weights.",
          slips: [
            { value: sum / 3, why: "A weighted mean divides by the sum of the weights, not by the number of steps." },
            { value: sum, why: "This is the weighted sum; divide by the sum of the weights." },
            { value: probabilities.reduce((total, p) => total + surprise(p), 0) / 3, why: "The weights are missing." },
          ],
        };
      },
    }),
    numeric({
      id: "sequence-loss",
      topic: "tokens",
      level: 1,
      draw(random) {
        const probabilities = list(whole(random, 3, 5), () => twentieths(random));
        const sum = probabilities.reduce((total, p) => total + surprise(p), 0);
        return {
          given: { probabilities },
          prompt: `A decoder gives the right words of a sentence the probabilities ${show(probabilities)}. What is the sequence loss, summed over time as in −Σ_t Σ_c y ln ŷ?`,
          answer: sequenceCrossEntropy([twoClasses(probabilities)], [probabilities.map(() => 0)]).value,
          reason: "The sum of −ln p over the steps is −ln of the product: of the probability of the whole sequence.",
          slips: [
            { value: sum / probabilities.length, why: "This is the mean over the steps; the formula is a sum." },
            {
              value: -Math.log(probabilities.reduce((total, p) => total + p, 0)),
              why: "Probabilities of steps are multiplied, not added, before the logarithm.",
            },
            { value: sum / Math.LN10, why: "This has log₁₀; losses use the natural logarithm." },
          ],
        };
      },
    }),
    numeric({
      id: "masked-mean",
      topic: "tokens",
      level: 2,
      draw(random) {
        const lengths = [whole(random, 1, 2), whole(random, 3, 4)];
        const losses = lengths.map((length) => list(length, () => tenths(random, 0.1, 4)));
        const time = Math.max(...lengths);
        const padded = losses.map((row) => list(time, (t) => [-(row[t] ?? 0), -1]));
        const all = losses.flat();
        const sum = all.reduce((total, x) => total + x, 0);
        const means = losses.map((row) => row.reduce((total, x) => total + x, 0) / row.length);
        return {
          given: { losses },
          prompt: `Two sequences of a batch have the losses ${show(losses[0])} and ${show(losses[1])} at their steps; the shorter one is padded to ${time}. What is the mean over all real steps?`,
          answer: negativeLogLikelihood(
            padded,
            padded.map((row) => row.map(() => 0)),
            { lengths },
          ).value,
          reason: `The ${all.length} real steps count alike and padding counts nothing: the sum ${about(sum)} over ${all.length}.`,
          slips: [
            { value: sum / (2 * time), why: "Padding was counted in the divisor." },
            {
              value: (means[0] + means[1]) / 2,
              why: "This is the mean of the two means: it makes a short sequence's steps count more.",
            },
            { value: sum / 2, why: "This is the mean over the sequences, not over the steps." },
          ],
        };
      },
    }),
  ];
}
