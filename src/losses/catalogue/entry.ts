import type { Random } from "../../core/random.js";
import type { LossOptions, LossResult } from "../reduction.js";

export type LossFamily = "regression" | "tokens" | "margin" | "ranking" | "sequence" | "alignment-free" | "reward";

/** What a loss is computed on: nested lists, as a case file holds them. */
export interface LossExample {
  readonly outputs: unknown;
  readonly targets: unknown;
  readonly options: Readonly<Record<string, unknown>>;
}

/** One loss, described for whoever calls it by name: the command line, an interface, a table in the documentation. */
export interface CatalogueEntry {
  readonly name: string;
  readonly family: LossFamily;
  readonly summary: string;
  /** What the first argument is called; any of these names is understood in a case. */
  readonly outputs: readonly string[];
  /** What the second argument is called. */
  readonly targets: readonly string[];
  /** Names of its options, those of every loss included. */
  readonly options: readonly string[];
  /** A small random case that the loss accepts. */
  readonly example: (random: Random) => LossExample;
  // biome-ignore lint/suspicious/noExplicitAny: each loss has targets and options of its own type
  readonly compute: (outputs: any, targets: any, options?: any) => LossResult;
}

/** An entry as a family lists it: under its name, with the options of its own. */
export type Described = Omit<CatalogueEntry, "name" | "family" | "options"> & { readonly options?: readonly string[] };

/** Options of every loss. */
export const COMMON: readonly (keyof LossOptions)[] = [
  "reduction",
  "per",
  "weights",
  "gradient",
  "lengths",
  "upstream",
];

export const LOGITS: readonly string[] = ["logits", "outputs", "scores"];
export const OUTPUTS: readonly string[] = ["outputs", "scores", "logits"];
export const SCORES: readonly string[] = ["scores", "outputs", "logits"];
export const LABELS: readonly string[] = ["labels", "targets"];
export const TARGETS: readonly string[] = ["targets", "labels"];
