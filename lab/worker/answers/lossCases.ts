// One small case of each loss, and the options that a reader can turn.
import { type CatalogueEntry, lossCatalogue, Random } from "../../../src/index.js";

/** An option that is a number, or a switch (0 or 1). */
export interface Parameter {
  readonly name: string;
  readonly about: string;
  readonly initial: number;
  readonly least: number;
  readonly most: number;
  readonly kind: "number" | "switch";
}

const number = (name: string, about: string, initial: number, least: number, most: number): Parameter => ({
  name,
  about,
  initial,
  least,
  most,
  kind: "number",
});

const known: readonly Parameter[] = [
  number("delta", "δ, where the quadratic part ends", 1, 0.1, 4),
  number("quantile", "q, the quantile that is estimated", 0.5, 0.05, 0.95),
  number("positiveWeight", "w, how much a 1 counts", 1, 0.1, 8),
  number("gamma", "γ, how much easy ones are played down", 2, 0, 5),
  number("labelSmoothing", "ε, spread over all classes", 0, 0, 0.5),
  number("margin", "m, the margin", 1, 0, 3),
  { name: "squared", about: "the margin's shortfall squared", initial: 0, least: 0, most: 1, kind: "switch" },
  number("regularisation", "λ, of the scores' squares", 1, 0, 4),
  number("costScale", "how much a wrong tag adds", 1, 0, 4),
  number("discount", "γ, what a later reward is worth", 0.9, 0, 1),
  number("entropyWeight", "β, of the policy's entropy", 0.01, 0, 1),
  number("sharpness", "how sharply the candidates are weighed", 1, 0.1, 4),
];

export const parametersOf = ({ options }: CatalogueEntry): readonly Parameter[] =>
  known.filter(({ name }) => options.includes(name));

export interface Case {
  readonly outputs: number[];
  readonly shape: readonly number[];
  readonly targets: unknown;
  readonly options: Record<string, unknown>;
}

export function entryOf(name: string): CatalogueEntry {
  const entry = lossCatalogue.get(name);
  if (entry === undefined) throw new Error(`there is no loss called ${name}`);
  return entry;
}

function flatten(nested: unknown): { data: number[]; shape: number[] } {
  const shape: number[] = [];
  for (let level = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  return { data: (nested as number[]).flat(Number.POSITIVE_INFINITY) as number[], shape };
}

const rounded = (x: number): number => Math.round(100 * x) / 100;

/** The case of a seed, with numbers of two decimals; log-probabilities are left as they are. */
export function caseOf(entry: CatalogueEntry, seed: number): Case {
  const { outputs, targets, options } = entry.example(new Random(seed));
  const { data, shape } = flatten(outputs);
  const exact = entry.outputs[0] === "logProbs" && entry.name === "negativeLogLikelihood";
  const numbers = (value: unknown): unknown =>
    typeof value === "number" ? rounded(value) : Array.isArray(value) ? value.map(numbers) : value;
  return {
    outputs: exact ? data : data.map(rounded),
    shape,
    targets: numbers(targets),
    options: Object.fromEntries(Object.entries(options).map(([name, value]) => [name, numbers(value)])),
  };
}
