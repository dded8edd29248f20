/** What kind of mistake an error reports; stable across versions. */
export type ErrorCode =
  | "SHAPE" // an array has the wrong rank or size
  | "LENGTH" // a length is not a whole number in range, or a list has the wrong number of entries
  | "LABEL" // a label is out of range, or is the blank
  | "VALUE" // a number is outside the range its argument allows
  | "OPTION" // an option is unknown or contradicts another
  | "ORDER" // a call came before the one that it builds on
  | "FORMAT" // a file or a message is malformed
  | "MEMORY"; // the memory that the computation needs cannot be had

export interface ErrorDetails {
  /** The argument at fault, with its index where there is one: `labels[2][5]`. */
  readonly argument: string;
  /** What would have been accepted. */
  readonly expected: string;
  /** What was given. */
  readonly found: unknown;
  /** What to do about it; a sentence. */
  readonly advice?: string;
}

/** Every error that this library raises on purpose: what, where, expected, found and what to do. */
export class SeqlossError extends Error {
  readonly code: ErrorCode;
  readonly argument: string;
  readonly expected: string;
  readonly found: unknown;

  constructor(where: string, code: ErrorCode, details: ErrorDetails) {
    const { argument, expected, found, advice } = details;
    const sentence = `${where}: ${argument} is ${show(found)}; expected ${expected}.`;
    super(advice === undefined ? sentence : `${sentence} ${advice}`);
    this.name = "SeqlossError";
    this.code = code;
    this.argument = argument;
    this.expected = expected;
    this.found = found;
  }
}

function show(found: unknown): string {
  if (typeof found === "string") return JSON.stringify(found);
  if (Array.isArray(found)) return `[${found.map(show).join(", ")}]`;
  if (found === null || typeof found !== "object") return String(found);
  return `an ${Object.prototype.toString.call(found).slice(8, -1)}`;
}
