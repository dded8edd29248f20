import { EXIT, Failure } from "./failure.js";

const DEEPEST = 32;
const FORBIDDEN = ["__proto__", "constructor", "prototype"];
const NON_FINITE = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/**
 * JSON that somebody else wrote. The strings "NaN", "Infinity" and "-Infinity" become numbers, objects have no prototype,
 * keys that could reach one are refused, and so is what is nested too deep.
 *
 * @param from what it was read from, for messages
 */
export function parseJson(bytes: Uint8Array, from: string): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Failure(EXIT.data, `${from}: expected JSON in UTF-8; found bytes that are no UTF-8.`);
  }
  if (text.trim() === "") throw new Failure(EXIT.data, `${from}: malformed JSON: there is nothing in it.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line, column, expected, found } = findFault(text);
    throw new Failure(
      EXIT.data,
      `${from}: malformed JSON at line ${line}, column ${column}: expected ${expected}; found ${found}.`,
    );
  }
  return clean(value, from, 0);
}

/** JSON for other programs, on one line: numbers that JSON has no way to write are strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, item) => (typeof item === "number" && !Number.isFinite(item) ? String(item) : item));
}

function clean(value: unknown, from: string, depth: number): unknown {
  if (depth > DEEPEST) throw new Failure(EXIT.data, `${from}: nested more than ${DEEPEST} deep.`);
  if (typeof value === "string") return NON_FINITE.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => clean(item, from, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const cleaned: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN.includes(key)) throw new Failure(EXIT.data, `${from}: the key "${key}" is not allowed.`);
    cleaned[key] = clean(item, from, depth + 1);
  }
  return cleaned;
}

/** A place in a text, counted from 1, where it stops being JSON. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly found: string;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})|[\x7f-\x9f])*"/uy;
const SCALAR = /true\b|false\b|null\b|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;

/** Stops the walk at the first fault. */
class Fault {
  constructor(
    readonly at: number,
    readonly expected: string,
  ) {}
}

/**
 * The first fault of a text that is no JSON (RFC 8259). Engines say where it is in words of their own, which change with
 * the version, or not at all.
 */
export function findFault(text: string): JsonFault {
  try {
    const end = skip(SPACE, text, walk(text, skip(SPACE, text, 0), 0));
    return describe(text, new Fault(end, "the end of the text"));
  } catch (fault) {
    if (fault instanceof Fault) return describe(text, fault);
    throw fault;
  }
}

/** Where the token ends that begins at `at`; `at` itself where there is none. */
function skip(token: RegExp, text: string, at: number): number {
  token.lastIndex = at;
  return token.test(text) ? token.lastIndex : at;
}

/** Where the value ends that begins at `at`. */
function walk(text: string, at: number, depth: number): number {
  if (depth > DEEPEST) throw new Fault(at, `at most ${DEEPEST} brackets inside each other`);
  if (text[at] === "[") return walkList(text, at, "]", (start) => walk(text, start, depth + 1));
  if (text[at] === "{") {
    return walkList(text, at, "}", (start) => {
      const keyEnd = skip(STRING, text, start);
      if (keyEnd === start) throw new Fault(start, "a key in double quotes");
      const colon = skip(SPACE, text, keyEnd);
      if (text[colon] !== ":") throw new Fault(colon, 'a ":" after the key');
      return walk(text, skip(SPACE, text, colon + 1), depth + 1);
    });
  }
  const end = skip(text[at] === '"' ? STRING : SCALAR, text, at);
  if (end > at) return end;
  throw new Fault(at, text[at] === '"' ? "a string that ends on its line, its escapes in order" : "a value");
}

function walkList(text: string, open: number, close: string, walkItem: (start: number) => number): number {
  let at = skip(SPACE, text, open + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    at = skip(SPACE, text, walkItem(at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ",") throw new Fault(at, `"," or "${close}"`);
    at = skip(SPACE, text, at + 1);
  }
}

function describe(text: string, { at, expected }: Fault): JsonFault {
  const before = text.slice(0, at).split("\n");
  const word = /[\w.+-]{1,20}|./suy;
  word.lastIndex = at;
  const found = word.exec(text)?.[0];
  return {
    line: before.length,
    column: (before.at(-1) as string).length + 1,
    expected,
    found: found === undefined ? "the end of the text" : JSON.stringify(found),
  };
}
