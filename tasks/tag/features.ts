import { padSequences, type SequenceBatch } from "../../src/index.js";

/** The id of what was not seen often enough in training. */
export const UNKNOWN = 0;

/** Symbols as ids from 1, the most frequent first. */
export class Ids {
  /** Ids in use, `UNKNOWN` included. */
  readonly size: number;
  private readonly places: ReadonlyMap<string, number>;
  private readonly counts: ReadonlyMap<string, number>;

  /** Those that come at least `least` times. */
  constructor(symbols: Iterable<string>, least: number) {
    const counts = new Map<string, number>();
    for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    const known = [...counts].filter(([, count]) => count >= least);
    known.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    this.counts = counts;
    this.places = new Map(known.map(([symbol], n) => [symbol, n + 1]));
    this.size = known.length + 1;
  }

  of(symbol: string): number {
    return this.places.get(symbol) ?? UNKNOWN;
  }

  /** How often it came. */
  count(symbol: string): number {
    return this.counts.get(symbol) ?? 0;
  }
}

/** What a network reads of each word: its id, and those of its features. */
export interface WordReader {
  /** How many ids there are of each. */
  readonly sizes: readonly number[];
  /**
   * @param hide whether a word that came so often is read as one never seen; default never
   */
  read(sentences: readonly (readonly string[])[], hide?: (count: number) => boolean): SequenceBatch;
}

/** Words that come once in training teach the network what it does with unknown ones. */
const LEAST = 2;

/** Ids of the words of training in small letters, and of their features. */
export function wordReader(
  train: readonly (readonly string[])[],
  features: (word: string) => readonly string[],
): WordReader {
  const words = train.flat();
  const read = (word: string) => [word.toLowerCase(), ...features(word)];
  const kept = new Map([...new Set(words)].map((word) => [word, read(word)]));
  const columns = Array.from({ length: read("").length }, (_, n) => {
    const symbols = words.map((word) => (kept.get(word) as readonly string[])[n]);
    return new Ids(symbols, LEAST);
  });
  return {
    sizes: columns.map(({ size }) => size),
    read: (sentences, hide = () => false) =>
      padSequences(
        sentences.map((sentence) =>
          Float32Array.from(
            sentence.flatMap((word) =>
              (kept.get(word) ?? read(word)).map((symbol, n) =>
                n === 0 && hide(columns[0].count(symbol)) ? UNKNOWN : columns[n].of(symbol),
              ),
            ),
          ),
        ),
        columns.length,
      ),
  };
}
