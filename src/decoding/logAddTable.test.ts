import { describe, expect, it } from "vitest";
import { logAdd } from "../core/numeric.js";
import { Random } from "../core/random.js";
import { quickLogAdd } from "./logAddTable.js";

const INF = Number.POSITIVE_INFINITY;

describe("quickLogAdd", () => {
  it("is ln(e^a + e^b) to the last digits, whichever is larger", () => {
    const random = new Random(1);
    for (let i = 0; i < 200_000; i++) {
      const a = -(10 ** (3 * random.uniform() - 2));
      const b = a - 40 * random.uniform();
      const exact = logAdd(a, b);
      const allowed = 4.5e-16 * Math.max(1, Math.abs(exact));
      if (Math.abs(quickLogAdd(a, b) - exact) > allowed) expect(quickLogAdd(a, b)).toBe(exact);
      if (quickLogAdd(b, a) !== quickLogAdd(a, b)) expect(quickLogAdd(b, a)).toBe(quickLogAdd(a, b));
    }
  });

  it.each([0, 1 / 128, 3 / 128, 1, 36.99, 36.9999999999, 37, 37.0001, 700, 1e308])("at a gap of %d", (gap) => {
    expect(Math.abs(quickLogAdd(0, -gap) - logAdd(0, -gap))).toBeLessThanOrEqual(2.3e-16);
    expect(Math.abs(quickLogAdd(-gap, 0) - logAdd(0, -gap))).toBeLessThanOrEqual(2.3e-16);
  });

  it("nothing added changes nothing", () => {
    expect(quickLogAdd(-3.25, -INF)).toBe(-3.25);
    expect(quickLogAdd(-INF, -3.25)).toBe(-3.25);
    expect(quickLogAdd(-INF, -INF)).toBe(-INF);
  });
});
