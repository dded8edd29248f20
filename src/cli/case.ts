import { type CatalogueEntry, lossCatalogue, Random, type Tensor, toNested } from "../index.js";
import { delimiterOf, isTable, readArray } from "./csv.js";
import { EXIT, Failure } from "./failure.js";
import { readInput, sourceName } from "./input.js";
import { parseJson } from "./json.js";
import { type ArrayValue, isNpy, isNpz, readNpy, readNpz } from "./npz.js";
import { suggest, suggestNear } from "./suggest.js";

/** A loss's arguments as they came in a case. */
export interface Case {
  readonly outputs: unknown;
  readonly targets: unknown;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where a case is read from: `-` is standard input. */
export interface CaseFiles {
  readonly input: string;
  /** The targets, where they are in a file of their own. */
  readonly labels?: string;
}

type Entries = Record<string, unknown>;

export function findLoss(name: string): CatalogueEntry {
  const entry = lossCatalogue.get(name);
  if (entry !== undefined) return entry;
  throw new Failure(EXIT.usage, `there is no loss "${name}".${suggest(name, [...lossCatalogue.keys()])}`);
}

/**
 * Reads a case: a JSON object, the arrays of an .npz, or the outputs alone as .npy or CSV. The targets may be in a file of
 * their own: a JSON list, an object or an .npz that may hold options too, .npy or CSV.
 */
export async function readCase({ input, labels }: CaseFiles, loss: CatalogueEntry): Promise<Case> {
  const from = sourceName(input);
  const example = loss.example(new Random(0));
  const entries = await readEntries(input, loss, {
    key: labels === undefined ? undefined : loss.outputs[0],
    axes: axesOf(example.outputs),
  });
  if (labels === undefined) return sortKeys(entries, loss, from);
  const added = await readEntries(labels, loss, { key: loss.targets[0], axes: axesOf(example.targets) });
  const twice = Object.keys(added).find((key) => key in entries);
  if (twice !== undefined) {
    throw new Failure(EXIT.data, `"${twice}" is in both ${from} and ${sourceName(labels)}; expected it once.`);
  }
  return sortKeys(Object.assign(Object.create(null), entries, added), loss, `${from} with ${sourceName(labels)}`);
}

const axesOf = (value: unknown): number => (Array.isArray(value) ? 1 + axesOf(value[0]) : 0);

/** What a file that holds one array is taken for: the key, where one is expected, and how many axes a table has. */
interface Alone {
  readonly key: string | undefined;
  readonly axes: number;
}

async function readEntries(path: string, loss: CatalogueEntry, { key, axes }: Alone): Promise<Entries> {
  const bytes = await readInput(path);
  const from = sourceName(path);
  const name = key ?? loss.outputs[0];
  if (isNpz(bytes)) {
    const arrays = [...readNpz(bytes, from)].map(([each, value]) => [each, forLoss(each, value, loss)]);
    return Object.assign(Object.create(null), Object.fromEntries(arrays));
  }
  const value = isNpy(bytes)
    ? forLoss(name, readNpy(bytes, from), loss)
    : isTable(path)
      ? readArray(bytes, from, delimiterOf(path), axes)
      : parseJson(bytes, from);
  const single = Array.isArray(value) || isArrayOfNumPy(value);
  if (single && key !== undefined) return Object.assign(Object.create(null), { [key]: value });
  if (typeof value === "object" && value !== null && !single) return value as Entries;
  const example = `{"${loss.outputs[0]}": …, "${loss.targets[0]}": …}`;
  const hint = single ? " Outputs alone go with --labels." : "";
  throw new Failure(EXIT.data, `${from}: expected a JSON object such as ${example}.${hint}`);
}

/** Nothing in JSON is a typed array. */
const isArrayOfNumPy = (value: unknown): boolean => ArrayBuffer.isView((value as Partial<Tensor> | null)?.data);

/** Outputs, and targets that are numbers, keep their precision; ids and options are lists, as losses take them. */
function forLoss(key: string, value: ArrayValue, { outputs, targets }: CatalogueEntry): unknown {
  const numbers = outputs.includes(key) || (targets[0] !== "labels" && targets.includes(key));
  return typeof value !== "object" || numbers ? value : toNested(value);
}

function sortKeys(entries: Entries, loss: CatalogueEntry, from: string): Case {
  const { name, options: known } = loss;
  const take = (names: readonly string[], what: string): string => {
    const given = names.filter((key) => key in entries);
    if (given.length === 1) return given[0];
    const quoted = (keys: readonly string[]) => keys.map((key) => `"${key}"`);
    const others = Object.keys(entries).filter((key) => !known.includes(key) && !names.includes(key));
    const found = given.length > 0 ? quoted(given).join(" and ") : quoted(others).join(", ") || "neither";
    const hint = others.map((key) => suggestNear(key, names)).find((text) => text !== "") ?? "";
    throw new Failure(
      EXIT.data,
      `${from}: ${name} takes its ${what} under one key, ${quoted(names).join(" or ")}; found ${found}.${hint}`,
    );
  };
  const outputsKey = take(loss.outputs, "outputs");
  const targetsKey = take(loss.targets, "targets");
  const options: Entries = Object.create(null);
  for (const [key, value] of Object.entries(entries)) {
    if (key === outputsKey || key === targetsKey) continue;
    if (!known.includes(key))
      throw new Failure(EXIT.data, `${from}: ${name} has no option "${key}".${suggest(key, known)}`);
    if (Array.isArray(value)) checkNumbers(value, key, from);
    else if (typeof value === "object") {
      throw new Failure(
        EXIT.data,
        `${from}: ${key} is ${show(value)}; expected a number, a word or a list of numbers.`,
      );
    }
    options[key] = value;
  }
  checkNumbers(entries[outputsKey], outputsKey, from);
  checkNumbers(entries[targetsKey], targetsKey, from);
  if (outputsKey === "logProbs" && known.includes("inputs")) options.inputs ??= "logProbs";
  return { outputs: entries[outputsKey], targets: entries[targetsKey], options };
}

/** Losses check shapes and ranges; that a case holds lists of numbers at all is checked here. */
function checkNumbers(value: unknown, path: string, from: string): void {
  if (isArrayOfNumPy(value)) return;
  if (!Array.isArray(value)) {
    throw new Failure(EXIT.data, `${from}: ${path} is ${show(value)}; expected a list of numbers.`);
  }
  value.forEach((item, i) => {
    if (Array.isArray(item)) checkNumbers(item, `${path}[${i}]`, from);
    else if (typeof item !== "number") {
      throw new Failure(EXIT.data, `${from}: ${path}[${i}] is ${show(item)}; expected a number.`);
    }
  });
}

const show = (value: unknown): string =>
  typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
