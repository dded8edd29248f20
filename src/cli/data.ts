import { dataSets } from "../../tasks/data/dataSets.js";
import { outsideSource } from "../../tasks/data/source.js";
import type { DataSource } from "../../tasks/task.js";
import { tasks } from "../../tasks/tasks.js";
import { colour } from "./colour.js";
import { toJson } from "./json.js";
import { findTask } from "./task.js";

type Used = DataSource & { readonly task: string };

/** seqloss data [task]: which data sets there are, who uses them, where they are, and how to get those that are missing. */
export function data(name: string | undefined, { json = false }: { json?: boolean }): void {
  const chosen = name === undefined ? Object.values(tasks) : [findTask(name)];
  const used = chosen.flatMap((task) => task.sources().map((source): Used => ({ task: task.name, ...source })));
  const known = new Set(used.map(({ name: own, outside }) => outside?.set ?? own));
  const others = name === undefined ? Object.values(dataSets).filter((set) => !known.has(set.name)) : [];
  const sources: Used[] = [...used, ...others.map((set) => ({ task: "", ...outsideSource(set) }))];
  process.stdout.write(json ? `${toJson(sources)}\n` : `${describe(sources).join("\n\n")}\n`);
}

/** A paragraph a set, of those that several tasks use too. */
function describe(sources: readonly Used[]): string[] {
  const firsts = sources.filter(({ name }, n) => sources.findIndex((one) => one.name === name) === n);
  return firsts.map(({ name, holds, licence, outside, found, where }) => {
    const users = sources.filter((one) => one.name === name && one.task !== "").map(({ task }) => task);
    const lines = [
      holds,
      `licence: ${licence}${outside ? `; to be named: ${outside.attribution}` : ""}`,
      found ? `${colour.green("found")} in ${where}` : `${colour.yellow("missing")}. ${where}`,
    ];
    const title = `${colour.bold(name)}  ${users.length > 0 ? `for ${users.join(", ")}` : "for no task yet"}`;
    return [title, ...lines.flatMap((line) => wrap(line).map((part) => `  ${part}`))].join("\n");
  });
}

const WIDTH = 98;

/** A line as lines of at most as many characters, where its words allow it. */
function wrap(line: string): string[] {
  const lines = [""];
  for (const word of line.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== "" && last.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
