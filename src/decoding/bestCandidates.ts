/** So few are sorted by insertion. */
const FEW = 12;
const ROOM = 4;
const START = 1024;

/**
 * The best candidates of a stream, at most `limit`. They gather in four times as much room, and when it is full the best quarter
 * stays (quickselect, Hoare 1961): a candidate costs a few steps, and one comparison turns most away. Of equal ranks the
 * lower id is better.
 */
export class BestCandidates {
  rank: Float64Array;
  /** What tells candidates apart: whole numbers, no two alike between one `clear` and the next. */
  id: Float64Array;
  size = 0;
  /** A rank below this is not kept. */
  floor = Number.NEGATIVE_INFINITY;

  constructor(private readonly limit: number) {
    this.rank = new Float64Array(Math.min(START, ROOM * limit));
    this.id = new Float64Array(this.rank.length);
  }

  clear(): void {
    this.size = 0;
    this.floor = Number.NEGATIVE_INFINITY;
  }

  offer(rank: number, id: number): void {
    if (!(rank >= this.floor) || rank === Number.NEGATIVE_INFINITY) return;
    if (this.size === this.rank.length) {
      this.makeRoom();
      if (rank < this.floor) return;
    }
    this.rank[this.size] = rank;
    this.id[this.size++] = id;
  }

  /** Keeps the best `limit`, in no order, and raises the floor to the worst of them. */
  trim(): void {
    const { limit, rank } = this;
    if (this.size < limit) return;
    if (this.size > limit) this.select();
    this.size = limit;
    let floor = rank[0];
    for (let i = 1; i < limit; i++) if (rank[i] < floor) floor = rank[i];
    this.floor = floor;
  }

  /** Keeps the best `limit`, best first. */
  sort(): void {
    this.trim();
    this.sortRange(0, this.size - 1);
  }

  private makeRoom(): void {
    const room = Math.min(2 * this.size, ROOM * this.limit);
    if (room === this.size) this.trim();
    else {
      const { rank, id } = this;
      this.rank = new Float64Array(room);
      this.id = new Float64Array(room);
      this.rank.set(rank);
      this.id.set(id);
    }
  }

  /** Brings the best `limit` to the front. */
  private select(): void {
    let first = 0;
    let last = this.size - 1;
    while (first < last) {
      const middle = this.partition(first, last);
      if (middle >= this.limit) last = middle - 1;
      else first = middle + 1;
    }
  }

  private sortRange(from: number, last: number): void {
    let first = from;
    while (last - first > FEW) {
      const middle = this.partition(first, last);
      this.sortRange(first, middle - 1);
      first = middle + 1;
    }
    for (let i = first + 1; i <= last; i++) {
      const rank = this.rank[i];
      const id = this.id[i];
      let at = i;
      for (; at > first && this.worse(at - 1, rank, id); at--) this.copy(at - 1, at);
      this.rank[at] = rank;
      this.id[at] = id;
    }
  }

  /** Puts one candidate in its place, all better ones before it and all worse ones after it; returns the place. */
  private partition(first: number, last: number): number {
    const { rank, id } = this;
    this.swap(this.middleOf(first, (first + last) >> 1, last), last);
    const pivot = rank[last];
    const pivotId = id[last];
    let place = first;
    for (let i = first; i < last; i++) {
      if (rank[i] > pivot || (rank[i] === pivot && id[i] < pivotId)) this.swap(i, place++);
    }
    this.swap(place, last);
    return place;
  }

  /** Whichever of three candidates is between the others. */
  private middleOf(a: number, b: number, c: number): number {
    const ab = this.worse(a, this.rank[b], this.id[b]);
    const bc = this.worse(b, this.rank[c], this.id[c]);
    if (ab === bc) return b;
    return this.worse(a, this.rank[c], this.id[c]) === ab ? c : a;
  }

  private worse(at: number, rank: number, id: number): boolean {
    return this.rank[at] < rank || (this.rank[at] === rank && this.id[at] > id);
  }

  private swap(a: number, b: number): void {
    const rank = this.rank[a];
    const id = this.id[a];
    this.copy(b, a);
    this.rank[b] = rank;
    this.id[b] = id;
  }

  private copy(from: number, to: number): void {
    this.rank[to] = this.rank[from];
    this.id[to] = this.id[from];
  }
}
