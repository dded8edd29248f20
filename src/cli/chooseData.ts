import type { TargetData } from "../index.js";
import { delimiterOf, readRows } from "./csv.js";
import { EXIT, Failure } from "./failure.js";
import { readInput, sourceName } from "./input.js";
import { parseJson } from "./json.js";
import { suggest } from "./suggest.js";

export interface TableFlags {
  /** The column of a CSV that holds the targets. */
  readonly column?: string;
  /** The column whose value says which sequence a row belongs to. */
  readonly sequence?: string;
  /** The column whose number orders the rows of a sequence. */
  readonly step?: string;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Targets from JSON or, by its name, from CSV. */
export async function readTargets(path: string, flags: TableFlags): Promise<TargetData | readonly unknown[]> {
  const bytes = await readInput(path);
  const from = sourceName(path);
  if (/\.[ct]sv$/i.test(path)) return readTable(bytes, from, delimiterOf(path), flags);
  if (flags.column !== undefined || flags.sequence !== undefined || flags.step !== undefined) {
    throw new Failure(EXIT.usage, `--column, --sequence and --step go with a .csv or .tsv file, not with ${from}.`);
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
  const twice = head.find((name, i) => head.indexOf(name) < i);
  if (twice !== undefined) {
    throw new Failure(EXIT.data, `${from}: there are two columns "${twice}"; expected each name once.`);
  }
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
  const cells = body.map((row, n) => {
    const text = row[target].trim();
    if (text === "") throw new Failure(EXIT.data, `${from}: row ${n + 2} has nothing in column "${head[target]}".`);
    return text;
  });
  const targets = readCells(cells, `column "${head[target]}"`, from);
  const named = flags.sequence ?? (head.includes("sequence") ? "sequence" : undefined);
  if (named === undefined) {
    if (flags.step === undefined) return { targets };
    throw new Failure(EXIT.usage, `--step orders the rows of a sequence: say with --sequence which column names it.`);
  }
  const by = column(named, "--sequence");
  const stepName = flags.step ?? (head.includes("step") ? "step" : undefined);
  const at = stepName === undefined ? undefined : column(stepName, "--step");
  const sequences = new Map<string, { step: number; y: string | number }[]>();
  body.forEach((row, n) => {
    const list = sequences.get(row[by]) ?? [];
    list.push({ step: at === undefined ? n : readStep(row[at], head[at], n, from), y: targets[n] });
    sequences.set(row[by], list);
  });
  for (const [name, list] of sequences) {
    list.sort((a, b) => a.step - b.step);
    const twice = list.find(({ step }, i) => i > 0 && step === list[i - 1].step);
    if (twice === undefined) continue;
    throw new Failure(EXIT.data, `${from}: sequence "${name}" has step ${twice.step} twice; expected each step once.`);
  }
  return { targets: [...sequences.values()].map((list) => list.map(({ y }) => y)) };
}

/** Numbers, or words; a column of both is refused, for a gap written as a word would turn amounts into classes. */
function readCells(cells: readonly string[], column: string, from: string): (string | number)[] {
  const isNumber = cells.map((text) => NUMBER.test(text) && Number.isFinite(Number(text)));
  const numbers = isNumber.filter(Boolean).length;
  if (numbers === 0) return [...cells];
  if (numbers === cells.length) return cells.map(Number);
  const odd = isNumber.indexOf(numbers * 2 < cells.length); // the first of the fewer
  const [found, others] = isNumber[odd] ? ["a number", "words"] : ["no finite number", "numbers"];
  throw new Failure(
    EXIT.data,
    `${from}: row ${odd + 2} has "${cells[odd]}" in ${column}, ${found} where most are ${others}; expected only numbers or only words. Leave such rows out, or write all classes as words.`,
  );
}

function readStep(cell: string, column: string, n: number, from: string): number {
  const text = cell.trim();
  if (NUMBER.test(text) && Number.isFinite(Number(text))) return Number(text);
  throw new Failure(
    EXIT.data,
    `${from}: row ${n + 2} has "${text}" in column "${column}"; expected a number, the step.`,
  );
}
