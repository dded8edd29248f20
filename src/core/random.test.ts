import { describe, expect, it } from "vitest";
import { Random } from "./random.js";

describe("Random", () => {
  it("is PCG32: the sequence of the reference implementation for seed 42, stream 54", () => {
    const random = new Random(42, 54);
    const found = Array.from({ length: 6 }, () => random.next());
    expect(found).toEqual([0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e]);
  });

  it("goes on from a saved state as if never stopped", () => {
    const random = new Random(7);
    random.next();
    const resumed = Random.restore(JSON.parse(JSON.stringify(random.state)));
    expect(Array.from({ length: 20 }, () => resumed.uniform())).toEqual(
      Array.from({ length: 20 }, () => random.uniform()),
    );
  });

  it("gives seeds and streams sequences of their own", () => {
    const starts = [new Random(1), new Random(2), new Random(1, 1), new Random(1, 2), new Random(2 ** 32 + 1)].map(
      (r) => Array.from({ length: 4 }, () => r.next()).join(),
    );
    expect(new Set(starts).size).toBe(starts.length);
  });

  it("draws whole numbers evenly: each of 7 within 5 standard deviations over 70,000 draws", () => {
    const random = new Random(3);
    const counts = new Array(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++;
    const deviation = Math.sqrt(70_000 * (1 / 7) * (6 / 7));
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * deviation);
  });

  it("draws normals of mean 0 and variance 1", () => {
    const random = new Random(4);
    const draws = Array.from({ length: 50_000 }, () => random.normal());
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(draws.length));
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
  });

  it("shuffles to a permutation, the same for the same seed", () => {
    const list = Int32Array.from({ length: 50 }, (_, i) => i);
    const once = new Random(5).shuffle(list.slice());
    expect(Array.from(once)).not.toEqual(Array.from(list));
    expect(Array.from(once).sort((a, b) => a - b)).toEqual(Array.from(list));
    expect(new Random(5).shuffle(list.slice())).toEqual(once);
  });
});
