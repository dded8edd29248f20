import { choice, fillIn, type Template, trueFalse } from "../template.js";

/** Hinge losses, of one decision and of whole sequences; chains of tags. */
export function margin(): readonly Template[] {
  return [
    choice({
      id: "hinge-zero",
      topic: "margin",
      level: 1,
      prompt: "When is the hinge loss max(0, 1 − y s) exactly 0?",
      right: "where y s ≥ 1",
      wrong: [
        { text: "where the sign of s is right", whyNot: "With y s = 0.2 the sign is right, and the loss is 0.8." },
        { text: "never, only nearly", whyNot: "That is cross-entropy; the hinge loss is flat beyond the margin." },
        { text: "where s = y only", whyNot: "A score further out on the right side costs nothing either." },
      ],
      reason: "The score must be on the right side by the margin 1; then it is left alone.",
    }),
    trueFalse({
      id: "hinge-labels",
      topic: "margin",
      level: 1,
      prompt: "The hinge loss max(0, 1 − y s) can be given labels of 0 and 1 as they are.",
      answer: false,
      reason: "Its labels are −1 and 1. With y = 0 the loss would be 1 whatever the score: a class without a gradient.",
    }),
    choice({
      id: "sum-or-mean",
      topic: "margin",
      level: 2,
      prompt: "Two papers report the hinge loss of the same sequences, 1.4 and 0.467. What is the likeliest reason?",
      right: "One sums over the steps, the other averages",
      wrong: [
        { text: "One used another margin", whyNot: "That would not make a ratio of exactly the number of steps, 3." },
        { text: "One used the natural logarithm", whyNot: "There is no logarithm in a hinge loss." },
        { text: "One squared the loss", whyNot: "1.4² is 1.96, and 0.467² is 0.218." },
      ],
      reason: "1.4 / 3 = 0.467. A loss over time is only known together with what it is divided by.",
    }),
    choice({
      id: "structured-rival",
      topic: "structured",
      level: 3,
      prompt: "How is the sequence found that the structured hinge loss compares the right one with?",
      right: "By Viterbi, with the cost of each wrong tag added to its score",
      wrong: [
        {
          text: "By Viterbi on the scores alone",
          whyNot: "That is the structured perceptron; the margin needs the cost inside the maximum.",
        },
        {
          text: "By drawing one at random",
          whyNot: "The maximum over all sequences is what makes the loss an upper bound of the cost.",
        },
        {
          text: "It is the sequence that costs most",
          whyNot: "Score and cost count together: a bad sequence with a low score is no rival.",
        },
      ],
      reason:
        "max over y′ of score(y′) + cost(y, y′): where the cost is a sum over steps, one pass of dynamic programming finds it.",
    }),
    fillIn({
      id: "crf-normaliser",
      topic: "structured",
      level: 2,
      prompt: "In a conditional random field, ln Z is the logarithm of the sum of e^score over all _____.",
      answer: "taggings",
      synonyms: [
        "tag sequences",
        "label sequences",
        "sequences of tags",
        "sequences",
        "paths",
        "labelings",
        "labellings",
        "tagging sequences",
      ],
      reason: "There are K^T of them; the forward recursion sums them in T K² steps.",
    }),
    trueFalse({
      id: "crf-not-negative",
      topic: "structured",
      level: 2,
      prompt: "The loss of a conditional random field, ln Z − score, can be negative.",
      answer: false,
      reason: "Z contains the tagging's own e^score and only adds to it, so that ln Z is at least the score.",
    }),
    choice({
      id: "crf-or-softmax",
      topic: "structured",
      level: 2,
      prompt: "What does a conditional random field have that cross-entropy at each step lacks?",
      right: "Scores for pairs of neighbouring tags: it can say that I-PER never follows O",
      wrong: [
        {
          text: "It reads the input in both directions",
          whyNot: "That is the network below; either loss can have it.",
        },
        {
          text: "It needs no labels for each step",
          whyNot: "It does need a tag for each step; CTC and transducers do not.",
        },
        {
          text: "It gives probabilities",
          whyNot: "Cross-entropy's softmax gives probabilities as well, one step at a time.",
        },
      ],
      reason: "The tags of a sequence are judged together; without transition scores the two are the same model.",
    }),
  ];
}
