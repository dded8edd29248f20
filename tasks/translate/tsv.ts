import { SeqlossError } from "../../src/index.js";

/**
 * Pairs from lines "source<tab>target", both of them not empty.
 *
 * @param from what it was read from, for messages
 * @throws SeqlossError (FORMAT) when a line is no pair
 */
export function parsePairs(text: string, from: string): [string, string][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line, n) => {
      const cells = line.normalize("NFC").split("\t");
      if (cells.length === 2 && cells.every((cell) => cell.trim() !== "")) return [cells[0], cells[1]];
      throw new SeqlossError("translate", "FORMAT", {
        argument: `line ${n + 1} of ${from}`,
        expected: "two texts with a tab between",
        found: line,
      });
    });
}
