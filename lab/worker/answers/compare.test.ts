import { describe, expect, it } from "vitest";
import { compared, recordedComparison, score, summary } from "./compare.js";

describe("losses compared", () => {
  it("with outliers, the squared error does worse than the absolute error", () => {
    const state = { outliers: 0.15, seeds: 2, steps: 200 };
    const [squared, absolute] = compared()
      .slice(0, 2)
      .map((name) => summary(name, [score(name, 1, state), score(name, 2, state)]));
    expect(squared.mean).toBeGreaterThan(absolute.mean);
    for (const { scores, lower, mean, upper } of [squared, absolute]) {
      expect(scores.length).toBe(2);
      expect(lower).toBeLessThanOrEqual(mean);
      expect(upper).toBeGreaterThanOrEqual(mean);
    }
  });

  it("what is shown at rest is what these settings give", () => {
    compared().forEach((name, i) => {
      const kept = recordedComparison()[i];
      const now = score(name, 1, { outliers: 0.1, seeds: 1, steps: 200 });
      expect(kept.name).toBe(name);
      expect(Math.abs(now - kept.scores[0])).toBeLessThan(0.1 * kept.scores[0]);
    });
  });
});
