import { describe, expect, it } from "vitest";
import { Random } from "../../src/index.js";
import { spectralRadius } from "../worker/spectralRadius.js";
import { eigenvalues } from "./eigenvalues.js";

const sorted = (matrix: number[], n: number) =>
  eigenvalues(matrix, n)
    .map(({ re, im }) => [re, im].map((x) => Math.round(1e8 * x) / 1e8 + 0))
    .toSorted(([a, b], [c, d]) => a - c || b - d);

describe("eigenvalues", () => {
  it("of matrices that are known", () => {
    expect(sorted([0, -1, 1, 0], 2)).toEqual([
      [0, -1],
      [0, 1],
    ]);
    expect(sorted([2, 5, 0, 0.5], 2)).toEqual([
      [0.5, 0],
      [2, 0],
    ]);
    expect(sorted([0, 0, 1, 1, 0, 0, 0, 1, 0], 3)).toEqual([
      [-0.5, -0.8660254],
      [-0.5, 0.8660254],
      [1, 0],
    ]);
    expect(sorted([3], 1)).toEqual([[3, 0]]);
    expect(sorted([0, 0, 0, 0], 2)).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it("of random matrices have their trace, the trace of their square, and their spectral radius", () => {
    const random = new Random(3);
    for (const n of [2, 3, 5, 8, 16, 24, 40, 64]) {
      const matrix = Array.from({ length: n * n }, () => random.normal() / Math.sqrt(n));
      const found = eigenvalues(matrix, n);
      let [trace, squares] = [0, 0];
      for (let i = 0; i < n; i++) {
        trace += matrix[i * n + i];
        for (let j = 0; j < n; j++) squares += matrix[i * n + j] * matrix[j * n + i];
      }
      expect(found.reduce((sum, { re }) => sum + re, 0)).toBeCloseTo(trace, 8);
      expect(found.reduce((sum, { re, im }) => sum + re * re - im * im, 0)).toBeCloseTo(squares, 7);
      expect(found.reduce((sum, { im }) => sum + im, 0)).toBeCloseTo(0, 8);
      expect(Math.max(...found.map(({ re, im }) => Math.hypot(re, im)))).toBeCloseTo(spectralRadius(matrix, n), 4);
    }
  });
});
