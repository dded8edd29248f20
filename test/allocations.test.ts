import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

describe("a loss whose result is written into an earlier one", () => {
  it("leaves nothing to the garbage collector", () => {
    const found = execFileSync(process.execPath, ["bench/allocations.mjs", "--count"], { encoding: "utf8" });
    const bytes: Record<string, number> = JSON.parse(found);
    expect(Object.keys(bytes)).toContain("crossEntropy");
    // a number that the engine puts into an object is 16 bytes: some of them, and no more, where it has not optimised everything
    const above = Object.entries(bytes).filter(([, each]) => each > 200);
    expect(above).toEqual([]);
  });
});
