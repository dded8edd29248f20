const encoder = new TextEncoder();

/** Writes the few operations of Python's pickle protocol 2 that a dictionary of tensors needs, one byte code each. */
export class PickleWriter {
  private readonly written: number[] = [];

  protocol = () => this.put(0x80, 2);
  emptyDict = () => this.put(0x7d);
  mark = () => this.put(0x28);
  /** What was put after the last mark, as a tuple. */
  tuple = () => this.put(0x74);
  /** Calls a function with a tuple. */
  reduce = () => this.put(0x52);
  /** Takes a tuple for something that lies outside the pickle. */
  persistentId = () => this.put(0x51);
  no = () => this.put(0x89);
  /** Names and values after the last mark, into the dictionary before it. */
  setItems = () => this.put(0x75);
  stop = () => this.put(0x2e);
  global = (module: string, name: string) => this.put(0x63, ...encoder.encode(`${module}\n${name}\n`));

  text(value: string): this {
    const bytes = encoder.encode(value);
    return this.put(0x58, ...little(bytes.length), ...bytes);
  }

  /** 0 ≤ value < 2⁵³; above 2³¹ − 1 as an integer of eight bytes. */
  integer(value: number): this {
    if (value < 2 ** 31) return this.put(0x4a, ...little(value));
    return this.put(0x8a, 8, ...little(value % 2 ** 32), ...little(Math.floor(value / 2 ** 32)));
  }

  integers(values: readonly number[]): this {
    this.mark();
    for (const value of values) this.integer(value);
    return this.tuple();
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.written);
  }

  private put(...bytes: number[]): this {
    for (const byte of bytes) this.written.push(byte);
    return this;
  }
}

const little = (value: number) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);
