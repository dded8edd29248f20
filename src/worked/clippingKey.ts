import { bracketed, type KeyStep } from "./keyStep.js";
import type { ClippingProblem } from "./problem.js";

/** The norm of a gradient, what it is scaled by, and its entries after that (Pascanu, Mikolov and Bengio 2013). */
export function clippingKey({ gradient, most }: ClippingProblem): KeyStep[] {
  const norm = (entries: readonly number[]) => Math.hypot(...entries);
  return [
    {
      name: "norm",
      formula: `√(${gradient.map((g) => `${bracketed(g)}²`).join(" + ")})`,
      compute: () => norm(gradient),
      slips: [
        { slip: "The root is missing.", compute: () => norm(gradient) ** 2 },
        {
          slip: "The sizes were added: this is the 1-norm.",
          compute: () => gradient.reduce((sum, g) => sum + Math.abs(g), 0),
        },
        { slip: "The largest entry was taken.", compute: () => Math.max(...gradient.map(Math.abs)) },
        { slip: "The entries were added with their signs.", compute: () => gradient.reduce((sum, g) => sum + g, 0) },
      ],
    },
    {
      name: "scale",
      formula: `min(1, ${most} / norm)`,
      compute: (earlier) => Math.min(1, most / earlier("norm")),
      slips: [
        {
          slip: "A gradient within the bound is left as it is: it is not made longer.",
          compute: (earlier) => most / earlier("norm"),
        },
        { slip: "The fraction is upside down.", compute: (earlier) => earlier("norm") / most },
      ],
    },
    ...gradient.map(
      (g, i): KeyStep => ({
        name: `clipped ${i + 1}`,
        formula: `${bracketed(g)} · scale`,
        compute: (earlier) => g * earlier("scale"),
        slips: [
          {
            slip: "It was cut at the bound on its own; the norm is clipped, all entries by one factor.",
            compute: () => Math.sign(g) * Math.min(Math.abs(g), most),
          },
          { slip: "It was left as it was.", compute: () => g },
          { slip: "It was divided by the norm, not brought to the bound.", compute: (earlier) => g / earlier("norm") },
        ],
      }),
    ),
  ];
}
