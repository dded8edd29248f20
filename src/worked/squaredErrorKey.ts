import { type KeyStep, total } from "./keyStep.js";
import type { SquaredErrorProblem } from "./problem.js";

/** The error of each number, its square, their mean. */
export function squaredErrorKey({ targets, outputs }: SquaredErrorProblem): KeyStep[] {
  const n = targets.length;
  const squares = targets.map((_, i) => `square ${i + 1}`);
  const steps = targets.map((y, i): KeyStep => {
    const error = y - outputs[i];
    return {
      name: squares[i],
      formula: `(${y} − ${outputs[i] < 0 ? `(${outputs[i]})` : outputs[i]})²`,
      compute: () => error ** 2,
      slips: [
        { slip: "The square is missing: this is the error.", compute: () => error },
        { slip: "The absolute error was taken instead of the square.", compute: () => Math.abs(error) },
        { slip: "The error was doubled instead of squared.", compute: () => 2 * error },
        { slip: "The numbers were added instead of subtracted.", compute: () => (y + outputs[i]) ** 2 },
        { slip: "Each number was squared on its own.", compute: () => y ** 2 - outputs[i] ** 2 },
      ],
    };
  });
  return [
    ...steps,
    {
      name: "sum",
      formula: squares.join(" + "),
      compute: (earlier) => total(squares, earlier),
      slips: [{ slip: "The mean was taken instead of the sum.", compute: (earlier) => total(squares, earlier) / n }],
    },
    {
      name: "loss",
      formula: `sum / ${n}`,
      compute: (earlier) => earlier("sum") / n,
      slips: [
        { slip: "The sum was given; the mean was asked for.", compute: (earlier) => earlier("sum") },
        { slip: "The root was taken: this is the RMSE.", compute: (earlier) => Math.sqrt(earlier("sum") / n) },
        { slip: "It was divided by 2 n; the definition divides by n.", compute: (earlier) => earlier("sum") / (2 * n) },
        {
          slip: "It was divided by n − 1; the definition divides by n.",
          compute: (earlier) => earlier("sum") / (n - 1),
        },
      ],
    },
  ];
}
