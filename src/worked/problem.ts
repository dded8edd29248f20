import { SeqlossError } from "../core/errors.js";

/** The lecture's kind of CTC problem: alignments listed, and one probability for each symbol, the same at every frame. */
export interface AlignmentsProblem {
  readonly kind: "alignments";
  /** What the alignments should read as, a symbol a character: "HELLO". */
  readonly target: string;
  /** One symbol a character: "H-E-L-L-O". */
  readonly alignments: readonly string[];
  /** Of each symbol, the blank included; in (0, 1]. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** The symbol for no label. Default "-". */
  readonly blank?: string;
}

export interface SequenceHingeProblem {
  readonly kind: "sequenceHinge";
  /** −1 or 1 for each step. */
  readonly targets: readonly number[];
  readonly scores: readonly number[];
  /** Default "mean", as in the lecture's example; its formula is a sum. */
  readonly reduction?: "sum" | "mean";
}

export interface SquaredErrorProblem {
  readonly kind: "meanSquaredError";
  readonly targets: readonly number[];
  readonly outputs: readonly number[];
}

export interface CrossEntropyProblem {
  readonly kind: "crossEntropy";
  readonly logits: readonly number[];
  readonly label: number;
}

/** CTC in full: the probability of each class at each frame. */
export interface CtcProblem {
  readonly kind: "ctc";
  /** [T][V]; each row sums to 1. */
  readonly probabilities: readonly (readonly number[])[];
  readonly label: readonly number[];
  /** Default 0. */
  readonly blank?: number;
}

export interface PolicyProblem {
  readonly kind: "policyGradient";
  readonly rewards: readonly number[];
  /** In 0..1. */
  readonly discount: number;
  /** The probability that the policy gave to each action taken, in (0, 1]. */
  readonly probabilities: readonly number[];
}

export interface BinaryCrossEntropyProblem {
  readonly kind: "binaryCrossEntropy";
  /** 0 or 1 for each step. */
  readonly targets: readonly number[];
  /** What the model gave to a 1, in (0, 1). */
  readonly probabilities: readonly number[];
}

export interface HuberProblem {
  readonly kind: "huberLoss";
  readonly targets: readonly number[];
  readonly outputs: readonly number[];
  /** Where the line begins; above 0. */
  readonly delta: number;
}

export interface QuantileProblem {
  readonly kind: "quantileLoss";
  readonly targets: readonly number[];
  readonly outputs: readonly number[];
  /** In (0, 1). */
  readonly quantile: number;
}

export interface RankingHingeProblem {
  readonly kind: "rankingHinge";
  /** The score of the wanted item. */
  readonly wanted: number;
  readonly others: readonly number[];
  /** Above 0. */
  readonly margin: number;
}

export interface PerplexityProblem {
  readonly kind: "perplexity";
  /** What the model gave to each symbol that came, in (0, 1]. */
  readonly probabilities: readonly number[];
}

/** One tanh unit unrolled: how much of a gradient comes back through all its steps. */
export interface BackpropagationProblem {
  readonly kind: "backpropagation";
  /** From a step to the next. */
  readonly weight: number;
  /** The unit's state at each step, in (−1, 1). */
  readonly states: readonly number[];
}

export interface ClippingProblem {
  readonly kind: "clipping";
  readonly gradient: readonly number[];
  /** The longest norm that is let through; above 0. */
  readonly most: number;
}

export type Problem =
  | AlignmentsProblem
  | SequenceHingeProblem
  | SquaredErrorProblem
  | CrossEntropyProblem
  | CtcProblem
  | PolicyProblem
  | BinaryCrossEntropyProblem
  | HuberProblem
  | QuantileProblem
  | RankingHingeProblem
  | PerplexityProblem
  | BackpropagationProblem
  | ClippingProblem;

export type ProblemKind = Problem["kind"];

const where = "problem";

type Entries = Readonly<Record<string, unknown>>;

function wrong(argument: string, expected: string, found: unknown, advice?: string): SeqlossError {
  return new SeqlossError(where, "VALUE", { argument, expected, found, ...(advice && { advice }) });
}

