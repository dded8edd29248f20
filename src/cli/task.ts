import { existsSync } from "node:fs";
import type { DataSet } from "../../tasks/data/dataSet.js";
import { dataSets } from "../../tasks/data/dataSets.js";
import type { OpenTask, Sample, Task } from "../../tasks/task.js";
import { tasks } from "../../tasks/tasks.js";
import { editAlignment, SeqlossError } from "../index.js";
import { type RunConfig, RunFolder, restore } from "../runs/entry.js";
import { colour } from "./colour.js";
import { fetchSet } from "./dataGet.js";
import { EXIT, Failure } from "./failure.js";
import { suggest } from "./suggest.js";

export function findTask(name: string): Task {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (task === undefined)
    throw new Failure(EXIT.usage, `there is no task "${name}".${suggest(name, Object.keys(tasks))}`);
  return task;
}

export function checkLoss(task: Task, loss: string): void {
  if (task.losses.includes(loss)) return;
  const known = suggest(loss, task.losses);
  throw new Failure(EXIT.usage, `the task ${task.name} has no loss "${loss}".${known}`);
}

/** The data set that a new run is to use: of the task's, and there, if need be after a download. */
export async function checkData(task: Task, name: string, download: boolean): Promise<void> {
  const source = task.sources().find((one) => one.name === name);
  if (source === undefined) {
    const known = suggest(
      name,
      task.sources().map((one) => one.name),
    );
    throw new Failure(EXIT.usage, `the task ${task.name} has no data set "${name}".${known}`);
  }
  if (source.found) return;
  const sets: Readonly<Record<string, DataSet>> = dataSets;
  const set = source.outside?.set;
  if (!download || set === undefined) {
    throw new Failure(EXIT.missing, `the data set ${name} is missing. ${source.where}`);
  }
  await fetchSet(sets[set]);
}

/** An input for `predict` that goes with the data of a run, as a shell takes it. */
export const exampleOf = (task: Task, { data }: RunConfig): string =>
  task.sources().find(({ name }) => name === data)?.example ?? task.example;

export function openFolder(path: string): RunFolder {
  try {
    return RunFolder.open(path);
  } catch (error) {
    if (error instanceof SeqlossError && !existsSync(path)) throw new Failure(EXIT.missing, error.message);
    throw error;
  }
}

/** The task of a run with its newest checkpoint in place; says on stderr what was damaged. */
export function openRun(run: RunFolder, described = findTask(run.config.task)): OpenTask {
  const task = described.open(run.config);
  for (const damage of restore(run, task.trainer)) {
    process.stderr.write(`${colour.yellow("warning:")} a damaged checkpoint was passed over: ${damage}\n`);
  }
  return task;
}

/** The same, for using the network: it must have been trained. */
export function openTrainedRun(run: RunFolder): OpenTask {
  const task = openRun(run);
  if (task.trainer.taken === 0) {
    throw new Failure(EXIT.data, `${run.path} holds no checkpoint yet. Train it: seqloss train --resume ${run.path}`);
  }
  return task;
}

/** A drawing with the truth and the reading beneath it; where they differ, one above the other, gaps filled with "_". */
export function renderSample({ drawing, truth, reading, between = "", quantities, texts }: Sample): string {
  if (texts !== undefined) return renderTexts(drawing, { truth, reading }, texts);
  if (quantities !== undefined) return renderQuantities(drawing, { truth, reading }, quantities);
  const shown = colour.bold(reading === "" ? "(nothing)" : reading);
  if (truth === "") return [...drawing, `read as ${shown}`].join("\n");
  if (truth === reading) return [...drawing, `read as ${shown} ${colour.green("✓")}`].join("\n");
  const symbols = (text: string) => (text === "" ? [] : text.split(between));
  const [wanted, read] = [symbols(truth), symbols(reading)];
  const columns = editAlignment(wanted, read).map(({ kind }) => {
    const pair = [kind === "insertion" ? "" : (wanted.shift() ?? ""), kind === "deletion" ? "" : (read.shift() ?? "")];
    const width = Math.max(...pair.map(({ length }) => length));
    const [above, below] = pair.map((symbol) => symbol.padEnd(width, symbol === "" ? "_" : " "));
    return kind === "match" ? [above, below] : [colour.bold(above), colour.red(below)];
  });
  const line = (n: 0 | 1) => columns.map((pair) => pair[n]).join(between);
  return [...drawing, `is      ${line(0)}`, `read as ${line(1)} ${colour.red("✗")}`].join("\n");
}

/** Truth, where it is known, and reading, each under its name. */
function renderTexts(
  drawing: readonly string[],
  { truth, reading }: { truth: string; reading: string },
  names: NonNullable<Sample["texts"]>,
): string {
  const under = (name: string, text: string) => [colour.bold(`${name}:`), text];
  return [...drawing, ...(truth === "" ? [] : under(names.truth, truth)), ...under(names.reading, reading)].join("\n");
}

/** Truth and reading beneath each other, word by word. */
function renderQuantities(
  drawing: readonly string[],
  { truth, reading }: { truth: string; reading: string },
  names: NonNullable<Sample["quantities"]>,
): string {
  const rows = [[names.reading, ...reading.split(" ")]];
  if (truth !== "") rows.unshift([names.truth, ...truth.split(" ")]);
  const widthOf = (n: number) => Math.max(...rows.map((row) => row[n]?.length ?? 0));
  const lines = rows.map((row) =>
    row.map((word, n) => (n === 0 ? word.padEnd(widthOf(n)) : word.padStart(widthOf(n)))).join(" "),
  );
  return [...drawing, ...lines].join("\n");
}
