import { formatNumber } from "./expression.js";
import type { Explanation, Step, StepTable } from "./step.js";

/**
 * A derivation as Markdown, with LaTeX between dollar signs, as GitHub, Jupyter and Pandoc read it.
 *
 * @example
 * toMarkdown(explain("hingeLoss", { outputs: [0.8], targets: [1] })).includes("\\max") // true
 */
export function toMarkdown({ name, summary, source, value, steps }: Explanation): string {
  const head = [`# ${name}: ${formatNumber(value)}`, `${summary} (${source}).`];
  return `${[...head, ...steps.flatMap((step) => render(step, 2))].join("\n\n")}\n`;
}

function render({ title, formula, numbers, value, table, note, steps = [] }: Step, depth: number): string[] {
  const parts = [depth <= 4 ? `${"#".repeat(depth)} ${title}` : `**${title}**`];
  if (formula !== undefined || numbers !== undefined)
    parts.push(`$$${equation(formula?.latex, numbers?.latex, value)}$$`);
  else if (value !== undefined) parts.push(formatNumber(value));
  if (table !== undefined) parts.push(renderTable(table));
  if (note !== undefined) parts.push(note);
  return [...parts, ...steps.flatMap((step) => render(step, depth + 1))];
}

function equation(formula: string | undefined, numbers: string | undefined, value: number | undefined): string {
  const parts = [formula, numbers].filter((part) => part !== undefined);
  if (value !== undefined) parts.push(formatNumber(value).replaceAll("−", "-").replace("∞", "\\infty"));
  return [...new Set(parts)].join(" = ");
}

function renderTable({ head, rows }: StepTable): string {
  const show = (cell: string | number) => (typeof cell === "number" ? formatNumber(cell) : cell).replaceAll("|", "\\|");
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(show).join(" | ")} |`;
  return [line(head), `|${head.map((_, i) => (i === 0 ? " :-- " : " --: ")).join("|")}|`, ...rows.map(line)].join("\n");
}
