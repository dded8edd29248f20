import { type LossResult, toNested } from "../index.js";
import { type CaseFiles, findLoss, readCase } from "./case.js";
import { colour } from "./colour.js";
import { EXIT, Failure } from "./failure.js";
import { toJson } from "./json.js";
import { renderTable } from "./table.js";

/** seqloss loss <function>: value, losses and gradient of one case. */
export async function loss(
  name: string,
  { input, labels, json = false }: Partial<CaseFiles> & { json?: boolean },
): Promise<void> {
  const entry = findLoss(name);
  if (input === undefined) {
    throw new Failure(EXIT.usage, "required option '--input <file>' not specified; - is standard input.");
  }
  const { outputs, targets, options } = await readCase({ input, ...(labels !== undefined && { labels }) }, entry);
  const result = entry.compute(outputs, targets, options);
  process.stdout.write(`${json ? resultJson(result) : render(result)}\n`);
}

/** The contract with other programs: `value`, `losses`, `grad`. */
function resultJson({ value, losses, grad }: LossResult): string {
  return toJson({ value, losses: Array.from(losses), grad: toNested(grad) });
}

/** Gradients larger than this are for machines. */
const SHOWN = 400;

function render({ value, losses, grad }: LossResult): string {
  const shown = (x: number) => (Number.isFinite(x) ? x.toFixed(6) : String(x));
  const rows = Array.from(losses, (loss, b) => [String(b), shown(loss)]);
  const parts = [`value ${colour.bold(shown(value))}`, renderTable([["sequence", "loss"], ...rows.slice(0, 20)])];
  if (rows.length > 20) parts.push(`… and ${rows.length - 20} more; --json prints all`);
  if (grad.data.length > 0 && grad.data.length <= SHOWN) {
    const width = grad.shape.at(-1) as number;
    const lines: string[] = [];
    for (let i = 0; i < grad.data.length; i += width) {
      lines.push(Array.from(grad.data.subarray(i, i + width), (x) => shown(x).padStart(10)).join(""));
      const steps = grad.shape.length === 3 ? grad.shape[1] : 0;
      if (steps > 0 && (i / width + 1) % steps === 0) lines.push("");
    }
    parts.push(`gradient [${grad.shape.join(", ")}]`, lines.join("\n").trimEnd());
  } else parts.push(`gradient [${grad.shape.join(", ")}]; --json prints it`);
  return parts.join("\n");
}
