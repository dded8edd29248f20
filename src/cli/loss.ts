import type { LossResult, Tensor } from "../index.js";
import { type CaseFiles, findLoss, readCase } from "./case.js";
import { colour } from "./colour.js";
import { EXIT, Failure } from "./failure.js";
import { checkOutput, gradients, resultJson, writeOutput } from "./output.js";
import { renderTable } from "./table.js";

export interface LossFlags extends Partial<CaseFiles> {
  readonly output?: string;
  readonly json?: boolean;
}

/** seqloss loss <function>: value, losses and gradient of one case. */
export async function loss(name: string, { input, labels, output, json = false }: LossFlags): Promise<void> {
  const entry = findLoss(name);
  if (input === undefined) {
    throw new Failure(EXIT.usage, "required option '--input <file>' not specified; - is standard input.");
  }
  if (output !== undefined) checkOutput(output);
  const { outputs, targets, options } = await readCase({ input, ...(labels !== undefined && { labels }) }, entry);
  const result = entry.compute(outputs, targets, options);
  if (output !== undefined) writeOutput(output, result);
  process.stdout.write(`${json ? resultJson(result) : render(result)}\n`);
}

/** Gradients larger than this are for machines. */
const SHOWN = 400;

function render(result: LossResult): string {
  const rows = Array.from(result.losses, (loss, b) => [String(b), shown(loss)]);
  const parts = [
    `value ${colour.bold(shown(result.value))}`,
    renderTable([["sequence", "loss"], ...rows.slice(0, 20)]),
  ];
  if (rows.length > 20) parts.push(`… and ${rows.length - 20} more; --json prints all`);
  return [...parts, ...gradients(result).flatMap(([name, grad]) => renderGradient(name, grad))].join("\n");
}

const shown = (x: number) => (Number.isFinite(x) ? x.toFixed(6) : String(x));

function renderGradient(name: string, { data, shape }: Tensor): string[] {
  const title = `${name === "grad" ? "gradient" : name} [${shape.join(", ")}]`;
  if (data.length === 0 || data.length > SHOWN) return [`${title}; --json prints it`];
  const width = shape.at(-1) as number;
  const lines: string[] = [];
  for (let i = 0; i < data.length; i += width) {
    lines.push(Array.from(data.subarray(i, i + width), (x) => shown(x).padStart(10)).join(""));
    const steps = shape.length >= 3 ? (shape.at(-2) as number) : 0;
    if (steps > 0 && (i / width + 1) % steps === 0) lines.push("");
  }
  return [title, lines.join("\n").trimEnd()];
}
