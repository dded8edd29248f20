const NONE = -1;
const CAPACITY = 1024; // a power of two, and so is every size it grows to

/**
 * Label sequences as a tree of numbered nodes, each its parent's sequence and one label more: extending a prefix or telling
 * two apart costs one step, whatever their length. A sequence has one node for good, so that it can leave the beam and return.
 */
export class PrefixTrie {
  /** The node of the empty sequence. */
  static readonly ROOT = 0;
  /** No label, node or slot. */
  static readonly NONE = NONE;

  /** The label that each node adds to its parent; -1 at the root. */
  label: Int32Array;
  parent: Int32Array;
  depth: Int32Array;
  /** Where each node is in the beam, or -1. */
  slot: Int32Array;
  /** What a language model adds to the score of each node; NaN until it was asked. */
  bonus: Float64Array;
  private size = 1;
  /** Open addressing by (parent, label); twice as many places as nodes. */
  private table: Int32Array;

  constructor() {
    this.label = new Int32Array(CAPACITY).fill(NONE);
    this.parent = new Int32Array(CAPACITY).fill(NONE);
    this.depth = new Int32Array(CAPACITY);
    this.slot = new Int32Array(CAPACITY).fill(NONE);
    this.bonus = new Float64Array(CAPACITY);
    this.table = new Int32Array(2 * CAPACITY).fill(NONE);
  }

  /** Forgets every sequence but the empty one; the room stays. */
  clear(): void {
    this.size = 1;
    this.table.fill(NONE);
  }

  /** The node of `parent`'s sequence and one label more. */
  child(parent: number, label: number): number {
    let place = this.place(parent, label);
    if (this.table[place] !== NONE) return this.table[place];
    if (this.size === this.label.length) {
      this.grow();
      place = this.place(parent, label);
    }
    const node = this.size++;
    this.label[node] = label;
    this.parent[node] = parent;
    this.depth[node] = this.depth[parent] + 1;
    this.slot[node] = NONE;
    this.bonus[node] = Number.NaN;
    this.table[place] = node;
    return node;
  }

  labels(node: number): number[] {
    const labels = new Array<number>(this.depth[node]);
    for (let at = node; at !== PrefixTrie.ROOT; at = this.parent[at]) labels[this.depth[at] - 1] = this.label[at];
    return labels;
  }

  /** Where the child is in the table, or the empty place where it would be. */
  private place(parent: number, label: number): number {
    const mask = this.table.length - 1;
    let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(label + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let place = (hash ^ (hash >>> 13)) & mask;
    for (let node = this.table[place]; node !== NONE; node = this.table[place]) {
      if (this.parent[node] === parent && this.label[node] === label) break;
      place = (place + 1) & mask;
    }
    return place;
  }

  private grow(): void {
    const twice = <List extends Int32Array | Float64Array>(list: List): List => {
      const copy = new (list.constructor as new (size: number) => List)(2 * list.length);
      copy.set(list);
      return copy;
    };
    this.label = twice(this.label);
    this.parent = twice(this.parent);
    this.depth = twice(this.depth);
    this.slot = twice(this.slot);
    this.bonus = twice(this.bonus);
    this.table = new Int32Array(2 * this.table.length).fill(NONE);
    for (let node = 1; node < this.size; node++) {
      this.table[this.place(this.parent[node], this.label[node])] = node;
    }
  }
}
