import type { LabelledText } from "./texts.js";

/** Whether a text is of the class that is looked for. */
export type Decide = (text: string) => boolean;

/** What every text is taken for that most of training is. */
export function always(train: readonly LabelledText[]): Decide {
  const positives = train.filter(({ positive }) => positive).length;
  return () => 2 * positives > train.length;
}

/** Multinomial naive Bayes of what is in a text, with one more of each counted (Laplace). What training has not is passed over. */
export function naiveBayes(train: readonly LabelledText[], read: (text: string) => readonly string[]): Decide {
  const counts = new Map<string, { positive: number; negative: number }>();
  const [texts, total] = [
    { positive: 0, negative: 0 },
    { positive: 0, negative: 0 },
  ];
  for (const { text, positive } of train) {
    const side = positive ? "positive" : "negative";
    texts[side]++;
    for (const token of read(text)) {
      const both = counts.get(token) ?? { positive: 0, negative: 0 };
      both[side]++;
      total[side]++;
      counts.set(token, both);
    }
  }
  const prior = Math.log(texts.positive / texts.negative);
  const all = Math.log((total.negative + counts.size) / (total.positive + counts.size));
  return (text) => {
    const known = read(text).flatMap((token) => counts.get(token) ?? []);
    const odds = known.map(({ positive, negative }) => Math.log((positive + 1) / (negative + 1)) + all);
    return odds.reduce((sum, one) => sum + one, prior) > 0;
  };
}
