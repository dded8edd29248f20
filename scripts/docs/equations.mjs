// Equations of the derivations and the lines of code that compute them. In `docs/derivations/ctc.md` an equation is numbered by
// `\tag{2}`, or by `(2)` at the start of a table's row; its line of code ends with a comment that says `ctc.md (2)`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "docs/derivations";
const TAG = /\\tag\{(\d+)\}|^\| \((\d+)\) /gm;
const ANCHOR = /\/\/.*?\b([a-z-]+\.md) \((\d+)\)/;

/** Numbers of the equations on a page, in its order. */
export function equationsIn(markdown) {
  return [...markdown.matchAll(TAG)].map(([, tag, row]) => Number(tag ?? row));
}

/** "ctc.md (2)" → { file, line }, from the comments in `src`. @throws Error where two lines have the same */
export function anchorsIn(folder) {
  const anchors = new Map();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts") || name.includes(".test.")) continue;
    const file = join(folder, name).replaceAll("\\", "/");
    readFileSync(file, "utf8")
      .split("\n")
      .forEach((text, i) => {
        const match = ANCHOR.exec(text);
        if (match === null) return;
        const key = `${match[1]} (${match[2]})`;
        if (anchors.has(key)) throw new Error(`${file}:${i + 1}: ${key} has another line in ${anchors.get(key).file}`);
        anchors.set(key, { file, line: i + 1 });
      });
  }
  return anchors;
}

/**
 * The line of code of each equation.
 *
 * @throws Error when an equation has no line, a line no equation, or the numbers of a page are not 1, 2, 3 …
 */
export function equationLines() {
  const anchors = anchorsIn("src");
  const unseen = new Set(anchors.keys());
  for (const page of readdirSync(FOLDER)) {
    const numbers = equationsIn(readFileSync(join(FOLDER, page), "utf8"));
    const sorted = numbers.toSorted((a, b) => a - b);
    if (numbers.length === 0 || sorted.some((number, i) => number !== i + 1)) {
      throw new Error(`${page}: equations are numbered from 1 on; found ${numbers}`);
    }
    for (const number of numbers) {
      const key = `${page} (${number})`;
      if (!unseen.delete(key)) throw new Error(`${key} has no line of code: end it with "// ${key}"`);
    }
  }
  if (unseen.size > 0) throw new Error(`no such equation: ${[...unseen]}`);
  return anchors;
}