function numbers(entries: Entries, key: string, allows: (x: number) => boolean, expected: string): number[] {
  const list = entries[key];
  if (!Array.isArray(list) || list.length === 0) throw wrong(key, "a list of numbers, at least one", list);
  list.forEach((x, i) => {
    if (typeof x !== "number" || !allows(x)) throw wrong(`${key}[${i}]`, expected, x);
  });
  return list;
}

function one(entries: Entries, key: string, allows: (x: number) => boolean, expected: string): number {
  const x = entries[key];
  if (typeof x !== "number" || !allows(x)) throw wrong(key, expected, x);
  return x;
}

function sameSize(first: string, a: readonly unknown[], second: string, b: readonly unknown[]): void {
  if (a.length !== b.length) throw wrong(`the size of ${second}`, `${a.length}, as many as ${first}`, b.length);
}

const finite = Number.isFinite;
const isAboveZero = (x: number) => x > 0 && Number.isFinite(x);
const isInside = (x: number) => x > 0 && x < 1;
const isProbability = (x: number) => x > 0 && x <= 1;

function pairs(entries: Entries): { targets: number[]; outputs: number[] } {
  const targets = numbers(entries, "targets", finite, "a finite number");
  const outputs = numbers(entries, "outputs", finite, "a finite number");
  sameSize("targets", targets, "outputs", outputs);
  return { targets, outputs };
}

