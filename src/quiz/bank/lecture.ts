import { choice, fillIn, type Template, trueFalse } from "../template.js";

/** The lecture's own self-assessment, and questions about its pages. */
export function lecture(): readonly Template[] {
  return [
    fillIn({
      id: "self-assessment-1",
      topic: "lecture",
      level: 1,
      prompt: "Connectionist Temporal Classification (CTC) Loss is ideal for sequence alignment with varying _____.",
      answer: "lengths",
      synonyms: ["sequence length", "input and output length", "input length"],
      reason: "CTC needs no alignment in its labels: it sums over every way to place U labels on T frames.",
    }),
    fillIn({
      id: "self-assessment-2",
      topic: "lecture",
      level: 1,
      prompt: "Hinge Loss for Sequences encourages correct order in structured _____ tasks.",
      answer: "prediction",
      synonyms: ["predicting", "output prediction"],
      reason:
        "In structured prediction the output is a whole (a sequence of tags, a ranking) and not one number or class.",
    }),
    fillIn({
      id: "self-assessment-3",
      topic: "lecture",
      level: 1,
      prompt:
        "Standard losses like Mean Squared Error (MSE) and Cross-Entropy are essential for _____ and classification tasks.",
      answer: "regression",
      synonyms: ["regressing"],
      reason: "Squared error is for numbers, as in forecasting; cross-entropy is for classes.",
    }),
    choice({
      id: "hello-blank",
      topic: "lecture",
      level: 1,
      prompt:
        "HELLO, P(H) = 0.6, P(E) = 0.5, P(L) = 0.7, P(O) = 0.8, P(-) = 0.2. What are the factors of the alignment H-E-L-L-O?",
      right: "0.6 · 0.2 · 0.5 · 0.2 · 0.7 · 0.2 · 0.7 · 0.2 · 0.8",
      wrong: [
        {
          text: "0.6 · 0.2 · 0.5 · 0.7 · 0.7 · 0.8 · 0.5 · 0.7 · 0.8",
          whyNot:
            "This is what the lecture prints; its fourth factor is 0.7, but the fourth symbol is a blank, P(-) = 0.2.",
        },
        {
          text: "0.6 · 0.5 · 0.7 · 0.7 · 0.8",
          whyNot: "A blank is a symbol with a probability too, and every frame has a factor.",
        },
        {
          text: "0.6 · 0.8 · 0.5 · 0.8 · 0.7 · 0.8 · 0.7 · 0.8 · 0.8",
          whyNot: "0.8 = 1 − 0.2 is not the probability of the blank.",
        },
      ],
      reason: "One factor for each symbol, in order; each of the four blanks has 0.2. The product is 0.00018816.",
    }),
    fillIn({
      id: "helo",
      topic: "lecture",
      level: 1,
      prompt: 'The lecture lists "H-E-LL-O" among the alignments of HELLO. What does it read as?',
      answer: "HELO",
      synonyms: [],
      exact: true,
      reason:
        "LL has no blank between its two symbols, so that they merge to one L: the string is no alignment of HELLO.",
    }),
    trueFalse({
      id: "alignments-of-equal-length",
      topic: "lecture",
      level: 2,
      prompt: "H-E-L-L-O (9 symbols) and HE-L-L-O (8 symbols) can be alignments of the same input.",
      answer: false,
      reason: "An alignment has one symbol for each frame, so that all alignments of one input have its length T.",
    }),
    trueFalse({
      id: "probabilities-of-a-frame",
      topic: "lecture",
      level: 2,
      prompt: "P(H) = 0.6, P(E) = 0.5, P(L) = 0.7, P(O) = 0.8 and P(-) = 0.2 can be the softmax of one frame.",
      answer: false,
      reason:
        "They sum to 2.8; a softmax sums to 1. Read as scores they still rank alignments, but −ln of their sum is no −ln of a probability.",
    }),
    choice({
      id: "three-of-many",
      topic: "lecture",
      level: 2,
      prompt: "A worked solution sums three alignments of HELLO to 9 frames. What does the CTC loss sum?",
      right: "all 286 alignments of HELLO to 9 frames",
      wrong: [
        {
          text: "the three likeliest",
          whyNot: "No alignment is left out; the recursion sums all of them without listing any.",
        },
        {
          text: "the likeliest one",
          whyNot: "That is forced alignment (Viterbi); its −ln is larger than the CTC loss.",
        },
        { text: "all 5⁹ strings of 9 symbols", whyNot: "Most of them read as something else than HELLO." },
      ],
      reason:
        "C(T + U − R, 2U) = C(9 + 5 − 1, 10) = 286. A sum over a few of them is too small, and its −ln too large.",
    }),
    choice({
      id: "sign-of-the-policy-loss",
      topic: "lecture",
      level: 2,
      prompt:
        "The lecture's reinforcement learning loss is Σ_t R_t log π(y_t|s_t). What happens where gradient descent makes it small?",
      right: "Rewarded actions become less probable: the loss needs a minus sign",
      wrong: [
        { text: "Rewarded actions become more probable", whyNot: "Making R log π small for R > 0 makes π small." },
        {
          text: "Nothing, for rewards are constants",
          whyNot: "The rewards are constants, but log π has a gradient, and they scale it.",
        },
        {
          text: "The rewards become smaller",
          whyNot: "The gradient reaches the policy only; rewards come from the environment.",
        },
      ],
      reason:
        "The sum is an objective to be made large. The loss is −Σ_t R_t log π(y_t|s_t), as in REINFORCE (Williams 1992).",
    }),
    choice({
      id: "nll-and-categorical",
      topic: "lecture",
      level: 1,
      prompt:
        "The lecture has the formulas NLL = −Σ y ln ŷ with y one-hot, and categorical cross-entropy = −Σ_i Σ_c y_ic ln ŷ_ic. For one observation, how do they differ?",
      right: "Not at all: they are the same number",
      wrong: [
        { text: "NLL is without a logarithm", whyNot: "Both have −ln of the probability of the right class." },
        {
          text: "Categorical cross-entropy also counts the wrong classes",
          whyNot: "y_ic is 0 for those, so that they drop out.",
        },
        {
          text: "NLL is for two classes only",
          whyNot: "The lecture gives it for any number of classes, after a softmax.",
        },
      ],
      reason:
        "With a one-hot target only −ln ŷ of the right class is left of either sum. They are two names and two reductions, not two losses.",
    }),
  ];
}
