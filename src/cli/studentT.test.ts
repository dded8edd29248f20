import { describe, expect, it } from "vitest";
import { studentQuantile, summarise } from "./studentT.js";

describe("studentQuantile", () => {
  it.each([
    // SciPy: scipy.stats.t.ppf((1 + probability) / 2, degrees)
    [0.95, 1, 12.706204736],
    [0.95, 2, 4.30265273],
    [0.95, 3, 3.182446305],
    [0.95, 4, 2.776445105],
    [0.95, 9, 2.262157163],
    [0.95, 30, 2.042272456],
    [0.95, 101, 1.983731003],
    [0.99, 5, 4.032142984],
    [0.5, 2, 0.816496581],
  ])("of %d with %d degrees", (probability, degrees, t) => {
    expect(studentQuantile(probability, degrees)).toBeCloseTo(t, 7);
  });

  it("nears the normal distribution's with many degrees", () => {
    expect(studentQuantile(0.95, 100_000)).toBeCloseTo(1.959964, 4);
  });
});

describe("summarise", () => {
  it("gives the mean and its interval", () => {
    // mean 2, standard deviation 1: 2 ± 4.302653 / √3
    const { mean, interval } = summarise([1, 2, 3]);
    expect(mean).toBe(2);
    expect(interval?.[0]).toBeCloseTo(2 - 2.484138, 6);
    expect(interval?.[1]).toBeCloseTo(2 + 2.484138, 6);
  });

  it("gives no interval from one number, or from one that is not finite", () => {
    expect(summarise([0.25])).toEqual({ mean: 0.25 });
    expect(summarise([1, Number.NaN])).toEqual({ mean: Number.NaN });
    expect(summarise([1, Number.POSITIVE_INFINITY])).toEqual({ mean: Number.POSITIVE_INFINITY });
  });
});
