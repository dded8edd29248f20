import type { Evaluation, Task } from "../../tasks/task.js";
import type { RunFolder } from "../runs/entry.js";
import { colour } from "./colour.js";
import { toJson } from "./json.js";
import { type LanguageFlags, languageOf } from "./language.js";
import { intervalText, scoreName, scoreText } from "./scores.js";
import { renderTable } from "./table.js";
import { findTask, openFolder, openTrainedRun, renderSample } from "./task.js";
import { startThreads } from "./threads.js";

/** seqloss evaluate <run>: the scores on test data that training never saw. */
export async function evaluate(
  path: string,
  { json = false, threads, ...flags }: { json?: boolean; threads?: number } & LanguageFlags,
): Promise<void> {
  await startThreads(threads);
  const run = openFolder(path);
  const language = languageOf(findTask(run.config.task), flags);
  const task = openTrainedRun(run);
  const evaluation = task.evaluate({ language });
  writeResults(run, task.trainer.taken, evaluation);
  const { scores } = findTask(run.config.task);
  process.stdout.write(json ? `${toJson(resultsOf(evaluation))}\n` : `${renderEvaluation(evaluation, scores)}\n`);
}

/** results.json: the evaluation after this many steps, without its drawings, and how long training took. */
export function writeResults(run: RunFolder, step: number, evaluation: Evaluation): void {
  const { scores, intervals, on, table, notes } = evaluation;
  const { seconds, processorSeconds } = run;
  run.write("results.json", { step, scores, intervals, on, table, notes, seconds, processorSeconds });
}

/** For other programs: each score under its name, and their intervals. */
export const resultsOf = ({ scores, intervals }: Evaluation) => ({ ...scores, ...(intervals && { intervals }) });

export function renderEvaluation(evaluation: Evaluation, kinds: Task["scores"]): string {
  const { scores, intervals = {}, on, table, notes = [], samples } = evaluation;
  const headline = Object.entries(scores).map(([name, value]) => {
    const interval = intervals[name];
    const range = interval === undefined ? "" : ` (95 % confidence ${intervalText(interval, kinds[name])})`;
    return `${scoreName(name)} ${colour.bold(scoreText(value, kinds[name]))}${range}`;
  });
  const drawings = samples.map(renderSample).join("\n\n");
  return [[renderTable(table), ...notes].join("\n"), drawings, `On ${on}: ${headline.join(", ")}.`].join("\n\n");
}
