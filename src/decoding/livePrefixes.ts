import { PrefixTrie } from "./prefixTrie.js";

const NOTHING = Number.NEGATIVE_INFINITY;

/** The prefixes of a beam, best first, each with ln of the probability of its alignments so far, by their last symbol. */
export class LivePrefixes {
  readonly node: Int32Array;
  /** The last label of each; -1 where there is none. */
  readonly last: Int32Array;
  readonly endsInBlank: Float64Array;
  readonly endsInLabel: Float64Array;
  /** ln of both. */
  readonly total: Float64Array;
  /** What they are ranked by: the total, and what the language model and the label bonus add. */
  readonly rank: Float64Array;
  size = 0;

  constructor(width: number) {
    this.node = new Int32Array(width);
    this.last = new Int32Array(width);
    this.endsInBlank = new Float64Array(width);
    this.endsInLabel = new Float64Array(width);
    this.total = new Float64Array(width);
    this.rank = new Float64Array(width);
  }

  /** Before the first frame: the empty prefix, as if after a blank. */
  start(): void {
    this.size = 0;
    this.push(PrefixTrie.ROOT, PrefixTrie.NONE, 0, NOTHING, 0, 0);
  }

  push(node: number, last: number, endsInBlank: number, endsInLabel: number, total: number, rank: number): void {
    const at = this.size++;
    this.node[at] = node;
    this.last[at] = last;
    this.endsInBlank[at] = endsInBlank;
    this.endsInLabel[at] = endsInLabel;
    this.total[at] = total;
    this.rank[at] = rank;
  }
}
