import { choice, fillIn, order, type Template, trueFalse } from "../template.js";

export function tokens(): readonly Template[] {
  return [
    fillIn({
      id: "natural-logarithm",
      topic: "tokens",
      level: 1,
      prompt: "Measured with the natural logarithm, a loss is in _____; with log₂ it is in bits.",
      answer: "nats",
      synonyms: ["natural unit", "natural units of information"],
      reason: "1 nat = 1/ln 2 ≈ 1.443 bits. Deep learning frameworks use the natural logarithm.",
    }),
    choice({
      id: "softmax-once",
      topic: "tokens",
      level: 2,
      prompt: "A cross-entropy loss takes logits. What happens where probabilities, after a softmax, are given to it?",
      right: "A second softmax is applied: the loss cannot come near 0 and gradients are weak",
      wrong: [
        {
          text: "Nothing, for the softmax of a softmax is the same",
          whyNot: "It is not: softmax([1, 0]) is [0.73, 0.27], far from [1, 0].",
        },
        { text: "The loss becomes negative", whyNot: "−ln of a softmax is never negative." },
        {
          text: "It is more exact",
          whyNot: "It computes something else; fusing one softmax with the logarithm is what is exact.",
        },
      ],
      reason: "Probabilities lie in 0..1, so that the second softmax can be at most e/(e + V − 1) sure of a class.",
    }),
    choice({
      id: "binary-or-categorical",
      topic: "tokens",
      level: 1,
      prompt: "Each moment of a recording may have several sound events at once. Which loss for the output layer?",
      right: "Binary cross-entropy for each event, on sigmoids",
      wrong: [
        {
          text: "Categorical cross-entropy on a softmax",
          whyNot: "A softmax shares one probability among the events: it says that exactly one happens.",
        },
        {
          text: "Mean squared error",
          whyNot: "Its gradient through a saturated sigmoid nearly vanishes where the answer is wrong.",
        },
        { text: "CTC", whyNot: "CTC reads one sequence of symbols; here events overlap, and each moment is labelled." },
      ],
      reason: "Events that do not exclude each other are decisions of their own, each with its own probability.",
    }),
    trueFalse({
      id: "smoothing-floor",
      topic: "tokens",
      level: 3,
      prompt: "With label smoothing ε = 0.1, a perfect model reaches a cross-entropy of 0.",
      answer: false,
      reason:
        "The smallest value is the entropy of the smoothed target, which is above 0; below it the model cannot go. So its exponential is no perplexity either.",
    }),
    choice({
      id: "padding-in-the-mean",
      topic: "tokens",
      level: 2,
      prompt:
        "Padded steps are masked to a loss of 0, and the batch's loss is the plain mean over all B · T steps. What is wrong?",
      right: "Padding is in the divisor: the same sequences cost less in a batch that is padded more",
      wrong: [
        {
          text: "Nothing: a loss of 0 does not change a mean",
          whyNot: "It does not change the sum, but the mean is divided by more steps.",
        },
        {
          text: "The gradient of the padding is wrong",
          whyNot: "Masked steps have no gradient; those of the real steps are too small.",
        },
        { text: "The loss becomes too large", whyNot: "Dividing by more makes it smaller." },
      ],
      reason:
        "Divide by the number of real steps (or by the sequences), so that the value does not depend on the padding.",
    }),
    order({
      id: "stable-log-softmax",
      topic: "tokens",
      level: 2,
      prompt: "Put in order how ln softmax is computed without overflow.",
      steps: [
        "find the largest logit",
        "subtract it from all logits",
        "sum the exponentials of what is left",
        "subtract the logarithm of that sum from each",
      ],
      reason:
        "After the subtraction the largest exponential is e⁰ = 1, so that nothing overflows and the sum is at least 1.",
    }),
    choice({
      id: "confident-mistake",
      topic: "tokens",
      level: 2,
      prompt: "The probability of the right class falls from 0.1 to 0.01. What does −ln p do?",
      right: "It grows by ln 10 ≈ 2.303",
      wrong: [
        { text: "It grows tenfold", whyNot: "The logarithm turns factors into differences: from 2.303 to 4.605." },
        { text: "It grows by 0.09", whyNot: "That is the difference of the probabilities, not of their logarithms." },
        { text: "It grows by 1", whyNot: "That holds for log₁₀; the loss has the natural logarithm." },
      ],
      reason: "Every factor of ten costs ln 10 more, without a bound: a probability of 0 costs infinity.",
    }),
    trueFalse({
      id: "cross-entropy-shift",
      topic: "tokens",
      level: 2,
      prompt: "Adding 5 to all logits of a step changes its cross-entropy.",
      answer: false,
      reason:
        "The softmax depends on differences of logits only. That is also why the gradient over the classes sums to 0.",
    }),
    choice({
      id: "focal-zero",
      topic: "tokens",
      level: 1,
      prompt: "What is focal loss with γ = 0?",
      right: "Cross-entropy",
      wrong: [
        { text: "0", whyNot: "The factor (1 − p)^0 is 1." },
        { text: "Squared error", whyNot: "It keeps −ln p; only the factor before it changes with γ." },
        { text: "Hinge loss", whyNot: "It has no margin: it is a factor times −ln p." },
      ],
      reason: "The factor (1 − p)^γ is 1 there; larger γ plays down what is already easy (Lin et al. 2017).",
    }),
    fillIn({
      id: "teacher-forcing",
      topic: "tokens",
      level: 2,
      prompt: "Training a decoder on the right previous words, rather than on its own, is called teacher _____.",
      answer: "forcing",
      synonyms: ["forced"],
      reason:
        "It makes each step's cross-entropy simple to compute; in use the decoder sees its own words, which it did not learn from (exposure bias).",
    }),
  ];
}
