import { dataSets } from "../../tasks/data/dataSets.js";
import { outsideSource } from "../../tasks/data/source.js";
import { tasks } from "../../tasks/tasks.js";
import { toJson } from "./json.js";
import { renderTable } from "./table.js";
import { findTask } from "./task.js";

/** seqloss data [task]: which data sets there are, who uses them, where they are, and how to get those that are missing. */
export function data(name: string | undefined, { json = false }: { json?: boolean }): void {
  const chosen = name === undefined ? Object.values(tasks) : [findTask(name)];
  const used = chosen.flatMap((task) => task.sources().map((source) => ({ task: task.name, ...source })));
  const others =
    name === undefined ? Object.values(dataSets).filter((set) => !used.some((one) => one.name === set.name)) : [];
  const sources = [...used, ...others.map((set) => ({ task: "", ...outsideSource(set) }))];
  if (json) {
    process.stdout.write(`${toJson(sources)}\n`);
    return;
  }
  const rows = sources.map(({ task, name: set, holds, found, where, licence }) => [
    task,
    set,
    holds,
    licence,
    found ? where : `missing. ${where}`,
  ]);
  process.stdout.write(`${renderTable([["task", "data", "what", "licence", "where"], ...rows])}\n`);
}
