import { type Expression, type Form, formatNumber } from "./expression.js";

/** Rows of words and numbers; the first column names the row. */
export interface StepTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** One step of a derivation: a formula, the reader's numbers put in, what comes out; and the steps that it is made of. */
export interface Step {
  readonly title: string;
  readonly formula?: Form;
  readonly numbers?: Form;
  readonly value?: number;
  readonly table?: StepTable;
  /** A sentence or two of prose. */
  readonly note?: string;
  readonly steps?: readonly Step[];
}

/** A loss on one case, derived. */
export interface Explanation {
  /** The loss, by its name in the library. */
  readonly name: string;
  /** What it is, in a sentence. */
  readonly summary: string;
  /** Where it comes from: paper and equation. */
  readonly source: string;
  readonly value: number;
  readonly steps: readonly Step[];
}

/** A step from an expression: what is computed, under a name. */
export function derived(title: string, name: Form, expression: Expression, extra: Partial<Step> = {}): Step {
  const { symbols, numbers, value } = expression;
  return {
    title,
    formula: { latex: `${name.latex} = ${symbols.latex}`, text: `${name.text} = ${symbols.text}` },
    numbers: { latex: numbers.latex, text: numbers.text },
    value,
    ...extra,
  };
}

/** Prose for a number of things: "1 frame", "2 frames". */
export const plural = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

export const listed = (numbers: ArrayLike<number>): string => `[${Array.from(numbers, formatNumber).join(", ")}]`;
