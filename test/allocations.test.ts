import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

describe("a loss whose result is written into an earlier one", () => {
  it("leaves nothing to the garbage collector", () => {
    const found = execFileSync(process.execPath, ["bench/allocations.mjs", "--count"], { encoding: "utf8" });
    const bytes: Record<string, number> = JSON.parse(found);
    expect(Object.keys(bytes)).toContain("crossEntropy");
    // one object is 40 bytes and more, an array or a function above 100; left are numbers that the engine puts into objects, 16 each
    const above = Object.entries(bytes).filter(([, each]) => each > 250);
    expect(above).toEqual([]);
  });
});
