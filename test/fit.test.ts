import { expect, it } from "vitest";
import { powerLaw } from "../bench/fit.mjs";

it("the benchmarks' fit finds the exponent of a power, and how far points lie off it", () => {
  const sizes = [1, 2, 4, 8, 16];
  const exact = powerLaw(sizes.map((x) => ({ x, y: 3 * x ** 1.5 })));
  expect(exact.exponent).toBeCloseTo(1.5, 12);
  expect(exact.residual).toBeCloseTo(0, 12);
  expect(exact.at(32)).toBeCloseTo(3 * 32 ** 1.5, 9);
  // by turns a tenth above and below: no slope of its own over these, and a residual of a tenth
  const off = powerLaw([1, 2, 2, 4].map((x, i) => ({ x, y: x * 1.1 ** (i === 0 || i === 3 ? 1 : -1) })));
  expect(off.exponent).toBeCloseTo(1, 12);
  expect(off.residual).toBeCloseTo(0.1, 12);
});
