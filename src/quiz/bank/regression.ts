import { choice, fillIn, order, type Template, trueFalse } from "../template.js";

export function regression(): readonly Template[] {
  return [
    choice({
      id: "best-constant",
      topic: "regression",
      level: 2,
      prompt: "A model may only output one constant. Which one makes the mean absolute error smallest?",
      right: "the median of the targets",
      wrong: [
        { text: "the mean of the targets", whyNot: "The mean is best for squared error." },
        { text: "the mode of the targets", whyNot: "The mode is best where only an exact hit counts." },
        { text: "0", whyNot: "Only where the median is 0." },
      ],
      reason:
        "The slope of |y − c| is ±1, so that at the best c as many targets lie above as below. Squared error is best at the mean, a quantile loss at the quantile.",
    }),
    choice({
      id: "outliers",
      topic: "regression",
      level: 1,
      prompt: "A sensor series has rare, huge measurement errors. Which loss suffers most from them?",
      right: "mean squared error",
      wrong: [
        { text: "mean absolute error", whyNot: "Its slope is 1 however far the target is." },
        { text: "Huber's loss", whyNot: "Beyond δ it is linear: that is what it was made for." },
        { text: "quantile loss", whyNot: "It is linear on both sides." },
      ],
      reason:
        "Squares make one error of 100 count as much as ten thousand of 1, and its slope grows with the distance.",
    }),
    fillIn({
      id: "median-quantile",
      topic: "regression",
      level: 1,
      prompt: "Quantile loss with q = 0.5 estimates the _____.",
      answer: "median",
      synonyms: ["50th percentile", "0.5 quantile"],
      reason: "Half the targets should lie below: then q and 1 − q are equal, and the loss is half the absolute error.",
    }),
    trueFalse({
      id: "rmse-gradient",
      topic: "regression",
      level: 2,
      prompt: "The weights that make the mean squared error smallest also make its root smallest.",
      answer: true,
      reason:
        "The root is increasing, so that both are smallest at the same weights; their gradients differ by a factor.",
    }),
    choice({
      id: "mse-for-classes",
      topic: "regression",
      level: 2,
      prompt:
        "A sigmoid output is 0.999 where the target is 0. Why does cross-entropy learn from it faster than squared error?",
      right: "Squared error's slope is multiplied by σ′ = p (1 − p) ≈ 0.001, cross-entropy's is p − y ≈ 1",
      wrong: [
        { text: "Squared error is 0 there", whyNot: "The error itself is near 1, its largest value." },
        {
          text: "Cross-entropy has no gradient for right answers",
          whyNot: "It has p − y, small near a right answer; the question is of a wrong one.",
        },
        {
          text: "They are equally fast",
          whyNot: "With respect to the logit their slopes differ here by a factor of about 500.",
        },
      ],
      reason:
        "Through the sigmoid, squared error has the slope 2 (p − y) p (1 − p), which vanishes where the output is saturated, right or wrong.",
    }),
    order({
      id: "growth-of-losses",
      topic: "regression",
      level: 2,
      prompt: "An error is d = 10. Put the losses in order, the smallest value first (Huber with δ = 1).",
      steps: ["Huber's loss", "absolute error", "squared error"],
      reason: "Huber's is δ (d − δ/2) = 9.5, the absolute error 10, the squared error 100.",
    }),
    trueFalse({
      id: "units-of-mse",
      topic: "regression",
      level: 1,
      prompt: "A forecast in degrees has a mean squared error in degrees.",
      answer: false,
      reason: "It is in squared degrees; its root (RMSE) or the mean absolute error is in degrees.",
    }),
  ];
}
