import { describe, expect, it } from "vitest";
import { bootstrapInterval } from "./bootstrap.js";

const share = ([right, all]: Float64Array) => right / all;

describe("bootstrapInterval", () => {
  it.each([
    [0.95, 1.959964],
    [0.8, 1.281552],
  ])("of a share is the normal one, where examples are many: level %d", (level, z) => {
    const rows = Array.from({ length: 2000 }, (_, i) => [i % 5 === 0 ? 1 : 0, 1]);
    const half = z * Math.sqrt((0.2 * 0.8) / 2000);
    const [low, high] = bootstrapInterval(rows, share, { level, resamples: 2000 });
    expect(Math.abs(low - (0.2 - half))).toBeLessThan(0.15 * half);
    expect(Math.abs(high - (0.2 + half))).toBeLessThan(0.15 * half);
  });

  it("adds rows up before it scores, so long sentences weigh more", () => {
    expect(bootstrapInterval([[1, 10]], share)).toEqual([0.1, 0.1]);
    const [low, high] = bootstrapInterval([[0, 1], [90, 99]], share); // biome-ignore format: rows
    expect([low, high]).toEqual([0, 90 / 99]);
  });

  it("follows its seed", () => {
    const rows = Array.from({ length: 30 }, (_, i) => [(i * 7) % 11, 10 + (i % 3)]);
    expect(bootstrapInterval(rows, share)).toEqual(bootstrapInterval(rows, share, { seed: 0 }));
    expect(bootstrapInterval(rows, share, { seed: 1 })).not.toEqual(bootstrapInterval(rows, share));
  });

  it("refuses no rows, uneven rows and options out of range", () => {
    expect(() => bootstrapInterval([], share)).toThrow("bootstrapInterval: the size of rows is 0; expected at least 1");
    expect(() => bootstrapInterval([[1], [1, 2]], share)).toThrow("the size of rows[1] is 2; expected 1");
    expect(() => bootstrapInterval([[1]], share, { resamples: 0 })).toThrow("resamples is 0");
    expect(() => bootstrapInterval([[1]], share, { level: 1 })).toThrow("level is 1");
  });
});
