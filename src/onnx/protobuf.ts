// The wire format of protocol buffers, as far as ONNX needs it to be written: whole numbers, floats, texts, bytes, messages. Each
// function gives the bytes of one field; a message is its fields one after another.

export type Field = Uint8Array;

const encoder = new TextEncoder();

/** A whole number of 64 bits, in groups of seven, the lowest first. */
export function int(field: number, value: number): Field {
  return Uint8Array.from([...varint(field << 3), ...varint(value)]);
}

export function float(field: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return message([Uint8Array.from(varint((field << 3) | 5)), bytes]);
}

export const text = (field: number, value: string): Field => bytes(field, encoder.encode(value));

export function bytes(field: number, value: Uint8Array): Field {
  return message([Uint8Array.from([...varint((field << 3) | 2), ...varint(value.length)]), value]);
}

/** A message inside a message. */
export const nested = (field: number, fields: readonly Field[]): Field => bytes(field, message(fields));

export function message(fields: readonly Field[]): Uint8Array {
  const all = new Uint8Array(fields.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const field of fields) {
    all.set(field, at);
    at += field.length;
  }
  return all;
}

function varint(value: number): number[] {
  const groups: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) groups.push(Number(rest & 127n) | 128);
  groups.push(Number(rest));
  return groups;
}
