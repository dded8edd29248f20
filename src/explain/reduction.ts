import type { LossOptions, LossResult } from "../losses/reduction.js";
import { divide, formatNumber, sumOver, symbol } from "./expression.js";
import { derived, type Step } from "./step.js";

const OVER = {
  step: "the (weighted) number of real steps",
  sequence: "the (weighted) number of sequences",
  label: "the number of sequences, each loss divided by its number of labels first",
} as const;

/** The last step of every loss: from a loss for each sequence to one value. */
export function explainReduction(
  result: LossResult,
  { reduction = "mean", ...options }: LossOptions,
  per: keyof typeof OVER,
): Step[] {
  const losses = Array.from(result.losses, (loss, b) => symbol(`\\ell_{${b}}`, loss));
  const weighted = options.weights !== undefined || per === "label";
  const table = {
    head: ["sequence", "loss"],
    rows: Array.from(result.losses, (loss, b) => [String(b), loss]),
  };
  const total = sumOver("b", symbol(weighted ? "w_b \\ell_b" : "\\ell_b", 0), losses);
  const sum: Step = weighted
    ? { title: "the weighted sum over the sequences", table, value: result.sum }
    : derived("the sum over the sequences", { latex: "\\mathrm{sum}", text: "sum" }, total, { table });
  if (reduction !== "mean") return [sum];
  if (result.weight === 0)
    return [sum, { title: "the mean", value: 0, note: "A mean over nothing is 0, with a zero gradient." }];
  const mean = divide(symbol("\\mathrm{sum}", result.sum), symbol("n", result.weight));
  const note = `n is ${OVER[per]}: ${formatNumber(result.weight)}. Every slope above is divided by it too: ${formatNumber(1 / result.weight)} of it reaches the gradient.`;
  return [sum, derived("the mean", { latex: "\\mathrm{value}", text: "value" }, mean, { note })];
}
