import { existsSync } from "node:fs";
import { SeqlossError } from "../../src/index.js";
import type { Writing } from "../strokes/ink.js";
import { readInkFile } from "../strokes/inkFile.js";

/**
 * What a person wants to have read: the number of a test word; a word, as the first that wrote it; a file of strokes.
 *
 * @throws SeqlossError (FORMAT) when it is none of them
 */
export function inkInput(input: string, test: readonly Writing[]): Writing {
  if (existsSync(input)) return { strokes: readInkFile(input), text: "", writer: "" };
  const found = /^\d+$/.test(input) ? test[Number(input)] : test.find(({ text }) => text === input);
  if (found !== undefined) return found;
  throw new SeqlossError("predict", "FORMAT", {
    argument: "the input",
    expected: `a file of strokes (JSON, InkML or SVG), the number of a test word, 0 to ${test.length - 1}, or a word among them`,
    found: input,
  });
}
