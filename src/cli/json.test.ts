import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "./failure.js";
import { findFault, parseJson, toJson } from "./json.js";

const parse = (text: string) => parseJson(new TextEncoder().encode(text), "case.json");

describe("parseJson", () => {
  it("row 83: refuses keys that could reach a prototype, wherever they are and however they are written", () => {
    for (const key of ["__proto__", "constructor", "prototype", "\\u005f_proto__"]) {
      expect(() => parse(`{"${key}": {"blank": 1}}`)).toThrow(/is not allowed/);
      expect(() => parse(`{"a": [{"b": {"${key}": 1}}]}`)).toThrow(/is not allowed/);
    }
  });

  it("row 83: gives objects no prototype", () => {
    const value = parse('{"a": {"b": 1}}') as { a: object };
    expect(Object.getPrototypeOf(value)).toBe(null);
    expect(Object.getPrototypeOf(value.a)).toBe(null);
  });

  it("row 83: limits the depth, also of what is broken further in", () => {
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(parse(nested(32))).toBeInstanceOf(Array);
    expect(() => parse(nested(34))).toThrow(/nested more than 32 deep/);
    expect(() => parse("[".repeat(1e6))).toThrow(/column 34: expected at most 32 brackets inside each other/);
  });

  it("reads the strings that stand for numbers, and only those", () => {
    expect(parse('["NaN", "Infinity", "-Infinity", "+Infinity", "nan"]')).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      "+Infinity",
      "nan",
    ]);
  });

  it("takes a byte order mark, and refuses what is no UTF-8", () => {
    expect(parse("\ufeff[1]")).toEqual([1]);
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), "case.json")).toThrow(/case\.json: .* no UTF-8/);
  });

  it("fails as bad data", () => {
    expect(() => parse("{")).toThrow(Failure);
  });
});

describe("findFault", () => {
  it.each([
    ['{"a": 1,\n "b": oops}', 2, 7, "a value", '"oops"'],
    ['{"a": 1', 1, 8, '"," or "}"', "the end of the text"],
    ["[1 2]", 1, 4, '"," or "]"', '"2"'],
    ["[1,]", 1, 4, "a value", '"]"'],
    ["{'a': 1}", 1, 2, "a key in double quotes", '"\'"'],
    ['{"a" 1}', 1, 6, 'a ":" after the key', '"1"'],
    ['{"a": 1},', 1, 9, "the end of the text", '","'],
    ["[01]", 1, 2, "a value", '"01"'],
    ["[1.]", 1, 2, "a value", '"1."'],
    ["[-]", 1, 2, "a value", '"-"'],
    ["[NaN]", 1, 2, "a value", '"NaN"'],
    ["[truely]", 1, 2, "a value", '"truely"'],
    ['\n\n  ["a\nb"]', 3, 4, "a string that ends on its line, its escapes in order", '"\\""'],
    ['["\\x"]', 1, 2, "a string that ends on its line, its escapes in order", '"\\""'],
  ])("%j: line %d, column %d", (text, line, column, expected, found) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(findFault(text)).toEqual({ line, column, expected, found });
  });

  it("finds a fault where, and only where, the engine finds one", () => {
    const tokens = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      '"a"',
      "1",
      "-0.5e3",
      "null",
      " ",
      "\n",
      "x",
      '"',
      "\\",
      "é",
    );
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 8 }), (parts) => {
        const text = parts.join("");
        let sound = true;
        try {
          JSON.parse(text);
        } catch {
          sound = false;
        }
        const { expected, found } = findFault(text);
        expect(expected === "the end of the text" && found === "the end of the text").toBe(sound);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("toJson", () => {
  it("is read back by parseJson, whatever the numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.double())), (numbers) => {
        const positive = numbers.map((row) => row.map((x) => (Object.is(x, -0) ? 0 : x))); // JSON writes -0 as 0
        expect(parse(toJson(positive))).toEqual(positive);
      }),
      { numRuns: 200 },
    );
  });
});
