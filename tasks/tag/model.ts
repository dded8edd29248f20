import { dense, dropout, embedding, type Layer, lstm, type Random, sequential } from "../../src/index.js";
import { columns, parallel } from "../layers/parallel.js";

export interface TaggerOptions {
  /** How many ids there are of words and of each of their features. */
  readonly sizes: readonly number[];
  readonly tags: number;
  /** Numbers in a word's vector, and in a feature's. */
  readonly word: number;
  readonly feature: number;
  readonly hidden: number;
  readonly dropout: number;
  readonly random: Random;
}

/** Scores of the tags at each word, [B, T, columns of ids] → [B, T, tags]: a BiLSTM over the vectors of words and features. */
export function tagger({ sizes, tags, word, feature, hidden, random, ...rest }: TaggerOptions): Layer {
  const widths = sizes.map((_, n) => (n === 0 ? word : feature));
  const vectors = sizes.map((tokens, n): [string, Layer] => {
    const vector = embedding({ tokens, size: widths[n], deviation: 0.5, random });
    return [n === 0 ? "word" : `feature${n}`, sequential({ id: columns(n, 1), vector })];
  });
  const inputs = widths.reduce((a, b) => a + b, 0);
  return sequential({
    read: parallel(Object.fromEntries(vectors)),
    dropped: dropout(rest.dropout),
    rnn: lstm({ inputs, hidden, bidirectional: true, random }),
    dropout: dropout(rest.dropout),
    emissions: dense({ inputs: 2 * hidden, outputs: tags, random }),
  });
}
