import type { Sentence } from "./sentences.js";

/** Each word's most frequent tag in training; of a word that was never seen, the most frequent tag of all. */
export function frequentTags(train: readonly Sentence[]): (words: readonly string[]) => string[] {
  const byWord = new Map<string, Map<string, number>>();
  const all = new Map<string, number>();
  const add = (counts: Map<string, number>, tag: string) => counts.set(tag, (counts.get(tag) ?? 0) + 1);
  for (const { words, tags } of train) {
    words.forEach((word, t) => {
      const counts = byWord.get(word) ?? new Map<string, number>();
      byWord.set(word, add(counts, tags[t]));
      add(all, tags[t]);
    });
  }
  const first = (counts: ReadonlyMap<string, number>) =>
    [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ["", 0])[0];
  const best = new Map([...byWord].map(([word, counts]) => [word, first(counts)]));
  const unknown = first(all);
  return (words) => words.map((word) => best.get(word) ?? unknown);
}
