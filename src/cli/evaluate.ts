import type { Evaluation } from "../../tasks/task.js";
import type { RunFolder } from "../runs/entry.js";
import { colour } from "./colour.js";
import { toJson } from "./json.js";
import { scoreName } from "./progress.js";
import { renderTable } from "./table.js";
import { openFolder, openTrainedRun, renderSample } from "./task.js";

/** seqloss evaluate <run>: the scores on test data that training never saw. */
export function evaluate(path: string, { json = false }: { json?: boolean }): void {
  const run = openFolder(path);
  const evaluation = openTrainedRun(run).evaluate();
  writeResults(run, evaluation);
  process.stdout.write(json ? `${toJson(resultsOf(evaluation))}\n` : `${renderEvaluation(evaluation)}\n`);
}

/** results.json: the evaluation without its drawings. */
export function writeResults(
  run: RunFolder,
  evaluation: Evaluation,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const { scores, intervals, on, table, notes } = evaluation;
  run.write("results.json", { scores, intervals, on, table, notes, ...more });
}

/** For other programs: each score under its name, and their intervals. */
export const resultsOf = ({ scores, intervals }: Evaluation) => ({ ...scores, ...(intervals && { intervals }) });

export function renderEvaluation({ scores, intervals = {}, on, table, notes = [], samples }: Evaluation): string {
  const headline = Object.entries(scores).map(([name, value]) => {
    const interval = intervals[name]?.map((bound) => (100 * bound).toFixed(2)).join(" to ");
    const range = interval === undefined ? "" : ` (95 % confidence ${interval})`;
    return `${scoreName(name)} ${colour.bold(`${(100 * value).toFixed(2)} %`)}${range}`;
  });
  const drawings = samples.map(renderSample).join("\n\n");
  return [[renderTable(table), ...notes].join("\n"), drawings, `On ${on}: ${headline.join(", ")}.`].join("\n\n");
}
