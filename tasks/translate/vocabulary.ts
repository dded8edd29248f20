/** The same in source and target; a symbol that is not known is read, and may be written, as one sign. */
export const START = 0;
export const END = 1;
export const UNKNOWN = 2;
const FIRST = 3;

/** Symbols as classes, the most frequent first. */
export class Vocabulary {
  readonly size: number;
  private readonly ids: ReadonlyMap<string, number>;

  private constructor(private readonly symbols: readonly string[]) {
    this.size = FIRST + symbols.length;
    this.ids = new Map(symbols.map((symbol, n) => [symbol, FIRST + n]));
  }

  /** Those that come at least `least` times; in a tie in the order of their code points. */
  static of(sequences: Iterable<readonly string[]>, least = 1): Vocabulary {
    const counts = new Map<string, number>();
    for (const sequence of sequences) {
      for (const symbol of sequence) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    }
    const known = [...counts].filter(([, count]) => count >= least);
    known.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return new Vocabulary(known.map(([symbol]) => symbol));
  }

  has(symbol: string): boolean {
    return this.ids.has(symbol);
  }

  encode(symbols: readonly string[]): number[] {
    return symbols.map((symbol) => this.ids.get(symbol) ?? UNKNOWN);
  }

  decode(ids: readonly number[]): string[] {
    return ids.map((id) => this.symbols[id - FIRST] ?? "�");
  }
}
