export type Token = string | number;

/** How often each n-gram occurs; entry n − 1 counts those of order n. */
export type NgramCounts = readonly ReadonlyMap<string, number>[];

/**
 * The n-grams of orders 1 to `maxOrder`. An n-gram's key is the numbers of its tokens, so that no token can be taken for two.
 *
 * @param numbers the numbers that tokens have so far; what is to be compared shares one map
 */
export function countNgrams(tokens: readonly Token[], maxOrder: number, numbers: Map<Token, number>): NgramCounts {
  const counts = Array.from({ length: maxOrder }, () => new Map<string, number>());
  const known = tokens.map((token) => {
    const number = numbers.get(token) ?? numbers.size;
    numbers.set(token, number);
    return number;
  });
  for (let start = 0; start < known.length; start++) {
    let key = "";
    for (let n = 0; n < maxOrder && start + n < known.length; n++) {
      key += `${known[start + n]} `;
      counts[n].set(key, (counts[n].get(key) ?? 0) + 1);
    }
  }
  return counts;
}

/** How many n-grams of one order two texts share, each as often as the one that has it less often. */
export function sharedNgrams(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let shared = 0;
  for (const [key, count] of a) shared += Math.min(count, b.get(key) ?? 0);
  return shared;
}

/** The n-grams of several texts, each as often as the text that has it most often. */
export function mostOfEach(texts: readonly NgramCounts[]): NgramCounts {
  const [first, ...others] = texts;
  return first.map((counts, n) => {
    const most = new Map(counts);
    for (const other of others) {
      for (const [key, count] of other[n]) most.set(key, Math.max(count, most.get(key) ?? 0));
    }
    return most;
  });
}
