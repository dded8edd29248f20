import { readFileSync } from "node:fs";
import { type CatalogueEntry, lossCatalogue } from "../index.js";
import { EXIT, Failure } from "./failure.js";
import { suggest } from "./suggest.js";

/** A loss's arguments as they came in a case. */
export interface Case {
  readonly outputs: unknown;
  readonly targets: unknown;
  readonly options: Readonly<Record<string, unknown>>;
}

const LARGEST = 256 * 2 ** 20;
const DEEPEST = 32;
const FORBIDDEN = ["__proto__", "constructor", "prototype"];
const NON_FINITE = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

export function findLoss(name: string): CatalogueEntry {
  const entry = lossCatalogue.get(name);
  if (entry !== undefined) return entry;
  throw new Failure(EXIT.usage, `there is no loss "${name}".${suggest(name, [...lossCatalogue.keys()])}`);
}

/** Reads a case from a JSON file, or from standard input for "-". */
export function readCase(path: string, loss: CatalogueEntry): Case {
  const from = path === "-" ? "standard input" : path;
  const bytes = readFileSync(path === "-" ? 0 : path);
  if (bytes.length > LARGEST)
    throw new Failure(EXIT.data, `${from}: ${bytes.length} bytes; at most ${LARGEST} are read.`);
  const value = parse(bytes.toString("utf8"), from);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Failure(
      EXIT.data,
      `${from}: expected a JSON object such as {"${loss.outputs[0]}": …, "${loss.targets[0]}": …}.`,
    );
  }
  return sortKeys(value as Record<string, unknown>, loss, from);
}

function parse(text: string, from: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Failure(EXIT.data, `${from}: malformed JSON${placeOf(text, error as Error)}.`);
  }
  return clean(value, from, 0);
}

/** " at line 3, column 7: …", from the engine's message, which counts characters. */
function placeOf(text: string, { message }: Error): string {
  const position = /position (\d+)/.exec(message);
  if (position === null) return text.trim() === "" ? ": there is nothing in it" : `: ${message}`;
  const before = text.slice(0, Number(position[1])).split("\n");
  return ` at line ${before.length}, column ${(before.at(-1) as string).length + 1}`;
}

/** Strings that stand for non-finite numbers become them; keys that could reach a prototype are refused. */
function clean(value: unknown, from: string, depth: number): unknown {
  if (depth > DEEPEST) throw new Failure(EXIT.data, `${from}: nested more than ${DEEPEST} deep.`);
  if (typeof value === "string") return NON_FINITE.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => clean(item, from, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const cleaned: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN.includes(key)) throw new Failure(EXIT.data, `${from}: the key "${key}" is not allowed.`);
    cleaned[key] = clean(item, from, depth + 1);
  }
  return cleaned;
}

function sortKeys(value: Record<string, unknown>, loss: CatalogueEntry, from: string): Case {
  const take = (names: readonly string[], what: string): [string, unknown] => {
    const given = names.filter((name) => name in value);
    if (given.length === 1) return [given[0], value[given[0]]];
    const wanted = names.map((name) => `"${name}"`).join(" or ");
    const found = given.length === 0 ? "found neither" : `found ${given.map((name) => `"${name}"`).join(" and ")}`;
    throw new Failure(EXIT.data, `${from}: ${loss.name} takes its ${what} under one key, ${wanted}; ${found}.`);
  };
  const [outputsKey, outputs] = take(loss.outputs, "outputs");
  const [targetsKey, targets] = take(loss.targets, "targets");
  const options: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    if (key === outputsKey || key === targetsKey) continue;
    if (!loss.options.includes(key)) {
      throw new Failure(EXIT.data, `${from}: ${loss.name} has no option "${key}".${suggest(key, loss.options)}`);
    }
    options[key] = item;
  }
  if (outputsKey === "logProbs" && loss.options.includes("inputs")) options.inputs ??= "logProbs";
  return { outputs, targets, options };
}
