import { drawClass } from "../core/draw.js";
import { SeqlossError } from "../core/errors.js";
import { logSoftmax } from "../core/numeric.js";
import type { Random } from "../core/random.js";
import { checkEnd, readMaxLengths, type TokenModel, type WritingOptions, type WrittenSequence } from "./tokenModel.js";

export interface SampleOptions extends WritingOptions {
  readonly random: Random;
  /** Above 0: less than 1 draws likely tokens more often, more than 1 less often. Default 1. */
  readonly temperature?: number;
}

/**
 * Draws a sequence from each state, token after token, all of them side by side.
 *
 * @returns for each state what was drawn, and its probability under the model, whatever the temperature
 * @throws SeqlossError when an option is out of range (VALUE), or there is not one maximal length for each state (LENGTH)
 * @example
 * const model = { step: (states) => ({ logits: states.map(() => [0, -Infinity]), states }) };
 * sampleSequences(model, [null], { start: 0, end: 1, maxLength: 3, random: new Random(1) })[0].tokens // [0, 0, 0]
 */
export function sampleSequences<State>(
  model: TokenModel<State>,
  states: readonly State[],
  options: SampleOptions,
): WrittenSequence[] {
  const where = "sampleSequences";
  const { start, end, random, temperature = 1 } = options;
  if (!(temperature > 0 && temperature < Number.POSITIVE_INFINITY)) {
    const details = { argument: "temperature", expected: "a finite number above 0", found: temperature };
    throw new SeqlossError(where, "VALUE", details);
  }
  const limits = readMaxLengths(where, options, states.length);
  const written = states.map((state) => ({ tokens: [] as number[], logProb: 0, last: start, state }));
  let open = [...written.keys()];
  while (open.length > 0) {
    const { logits, states: after } = model.step(
      open.map((n) => written[n].state),
      open.map((n) => written[n].last),
    );
    checkEnd(where, end, logits[0].length);
    open = open.filter((n, i) => {
      const one = written[n];
      const full = one.tokens.length === limits[n];
      one.last = full ? end : drawClass(random, logits[i], { temperature });
      one.logProb += logSoftmax(logits[i])[one.last];
      one.state = after[i];
      if (one.last !== end) one.tokens.push(one.last);
      return one.last !== end;
    });
  }
  return written.map(({ tokens, logProb }) => ({ tokens, logProb }));
}
