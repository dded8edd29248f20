import type { Evaluation, Task } from "../../tasks/task.js";
import type { RunFolder } from "../runs/entry.js";
import { colour } from "./colour.js";
import { toJson } from "./json.js";
import { type LanguageFlags, languageOf } from "./language.js";
import { evaluateShown } from "./progress.js";
import { intervalText, scoreName, scoreText } from "./scores.js";
import { renderTable } from "./table.js";
import { renderSample } from "./task.js";
import { startThreads } from "./threads.js";
import { findTrained } from "./trained.js";

/** seqloss evaluate <run>: the scores on test data that training never saw. */
export async function evaluate(
  path: string,
  { json = false, threads, ...flags }: { json?: boolean; threads?: number } & LanguageFlags,
): Promise<void> {
  await startThreads(threads);
  const { described, run, open } = findTrained(path);
  const language = languageOf(described, flags);
  const task = open();
  const evaluation = evaluateShown(task, { language });
  if (run !== undefined) writeResults(run, task.trainer.taken, evaluation);
  const text = json ? toJson(resultsOf(evaluation)) : renderEvaluation(evaluation, described.scores);
  process.stdout.write(`${text}\n`);
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
