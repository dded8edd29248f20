import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

describe("a loss whose result is written into an earlier one", () => {
  it("leaves little to the garbage collector, and nothing that grows with the batch", () => {
    const losses = ["meanSquaredError", "binaryCrossEntropy", "crossEntropy, ragged", "crossEntropy of distributions"];
    losses.push("negativeLogLikelihood", "ctcLoss", "transducerLoss", "crfLoss");
    const found = execFileSync(process.execPath, ["bench/allocations.mjs", "--count", ...losses], { encoding: "utf8" });
    const bytes: Record<string, number> = JSON.parse(found);
    expect(Object.keys(bytes)).toEqual(losses);
    // 80 bytes a step would be 50,000; what is left are the result and objects of the call: 2,000 to 7,000
    for (const name of losses) expect(bytes[name], name).toBeLessThan(20_000);
  });
});
