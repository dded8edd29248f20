import { expect, it } from "vitest";
import { keepLast } from "./keepLast.js";

it("keepLast makes anew where an argument is another one, and only there", () => {
  const made = keepLast((a: number, b: string | undefined) => ({ a, b }));
  const first = made(1, undefined);
  expect(made(1, undefined)).toBe(first);
  expect(made(1, "x")).toEqual({ a: 1, b: "x" });
  expect(made(2, "x")).toEqual({ a: 2, b: "x" });
  expect(made(1, undefined)).toEqual(first);
  expect(made(1, undefined)).not.toBe(first);
});
