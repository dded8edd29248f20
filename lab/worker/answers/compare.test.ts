import { describe, expect, it } from "vitest";
import { compare, recordedComparison } from "./compare.js";

describe("losses compared", () => {
  it("with outliers, the squared error does worse than the absolute error", () => {
    const [squared, absolute] = compare({ outliers: 0.15, seeds: 2, steps: 200 });
    expect(squared.mean).toBeGreaterThan(absolute.mean);
    for (const { scores, lower, mean, upper } of [squared, absolute]) {
      expect(scores.length).toBe(2);
      expect(lower).toBeLessThanOrEqual(mean);
      expect(upper).toBeGreaterThanOrEqual(mean);
    }
  });

  it("what is shown at rest is what these settings give", () => {
    const now = compare({ outliers: 0.1, seeds: 1, steps: 200 });
    now.forEach(({ name, scores }, i) => {
      const kept = recordedComparison()[i];
      expect(kept.name).toBe(name);
      expect(Math.abs(scores[0] - kept.scores[0])).toBeLessThan(0.1 * kept.scores[0]);
    });
  });
});
