import { tasks } from "../../tasks/tasks.js";
import { toJson } from "./json.js";
import { renderTable } from "./table.js";
import { findTask } from "./task.js";

/** seqloss data [task]: which data sets the tasks use, where they are, and how to get those that are missing. */
export function data(name: string | undefined, { json = false }: { json?: boolean }): void {
  const chosen = name === undefined ? Object.values(tasks) : [findTask(name)];
  const sources = chosen.flatMap((task) => task.sources().map((source) => ({ task: task.name, ...source })));
  if (json) {
    process.stdout.write(`${toJson(sources)}\n`);
    return;
  }
  const rows = sources.map(({ task, name: set, found, where, licence }) => [
    task,
    set,
    licence,
    found ? where : `missing; ${where}`,
  ]);
  process.stdout.write(`${renderTable([["task", "data", "licence", "where"], ...rows])}\n`);
}
