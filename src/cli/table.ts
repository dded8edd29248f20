import Table from "cli-table3";
import { colour } from "./colour.js";

/** Rows as a table, the first of them its head, ruled off; numbers to the right. */
export function renderTable([head, ...rows]: readonly (readonly string[])[]): string {
  const numeric = head.map((_, column) => rows.every((row) => /^[-\d.,]+( %)?$|^(NaN|-?Infinity)$/.test(row[column])));
  const table = new Table({
    head: head.map((title) => colour.bold(title)),
    colAligns: numeric.map((right) => (right ? "right" : "left")),
    style: { head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .filter((line, i) => i <= 2 || !line.startsWith("├"))
    .join("\n");
}
