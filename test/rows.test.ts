import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

// The acceptance cases are numbered rows; each must be named by the title of a test, so that it can be found.
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const BUILT = [...range(1, 69), 70, 71, 72, 73, 80, 81, 82, 87];

it("every acceptance case of what is built is the title of a test", () => {
  const files = ["src", "tasks", "test"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".test.ts") && name !== "rows.test.ts")
      .map((name) => join(folder, name)),
  );
  const named = new Set<number>();
  for (const file of files) {
    for (const [, first, more] of readFileSync(file, "utf8").matchAll(/"rows? (\d+)((?:(?:,| and|, and) \d+)*)/g)) {
      for (const number of `${first}${more}`.matchAll(/\d+/g)) named.add(Number(number[0]));
    }
  }
  expect(BUILT.filter((row) => !named.has(row))).toEqual([]);
});
