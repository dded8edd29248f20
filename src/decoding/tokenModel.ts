import { SeqlossError } from "../core/errors.js";

/** A model that writes a sequence token after token, as a search sees it: an encoder-decoder, a language model. */
export interface TokenModel<State> {
  /** Gives each state the token written last: logits of the next token, and the state after. */
  step(
    states: readonly State[],
    tokens: readonly number[],
  ): { readonly logits: readonly ArrayLike<number>[]; readonly states: readonly State[] };
}

export interface WritingOptions {
  /** The token that a sequence begins with; it is not part of what is written. */
  readonly start: number;
  /** The token that ends a sequence; it is not part of what is written. */
  readonly end: number;
  /** Tokens written at most, by all or by each; after that many a sequence can only end. */
  readonly maxLength: number | readonly number[];
}

/** What was written from one state. */
export interface WrittenSequence {
  readonly tokens: readonly number[];
  /** ln of the probability of the tokens and the end after them. */
  readonly logProb: number;
}

/** The most tokens of each of `count` sequences. */
export function readMaxLengths(where: string, { start, end, maxLength }: WritingOptions, count: number): number[] {
  checkWhole(where, "start", start, 0);
  checkWhole(where, "end", end, 0);
  if (typeof maxLength === "number") {
    checkWhole(where, "maxLength", maxLength, 0);
    return new Array<number>(count).fill(maxLength);
  }
  if (maxLength.length !== count) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "the size of maxLength",
      expected: `${count}, one for each state`,
      found: maxLength.length,
    });
  }
  maxLength.forEach((most, n) => checkWhole(where, `maxLength[${n}]`, most, 0));
  return [...maxLength];
}

export function checkWhole(where: string, argument: string, found: number, least: number): void {
  if (Number.isInteger(found) && found >= least) return;
  throw new SeqlossError(where, "VALUE", { argument, expected: `a whole number of at least ${least}`, found });
}

/** Refuses an end that is no class of the model. */
export function checkEnd(where: string, end: number, classes: number): void {
  if (end < classes) return;
  const details = { argument: "end", expected: `a class in 0..${classes - 1}, of the model's logits`, found: end };
  throw new SeqlossError(where, "VALUE", details);
}
