/**
 * A seeded generator (PCG32, O'Neill 2014, in two 32-bit halves): the only source of randomness, so that a seed
 * determines a run. Its whole state is four numbers that a checkpoint can keep.
 */
export class Random {
  private high: number;
  private low: number;
  private readonly streamHigh: number;
  private readonly streamLow: number;

  /** `stream` picks one of 2^32 independent sequences for the same seed. */
  constructor(seed: number, stream = 0) {
    this.streamHigh = stream >>> 31;
    this.streamLow = ((stream << 1) | 1) >>> 0;
    this.high = 0;
    this.low = 0;
    this.next();
    const low = this.low + (seed >>> 0);
    this.low = low >>> 0;
    this.high = (this.high + Math.floor(seed / 2 ** 32) + (low > 0xffffffff ? 1 : 0)) >>> 0;
    this.next();
  }

  /** The next 32 bits, as a whole number in [0, 2^32). */
  next(): number {
    const { high, low } = this;
    this.advance();
    const xorHigh = (high >>> 18) ^ high;
    const xorLow = ((low >>> 18) | (high << 14)) ^ low;
    const shifted = ((xorLow >>> 27) | (xorHigh << 5)) >>> 0;
    const rotation = high >>> 27;
    return ((shifted >>> rotation) | (shifted << (-rotation & 31))) >>> 0;
  }

  /** Uniform in [0, 1), with 32 random bits. */
  uniform(): number {
    return this.next() / 2 ** 32;
  }

  /** A whole number in [0, limit), every one equally likely. */
  integer(limit: number): number {
    const fair = 2 ** 32 - (2 ** 32 % limit);
    let bits = this.next();
    while (bits >= fair) bits = this.next();
    return bits % limit;
  }

  /** Normal with mean 0 and variance 1 (Box and Muller; one of the pair is dropped, so that no state hides). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Shuffles in place (Fisher and Yates) and returns the list. */
  shuffle<List extends { length: number; [index: number]: number }>(list: List): List {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = list[i];
      list[i] = list[j];
      list[j] = held;
    }
    return list;
  }

  /** A generator of its own for one part of a computation, determined by this one's seed and stream. */
  split(): Random {
    return new Random(this.next(), this.next());
  }

  get state(): readonly [number, number, number, number] {
    return [this.high, this.low, this.streamHigh, this.streamLow];
  }

  static restore(state: readonly number[]): Random {
    const random = Object.create(Random.prototype) as {
      -readonly [K in "high" | "low" | "streamHigh" | "streamLow"]: number;
    };
    [random.high, random.low, random.streamHigh, random.streamLow] = state;
    return random as unknown as Random;
  }

  /** state = state × 6364136223846793005 + stream, modulo 2^64. */
  private advance(): void {
    const factorHigh = 0x5851f42d;
    const factorLow = 0x4c957f2d;
    const { high, low } = this;
    const product = multiplyHigh(low, factorLow);
    const productLow = Math.imul(low, factorLow) >>> 0;
    const productHigh = (product + Math.imul(high, factorLow) + Math.imul(low, factorHigh)) >>> 0;
    const sumLow = productLow + this.streamLow;
    this.low = sumLow >>> 0;
    this.high = (productHigh + this.streamHigh + (sumLow > 0xffffffff ? 1 : 0)) >>> 0;
  }
}

/** The upper 32 bits of a 32 × 32-bit product. */
function multiplyHigh(a: number, b: number): number {
  const a1 = a >>> 16;
  const a0 = a & 0xffff;
  const b1 = b >>> 16;
  const b0 = b & 0xffff;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const carry = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0;
}