const readers: Readonly<Record<ProblemKind, (entries: Entries) => Problem>> = {
  alignments(entries) {
    const { target, alignments, probabilities, blank = "-" } = entries;
    if (typeof target !== "string" || target === "") throw wrong("target", 'a word such as "HELLO"', target);
    if (typeof blank !== "string" || Array.from(blank).length !== 1) throw wrong("blank", "one character", blank);
    if (target.includes(blank)) throw wrong("target", `a word without the blank ${JSON.stringify(blank)}`, target);
    if (!Array.isArray(alignments) || alignments.length === 0) {
      throw wrong("alignments", 'a list of strings such as "H-E-L-L-O"', alignments);
    }
    if (typeof probabilities !== "object" || probabilities === null || Array.isArray(probabilities)) {
      throw wrong("probabilities", 'an object such as {"H": 0.6, "-": 0.2}', probabilities);
    }
    for (const [symbol, p] of Object.entries(probabilities)) {
      if (typeof p !== "number" || !isProbability(p)) throw wrong(`probabilities[${symbol}]`, "a number in (0, 1]", p);
      if (Array.from(symbol).length !== 1) throw wrong("probabilities", "a key of one character each", symbol);
    }
    const known = (text: string, place: string) => {
      for (const symbol of text) {
        if (!Object.hasOwn(probabilities, symbol)) {
          throw wrong(
            place,
            "symbols that have a probability",
            symbol,
            `Add ${JSON.stringify(symbol)} to probabilities.`,
          );
        }
      }
    };
    known(target, "target");
    known(blank, "blank");
    alignments.forEach((text, i) => {
      if (typeof text !== "string" || text === "")
        throw wrong(`alignments[${i}]`, 'a string such as "H-E-L-L-O"', text);
      known(text, `alignments[${i}]`);
    });
    return {
      kind: "alignments",
      target,
      alignments,
      probabilities: { ...probabilities } as Record<string, number>,
      blank,
    };
  },
  sequenceHinge(entries) {
    const targets = numbers(entries, "targets", (y) => y === 1 || y === -1, "-1 or 1");
    const scores = numbers(entries, "scores", finite, "a finite number");
    sameSize("targets", targets, "scores", scores);
    const { reduction = "mean" } = entries;
    if (reduction !== "mean" && reduction !== "sum") throw wrong("reduction", '"mean" or "sum"', reduction);
    return { kind: "sequenceHinge", targets, scores, reduction };
  },
  meanSquaredError: (entries) => ({ kind: "meanSquaredError", ...pairs(entries) }),
  crossEntropy(entries) {
    const logits = numbers(entries, "logits", finite, "a finite number");
    const label = entries.label as number;
    if (!Number.isInteger(label) || label < 0 || label >= logits.length) {
      throw wrong("label", `a class in 0..${logits.length - 1}`, label);
    }
    return { kind: "crossEntropy", logits, label };
  },
  ctc(entries) {
    const rows = entries.probabilities;
    if (!Array.isArray(rows) || rows.length === 0) throw wrong("probabilities", "a list of rows, one a frame", rows);
    const read = rows.map((_, t) =>
      numbers(rows as unknown as Entries, String(t), isProbability, "a number in (0, 1]"),
    );
    read.forEach((row, t) => {
      sameSize("the first row", read[0], `probabilities[${t}]`, row);
      const sum = row.reduce((total, p) => total + p, 0);
      if (Math.abs(sum - 1) > 1e-6) throw wrong(`the sum of probabilities[${t}]`, "1", sum);
    });
    const { blank = 0, label } = entries;
    const classes = read[0].length;
    const isClass = (k: unknown) => Number.isInteger(k) && (k as number) >= 0 && (k as number) < classes;
    if (!isClass(blank)) throw wrong("blank", `a class in 0..${classes - 1}`, blank);
    if (!Array.isArray(label)) throw wrong("label", "a list of classes", label);
    label.forEach((k, u) => {
      if (!isClass(k) || k === blank)
        throw wrong(`label[${u}]`, `a class in 0..${classes - 1} other than the blank`, k);
    });
    return { kind: "ctc", probabilities: read, label, blank: blank as number };
  },
  policyGradient(entries) {
    const rewards = numbers(entries, "rewards", finite, "a finite number");
    const probabilities = numbers(entries, "probabilities", isProbability, "a number in (0, 1]");
    sameSize("rewards", rewards, "probabilities", probabilities);
    const discount = entries.discount;
    if (typeof discount !== "number" || !(discount >= 0 && discount <= 1)) {
      throw wrong("discount", "a number in [0, 1]", discount);
    }
    return { kind: "policyGradient", rewards, discount, probabilities };
  },
  binaryCrossEntropy(entries) {
    const targets = numbers(entries, "targets", (y) => y === 0 || y === 1, "0 or 1");
    const probabilities = numbers(entries, "probabilities", isInside, "a number in (0, 1)");
    sameSize("targets", targets, "probabilities", probabilities);
    return { kind: "binaryCrossEntropy", targets, probabilities };
  },
  huberLoss: (entries) => ({
    kind: "huberLoss",
    ...pairs(entries),
    delta: one(entries, "delta", isAboveZero, "a number above 0"),
  }),
  quantileLoss: (entries) => ({
    kind: "quantileLoss",
    ...pairs(entries),
    quantile: one(entries, "quantile", isInside, "a number in (0, 1)"),
  }),
  rankingHinge: (entries) => ({
    kind: "rankingHinge",
    wanted: one(entries, "wanted", finite, "a finite number"),
    others: numbers(entries, "others", finite, "a finite number"),
    margin: one(entries, "margin", isAboveZero, "a number above 0"),
  }),
  perplexity: (entries) => ({
    kind: "perplexity",
    probabilities: numbers(entries, "probabilities", isProbability, "a number in (0, 1]"),
  }),
  backpropagation: (entries) => ({
    kind: "backpropagation",
    weight: one(entries, "weight", finite, "a finite number"),
    states: numbers(entries, "states", (h) => Math.abs(h) < 1, "a number in (−1, 1)"),
  }),
  clipping: (entries) => ({
    kind: "clipping",
    gradient: numbers(entries, "gradient", finite, "a finite number"),
    most: one(entries, "most", isAboveZero, "a number above 0"),
  }),
};

export const problemKinds = Object.keys(readers) as ProblemKind[];

/**
 * A problem as a file holds it, checked.
 *
 * @throws SeqlossError (VALUE) that names the entry at fault
 * @example
 * readProblem({ kind: "meanSquaredError", targets: [1, 2], outputs: [1, 4] }).kind // "meanSquaredError"
 */
export function readProblem(value: unknown): Problem {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrong("the problem", 'an object with a "kind"', value);
  }
  const { kind } = value as { kind?: unknown };
  if (typeof kind !== "string" || !Object.hasOwn(readers, kind)) {
    throw wrong("kind", problemKinds.map((name) => JSON.stringify(name)).join(" or "), kind);
  }
  return readers[kind as ProblemKind](value as Entries);
}
