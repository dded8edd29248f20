import { SeqlossError } from "../core/errors.js";

/** A word and one way to write it; a word may have several, and several words the same. */
export interface Spelling {
  readonly word: string;
  readonly labels: readonly number[];
}

/**
 * Reads a lexicon, a word on each line and after it the tokens that it is written with, between spaces: `cat K AE T`. A word
 * on further lines has further spellings; a word alone on its line is spelled by its characters.
 *
 * @param tokens what each class of the network is called, by its id
 * @throws SeqlossError (LABEL) with the line, where a token is no class
 * @example
 * readLexicon("cat\nat a t", ["", "a", "c", "t"])[0].labels // [2, 1, 3]
 */
export function readLexicon(text: string, tokens: readonly string[]): Spelling[] {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  return text.split("\n").flatMap((line, n) => {
    const [word, ...written] = line.split(/[ \t\r]+/).filter((field) => field !== "");
    if (word === undefined) return [];
    const labels = (written.length === 0 ? Array.from(word) : written).map((token) => {
      const id = ids.get(token);
      if (id !== undefined) return id;
      const argument = `a token of "${word}" at line ${n + 1}`;
      throw new SeqlossError("readLexicon", "LABEL", { argument, expected: "one of the tokens", found: token });
    });
    return [{ word, labels }];
  });
}

/** A lexicon as a tree of numbered nodes: what the labels since the last word can still become. */
export class LexiconTrie {
  static readonly ROOT = 0;
  static readonly NONE = -1;
  /** The words that end at each node, as places in `words`. */
  readonly ends: number[][] = [[]];
  /** Whether there is a longer word below each node. */
  readonly goesOn: boolean[] = [false];
  readonly words: readonly string[];
  /** The most that ln P of a longer word below each node can be, so that a language model counts before the word is whole. */
  readonly most: Float64Array;
  /** Every label that is needed to write the words. */
  readonly labels = new Set<number>();
  private readonly children = new Map<number, number>();
  private readonly parents: number[] = [LexiconTrie.NONE];
  private readonly classes: number;

  /**
   * @param separator the label that ends every word but the last; absent where words follow each other without one
   * @param mostOf ln P of a word, at most
   * @throws SeqlossError (VALUE) when there is no word, or one has no labels, (LABEL) when a label is the separator or no class
   */
  constructor(
    spellings: readonly Spelling[],
    readonly separator: number | undefined,
    mostOf: (word: string) => number,
  ) {
    check(spellings, separator);
    this.classes = 1 + spellings.reduce((most, { labels }) => Math.max(most, ...labels), separator ?? 0);
    const places = new Map<string, number>();
    const ending = separator === undefined ? [] : [separator];
    for (const { word, labels } of spellings) {
      const place = places.get(word) ?? places.size;
      places.set(word, place);
      const end = [...labels, ...ending].reduce((node, label) => this.add(node, label), LexiconTrie.ROOT);
      if (!this.ends[end].includes(place)) this.ends[end].push(place);
    }
    this.words = [...places.keys()];
    const each = this.words.map(mostOf);
    this.most = new Float64Array(this.ends.length).fill(Number.NEGATIVE_INFINITY);
    for (let node = this.ends.length - 1; node > LexiconTrie.ROOT; node--) {
      const parent = this.parents[node];
      const ended = this.ends[node].map((place) => each[place]);
      this.most[parent] = Math.max(this.most[parent], this.most[node], ...ended);
    }
    this.most[LexiconTrie.ROOT] = 0; // where no word has begun, none has to follow
  }

  /** The node one label on, or -1. */
  child(node: number, label: number): number {
    return label < this.classes
      ? (this.children.get(node * this.classes + label) ?? LexiconTrie.NONE)
      : LexiconTrie.NONE;
  }

  private add(parent: number, label: number): number {
    const known = this.child(parent, label);
    if (known !== LexiconTrie.NONE) return known;
    const node = this.ends.length;
    this.labels.add(label);
    this.children.set(parent * this.classes + label, node);
    this.parents.push(parent);
    this.ends.push([]);
    this.goesOn.push(false);
    this.goesOn[parent] = true;
    return node;
  }
}

function check(spellings: readonly Spelling[], separator: number | undefined): void {
  const refuse = (code: "VALUE" | "LABEL", argument: string, expected: string, found: unknown): never => {
    throw new SeqlossError("wordModel", code, { argument, expected, found });
  };
  if (spellings.length === 0) refuse("VALUE", "the lexicon", "at least one word", "empty");
  if (separator !== undefined && !(Number.isSafeInteger(separator) && separator >= 0)) {
    refuse("LABEL", "separator", "a class", separator);
  }
  spellings.forEach(({ word, labels }, n) => {
    if (labels.length === 0) refuse("VALUE", `lexicon[${n}].labels`, `the labels of "${word}", at least one`, labels);
    labels.forEach((label, u) => {
      const valid = Number.isSafeInteger(label) && label >= 0 && label !== separator;
      if (!valid) refuse("LABEL", `lexicon[${n}].labels[${u}]`, "a class, and not the separator", label);
    });
  });
}
