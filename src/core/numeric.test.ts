import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactSum, logAdd, logSumExp } from "./numeric.js";

const INF = Number.POSITIVE_INFINITY;

describe("logAdd and logSumExp", () => {
  it.each([
    [0, 0, Math.log(2), "two equal terms"],
    [-INF, 3, 3, "e^-Infinity adds nothing"],
    [-INF, -INF, -INF, "row 59: nothing plus nothing"],
    [INF, 0, INF, "an infinite term wins"],
    [1000, 1000, 1000 + Math.log(2), "no overflow"],
    [0, -800, 0, "a term below the last bit"],
  ])("logAdd(%d, %d) = %d: %s", (a, b, expected) => {
    expect(logAdd(a, b)).toBe(expected);
    expect(logAdd(b, a)).toBe(expected);
    expect(logSumExp([a, b])).toBeCloseTo(expected, 12);
  });

  it("row 59: over -Infinity alone, and over nothing, logSumExp is -Infinity", () => {
    expect(logSumExp([-INF, -INF])).toBe(-INF);
    expect(logSumExp([])).toBe(-INF);
  });

  it("lets NaN through", () => {
    expect(logAdd(Number.NaN, -INF)).toBeNaN();
    expect(logSumExp([0, Number.NaN])).toBeNaN();
  });
});

describe("exactSum", () => {
  it.each([
    [[], 0, "nothing"],
    [[1e308, 1, -1e308], 1, "what plain addition drops"],
    [[1, 1e-16, 1e-16, 1e-16], 1 + 2 ** -52, "small terms together reach the last bit"],
    [[1, 2 ** -53, 2 ** -106], 1 + 2 ** -52, "a half-way case is settled by what lies beyond"],
    [[INF, 1], INF, "infinity"],
  ] as [number[], number, string][])("%j is %d: %s", (values, expected) => {
    expect(exactSum(values)).toBe(expected);
  });

  it("is NaN when an infinity meets its opposite, or a NaN", () => {
    expect(exactSum([INF, -INF])).toBeNaN();
    expect(exactSum([1, Number.NaN])).toBeNaN();
  });

  it("does not depend on the order, and agrees with whole-number arithmetic", () => {
    const scaled = fc.record({
      mantissa: fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
      shift: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 400 })),
    });
    fc.assert(
      fc.property(fc.array(scaled, { maxLength: 40 }), (terms) => {
        const values = terms.map(({ mantissa, shift }) => mantissa * 2 ** shift);
        const exact = terms.reduce((sum, { mantissa, shift }) => sum + (BigInt(mantissa) << BigInt(shift)), 0n);
        expect(exactSum(values)).toBe(Number(exact));
        expect(exactSum([...values].reverse())).toBe(Number(exact));
      }),
    );
  });
});
