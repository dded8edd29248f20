import {
  type BackpropagationInputs,
  type Explanation,
  explainBackpropagation,
  explain as explainLoss,
  type LossExample,
  Random,
  type Step,
  toMarkdown,
} from "../index.js";
import { type CaseFiles, findLoss, readCase } from "./case.js";
import { colour } from "./colour.js";
import { EXIT, Failure } from "./failure.js";
import { readInput, sourceName } from "./input.js";
import { parseJson, toJson } from "./json.js";
import { suggest } from "./suggest.js";
import { renderTable } from "./table.js";

export interface ExplainFlags extends Partial<CaseFiles> {
  readonly seed: number;
  readonly depth: number;
  readonly markdown?: boolean;
  readonly json?: boolean;
}

/** seqloss explain <function>: the derivation on the reader's numbers, or on random ones. */
export async function explain(
  name: string,
  { input, labels, seed, depth, markdown, json }: ExplainFlags,
): Promise<void> {
  if (name === "backpropagation") {
    if (labels !== undefined) throw new Failure(EXIT.usage, "--labels goes with a loss, not with backpropagation.");
    return print(explainBackpropagation(await readUnit(input)), { depth, markdown, json });
  }
  const entry = findLoss(name);
  if (input === undefined && labels !== undefined) {
    throw new Failure(EXIT.usage, "--labels goes with --input, which gives the outputs.");
  }
  const given =
    input === undefined
      ? rounded(entry.example(new Random(seed)))
      : await readCase({ input, ...(labels !== undefined && { labels }) }, entry);
  print(explainLoss(name, given), { depth, markdown, json });
}

function print(
  explanation: Explanation,
  { depth, markdown, json }: { depth: number; markdown: boolean | undefined; json: boolean | undefined },
): void {
  const text = json ? toJson(explanation) : markdown ? toMarkdown(explanation).trimEnd() : render(explanation, depth);
  process.stdout.write(`${text}\n`);
}

/** A unit to unroll: `inputs`, `targets` (null for none) and weights by name. */
async function readUnit(input: string | undefined): Promise<BackpropagationInputs> {
  if (input === undefined) return { inputs: [1, 0, 0, 0], targets: [null, null, null, 1] };
  const from = sourceName(input);
  const unit = parseJson(await readInput(input), from);
  const fail = (what: string) => new Failure(EXIT.data, `${from}: ${what}`);
  if (typeof unit !== "object" || unit === null || Array.isArray(unit)) {
    throw fail(
      'expected a JSON object such as {"inputs": [1, 0, 0], "targets": [null, null, 1], "recurrentWeight": 0.9}.',
    );
  }
  for (const [key, value] of Object.entries(unit)) {
    if (!UNIT_KEYS.includes(key)) throw fail(`there is no "${key}" here.${suggest(key, UNIT_KEYS)}`);
    const list = key === "inputs" || key === "targets";
    const fits = list
      ? Array.isArray(value) && value.every((x) => typeof x === "number" || (x === null && key === "targets"))
      : typeof value === "number";
    if (!fits) throw fail(`${key}: expected ${list ? "a list of numbers" : "a number"}.`);
  }
  if (!("inputs" in unit && "targets" in unit)) throw fail('expected "inputs" and "targets".');
  return unit as BackpropagationInputs;
}

const UNIT_KEYS = [
  "inputs",
  "targets",
  "inputWeight",
  "recurrentWeight",
  "bias",
  "outputWeight",
  "outputBias",
  "initial",
];

/** Random numbers with one decimal are easier to follow. */
function rounded(example: LossExample): LossExample {
  const round = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(round) : typeof value === "number" ? Math.round(10 * value) / 10 : value;
  return { ...example, outputs: round(example.outputs), targets: round(example.targets) };
}

function render({ name, summary, source, value, steps }: Explanation, depth: number): string {
  const head = [`${colour.bold(name)}  ${summary}`, colour.dim(source)];
  const lines = steps.flatMap((step) => ["", ...renderStep(step, depth, "")]);
  return [...head, ...lines, "", `value ${colour.bold(number(value))}`].join("\n");
}

function renderStep(
  { title, formula, numbers, value, table, note, steps = [] }: Step,
  depth: number,
  indent: string,
): string[] {
  const lines = [`${indent}${colour.bold(title)}`];
  const inner = `${indent}  `;
  if (formula !== undefined) lines.push(`${inner}${colour.cyan(formula.text)}`);
  const result = value === undefined ? [] : [number(value)];
  const shown = [...(numbers === undefined ? [] : [numbers.text]), ...result];
  const equation = [...new Set(shown)].join(" = ");
  const sign = formula === undefined || value === undefined ? "" : "= ";
  if (equation !== "") lines.push(`${inner}${sign}${equation}`);
  if (table !== undefined) {
    const rows = table.rows.map((row) => row.map((cell) => (typeof cell === "number" ? number(cell) : cell)));
    lines.push(
      ...renderTable([table.head, ...rows])
        .split("\n")
        .map((line) => `${inner}${line}`),
    );
  }
  if (note !== undefined) lines.push(`${inner}${note}`);
  if (depth > 1) lines.push(...steps.flatMap((step) => renderStep(step, depth - 1, inner)));
  else if (steps.length > 0) lines.push(colour.dim(`${inner}(${steps.length} more inside: --depth 2 or more)`));
  return lines;
}

function number(x: number): string {
  if (!Number.isFinite(x)) return String(x);
  const rounded = Number(x.toPrecision(6));
  return rounded !== 0 && Math.abs(rounded) < 1e-4 ? rounded.toExponential() : String(rounded);
}
