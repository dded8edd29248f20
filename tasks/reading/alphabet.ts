import { SeqlossError } from "../../src/index.js";

/** The symbols that a network writes, one character each; class 0 is CTC's blank, class n + 1 the n-th symbol. */
export class Alphabet {
  private readonly ids: ReadonlyMap<string, number>;

  constructor(private readonly symbols: string) {
    this.ids = new Map(Array.from(symbols, (symbol, n) => [symbol, n + 1]));
  }

  /** Of all texts, in the order of code points. */
  static of(texts: readonly string[]): Alphabet {
    return new Alphabet([...new Set(texts.join(""))].sort().join(""));
  }

  /** With the blank. */
  get classes(): number {
    return this.symbols.length + 1;
  }

  /** What each class is called; the blank has no name. */
  get tokens(): readonly string[] {
    return ["", ...this.symbols];
  }

  /** @throws SeqlossError (LABEL) when a character is none of the symbols */
  toLabels(text: string): number[] {
    return Array.from(text, (symbol) => {
      const id = this.ids.get(symbol);
      if (id !== undefined) return id;
      throw new SeqlossError("alphabet", "LABEL", {
        argument: `a character of "${text}"`,
        expected: `one of "${this.symbols}"`,
        found: symbol,
      });
    });
  }

  toText(labels: ArrayLike<number>): string {
    return Array.from(labels, (id) => this.symbols[id - 1]).join("");
  }
}
