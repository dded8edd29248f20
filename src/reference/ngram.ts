/** An n-gram of a back-off model, its words between spaces: ln P of the last, and ln of the back-off weight. */
export type NgramTable = ReadonlyMap<string, { readonly logProbability: number; readonly backOff: number }>;

/** ln P(word | context): what is listed, or the context's back-off weight and P(word | the context without its first word). */
export function backOffLogProbability(table: NgramTable, context: readonly string[], word: string): number {
  const listed = table.get([...context, word].join(" "));
  if (listed !== undefined) return listed.logProbability;
  if (context.length === 0) return Number.NEGATIVE_INFINITY;
  const weight = table.get(context.join(" "))?.backOff ?? 0;
  return weight + backOffLogProbability(table, context.slice(1), word);
}

/** ln P(the words, then the end) by a model of `order` words; a weight above 1 lifts no probability above 1. */
export function sentenceLogProbability(table: NgramTable, order: number, words: readonly string[]): number {
  const text = ["<s>", ...words, "</s>"].map((word) => (table.has(word) ? word : "<unk>"));
  let sum = 0;
  for (let n = 1; n < text.length; n++) {
    sum += Math.min(0, backOffLogProbability(table, text.slice(Math.max(0, n - order + 1), n), text[n]));
  }
  return sum;
}
