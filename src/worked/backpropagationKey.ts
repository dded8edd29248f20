import { bracketed, type KeyStep } from "./keyStep.js";
import type { BackpropagationProblem } from "./problem.js";

/** What each step back multiplies by, u · (1 − h²), and what is left of a gradient of 1 after all of them. */
export function backpropagationKey({ weight, states }: BackpropagationProblem): KeyStep[] {
  const names = states.map((_, t) => `factor ${t + 1}`);
  const factors = states.map(
    (h, t): KeyStep => ({
      name: names[t],
      formula: `${bracketed(weight)} · (1 − ${bracketed(h)}²)`,
      compute: () => weight * (1 - h * h),
      slips: [
        { slip: "The slope of tanh is missing: this is the weight alone.", compute: () => weight },
        { slip: "The weight is missing: this is the slope of tanh alone.", compute: () => 1 - h * h },
        { slip: "The slope is 1 − h²; the square is missing.", compute: () => weight * (1 - h) },
        {
          slip: "This is the slope of the sigmoid, h(1 − h); the unit is a tanh.",
          compute: () => weight * h * (1 - h),
        },
        { slip: "tanh was applied again: h is the state, after it.", compute: () => weight * (1 - Math.tanh(h) ** 2) },
      ],
    }),
  );
  return [
    ...factors,
    {
      name: "gradient",
      formula: names.join(" · "),
      compute: (earlier) => names.reduce((product, name) => product * earlier(name), 1),
      slips: [
        {
          slip: "The factors were added; the chain rule multiplies them.",
          compute: (earlier) => names.reduce((sum, name) => sum + earlier(name), 0),
        },
        {
          slip: "One step too few: the factor of the first step is missing.",
          compute: (earlier) => names.slice(1).reduce((product, name) => product * earlier(name), 1),
        },
        { slip: "Only the weights were multiplied: the slopes are missing.", compute: () => weight ** states.length },
      ],
    },
  ];
}
