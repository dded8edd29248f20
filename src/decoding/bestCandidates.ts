/**
 * The best candidates of a stream, at most `limit`: a binary heap with the worst on top, so that one comparison turns most
 * away. Of equal ranks the one that was offered first is better.
 */
export class BestCandidates {
  readonly rank: Float64Array;
  /** The candidate: which prefix of the beam, and the label that extends it or -1 where it stays. */
  readonly slot: Int32Array;
  readonly label: Int32Array;
  size = 0;
  private readonly order: Int32Array;
  private offered = 0;

  constructor(private readonly limit: number) {
    this.rank = new Float64Array(limit);
    this.slot = new Int32Array(limit);
    this.label = new Int32Array(limit);
    this.order = new Int32Array(limit);
  }

  clear(): void {
    this.size = 0;
    this.offered = 0;
  }

  /** What a rank must exceed to be kept. */
  get floor(): number {
    return this.size < this.limit ? Number.NEGATIVE_INFINITY : this.rank[0];
  }

  offer(rank: number, slot: number, label: number): void {
    if (!(rank > this.floor)) return;
    const at = this.size < this.limit ? this.siftUp(rank) : this.siftDown(rank, this.offered, this.size);
    this.write(at, rank, slot, label, this.offered++);
  }

  /** Puts the candidates in order, best first. Only `clear` may follow. */
  sort(): void {
    for (let end = this.size - 1; end > 0; end--) {
      const rank = this.rank[end];
      const slot = this.slot[end];
      const label = this.label[end];
      const order = this.order[end];
      this.move(0, end);
      this.write(this.siftDown(rank, order, end), rank, slot, label, order);
    }
  }

  /** Makes room for a new candidate, offered last of all, and returns its place. */
  private siftUp(rank: number): number {
    let at = this.size++;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.rank[above] < rank) break;
      this.move(above, at);
      at = above;
    }
    return at;
  }

  /** Makes room, from the top of the first `size`, for a candidate and returns its place; the top is lost. */
  private siftDown(rank: number, order: number, size: number): number {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= size) return at;
      if (below + 1 < size && this.worse(below + 1, this.rank[below], this.order[below])) below++;
      if (!this.worse(below, rank, order)) return at;
      this.move(below, at);
      at = below;
    }
  }

  private worse(at: number, rank: number, order: number): boolean {
    return this.rank[at] < rank || (this.rank[at] === rank && this.order[at] > order);
  }

  private move(from: number, to: number): void {
    this.write(to, this.rank[from], this.slot[from], this.label[from], this.order[from]);
  }

  private write(at: number, rank: number, slot: number, label: number, order: number): void {
    this.rank[at] = rank;
    this.slot[at] = slot;
    this.label[at] = label;
    this.order[at] = order;
  }
}
