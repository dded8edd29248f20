import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type Nested, type Parameter, tensor } from "../../src/index.js";

// Reading and comparing the vectors that make_torch_vectors.py made.

// biome-ignore lint/suspicious/noExplicitAny: vectors are read as they are
export type Vector = any;

export function read(name: string): Vector {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
}

export function flat(nested: Nested): number[] {
  return Array.from(tensor(nested).data);
}

export function close(found: ArrayLike<number>, expected: readonly number[], tolerance: number, what: string): void {
  expect(found.length, what).toBe(expected.length);
  expected.forEach((x, i) => {
    if (!(Math.abs(found[i] - x) <= tolerance * (1 + Math.abs(x)))) expect.fail(`${what}[${i}]: ${found[i]} for ${x}`);
  });
}

/** Sets parameters to a PyTorch state dict, whose names, order and shapes are to be the same. */
export function place(parameters: readonly Parameter[], state: Readonly<Record<string, Nested>>): void {
  expect(parameters.map(({ name }) => name)).toEqual(Object.keys(state));
  for (const { name, shape, data } of parameters) {
    expect(tensor(state[name]).shape, name).toEqual(shape);
    data.set(flat(state[name]));
  }
}
