import { CsvError, parse } from "csv-parse/sync";
import type { TargetData } from "../index.js";
import { EXIT, Failure } from "./failure.js";
import { readInput, sourceName } from "./input.js";
import { parseJson } from "./json.js";
import { suggest } from "./suggest.js";

export interface TableFlags {
  /** The column of a CSV that holds the targets. */
  readonly column?: string;
  /** The column whose value says which sequence a row belongs to. */
  readonly sequence?: string;
}

/** Targets from JSON or, by its name, from CSV. */
export async function readTargets(path: string, flags: TableFlags): Promise<TargetData | readonly unknown[]> {
  const bytes = await readInput(path);
  const from = sourceName(path);
  if (/\.[ct]sv$/i.test(path)) return readTable(bytes, from, path.toLowerCase().endsWith(".tsv") ? "\t" : ",", flags);
  if (flags.column !== undefined || flags.sequence !== undefined) {
    throw new Failure(EXIT.usage, `--column and --sequence go with a .csv or .tsv file, not with ${from}.`);
  }
  const value = parseJson(bytes, from);
  if (typeof value === "object" && value !== null) return value;
  throw new Failure(
    EXIT.data,
    `${from}: expected a list of targets, or {"targets": …, "inputLengths": …}; found ${JSON.stringify(value)}.`,
  );
}

function readTable(bytes: Uint8Array, from: string, delimiter: string, flags: TableFlags): TargetData {
  const rows = readRows(bytes, from, delimiter);
  if (rows.length < 2)
    throw new Failure(EXIT.data, `${from}: expected a head line and at least one row; found ${rows.length} lines.`);
  const [head, ...body] = rows;
  const column = (name: string, flag: string): number => {
    const i = head.indexOf(name);
    if (i >= 0) return i;
    throw new Failure(
      EXIT.data,
      `${from}: there is no column "${name}" for ${flag}. It has ${head.join(", ")}.${suggest(name, head)}`,
    );
  };
  const goal = ["target", "label", "y", head[head.length - 1]].find((name) => head.includes(name)) as string;
  const target = column(flags.column ?? goal, "--column");
  const cell = (row: readonly string[], n: number): string | number => {
    const text = row[target].trim();
    if (text === "") throw new Failure(EXIT.data, `${from}: row ${n + 2} has nothing in column "${head[target]}".`);
    return Number.isFinite(Number(text)) ? Number(text) : text;
  };
  const named = flags.sequence ?? (head.includes("sequence") ? "sequence" : undefined);
  const values = body.map(cell);
  // one word among the numbers makes them all words
  const targets = values.every((y) => typeof y === "number") ? values : values.map(String);
  if (named === undefined) return { targets };
  const by = column(named, "--sequence");
  const sequences = new Map<string, (string | number)[]>();
  body.forEach((row, n) => {
    const list = sequences.get(row[by]) ?? [];
    list.push(targets[n]);
    sequences.set(row[by], list);
  });
  return { targets: [...sequences.values()] };
}

function readRows(bytes: Uint8Array, from: string, delimiter: string): string[][] {
  try {
    return parse(Buffer.from(bytes), { delimiter, bom: true, skip_empty_lines: true });
  } catch (error) {
    if (error instanceof CsvError) throw new Failure(EXIT.data, `${from}: malformed CSV: ${error.message}.`);
    throw error;
  }
}
