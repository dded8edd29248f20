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

/** A parameter drawn from the normal distribution with mean 0 and variance 1. */
export function normalParameter(name: string, shape: readonly number[], random: Random): Parameter {
  const data = Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
  return { name, shape, data, grad: new Float32Array(data.length) };
}
