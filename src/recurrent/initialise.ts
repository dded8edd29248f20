import { Random } from "../core/random.js";
import { sizeOf } from "../core/tensor.js";
import type { Parameter } from "./layer.js";

/** Where initial weights come from: a generator that several layers share, or a seed of the layer's own. */
export interface Seeded {
  readonly random?: Random;
  readonly seed?: number;
}

export function generator({ random, seed = 0 }: Seeded): Random {
  return random ?? new Random(seed);
}

/** A parameter drawn uniformly from [-bound, bound). */
export function uniformParameter(name: string, shape: readonly number[], bound: number, random: Random): Parameter {
  const data = Float32Array.from({ length: sizeOf(shape) }, () => bound * (2 * random.uniform() - 1));
  return { name, shape, data, grad: new Float32Array(data.length) };
}

/** A parameter drawn from the normal distribution with mean 0. */
export function normalParameter(name: string, shape: readonly number[], random: Random, deviation: number): Parameter {
  const data = Float32Array.from({ length: sizeOf(shape) }, () => deviation * random.normal());
  return { name, shape, data, grad: new Float32Array(data.length) };
}

/** Fills matrices of size × size, one after another, with random orthogonal ones. */
export function makeOrthogonal(matrices: Float32Array, size: number, random: Random): void {
  for (let start = 0; start < matrices.length; start += size * size) {
    const rows: Float64Array[] = [];
    while (rows.length < size) {
      const row = Float64Array.from({ length: size }, () => random.normal());
      // Gram and Schmidt, twice: what rounding leaves of the other rows the first time, the second time removes
      for (const other of [...rows, ...rows]) {
        const overlap = dot(row, other);
        for (let j = 0; j < size; j++) row[j] -= overlap * other[j];
      }
      const norm = Math.sqrt(dot(row, row));
      if (norm > 1e-6) rows.push(row.map((x) => x / norm)); // or else it lay among the others: draw again
    }
    rows.forEach((row, i) => matrices.set(row, start + i * size));
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}
