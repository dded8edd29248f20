import type { LabelledText } from "./texts.js";

/** Whether a text is of the class that is looked for. */
export type Decide = (text: string) => boolean;

/** What every text is taken for that most of training is. */
export function always(train: readonly LabelledText[]): Decide {
  const positives = train.filter(({ positive }) => positive).length;
  return () => 2 * positives > train.length;
}

/** Naive Bayes of what is in a text, however often, with one more of each counted (Laplace). */
export function naiveBayes(train: readonly LabelledText[], read: (text: string) => readonly string[]): Decide {
  const counts = new Map<string, [number, number]>();
  const texts = [0, 0];
  for (const { text, positive } of train) {
    const side = Number(positive);
    texts[side]++;
    for (const token of new Set(read(text))) {
      const both = counts.get(token) ?? [0, 0];
      both[side]++;
      counts.set(token, both);
    }
  }
  const odds = (negative: number, positive: number) =>
    Math.log((positive + 1) / (texts[1] + 2)) - Math.log((negative + 1) / (texts[0] + 2));
  const prior = Math.log(texts[1] / texts[0]);
  return (text) => {
    const known = [...new Set(read(text))].flatMap((token) => counts.get(token) ?? []);
    let score = prior;
    for (let i = 0; i < known.length; i += 2) score += odds(known[i], known[i + 1]);
    return score > 0;
  };
}
