import type { FillInItem, OpenItem } from "./item.js";

const tidy = (text: string): string => text.normalize("NFKC").toLowerCase().trim();

/** Letters that must be these: only case, and quotes around them, do not matter. */
const bare = (text: string): string => tidy(text).replace(/^["'“”]+|["'“”.]+$/g, "");

/** The words of an answer, without an article before them, hyphens and punctuation. */
function wordsOf(text: string): string[] {
  const words: string[] = tidy(text).match(/[\p{L}\p{N}]+(?:[.'][\p{L}\p{N}]+)*/gu) ?? [];
  return ["the", "a", "an"].includes(words[0]) ? words.slice(1) : words;
}

/** A word, and what it may be the plural of. */
function forms(word: string): string[] {
  const found = [word];
  if (word.length > 3 && /[^su]s$/.test(word)) found.push(word.slice(0, -1));
  if (/(?:s|x|z|ch|sh)es$/.test(word)) found.push(word.slice(0, -2));
  if (/..ies$/.test(word)) found.push(`${word.slice(0, -3)}y`);
  return found;
}

const sameWord = (a: string, b: string): boolean => forms(a).some((form) => forms(b).includes(form));

/** Is the answer one of those that are accepted? */
export function matches({ answer, synonyms, exact }: FillInItem, given: string): boolean {
  if (exact) return [answer, ...synonyms].some((accepted) => bare(accepted) === bare(given));
  const words = wordsOf(given);
  return [answer, ...synonyms].map(wordsOf).some((accepted) => {
    return accepted.length === words.length && accepted.every((word, i) => sameWord(word, words[i]));
  });
}

/**
 * The points of an open question that an answer may have made, by their words: a hint for whoever marks it, and no more.
 *
 * @returns places in `item.points`
 * @example
 * const item = quizItem("terminal-1", 1);
 * pointsIn(item, "A blank separates repeats.") // [1, 2]
 */
export function pointsIn({ points }: OpenItem, text: string): number[] {
  const answer = tidy(text);
  return points.flatMap(({ words }, i) => (words.some((word) => begins(answer, tidy(word))) ? [i] : []));
}

/** Does a word of the text begin with this? */
function begins(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]) || !/^[\p{L}\p{N}]/u.test(word)) return true;
  }
  return false;
}
