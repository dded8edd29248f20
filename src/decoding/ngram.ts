const IMPOSSIBLE = Number.NEGATIVE_INFINITY;
/** The empty context. */
const ROOT = 0;
/** No node, no word. */
const NONE = -1;

/** An n-gram as a file lists it: a context's words and one more, by their ids. */
export interface NgramEntry {
  readonly words: readonly number[];
  /** ln P(the last word | those before it) */
  readonly logProbability: number;
  /** ln of what a word's probability after a shorter context counts here, where the longer one was never seen. */
  readonly backOff: number;
}

/**
 * A back-off n-gram model over words: P(w | h) is what is listed for h w, or else the back-off weight of h times P(w | h′), h′
 * being h without its first word (Katz 1987). `readArpa` makes one. A state stands for all that the words before can still
 * change, so that texts which end alike share it.
 */
export class NgramModel {
  /** The state before the first word, after `<s>` where the model has one. */
  readonly start: number;
  /** The state after words that are not known. */
  readonly none = ROOT;
  private readonly ids: ReadonlyMap<string, number>;
  private readonly unknown: number;
  private readonly end: number;
  /** Children by parent · words + word. A node is an n-gram; its parent is the same without the last word. */
  private readonly children = new Map<number, number>();
  private readonly depth: number[] = [0];
  /** ln P of each node's last word after the others; NaN for a context that is listed nowhere itself. */
  private readonly listed: number[] = [Number.NaN];
  private readonly backOff: number[] = [0];
  /** The node of the longest ending that is an n-gram too, without the first word at least. */
  private readonly shorter: number[] = [NONE];
  private readonly most: Float64Array;

  /**
   * @param words every word; an n-gram's words are places in it
   * @param entries the n-grams, the short before the long
   */
  constructor(
    readonly order: number,
    readonly words: readonly string[],
    entries: Iterable<NgramEntry>,
  ) {
    this.ids = new Map(words.map((word, id) => [word, id]));
    this.unknown = this.ids.get("<unk>") ?? this.ids.get("<UNK>") ?? NONE;
    this.end = this.ids.get("</s>") ?? NONE;
    this.most = new Float64Array(words.length).fill(IMPOSSIBLE);
    const gains = new Float64Array(order);
    for (const { words: ngram, logProbability, backOff } of entries) {
      const node = ngram.reduce((parent, word) => this.add(parent, word), ROOT);
      const last = ngram[ngram.length - 1];
      this.listed[node] = logProbability;
      this.backOff[node] = backOff;
      this.most[last] = Math.max(this.most[last], logProbability);
      gains[ngram.length - 1] = Math.max(gains[ngram.length - 1], backOff);
    }
    this.linkShorter();
    const gain = gains.reduce((sum, each) => sum + each, 0);
    for (let word = 0; word < words.length; word++) this.most[word] = Math.min(0, this.most[word] + gain);
    const begin = this.ids.get("<s>");
    this.start = begin === undefined || order === 1 ? ROOT : Math.max(ROOT, this.child(ROOT, begin));
  }

  knows(word: string): boolean {
    return this.ids.has(word);
  }

  /** The word's id; of a word that the model does not know that of `<unk>`, or -1 where there is none. */
  idOf(word: string): number {
    return this.ids.get(word) ?? this.unknown;
  }

  /** ln P(the word | the words behind the state); -Infinity for -1. */
  wordLogProbability(state: number, word: number): number {
    if (word === NONE) return IMPOSSIBLE;
    let weight = 0;
    for (let node = state; node !== NONE; node = this.shorter[node]) {
      const found = this.child(node, word);
      if (found !== NONE && !Number.isNaN(this.listed[found])) return Math.min(0, weight + this.listed[found]);
      weight += this.backOff[node];
    }
    return IMPOSSIBLE;
  }

  /** The state after one word more. */
  next(state: number, word: number): number {
    if (word === NONE) return ROOT;
    for (let node = state; node !== NONE; node = this.shorter[node]) {
      const found = this.child(node, word);
      if (found !== NONE) return this.depth[found] === this.order ? this.shorter[found] : found;
    }
    return ROOT;
  }

  /** ln P(the text ends here); 0 where the model has no `</s>`. */
  endLogProbability(state: number): number {
    return this.end === NONE ? 0 : this.wordLogProbability(state, this.end);
  }

  /** The most that ln P(the word | anything) can be. */
  mostLogProbability(word: number): number {
    return word === NONE ? IMPOSSIBLE : this.most[word];
  }

  /** ln P(these words, and then the end). */
  logProbability(words: readonly string[]): number {
    let state = this.start;
    let sum = 0;
    for (const word of words) {
      const id = this.idOf(word);
      sum += this.wordLogProbability(state, id);
      state = this.next(state, id);
    }
    return sum + this.endLogProbability(state);
  }

  private child(parent: number, word: number): number {
    return this.children.get(parent * this.words.length + word) ?? NONE;
  }

  private add(parent: number, word: number): number {
    const known = this.child(parent, word);
    if (known !== NONE) return known;
    const node = this.depth.length;
    this.children.set(parent * this.words.length + word, node);
    this.depth.push(this.depth[parent] + 1);
    this.listed.push(Number.NaN);
    this.backOff.push(0);
    this.shorter.push(ROOT);
    return node;
  }

  /** The endings of short n-grams before those of long ones, which are found by them. */
  private linkShorter(): void {
    const links = Array.from(this.children, ([key, node]) => ({
      node,
      parent: Math.floor(key / this.words.length),
      key,
    }));
    links.sort((a, b) => this.depth[a.node] - this.depth[b.node]);
    for (const { node, parent, key } of links) {
      if (parent !== ROOT) this.shorter[node] = this.next(this.shorter[parent], key % this.words.length);
    }
  }
}
