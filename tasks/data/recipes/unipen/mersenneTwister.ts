const STATE = 624;
const SHIFT = 397;

/**
 * Shuffles as Python's random.Random(seed).shuffle does, call after call: the sample of the Hewlett-Packard words was drawn so.
 * MT19937 of M. Matsumoto and T. Nishimura, 1998, seeded by an array.
 */
export class PythonShuffle {
  private readonly state = new Uint32Array(STATE);
  private next = STATE;

  /** @param seed from 0 to 2^32 - 1 */
  constructor(seed: number) {
    const { state } = this;
    const mix = (i: number) => state[i - 1] ^ (state[i - 1] >>> 30);
    state[0] = 19650218;
    for (let i = 1; i < STATE; i++) state[i] = Math.imul(1812433253, mix(i)) + i;
    let i = 1;
    const step = (factor: number, added: number) => {
      state[i] = (state[i] ^ Math.imul(mix(i), factor)) + added;
      i++;
      if (i < STATE) return;
      state[0] = state[STATE - 1];
      i = 1;
    };
    for (let n = 0; n < STATE; n++) step(1664525, seed);
    for (let n = 1; n < STATE; n++) step(1566083941, -i);
    state[0] = 0x80000000;
  }

  /** The items in another order. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    const order = [...items];
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  private below(n: number): number {
    const unused = Math.clz32(n);
    for (;;) {
      const drawn = this.word() >>> unused;
      if (drawn < n) return drawn;
    }
  }

  private word(): number {
    if (this.next === STATE) this.renew();
    let word = this.state[this.next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  private renew(): void {
    const { state } = this;
    for (let i = 0; i < STATE; i++) {
      const joined = (state[i] & 0x80000000) | (state[(i + 1) % STATE] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % STATE] ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }
}
