import { SeqlossError } from "../core/errors.js";

/**
 * What a model is trained towards. `numbers`; `binary` (0 or 1) or `signs` (-1 or 1) decisions; `classes`, one of several;
 * `soft` distributions over classes; `tags`, a class for each step that depends on its neighbours; `labels`, a sequence without
 * positions (text for speech); `ranking`, the wanted item among others; `rewards`, what actions or whole outputs are worth.
 */
export const targetKinds = [
  "numbers",
  "binary",
  "signs",
  "classes",
  "soft",
  "tags",
  "labels",
  "ranking",
  "rewards",
] as const;

export type TargetKind = (typeof targetKinds)[number];

/** What is known of a task. Everything but the kind of target may be left open. */
export interface TaskFacts {
  readonly targets: TargetKind;
  /** One target for each step; false: one for each sequence. */
  readonly perStep?: boolean;
  /** Whether it is known which input step each label belongs to. */
  readonly alignment?: "known" | "unknown";
  /** How long the targets are beside the inputs. */
  readonly length?: "equal" | "shorter" | "free";
  /** Labels come in another order than what they stand for (translation). */
  readonly reordered?: boolean;
  /** Share of sequences whose label does not fit its frames, in [0, 1]. */
  readonly tooLong?: number;
  /** Share of numbers farther than 3 deviations from the middle, both measured by medians, in [0, 1]. */
  readonly outliers?: number;
  /**
   * The spread of the numbers: 1.4826 times the median distance from the median; where that is 0, as most numbers are the same,
   * 1.2533 times the mean distance (Iglewicz and Hoaglin 1993).
   */
  readonly spread?: number;
  /** Too much costs otherwise than too little: how many times as much too little costs, above 0; or true, not knowing. */
  readonly asymmetric?: boolean | number;
  /** The share of the commonest class, in [0, 1]. */
  readonly majority?: number;
  /** Number of classes, or of items to rank. */
  readonly classes?: number;
  /** Some labels are wrong. */
  readonly noise?: boolean;
  /** Only the decision counts, not its probability. */
  readonly margin?: boolean;
  /** The outputs are log-probabilities already. */
  readonly logProbs?: boolean;
  /** How much of a tag's uncertainty the tag before it takes away, in [0, 1]. */
  readonly neighbours?: number;
  /** The output is wanted while the input comes in. */
  readonly streaming?: boolean;
  /** What is scored in the end (error rate, BLEU) has no gradient and is to be trained on itself. */
  readonly metric?: boolean;
  /** Candidates can be listed for each input, each with its cost. */
  readonly candidates?: boolean;
  /** The reward comes after many actions. */
  readonly delayed?: boolean;
  /** Several losses are to count at once. */
  readonly several?: boolean;
  /** What counts is known, and no standard loss says it. */
  readonly custom?: boolean;
}

const words = { alignment: ["known", "unknown"], length: ["equal", "shorter", "free"] } as const;
const flags = [
  "perStep",
  "reordered",
  "noise",
  "margin",
  "logProbs",
  "streaming",
  "metric",
  "candidates",
  "delayed",
  "several",
  "custom",
] as const;
const shares = ["tooLong", "outliers", "majority", "neighbours"] as const;

const names: readonly string[] = [
  "targets",
  "spread",
  "asymmetric",
  "classes",
  ...Object.keys(words),
  ...flags,
  ...shares,
];

/** Refuses facts that cannot be, and names that are none: a fact that is not heard would change the answer. */
export function checkFacts(where: string, facts: TaskFacts): void {
  if (typeof facts !== "object" || facts === null) {
    const expected = 'an object such as { targets: "numbers" }';
    throw new SeqlossError(where, "OPTION", { argument: "facts", expected, found: facts });
  }
  for (const name of Object.keys(facts)) {
    if (names.includes(name)) continue;
    const expected = `one of ${names.join(", ")}`;
    throw new SeqlossError(where, "OPTION", { argument: "the name of a fact", expected, found: name });
  }
  if (!targetKinds.includes(facts.targets)) {
    const expected = `one of ${targetKinds.join(", ")}`;
    throw new SeqlossError(where, "OPTION", { argument: "targets", expected, found: facts.targets });
  }
  for (const name of shares) {
    const share = facts[name];
    if (share === undefined || (typeof share === "number" && share >= 0 && share <= 1)) continue;
    throw new SeqlossError(where, "VALUE", { argument: name, expected: "a share in [0, 1]", found: share });
  }
  for (const name of ["alignment", "length"] as const) {
    const allowed: readonly string[] = words[name];
    const word = facts[name];
    if (word === undefined || allowed.includes(word)) continue;
    throw new SeqlossError(where, "OPTION", { argument: name, expected: allowed.join(" or "), found: word });
  }
  for (const name of flags) {
    const flag = facts[name];
    if (flag === undefined || typeof flag === "boolean") continue;
    throw new SeqlossError(where, "OPTION", { argument: name, expected: "true or false", found: flag });
  }
  const { classes, asymmetric, spread } = facts;
  if (spread !== undefined && !(spread >= 0 && spread < Number.POSITIVE_INFINITY)) {
    throw new SeqlossError(where, "VALUE", { argument: "spread", expected: "a number of at least 0", found: spread });
  }
  if (
    asymmetric !== undefined &&
    typeof asymmetric !== "boolean" &&
    !(typeof asymmetric === "number" && asymmetric > 0 && asymmetric < Number.POSITIVE_INFINITY)
  ) {
    const expected = "true, false, or a number above 0";
    throw new SeqlossError(where, "VALUE", { argument: "asymmetric", expected, found: asymmetric });
  }
  if (classes !== undefined && !(Number.isInteger(classes) && classes >= 1)) {
    const expected = "a whole number of at least 1";
    throw new SeqlossError(where, "VALUE", { argument: "classes", expected, found: classes });
  }
}
