/** How likely a character is after those before it. */
export interface Ngram {
  /** −ln p of the character at each place of `ids`, each after those before it in `ids`. */
  surprisals(ids: Uint8Array): Float64Array;
}

/** What followed a context: how often, and how many kinds of characters. */
interface Seen {
  total: number;
  kinds: number;
}

/**
 * An interpolated n-gram model with Witten and Bell's smoothing (1991, method C): after a context h of up to n − 1 characters,
 * p(c | h) = (count(h c) + kinds(h) p(c | h′)) / (count(h) + kinds(h)), with h′ the context without its first character, kinds(h)
 * how many different characters followed h, and all characters alike below the empty context.
 *
 * @param ids the text to count in
 * @param characters how many kinds of characters there are; characters ** (order + 1) must be a safe integer
 */
export function trainNgram(ids: Uint8Array, characters: number, order: number): Ngram {
  // a context of k characters, and one with its continuation, as whole numbers in base `characters`
  const contexts = Array.from({ length: order }, () => new Map<number, Seen>());
  const counts = Array.from({ length: order }, () => new Map<number, number>());
  const bases = Array.from({ length: order }, (_, k) => characters ** k);
  const context = (text: Uint8Array, at: number, k: number): number => {
    let key = 0;
    for (let i = at - k; i < at; i++) key = key * characters + text[i];
    return key;
  };
  for (let at = 0; at < ids.length; at++) {
    for (let k = 0; k < order && k <= at; k++) {
      const before = context(ids, at, k);
      const pair = ids[at] * bases[k] + before;
      const count = counts[k].get(pair) ?? 0;
      counts[k].set(pair, count + 1);
      const seen = contexts[k].get(before);
      if (seen === undefined) contexts[k].set(before, { total: 1, kinds: 1 });
      else {
        seen.total++;
        if (count === 0) seen.kinds++;
      }
    }
  }
  const probability = (text: Uint8Array, at: number): number => {
    let p = 1 / characters;
    for (let k = 0; k < order && k <= at; k++) {
      const before = context(text, at, k);
      const seen = contexts[k].get(before);
      if (seen === undefined) break;
      const count = counts[k].get(text[at] * bases[k] + before) ?? 0;
      p = (count + seen.kinds * p) / (seen.total + seen.kinds);
    }
    return p;
  };
  return { surprisals: (text) => Float64Array.from(text, (_, at) => -Math.log(probability(text, at))) };
}
