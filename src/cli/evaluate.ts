import pc from "picocolors";
import type { Evaluation } from "../../tasks/task.js";
import { toJson } from "./json.js";
import { scoreName } from "./progress.js";
import { renderTable } from "./table.js";
import { openFolder, openTrainedRun, renderSample } from "./task.js";

/** seqloss evaluate <run>: the scores on test data that training never saw. */
export function evaluate(path: string, { json = false }: { json?: boolean }): void {
  const run = openFolder(path);
  const evaluation = openTrainedRun(run).evaluate();
  run.write("results.json", { scores: evaluation.scores, on: evaluation.on, table: evaluation.table });
  process.stdout.write(json ? `${toJson({ ...evaluation.scores })}\n` : `${renderEvaluation(evaluation)}\n`);
}

export function renderEvaluation({ scores, on, table, samples }: Evaluation): string {
  const headline = Object.entries(scores).map(
    ([name, value]) => `${scoreName(name)} ${pc.bold(`${(100 * value).toFixed(2)} %`)}`,
  );
  const drawings = samples.map(renderSample).join("\n\n");
  return `${renderTable(table)}\n\n${drawings}\n\nOn ${on}: ${headline.join(", ")}.`;
}
