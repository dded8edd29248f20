import type { Random } from "../../core/random.js";
import { huberLoss, meanAbsoluteError, meanSquaredError, quantileLoss } from "../regression.js";
import { type Described, OUTPUTS, TARGETS } from "./entry.js";
import { eachStep } from "./examples.js";

const example = (random: Random) => ({
  outputs: eachStep(() => random.normal()),
  targets: eachStep(() => random.normal()),
  options: {},
});

export const regression: Readonly<Record<string, Described>> = {
  meanSquaredError: {
    summary: "(output − target)², averaged",
    outputs: OUTPUTS,
    targets: TARGETS,
    example,
    compute: meanSquaredError,
  },
  meanAbsoluteError: {
    summary: "|output − target|, averaged",
    outputs: OUTPUTS,
    targets: TARGETS,
    example,
    compute: meanAbsoluteError,
  },
  huberLoss: {
    summary: "quadratic near the target, linear far from it",
    outputs: OUTPUTS,
    targets: TARGETS,
    options: ["delta"],
    example,
    compute: huberLoss,
  },
  quantileLoss: {
    summary: "estimates quantiles of the target",
    outputs: OUTPUTS,
    targets: TARGETS,
    options: ["quantile"],
    example,
    compute: quantileLoss,
  },
};
