import { LexiconTrie, type Spelling } from "./lexicon.js";
import type { NgramModel } from "./ngram.js";
import type { PrefixModel } from "./prefixModel.js";
import { PrefixTrie } from "./prefixTrie.js";

const IMPOSSIBLE = Number.NEGATIVE_INFINITY;
const { ROOT, NONE } = LexiconTrie;

export interface WordModelOptions {
  /** Every word that can be read, and how it is written; of `readLexicon`, or made. */
  readonly lexicon: readonly Spelling[];
  /** What is known of one word after others; of `readArpa`. Default: all words alike. */
  readonly ngram?: NgramModel;
  /** The label between two words, as a space between written ones. Default none: words follow each other directly. */
  readonly separator?: number;
}

/** The words that can be read, and how likely they are: for `ctcWordBeamSearch`. */
export class WordModel {
  readonly lexicon: LexiconTrie;
  readonly ngram: NgramModel | undefined;
  /** The n-gram model's id of each word of the lexicon. */
  readonly ids: readonly number[];
  /** Which words of the lexicon the n-gram model does not know. */
  readonly unknown: readonly boolean[];

  constructor({ lexicon, ngram, separator }: WordModelOptions) {
    this.ngram = ngram;
    this.lexicon = new LexiconTrie(lexicon, separator, (word) =>
      ngram === undefined ? 0 : ngram.mostLogProbability(ngram.idOf(word)),
    );
    this.ids = this.lexicon.words.map((word) => ngram?.idOf(word) ?? NONE);
    this.unknown = this.lexicon.words.map((word) => ngram !== undefined && !ngram.knows(word));
  }
}

/**
 * Brings a lexicon and an n-gram model together, once for many searches.
 *
 * @throws SeqlossError (VALUE) when the lexicon is empty or a word has no labels, (LABEL) when a label is no class, or the separator
 * @example
 * const lexicon = readLexicon("cat\nact", ["", "a", "c", "t"]);
 * const frames = [[[0, 4, 3.9, 0], [0, 3.9, 4, 0], [0, 0, 0, 4]]];
 * ctcBeamSearch(frames)[0][0].labels // [1, 2, 3]
 * const ngram = readArpa("\\data\\\nngram 1=2\n\n\\1-grams:\n-0.05 cat\n-1 act\n\n\\end\\");
 * ctcWordBeamSearch(frames, wordModel({ lexicon, ngram }))[0][0].words // ["cat"]
 */
export function wordModel(options: WordModelOptions): WordModel {
  return new WordModel(options);
}

export interface WordWeights {
  readonly languageWeight: number;
  readonly wordBonus: number;
  readonly unknownBonus: number;
}

/** One way to see a prefix as words: those that are whole, and where in the lexicon the one is that has begun. */
interface Parse {
  readonly node: number;
  /** The n-gram model's state after the whole words. */
  readonly state: number;
  /** What the whole words add to the score. */
  readonly score: number;
  readonly last: WrittenWord | undefined;
}

interface WrittenWord {
  readonly word: number;
  readonly before: WrittenWord | undefined;
}

/** The score of prefixes as words: that of the best of all ways to see them so. */
export class WordScores implements PrefixModel {
  readonly mostGain: number;
  private readonly ngram: NgramModel | undefined;
  /** Of each node of the prefixes' trie. */
  private parses: Parse[][] = [];

  constructor(
    private readonly model: WordModel,
    private readonly weights: WordWeights,
  ) {
    const { languageWeight, wordBonus, unknownBonus } = weights;
    this.mostGain = Math.max(0, wordBonus, wordBonus + unknownBonus);
    this.ngram = languageWeight === 0 ? undefined : model.ngram;
  }

  start(): void {
    this.parses = [[{ node: ROOT, state: this.ngram?.start ?? 0, score: 0, last: undefined }]];
  }

  bonus(trie: PrefixTrie, parent: number, child: number): number {
    this.parses[child] = this.extend(this.parses[parent], trie.label[child]);
    return this.best(child);
  }

  end(_: PrefixTrie, node: number): number {
    const ended = this.finish(this.parses[node]);
    return ended === undefined ? IMPOSSIBLE : ended.score - this.best(node);
  }

  /** The words of labels that were read to their end. */
  words(labels: readonly number[]): string[] {
    this.start();
    const parses = labels.reduce((some, label) => this.extend(some, label), this.parses[PrefixTrie.ROOT]);
    const found: string[] = [];
    for (let at = this.finish(parses)?.last; at !== undefined; at = at.before) {
      found.unshift(this.model.lexicon.words[at.word]);
    }
    return found;
  }

  /** The score of a prefix so far. A word that has begun counts as much as it can at most: so no label adds what is left out. */
  private best(node: number): number {
    const { most } = this.model.lexicon;
    const weight = this.ngram === undefined ? 0 : this.weights.languageWeight;
    let best = IMPOSSIBLE;
    for (const parse of this.parses[node]) {
      const ahead = weight === 0 ? 0 : weight * most[parse.node];
      best = Math.max(best, parse.score + ahead);
    }
    return best;
  }

  private extend(parses: readonly Parse[], label: number): Parse[] {
    const { lexicon } = this.model;
    const found: Parse[] = [];
    for (const parse of parses) {
      const node = lexicon.child(parse.node, label);
      if (node === NONE) continue;
      if (lexicon.goesOn[node]) add(found, { ...parse, node });
      for (const word of lexicon.ends[node]) add(found, this.complete(parse, word));
    }
    return found;
  }

  /** The best way to see the labels as whole words, with the end of the text after them. */
  private finish(parses: readonly Parse[]): Parse | undefined {
    const { lexicon } = this.model;
    const { separator } = lexicon;
    let best: Parse | undefined;
    const offer = (parse: Parse): void => {
      const score = parse.score + this.weighted(this.ngram?.endLogProbability(parse.state));
      if (score > (best?.score ?? IMPOSSIBLE)) best = { ...parse, score };
    };
    for (const parse of parses) {
      if (parse.node === ROOT && (separator === undefined || parse.last === undefined)) offer(parse);
      const end = separator === undefined ? NONE : lexicon.child(parse.node, separator);
      if (end !== NONE) for (const word of lexicon.ends[end]) offer(this.complete(parse, word));
    }
    return best;
  }

  private complete({ state, score, last }: Parse, word: number): Parse {
    const { ids, unknown } = this.model;
    const { wordBonus, unknownBonus } = this.weights;
    const id = ids[word];
    const said = this.weighted(this.ngram?.wordLogProbability(state, id));
    return {
      node: ROOT,
      state: this.ngram?.next(state, id) ?? 0,
      score: score + said + wordBonus + (unknown[word] ? unknownBonus : 0),
      last: { word, before: last },
    };
  }

  private weighted(logProbability = 0): number {
    return this.ngram === undefined ? 0 : this.weights.languageWeight * logProbability;
  }
}

/** Of two that nothing can tell apart from here on, only the better one stays. */
function add(parses: Parse[], parse: Parse): void {
  if (parse.score === IMPOSSIBLE) return;
  const twin = parses.findIndex(({ node, state }) => node === parse.node && state === parse.state);
  if (twin === -1) parses.push(parse);
  else if (parses[twin].score < parse.score) parses[twin] = parse;
}
