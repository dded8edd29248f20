import { shown } from "./number.js";
import { smoothed } from "./trainCurve.js";

/** What is drawn of a run. */
export const quantities = {
  losses: "loss",
  gradientNorms: "norm of the gradient",
  stood: "pushes that the poles stood",
} as const;

export type Quantity = keyof typeof quantities;

interface List {
  readonly name: string;
  readonly values: readonly number[];
}

/** The finding: of the first run, or of A beside B. */
export function curveTitle(of: Quantity, lists: readonly List[], keep: number): string {
  const [{ values }, other] = lists;
  const last = (list: List) => shown(smoothed(list.values, keep).at(-1) ?? Number.NaN, 3);
  if (values.length === 0) return `The ${quantities[of]}, step by step`;
  if (of === "gradientNorms") return `The gradient's norm is about ${last(lists[0])}`;
  if (other?.name === "B" && other.values.length > 0) {
    return of === "stood"
      ? `The poles of A stand ${last(lists[0])} pushes, those of B ${last(other)}`
      : `The loss of A has come to ${last(lists[0])}, that of B to ${last(other)}`;
  }
  return of === "stood"
    ? `The poles stood ${shown(values[0], 3)} pushes at first, and ${last(lists[0])} after ${values.length} steps`
    : `The loss went from ${shown(values[0], 3)} to ${last(lists[0])} in ${values.length} steps`;
}
