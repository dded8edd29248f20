// The targets of a case, one for each step, as a reader can change them.
import type { CatalogueEntry } from "../../../src/index.js";
import type { Case } from "./lossCases.js";

/** The target of one step. */
export interface Goal {
  readonly value: number;
  /** Which values there are: some alone, or all between two. */
  readonly among?: readonly number[];
  readonly between?: readonly [number, number];
}

type Rule = Pick<Goal, "among" | "between">;

const classes = ({ shape }: Case): number[] => Array.from({ length: shape.at(-1) ?? 0 }, (_, k) => k);

/** What a target may be; undefined where it belongs to no step. */
function ruleOf({ name, family, targets: [first] }: CatalogueEntry, case_: Case): Rule | undefined {
  if (family === "regression") return { between: [-1000, 1000] };
  if (first === "costs") return { between: [0, 1000] };
  if (name === "binaryCrossEntropy" || name === "focalLoss") return { between: [0, 1] };
  if (name === "hingeLoss" || name === "sequenceHingeLoss") return { among: [-1, 1] };
  if (family === "alignment-free") return undefined;
  return { among: classes(case_) };
}

const isOneHot = (goal: unknown): goal is number[] => Array.isArray(goal);
const oneHot = (value: number, size: number) => Array.from({ length: size }, (_, k) => Number(k === value));

/** The targets step by step; a row of ones and zeros is the class that it names. */
export function goalsOf(entry: CatalogueEntry, case_: Case): Goal[] {
  const rule = ruleOf(entry, case_);
  if (rule === undefined) return [];
  return (case_.targets as unknown[][])
    .flat()
    .map((goal) => ({ value: isOneHot(goal) ? goal.indexOf(Math.max(...goal)) : (goal as number), ...rule }));
}

/** The targets with some of them changed; what they cannot be is left out. */
export function withGoals(entry: CatalogueEntry, case_: Case, changed: readonly (readonly number[])[]): unknown {
  const rule = ruleOf(entry, case_);
  if (rule === undefined || changed.length === 0) return case_.targets;
  const wanted = new Map(changed.map(([place, value]) => [place, value]));
  let place = 0;
  return (case_.targets as unknown[][]).map((row) =>
    row.map((goal) => {
      const value = wanted.get(place++);
      if (value === undefined || (rule.among !== undefined && !rule.among.includes(value))) return goal;
      const [least, most] = rule.between ?? [value, value];
      const kept = Math.min(most, Math.max(least, value));
      return isOneHot(goal) ? oneHot(kept, goal.length) : kept;
    }),
  );
}
